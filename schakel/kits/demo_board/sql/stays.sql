-- Where a pupil was in each year. A secondary pupil of our own was in group 8 of one of our primary schools before (grade 0 and lower).
CREATE TABLE stay_without_group AS
WITH placed AS (
  SELECT p.*, y.y, y.start, y.stop, p.grade - (2 - y.y) + coalesce((y.y < p.repeat_y)::INTEGER, 0) AS g,
    greatest(1, least(y.stop, getvariable('today')) - y.start) AS span
  FROM pupil p, school_year y
  WHERE (p.joined_y IS NULL OR y.y >= p.joined_y) AND (p.left_y IS NULL OR y.y <= p.left_y)
), found AS (
  SELECT p, y, stop, CASE WHEN g <= 0 THEN feeder ELSE s END AS s, CASE WHEN g <= 0 THEN 'po' ELSE track END AS track,
    CASE WHEN g <= 0 THEN 8 + g ELSE g END::INTEGER AS g,
    CASE WHEN joined_y = y THEN start + floor(u(p, 'joined') * span)::INTEGER
      WHEN track IN ('po', 'so') AND g = 1 THEN greatest(start, least(stop - 1, (born + INTERVAL 4 YEAR)::DATE))
      ELSE start END AS begin,
    CASE WHEN left_y = y THEN start + 1 + floor(u(p, 'left') * (span - 1))::INTEGER END AS left_on
  FROM placed
  WHERE g <= last_grade AND (g >= 1 OR (feeder IS NOT NULL AND g >= -7))
)
SELECT p, y, s, track, g, begin, greatest(begin + 1, coalesce(left_on, stop)) AS stop, left_on IS NOT NULL AS has_left
FROM found;

-- Home groups of about the same size per form (3, B1, H4); special education mixes grades and names its groups after birds.
CREATE TABLE stay AS
WITH base AS (
  SELECT *, CASE track WHEN 'so' THEN '' WHEN 'po' THEN g::VARCHAR ELSE CASE WHEN g = 1 THEN 'B' ELSE track END || g END AS form,
    CASE track WHEN 'so' THEN 7.5 WHEN 'po' THEN 24 ELSE 27 END AS size
  FROM stay_without_group
), ranked AS (
  SELECT *, count(*) OVER (PARTITION BY y, s, form) AS people, row_number() OVER (PARTITION BY y, s, form
    ORDER BY CASE WHEN track = 'so' THEN g END, u(p, 'section'), p) - 1 AS place
  FROM base
), divided AS (
  SELECT *, ((place * greatest(1, round(people / size)::INTEGER)) // people)::INTEGER AS section FROM ranked
)
SELECT p, y, s, track, g, begin, stop, has_left, CASE
  WHEN track = 'so' THEN ['Merel', 'Kievit', 'Reiger', 'Fuut', 'IJsvogel', 'Ooievaar', 'Zwaluw', 'Grutto'][1 + section % 8]
    || CASE WHEN section >= 8 THEN ' ' || (1 + section // 8) ELSE '' END
  ELSE form || CASE WHEN section >= 26 THEN chr(96 + section // 26) ELSE '' END || chr(97 + section % 26) END AS code
FROM divided
ORDER BY y, s, code, p;

CREATE TABLE home AS
SELECT row_number() OVER (ORDER BY y, s, code)::INTEGER - 1 AS home, y, s,
  any_value(CASE WHEN g = 1 AND track NOT IN ('po', 'so') THEN 'B' ELSE track END) AS track,
  code, list_sort(list(DISTINCT g)) AS grades, count(*)::INTEGER AS people
FROM stay
GROUP BY y, s, code
ORDER BY home;
