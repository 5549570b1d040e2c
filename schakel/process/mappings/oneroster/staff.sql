-- Everyone who works at a school or the board: users with a role other than pupil, parent or relative. The family name and the date of birth
-- may also come from the staff administration, found by staff number.
WITH told AS (
  SELECT known_staff.staff_id AS staff_id, min(p.family_name) AS family_name, min(CAST(p.birth_date AS DATE)) AS birth_date
  FROM personeel.staff_contract AS p
  JOIN known_staff ON known_staff.staff_number = p.staff_number
  GROUP BY known_staff.staff_id
)
SELECT
  u.sourcedId AS staff_id,
  u.identifier AS staff_number,
  coalesce(u.preferredGivenName, u.givenName) AS first_name,
  u.middleName AS name_prefix,
  coalesce(u.familyName, told.family_name) AS family_name,
  u.email AS work_email,
  coalesce(CAST(d.birthDate AS DATE), told.birth_date) AS birth_date,
  u._source AS _source
FROM oneroster.users AS u
LEFT JOIN oneroster.demographics AS d ON d.sourcedId = u.sourcedId
LEFT JOIN told ON told.staff_id = u.sourcedId
WHERE u.role NOT IN ('student', 'guardian', 'parent', 'relative')
  OR u.sourcedId IN (
    SELECT r.userSourcedId FROM oneroster.roles AS r WHERE r.role NOT IN ('student', 'guardian', 'parent', 'relative')
  )
