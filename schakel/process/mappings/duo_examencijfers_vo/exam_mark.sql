-- The average marks of the school exam and the central exam, per site of ours, school year and type of education (of vmbo: learning way), beside the whole
-- country. DUO publishes an average per programme; here these are weighed by their candidates. A programme of which DUO does not tell the candidates or one of
-- both averages counts in neither, here nor in the country, and `hidden` says how many there are. A file with fewer than a hundred sites of a type is a part of
-- the country, and nothing is said of the country. Rows of other boards serve for that alone.
WITH told AS (
  SELECT
    m.site_code AS site_code,
    m.year_begins AS year_begins,
    CASE WHEN m.learning_way IS NULL OR m.learning_way = '-' THEN m.education ELSE m.education || '-' || m.learning_way END AS education,
    CASE WHEN m.candidates IN ('<5', '-1') THEN NULL ELSE CAST(m.candidates AS INTEGER) END AS candidates,
    CASE WHEN m.school_exam IN ('<5', '-1', '-') OR m.school_exam LIKE '0%' THEN NULL ELSE CAST(replace(m.school_exam, ',', '.') AS DOUBLE) END AS school_exam,
    CASE WHEN m.central_exam IN ('<5', '-1', '-') OR m.central_exam LIKE '0%' THEN NULL ELSE CAST(replace(m.central_exam, ',', '.') AS DOUBLE) END AS central_exam,
    m._source AS _source
  FROM duo_examencijfers_vo.mark AS m
  WHERE m.candidates IS NOT NULL AND m.candidates <> '0'
),
counted AS (
  SELECT
    t.site_code AS site_code,
    t.year_begins AS year_begins,
    t.education AS education,
    CASE WHEN t.school_exam IS NOT NULL AND t.central_exam IS NOT NULL THEN t.candidates END AS candidates,
    t.school_exam AS school_exam,
    t.central_exam AS central_exam,
    t._source AS _source
  FROM told AS t
),
by_site AS (
  SELECT
    c.site_code AS site_code,
    c.year_begins AS year_begins,
    c.education AS education,
    sum(c.candidates) AS candidates,
    sum(c.candidates * c.school_exam) AS school_exam,
    sum(c.candidates * c.central_exam) AS central_exam,
    count(*) - count(c.candidates) AS hidden,
    c._source AS _source
  FROM counted AS c
  GROUP BY c.site_code, c.year_begins, c.education, c._source
),
country AS (
  SELECT
    b.year_begins AS year_begins,
    b.education AS education,
    CASE WHEN count(*) >= 100 THEN sum(b.candidates) END AS candidates,
    CASE WHEN count(*) >= 100 THEN sum(b.school_exam) END AS school_exam,
    CASE WHEN count(*) >= 100 THEN sum(b.central_exam) END AS central_exam,
    b._source AS _source
  FROM by_site AS b
  GROUP BY b.year_begins, b.education, b._source
)
SELECT
  k.site_id AS site_id,
  CAST(year(s.year_begins) AS VARCHAR) || '-' || CAST(year(s.year_begins) + 1 AS VARCHAR) AS school_year,
  s.education AS education_type,
  CAST(s.candidates AS INTEGER) AS candidates,
  s.school_exam / nullif(CAST(s.candidates AS DOUBLE), 0) AS school_exam,
  s.central_exam / nullif(CAST(s.candidates AS DOUBLE), 0) AS central_exam,
  CAST(s.hidden AS INTEGER) AS hidden,
  n.school_exam / nullif(CAST(n.candidates AS DOUBLE), 0) AS national_school_exam,
  n.central_exam / nullif(CAST(n.candidates AS DOUBLE), 0) AS national_central_exam,
  s._source AS _source
FROM by_site AS s
JOIN known_schools AS k ON k.site_code = s.site_code
LEFT JOIN country AS n ON n.year_begins = s.year_begins AND n.education = s.education AND n._source = s._source
