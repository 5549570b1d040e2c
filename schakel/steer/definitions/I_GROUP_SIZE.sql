-- Pupils in home groups, of the home groups that have pupils: on 1 October of the school year, or today when that is earlier.
-- A pupil in two home groups counts once; an empty group does not count.
WITH years AS (
  SELECT y.school_year AS school_year, least(make_date(CAST(left(y.school_year, 4) AS INTEGER), 10, 1), $today) AS day
  FROM school_year AS y
  WHERE y.start_date <= $today
)
SELECT
  g.site_id AS site_id,
  y.school_year AS period,
  count(DISTINCT m.pupil_id) AS numerator,
  count(DISTINCT g.group_id) AS denominator,
  count(DISTINCT m.pupil_id) AS people,
  count(DISTINCT m.pupil_id) AS people_hit
FROM years AS y
JOIN "group" AS g ON g.school_year = y.school_year
JOIN membership AS m ON m.group_id = g.group_id AND m.start_date <= y.day AND (m.end_date IS NULL OR m.end_date >= y.day)
WHERE g.kind = 'home'
GROUP BY g.site_id, y.school_year
