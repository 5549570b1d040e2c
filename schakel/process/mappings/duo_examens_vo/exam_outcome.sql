-- Who took the exam and who passed, per site of ours, school year and type of education, beside the whole country. DUO publishes programmes: one with fewer
-- than five candidates or who passed has no counts. Such a programme counts in neither figure, here nor in the country, and `hidden` says how many there are.
-- A file with fewer than a hundred sites of a type is a part of the country, and nothing is said of the country. Rows of other boards serve for that alone.
WITH told AS (
  SELECT
    e.site_code AS site_code,
    e.year_begins AS year_begins,
    e.education AS education,
    CASE WHEN e.candidates IN ('<5', '-1') OR e.passed IN ('<5', '-1') THEN NULL ELSE CAST(e.candidates AS INTEGER) END AS candidates,
    CASE WHEN e.candidates IN ('<5', '-1') OR e.passed IN ('<5', '-1') THEN NULL ELSE CAST(e.passed AS INTEGER) END AS passed,
    e._source AS _source
  FROM duo_examens_vo.exam AS e
  WHERE e.candidates IS NOT NULL AND e.candidates <> '0'
),
by_site AS (
  SELECT
    t.site_code AS site_code,
    t.year_begins AS year_begins,
    t.education AS education,
    sum(CASE WHEN t.passed IS NOT NULL THEN t.candidates END) AS candidates,
    sum(CASE WHEN t.candidates IS NOT NULL THEN t.passed END) AS passed,
    count(*) - count(CASE WHEN t.passed IS NOT NULL THEN t.candidates END) AS hidden,
    t._source AS _source
  FROM told AS t
  GROUP BY t.site_code, t.year_begins, t.education, t._source
),
country AS (
  SELECT
    b.year_begins AS year_begins,
    b.education AS education,
    CASE WHEN count(*) >= 100 THEN sum(b.candidates) END AS candidates,
    CASE WHEN count(*) >= 100 THEN sum(b.passed) END AS passed,
    b._source AS _source
  FROM by_site AS b
  GROUP BY b.year_begins, b.education, b._source
)
SELECT
  k.site_id AS site_id,
  CAST(year(s.year_begins) AS VARCHAR) || '-' || CAST(year(s.year_begins) + 1 AS VARCHAR) AS school_year,
  s.education AS education_type,
  CAST(s.candidates AS INTEGER) AS candidates,
  CAST(s.passed AS INTEGER) AS passed,
  CAST(s.hidden AS INTEGER) AS hidden,
  CAST(c.candidates AS INTEGER) AS national_candidates,
  CAST(c.passed AS INTEGER) AS national_passed,
  s._source AS _source
FROM by_site AS s
JOIN known_schools AS k ON k.site_code = s.site_code
LEFT JOIN country AS c ON c.year_begins = s.year_begins AND c.education = s.education AND c._source = s._source
