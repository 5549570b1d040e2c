-- Pupils: users with the role student, said in roles.csv (1.2) or in users.csv itself (1.1).
SELECT
  u.sourcedId AS pupil_id,
  u.userMasterIdentifier AS eck_id,
  u.identifier AS pupil_number,
  coalesce(u.preferredGivenName, u.givenName) AS first_name,
  u.middleName AS name_prefix,
  u.familyName AS family_name,
  CAST(d.birthDate AS DATE) AS birth_date,
  CASE d.sex WHEN 'male' THEN 'm' WHEN 'female' THEN 'f' WHEN 'other' THEN 'x' WHEN 'unspecified' THEN 'unknown' END AS sex,
  u.email AS email,
  d.countryOfBirthCode AS country_of_birth,
  u._source AS _source
FROM oneroster.users AS u
LEFT JOIN oneroster.demographics AS d ON d.sourcedId = u.sourcedId
WHERE u.role = 'student' OR u.sourcedId IN (SELECT r.userSourcedId FROM oneroster.roles AS r WHERE r.role = 'student')
