-- Pupils under 18 who this school year at least once missed 16 hours or more without reason within four consecutive school weeks
-- (shared/hours_in_four_weeks.sql). A period is a month: the figure runs from the begin of the school year up to and including that month, so the
-- last month of a year is the whole year. Rule: at least 16 (pages of DUO differ between 16 and more than 16).
-- Under 18: on the first day of the school year; a pupil whose birth date is unknown is taken to be. As long as a school has registered no absence at
-- all in a school year, its figure is unknown, not zero; so it is where more than one in ten of its absences without reason that year have no hours.
WITH reached AS (
  SELECT r.site_id AS site_id, r.pupil_id AS pupil_id, y.school_year AS school_year, min(r.date) AS first_time
  FROM hours_in_four_weeks AS r
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
  SELECT
    a.site_id AS site_id, y.school_year AS school_year, min(a.date) AS first_time,
    10 * count(CASE WHEN a.kind = 'unauthorised' AND CASE WHEN o.sector = 'vo' THEN a.lesson_hours ELSE a.clock_hours END IS NULL THEN 1 END)
      <= count(CASE WHEN a.kind = 'unauthorised' THEN 1 END) AS has_hours
  FROM absence AS a
  JOIN school_year AS y ON a.date BETWEEN y.start_date AND y.end_date
  JOIN site AS s ON s.site_id = a.site_id
  JOIN organisation AS o ON o.organisation_id = s.organisation_id
  GROUP BY a.site_id, y.school_year
),
counted AS (
  SELECT
    p.site_id AS site_id, p.month AS month, count(*) AS pupils, count(r.pupil_id) AS reached, coalesce(bool_and(g.has_hours), false) AS registered
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
