-- Pupils who were late nine times or more this school year, of all pupils who were enrolled in it. Nine is our own limit.
-- Twice on one day counts twice in vo and once in po and so. A school that registered no absence at all this year is unknown, not zero.
WITH years AS (
  SELECT y.school_year AS school_year, y.start_date AS start_date, least(y.end_date, $today) AS last_day
  FROM school_year AS y
  WHERE y.start_date <= $today
),
late AS (
  SELECT
    y.school_year AS school_year, a.site_id AS site_id, a.pupil_id AS pupil_id,
    CASE WHEN any_value(o.sector) = 'vo' THEN count(*) ELSE count(DISTINCT a.date) END AS times
  FROM absence AS a
  JOIN years AS y ON a.date BETWEEN y.start_date AND y.last_day
  JOIN site AS s ON s.site_id = a.site_id
  JOIN organisation AS o ON o.organisation_id = s.organisation_id
  WHERE a.kind = 'late'
  GROUP BY y.school_year, a.site_id, a.pupil_id
),
pupils AS (
  SELECT y.school_year AS school_year, e.site_id AS site_id, e.pupil_id AS pupil_id
  FROM years AS y
  JOIN enrolment AS e ON e.start_date <= y.last_day AND (e.end_date IS NULL OR e.end_date >= y.start_date)
  GROUP BY y.school_year, e.site_id, e.pupil_id
),
registered AS (
  SELECT y.school_year AS school_year, a.site_id AS site_id
  FROM absence AS a
  JOIN years AS y ON a.date BETWEEN y.start_date AND y.last_day
  GROUP BY y.school_year, a.site_id
)
SELECT
  p.site_id AS site_id,
  p.school_year AS period,
  CASE WHEN max(g.site_id) IS NOT NULL THEN count(CASE WHEN l.times >= 9 THEN 1 END) END AS numerator,
  count(*) AS denominator,
  count(*) AS people,
  CASE WHEN max(g.site_id) IS NOT NULL THEN count(CASE WHEN l.times >= 9 THEN 1 END) END AS people_hit
FROM pupils AS p
LEFT JOIN late AS l ON l.school_year = p.school_year AND l.site_id = p.site_id AND l.pupil_id = p.pupil_id
LEFT JOIN registered AS g ON g.school_year = p.school_year AND g.site_id = p.site_id
GROUP BY p.site_id, p.school_year
