-- The staff of every source, with what tells them apart: the users of OneRoster with a role other than pupil, parent or relative, and the teachers of
-- EDEXML files, of whom no date of birth is told. The key of an EDEXML file is a number of one site; so is a number of OneRoster that somebody else
-- has as well, as the code of a teacher is. Who works at two schools is there twice. `finds`: as in every_pupil.
WITH users AS (
  SELECT
    u.sourcedId AS staff_id, u.identifier AS staff_number, u.middleName AS name_prefix, u.familyName AS family_name,
    CAST(d.birthDate AS DATE) AS birth_date, u._source AS _source
  FROM oneroster.users AS u
  LEFT JOIN oneroster.demographics AS d ON d.sourcedId = u.sourcedId
  WHERE u.role NOT IN ('student', 'guardian', 'parent', 'relative')
    OR u.sourcedId IN (
      SELECT r.userSourcedId FROM oneroster.roles AS r WHERE r.role NOT IN ('student', 'guardian', 'parent', 'relative')
    )
),
keyed AS (
  SELECT
    known_places.site_id || '.' || t.id AS staff_id, t.id AS staff_number, known_places.site_id AS site_id, t.voorvoegsel AS name_prefix,
    t.achternaam AS family_name, t._source AS _source
  FROM edexml.teacher AS t
  JOIN known_places ON known_places._source = t._source
),
shared AS (
  SELECT n.staff_number AS staff_number
  FROM (
    SELECT users.staff_number AS staff_number, users.staff_id AS staff_id FROM users
    UNION ALL
    SELECT keyed.staff_number AS staff_number, keyed.staff_id AS staff_id FROM keyed
  ) AS n
  GROUP BY n.staff_number
  HAVING min(n.staff_id) < max(n.staff_id)
)
SELECT
  u.staff_id AS staff_id,
  u.staff_number AS staff_number,
  at.site_id AS site_id,
  chr(0) || u.staff_id AS finds,
  u.name_prefix AS name_prefix,
  u.family_name AS family_name,
  u.birth_date AS birth_date,
  u._source AS _source
FROM users AS u
LEFT JOIN shared ON shared.staff_number = u.staff_number
LEFT JOIN known_user_sites AS at ON at.user_id = u.staff_id AND shared.staff_number IS NOT NULL
UNION ALL
SELECT
  k.staff_id AS staff_id,
  k.staff_number AS staff_number,
  k.site_id AS site_id,
  chr(0) || k.staff_id AS finds,
  k.name_prefix AS name_prefix,
  k.family_name AS family_name,
  CAST(NULL AS DATE) AS birth_date,
  k._source AS _source
FROM keyed AS k
