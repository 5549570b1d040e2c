-- The pupils of every source, with what tells them apart: the users of OneRoster with the role student, and the pupils of EDEXML files. The key of
-- an EDEXML file is a number of one site only. `finds`: what a number is read as once somebody decided that it is this pupil; no number that comes
-- in can be like it, because the sign of zero is left out of every text that is read.
SELECT
  u.sourcedId AS pupil_id,
  u.identifier AS pupil_number,
  CAST(NULL AS VARCHAR) AS site_id,
  chr(0) || u.sourcedId AS finds,
  u.middleName AS name_prefix,
  u.familyName AS family_name,
  CAST(d.birthDate AS DATE) AS birth_date,
  u._source AS _source
FROM oneroster.users AS u
LEFT JOIN oneroster.demographics AS d ON d.sourcedId = u.sourcedId
WHERE u.role = 'student' OR u.sourcedId IN (SELECT r.userSourcedId FROM oneroster.roles AS r WHERE r.role = 'student')
UNION ALL
SELECT
  known_places.site_id || '.' || e.id AS pupil_id,
  e.id AS pupil_number,
  known_places.site_id AS site_id,
  chr(0) || known_places.site_id || '.' || e.id AS finds,
  e.voorvoegsel AS name_prefix,
  e.achternaam AS family_name,
  CAST(e.geboortedatum AS DATE) AS birth_date,
  e._source AS _source
FROM edexml.pupil AS e
JOIN known_places ON known_places._source = e._source
