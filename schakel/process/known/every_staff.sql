-- The staff of every source, with what tells them apart: the users of OneRoster with a role other than pupil, parent or relative, and the teachers of
-- EDEXML files, of whom no date of birth is told. `finds`: as in every_pupil.
SELECT
  u.sourcedId AS staff_id,
  u.identifier AS staff_number,
  CAST(NULL AS VARCHAR) AS site_id,
  chr(0) || u.sourcedId AS finds,
  u.middleName AS name_prefix,
  u.familyName AS family_name,
  CAST(d.birthDate AS DATE) AS birth_date,
  u._source AS _source
FROM oneroster.users AS u
LEFT JOIN oneroster.demographics AS d ON d.sourcedId = u.sourcedId
WHERE u.role NOT IN ('student', 'guardian', 'parent', 'relative')
  OR u.sourcedId IN (
    SELECT r.userSourcedId FROM oneroster.roles AS r WHERE r.role NOT IN ('student', 'guardian', 'parent', 'relative')
  )
UNION ALL
SELECT
  known_places.site_id || '.' || t.id AS staff_id,
  t.id AS staff_number,
  known_places.site_id AS site_id,
  chr(0) || known_places.site_id || '.' || t.id AS finds,
  t.voorvoegsel AS name_prefix,
  t.achternaam AS family_name,
  CAST(NULL AS DATE) AS birth_date,
  t._source AS _source
FROM edexml.teacher AS t
JOIN known_places ON known_places._source = t._source
