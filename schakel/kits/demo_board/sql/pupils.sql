-- A pupil per place in a cohort, with the fate that brought him or her there. Pupil 1234 and pupil 001234 both exist:
-- numbers are text.
CREATE TABLE pupil AS
WITH one AS (
  SELECT row_number() OVER (ORDER BY s, track, grade, left_y NULLS FIRST, i) - 1 AS p, s, track, grade, left_y
  FROM cohort, unnest(range(n)) AS r(i)
), fate AS (
  SELECT o.p::INTEGER AS p, o.s, o.track, o.grade, o.left_y, t.years AS last_grade, sc.sector, sc.results,
    left_y IS NULL AND grade <= t.years AS is_here,
    CASE WHEN is_here AND u(p, 'repeat') < 0.03 THEN 1 + (u(p, 'repeat') < 0.015)::INTEGER END AS repeat_y,
    CASE WHEN is_here AND u(p, 'join') < 0.06 THEN floor(u(p, 'join year') * 3)::INTEGER END AS joined_y,
    CASE WHEN sc.sector = 'vo' AND left_y IS NULL AND u(p, 'own') < 0.45
      THEN pick((SELECT list(s ORDER BY s) FROM school WHERE sector = 'po'), u(p, 'feeder')) END AS feeder
  FROM one o JOIN school sc USING (s) JOIN track t USING (track)
)
SELECT p, s, track, grade, left_y, last_grade, repeat_y, joined_y, feeder,
  make_date((SELECT max(year(start)) FROM school_year) - 4 - CASE WHEN sector = 'vo' THEN 8 ELSE 0 END - grade
    - (repeat_y IS NOT NULL)::INTEGER, 10, 1) + floor(u(p, 'birth') * 365)::INTEGER AS born,
  CASE WHEN p % 40 = 0 THEN '00' || (1000 + p // 40) WHEN p % 40 = 1 THEN (1000 + p // 40)::VARCHAR
    ELSE (100000 + p * 7)::VARCHAR END AS number,
  normal(p, 'ability') * 0.85 + results AS ability,
  u(p, 'conduct') AS conduct
FROM fate
ORDER BY p;

CREATE TABLE pupil_person AS
WITH drawn AS (
  SELECT p, u(p, 'sex') AS x, n.*
  FROM pupil JOIN name_group n ON u(p, 'background') >= n.low AND (u(p, 'background') < n.high OR n.high > 0.999)
), named AS (
  SELECT p, CASE WHEN x < 0.495 THEN 'female' WHEN x < 0.998 THEN 'male' ELSE 'unspecified' END AS sex, background,
    CASE WHEN x < 0.495 THEN girls ELSE boys END AS names, often_first(families, u(p, 'family')) AS family
  FROM drawn
)
SELECT p, sex, background, often_first(names, u(p, 'first')) AS first,
  CASE WHEN u(p, 'second') < 0.4 THEN nullif(pick(names, u(p, 'second name')), first) END AS second,
  family.prefix AS prefix, family.family AS family
FROM named
ORDER BY p;
