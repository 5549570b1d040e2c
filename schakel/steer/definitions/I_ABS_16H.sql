-- Pupils under 18 who this school year at least once missed 16 hours or more without reason within four consecutive school weeks. A period is a
-- month: the figure runs from the begin of the school year up to and including that month, so the last month of a year is the whole year.
-- Rule: at least 16 (pages of DUO differ between 16 and more than 16). Po and so count clock hours, vo counts lesson hours of at most 60 minutes.
-- A week in which every weekday is free does not count and does not interrupt. After a report the counting begins again, on the day after the end
-- of the period that was reported. Absence of unknown kind or without hours is not counted as unauthorised.
-- Under 18: on the first day of the school year; a pupil whose birth date is unknown is taken to be. As long as a school has registered no absence at
-- all in a school year, its figure is unknown, not zero.
WITH bounds AS (
  SELECT min(y.start_date) AS first_day, least(max(y.end_date), $today) AS last_day
  FROM school_year AS y
),
free_days AS (
  SELECT h.site_id AS site_id, CAST(unnest(generate_series(h.start_date, h.end_date, INTERVAL 1 DAY)) AS DATE) AS day
  FROM holiday AS h
  WHERE h.site_id IS NOT NULL
  UNION
  SELECT s.site_id AS site_id, CAST(unnest(generate_series(h.start_date, h.end_date, INTERVAL 1 DAY)) AS DATE) AS day
  FROM holiday AS h
  JOIN site AS s ON s.holiday_region = h.holiday_region
  WHERE h.site_id IS NULL
),
free_weeks AS (
  SELECT f.site_id AS site_id, date_trunc('week', f.day) AS monday
  FROM free_days AS f
  WHERE isodow(f.day) <= 5
  GROUP BY f.site_id, date_trunc('week', f.day)
  HAVING count(*) = 5
),
all_weeks AS (
  SELECT s.site_id AS site_id, CAST(unnest(generate_series(date_trunc('week', b.first_day), b.last_day, INTERVAL 7 DAY)) AS DATE) AS monday
  FROM site AS s
  CROSS JOIN bounds AS b
),
school_weeks AS (
  SELECT w.site_id AS site_id, w.monday AS monday, row_number() OVER (PARTITION BY w.site_id ORDER BY w.monday) AS number
  FROM all_weeks AS w
  LEFT JOIN free_weeks AS f ON f.site_id = w.site_id AND f.monday = w.monday
  WHERE f.site_id IS NULL
),
missed AS (
  SELECT
    a.pupil_id AS pupil_id, a.site_id AS site_id, a.date AS date,
    7 * w.number + isodow(a.date) - 1 AS place,
    CASE WHEN o.sector = 'vo' THEN a.lesson_hours ELSE a.clock_hours END AS hours,
    (SELECT count(*) FROM absence_report AS r WHERE r.pupil_id = a.pupil_id AND r.period_end < a.date) AS stretch
  FROM absence AS a
  JOIN site AS s ON s.site_id = a.site_id
  JOIN organisation AS o ON o.organisation_id = s.organisation_id
  JOIN school_weeks AS w ON w.site_id = a.site_id AND w.monday = date_trunc('week', a.date)
  WHERE a.kind = 'unauthorised' AND a.date <= $today
),
running AS (
  -- From the Monday three school weeks back up to and including this day.
  SELECT
    m.pupil_id AS pupil_id, m.site_id AS site_id, m.date AS date,
    sum(m.hours) OVER (
      PARTITION BY m.pupil_id, m.site_id, m.stretch ORDER BY m.place
      RANGE BETWEEN (21 + m.place % 7) PRECEDING AND CURRENT ROW
    ) AS hours
  FROM missed AS m
),
reached AS (
  SELECT r.site_id AS site_id, r.pupil_id AS pupil_id, y.school_year AS school_year, min(r.date) AS first_time
  FROM running AS r
  JOIN school_year AS y ON r.date BETWEEN y.start_date AND y.end_date
  WHERE r.hours >= 16
  GROUP BY r.site_id, r.pupil_id, y.school_year
),
months AS (
  SELECT
    y.school_year AS school_year, y.start_date AS start_date,
    CAST(unnest(generate_series(date_trunc('month', y.start_date), least(y.end_date, $today), INTERVAL 1 MONTH)) AS DATE) AS month
  FROM school_year AS y
  WHERE y.start_date <= $today
),
pupils AS (
  SELECT m.school_year AS school_year, m.month AS month, e.site_id AS site_id, e.pupil_id AS pupil_id
  FROM months AS m
  JOIN enrolment AS e ON e.start_date <= least(last_day(m.month), $today) AND (e.end_date IS NULL OR e.end_date >= m.start_date)
  LEFT JOIN pupil AS p ON p.pupil_id = e.pupil_id
  WHERE p.birth_date IS NULL OR p.birth_date + INTERVAL 18 YEAR > m.start_date
  GROUP BY m.school_year, m.month, e.site_id, e.pupil_id
),
registered AS (
  SELECT a.site_id AS site_id, y.school_year AS school_year, min(a.date) AS first_time
  FROM absence AS a
  JOIN school_year AS y ON a.date BETWEEN y.start_date AND y.end_date
  GROUP BY a.site_id, y.school_year
),
counted AS (
  SELECT
    p.site_id AS site_id, p.month AS month, count(*) AS pupils, count(r.pupil_id) AS reached, count(g.site_id) > 0 AS registered
  FROM pupils AS p
  LEFT JOIN reached AS r
    ON r.site_id = p.site_id AND r.pupil_id = p.pupil_id AND r.school_year = p.school_year AND r.first_time <= last_day(p.month)
  LEFT JOIN registered AS g ON g.site_id = p.site_id AND g.school_year = p.school_year AND g.first_time <= last_day(p.month)
  GROUP BY p.site_id, p.month
)
SELECT
  c.site_id AS site_id,
  strftime(c.month, '%Y-%m') AS period,
  CASE WHEN c.registered THEN c.reached END AS numerator,
  c.pupils AS denominator,
  c.pupils AS people,
  CASE WHEN c.registered THEN c.reached END AS people_hit
FROM counted AS c
