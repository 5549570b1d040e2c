-- Everyone in the list of teachers.
SELECT
  school.site_id || '.' || t.id AS staff_id,
  coalesce(t.roepnaam, t.voornamen) AS first_name,
  t.voorvoegsel AS name_prefix,
  t.achternaam AS family_name,
  t.emailadres AS work_email,
  t._source AS _source
FROM edexml.teacher AS t
JOIN known_places AS school ON school._source = t._source
