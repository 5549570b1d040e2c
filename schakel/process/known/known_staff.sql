-- Staff by staff number: the identifier of OneRoster among users with a role other than pupil, parent or relative, or the key of an EDEXML file.
-- A number that two share finds nobody.
WITH numbers AS (
  SELECT u.identifier AS staff_number, u.sourcedId AS staff_id
  FROM oneroster.users AS u
  WHERE u.role NOT IN ('student', 'guardian', 'parent', 'relative')
    OR u.sourcedId IN (
      SELECT r.userSourcedId FROM oneroster.roles AS r WHERE r.role NOT IN ('student', 'guardian', 'parent', 'relative')
    )
  UNION ALL
  SELECT t.id AS staff_number, known_places.site_id || '.' || t.id AS staff_id
  FROM edexml.teacher AS t
  JOIN known_places ON known_places._source = t._source
)
SELECT n.staff_number AS staff_number, min(n.staff_id) AS staff_id
FROM numbers AS n
GROUP BY n.staff_number
HAVING min(n.staff_id) = max(n.staff_id)
