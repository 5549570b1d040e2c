-- The staff whom the rosters know: their key, the number by which other sources name them, the site where that number counts (none: everywhere),
-- what a number is read as once it is decided to be theirs, and what tells them apart.
SELECT
  every_staff.staff_id AS key,
  every_staff.staff_number AS number,
  every_staff.site_id AS site,
  every_staff.finds AS finds,
  every_staff.name_prefix AS name_prefix,
  every_staff.family_name AS family_name,
  every_staff.birth_date AS birth_date,
  every_staff._source AS source
FROM every_staff
