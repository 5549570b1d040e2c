-- Pupils. The code for sex follows NEN-ISO 5218: 0 unknown, 1 boy, 2 girl, 9 not told. EDEXML has no pupil number of its own: the key of
-- the administration is one, unless UWLR 2.3 leaves it out.
SELECT
  school.site_id || '.' || p.id AS pupil_id,
  p.eckid AS eck_id,
  CASE WHEN p.id NOT LIKE 'eck-%' THEN p.id END AS pupil_number,
  coalesce(p.roepnaam, p.voornamen) AS first_name,
  p.voorvoegsel AS name_prefix,
  p.achternaam AS family_name,
  CAST(p.geboortedatum AS DATE) AS birth_date,
  CASE p.geslacht WHEN '1' THEN 'm' WHEN '2' THEN 'f' WHEN '0' THEN 'unknown' WHEN '9' THEN 'unknown' END AS sex,
  p.emailadres AS email,
  p._source AS _source
FROM edexml.pupil AS p
JOIN known_places AS school ON school._source = p._source
