-- The pupils whom the roster knows: their key, the number by which other sources name them, and what tells them apart.
SELECT
  u.sourcedId AS key,
  u.identifier AS number,
  u.middleName AS name_prefix,
  u.familyName AS family_name,
  CAST(d.birthDate AS DATE) AS birth_date,
  u._source AS source
FROM oneroster.users AS u
LEFT JOIN oneroster.demographics AS d ON d.sourcedId = u.sourcedId
WHERE u.role = 'student' OR u.sourcedId IN (SELECT r.userSourcedId FROM oneroster.roles AS r WHERE r.role = 'student')
