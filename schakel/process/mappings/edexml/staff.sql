-- Everyone in the list of teachers.
WITH school AS (
  SELECT s._source AS _source, min(coalesce(s.brincode || coalesce(s.dependancecode, '00'), s.schoolkey, s.instellingsnummer)) AS site_id
  FROM edexml.school AS s
  GROUP BY s._source
)
SELECT
  school.site_id || '.' || t.id AS staff_id,
  coalesce(t.roepnaam, t.voornamen) AS first_name,
  t.voorvoegsel AS name_prefix,
  t.achternaam AS family_name,
  t.emailadres AS work_email,
  t._source AS _source
FROM edexml.teacher AS t
JOIN school ON school._source = t._source
