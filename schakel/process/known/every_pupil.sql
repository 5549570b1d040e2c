-- The pupils of every source, with what tells them apart: the users of OneRoster with the role student, and the pupils of EDEXML files. The key of
-- an EDEXML file is a number of one site only. So is a number of OneRoster that another pupil has as well, whichever roster brings that one: schools
-- number their pupils each from 1. Who is at two schools is there twice. `finds`: what a number is read as once somebody decided that it is this
-- pupil; no number that comes in can be like it, because the sign of zero is left out of every text that is read.
WITH users AS (
  SELECT
    u.sourcedId AS pupil_id, u.identifier AS pupil_number, u.middleName AS name_prefix, u.familyName AS family_name,
    CAST(d.birthDate AS DATE) AS birth_date, u._source AS _source
  FROM oneroster.users AS u
  LEFT JOIN oneroster.demographics AS d ON d.sourcedId = u.sourcedId
  WHERE u.role = 'student' OR u.sourcedId IN (SELECT r.userSourcedId FROM oneroster.roles AS r WHERE r.role = 'student')
),
keyed AS (
  SELECT
    known_places.site_id || '.' || e.id AS pupil_id, e.id AS pupil_number, known_places.site_id AS site_id, e.voorvoegsel AS name_prefix,
    e.achternaam AS family_name, CAST(e.geboortedatum AS DATE) AS birth_date, e._source AS _source
  FROM edexml.pupil AS e
  JOIN known_places ON known_places._source = e._source
),
shared AS (
  SELECT n.pupil_number AS pupil_number
  FROM (
    SELECT users.pupil_number AS pupil_number, users.pupil_id AS pupil_id FROM users
    UNION ALL
    SELECT keyed.pupil_number AS pupil_number, keyed.pupil_id AS pupil_id FROM keyed
  ) AS n
  GROUP BY n.pupil_number
  HAVING min(n.pupil_id) < max(n.pupil_id)
)
SELECT
  u.pupil_id AS pupil_id,
  u.pupil_number AS pupil_number,
  at.site_id AS site_id,
  chr(0) || u.pupil_id AS finds,
  u.name_prefix AS name_prefix,
  u.family_name AS family_name,
  u.birth_date AS birth_date,
  u._source AS _source
FROM users AS u
LEFT JOIN shared ON shared.pupil_number = u.pupil_number
LEFT JOIN known_user_sites AS at ON at.user_id = u.pupil_id AND shared.pupil_number IS NOT NULL
UNION ALL
SELECT
  k.pupil_id AS pupil_id,
  k.pupil_number AS pupil_number,
  k.site_id AS site_id,
  chr(0) || k.pupil_id AS finds,
  k.name_prefix AS name_prefix,
  k.family_name AS family_name,
  k.birth_date AS birth_date,
  k._source AS _source
FROM keyed AS k
