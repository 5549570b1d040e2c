-- Results of monitoring tests in po and so at the lowest level, of all results with a level, per school year: V on the scale I-V, D and E on the
-- scale A-E. The two scales are never added up: where a school used both in one year, only the one that it used most counts.
-- A result without a level (also of a pupil who was exempt) does not count. The site is where the pupil was enrolled on the day of the test.
WITH levels AS (
  SELECT
    e.site_id AS site_id, y.school_year AS school_year, r.pupil_id AS pupil_id, r.level AS level,
    CASE WHEN r.level IN ('I', 'II', 'III', 'IV', 'V') THEN 'I-V' WHEN r.level IN ('A', 'B', 'C', 'D', 'E') THEN 'A-E' END AS scale
  FROM result AS r
  JOIN test AS t ON t.test_id = r.test_id
  JOIN school_year AS y ON r.taken_on BETWEEN y.start_date AND y.end_date
  JOIN enrolment AS e ON e.pupil_id = r.pupil_id AND e.start_date <= r.taken_on AND (e.end_date IS NULL OR e.end_date >= r.taken_on)
  JOIN site AS s ON s.site_id = e.site_id
  JOIN organisation AS o ON o.organisation_id = s.organisation_id
  WHERE t.kind = 'monitoring' AND o.sector IN ('po', 'so') AND r.taken_on <= $today
),
scales AS (
  SELECT
    l.site_id AS site_id, l.school_year AS school_year, l.scale AS scale,
    row_number() OVER (PARTITION BY l.site_id, l.school_year ORDER BY count(*) DESC, l.scale) AS place
  FROM levels AS l
  WHERE l.scale IS NOT NULL
  GROUP BY l.site_id, l.school_year, l.scale
)
SELECT
  l.site_id AS site_id,
  l.school_year AS period,
  count(CASE WHEN l.level IN ('V', 'D', 'E') THEN 1 END) AS numerator,
  count(*) AS denominator,
  count(DISTINCT l.pupil_id) AS people,
  count(DISTINCT CASE WHEN l.level IN ('V', 'D', 'E') THEN l.pupil_id END) AS people_hit
FROM levels AS l
JOIN scales AS s ON s.site_id = l.site_id AND s.school_year = l.school_year AND s.scale = l.scale AND s.place = 1
GROUP BY l.site_id, l.school_year
