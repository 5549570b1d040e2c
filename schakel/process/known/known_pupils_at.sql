-- The pupils of EDEXML files by site, because other schools use the same keys.
SELECT every_pupil.pupil_number AS pupil_number, every_pupil.site_id AS site_id, min(every_pupil.pupil_id) AS pupil_id
FROM every_pupil
WHERE every_pupil.site_id IS NOT NULL
GROUP BY every_pupil.pupil_number, every_pupil.site_id
