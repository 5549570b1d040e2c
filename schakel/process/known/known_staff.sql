-- Staff by staff number: the identifier of OneRoster, or the key of an EDEXML file. A number that two share finds nobody; what somebody decided finds
-- exactly that one.
WITH numbers AS (
  SELECT every_staff.staff_number AS staff_number, every_staff.staff_id AS staff_id
  FROM every_staff
  UNION ALL
  SELECT every_staff.finds AS staff_number, every_staff.staff_id AS staff_id
  FROM every_staff
)
SELECT n.staff_number AS staff_number, min(n.staff_id) AS staff_id
FROM numbers AS n
GROUP BY n.staff_number
HAVING min(n.staff_id) = max(n.staff_id)
