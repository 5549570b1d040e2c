-- Pupils on the count date: 1 February for po and so, 1 October for vo. Each pupil counts once per site; the last day of an enrolment counts.
-- Period: the school year in which the count date lies. A count date that is still to come, or of a school of unknown sector, is unknown.
WITH dates AS (
  SELECT
    y.school_year AS school_year, y.start_date AS start_date, s.site_id AS site_id,
    CASE WHEN o.sector = 'vo' THEN make_date(CAST(left(y.school_year, 4) AS INTEGER), 10, 1)
         WHEN o.sector IN ('po', 'so') THEN make_date(CAST(right(y.school_year, 4) AS INTEGER), 2, 1) END AS count_date
  FROM school_year AS y
  CROSS JOIN site AS s
  JOIN organisation AS o ON o.organisation_id = s.organisation_id
)
SELECT
  d.site_id AS site_id,
  d.school_year AS period,
  CASE WHEN any_value(d.count_date) <= $today THEN count(DISTINCT e.pupil_id) END AS numerator,
  CAST(NULL AS INTEGER) AS denominator,
  CASE WHEN any_value(d.count_date) <= $today THEN count(DISTINCT e.pupil_id) END AS people,
  CAST(NULL AS INTEGER) AS people_hit
FROM dates AS d
LEFT JOIN enrolment AS e ON e.site_id = d.site_id AND e.start_date <= d.count_date AND (e.end_date IS NULL OR e.end_date >= d.count_date)
WHERE d.start_date <= $today
GROUP BY d.site_id, d.school_year
