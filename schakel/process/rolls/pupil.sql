-- The pupils whom the rosters know: their key, the number by which other sources name them, the site where that number counts (none: everywhere),
-- what a number is read as once it is decided to be theirs, and what tells them apart.
SELECT
  every_pupil.pupil_id AS key,
  every_pupil.pupil_number AS number,
  every_pupil.site_id AS site,
  every_pupil.finds AS finds,
  every_pupil.name_prefix AS name_prefix,
  every_pupil.family_name AS family_name,
  every_pupil.birth_date AS birth_date,
  every_pupil._source AS source
FROM every_pupil
