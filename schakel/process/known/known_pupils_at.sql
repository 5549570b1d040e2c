-- The pupils whose number is one of a site, by site, because other schools use the same: those of EDEXML files, and of OneRoster whose number others
-- have as well. A number that two at one site share finds nobody.
SELECT every_pupil.pupil_number AS pupil_number, every_pupil.site_id AS site_id, min(every_pupil.pupil_id) AS pupil_id
FROM every_pupil
WHERE every_pupil.site_id IS NOT NULL
GROUP BY every_pupil.pupil_number, every_pupil.site_id
HAVING min(every_pupil.pupil_id) = max(every_pupil.pupil_id)
