-- The staff whose number is one of a site, by site, because others have it at another: the code of a teacher. One that two at a site share finds nobody.
SELECT every_staff.staff_number AS staff_number, every_staff.site_id AS site_id, min(every_staff.staff_id) AS staff_id
FROM every_staff
WHERE every_staff.site_id IS NOT NULL
GROUP BY every_staff.staff_number, every_staff.site_id
HAVING min(every_staff.staff_id) = max(every_staff.staff_id)
