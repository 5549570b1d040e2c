-- Pupils in their own group and in combined groups, for the school year of the file, within the days of coming and leaving.
WITH held AS (
  SELECT p.id AS id, p.groep AS group_key, p._source AS _source FROM edexml.pupil AS p WHERE p.groep IS NOT NULL
  UNION ALL
  SELECT m.leerling AS id, m.samengestelde_groep AS group_key, m._source AS _source FROM edexml.pupil_group AS m
)
SELECT
  school.site_id || '.' || h.id AS pupil_id,
  school.site_id || '.' || h.group_key AS group_id,
  greatest(make_date(CAST(left(school.school_year, 4) AS INTEGER), 8, 1), CAST(p.instroomdatum AS DATE)) AS start_date,
  least(make_date(CAST(right(school.school_year, 4) AS INTEGER), 7, 31), CAST(p.uitstroomdatum AS DATE)) AS end_date,
  h._source AS _source
FROM held AS h
JOIN known_places AS school ON school._source = h._source
JOIN edexml.pupil AS p ON p.id = h.id AND p._source = h._source
WHERE p.jaargroep IS DISTINCT FROM 'H'
