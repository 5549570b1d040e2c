-- Hours that a pupil missed without reason within four consecutive school weeks: from the Monday three school weeks back up to and including the day.
-- Po and so count clock hours, vo counts lesson hours of at most 60 minutes. A week in which every weekday is free does not count and does not
-- interrupt. After a report the counting begins again (`stretch`), on the day after the end of the period that was reported. Absence of unknown kind
-- or without hours is not counted as unauthorised.
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
)
SELECT
  m.pupil_id AS pupil_id, m.site_id AS site_id, m.date AS date, m.stretch AS stretch,
  sum(m.hours) OVER (
    PARTITION BY m.pupil_id, m.site_id, m.stretch ORDER BY m.place
    RANGE BETWEEN (21 + m.place % 7) PRECEDING AND CURRENT ROW
  ) AS hours
FROM missed AS m
