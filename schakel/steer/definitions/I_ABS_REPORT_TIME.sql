-- Reports within five working days, of the times that a pupil reached 16 hours without reason within four consecutive school weeks and those five
-- days have passed, per school year. The rule is that of I_ABS_16H: at least 16; po and so clock hours, vo lesson hours; free weeks do not count
-- and do not interrupt; after a report the counting begins again, so that a pupil can reach it more than once. Five working days after a school day
-- is the same weekday a week later. The duty holds under 18; an unknown birth date is taken to be. A report by who was not seen to reach 16 hours
-- (a holiday out of season, a signal) does not count here.
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
    m.pupil_id AS pupil_id, m.site_id AS site_id, m.date AS date, m.stretch AS stretch,
    sum(m.hours) OVER (
      PARTITION BY m.pupil_id, m.site_id, m.stretch ORDER BY m.place
      RANGE BETWEEN (21 + m.place % 7) PRECEDING AND CURRENT ROW
    ) AS hours
  FROM missed AS m
),
reached AS (
  SELECT r.site_id AS site_id, r.pupil_id AS pupil_id, min(r.date) AS date
  FROM running AS r
  WHERE r.hours >= 16
  GROUP BY r.site_id, r.pupil_id, r.stretch
),
due AS (
  SELECT
    r.site_id AS site_id, r.pupil_id AS pupil_id, y.school_year AS school_year,
    EXISTS (
      SELECT 1 FROM absence_report AS b
      WHERE b.pupil_id = r.pupil_id AND b.reported_on BETWEEN r.date AND r.date + INTERVAL 7 DAY
    ) AS is_reported
  FROM reached AS r
  JOIN school_year AS y ON r.date BETWEEN y.start_date AND y.end_date
  LEFT JOIN pupil AS p ON p.pupil_id = r.pupil_id
  WHERE r.date + INTERVAL 7 DAY < $today AND (p.birth_date IS NULL OR p.birth_date + INTERVAL 18 YEAR > r.date)
)
SELECT
  d.site_id AS site_id,
  d.school_year AS period,
  count(CASE WHEN d.is_reported THEN 1 END) AS numerator,
  count(*) AS denominator,
  count(DISTINCT d.pupil_id) AS people,
  count(DISTINCT d.pupil_id) AS people_hit
FROM due AS d
GROUP BY d.site_id, d.school_year
