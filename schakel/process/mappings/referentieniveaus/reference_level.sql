-- Reference levels of group 8. The pupil is found by pupil number, as in toetsen/result.sql. An empty level stays empty: it is
-- unknown, not below 1F.
SELECT
  coalesce(here.pupil_id, p.pupil_id, CASE WHEN r.site_identifier IS NULL THEN alone.pupil_id END) AS pupil_id,
  r.school_year AS school_year,
  r.domain AS domain,
  r.level_reached AS level_reached,
  r.exempt = 'exempt' AS exempt,
  r._source AS _source
FROM referentieniveaus.reference_level AS r
LEFT JOIN known_pupils_everywhere AS p ON p.pupil_number = r.pupil_number
LEFT JOIN known_pupils AS alone ON alone.pupil_number = r.pupil_number
LEFT JOIN known_pupils_at AS here ON here.site_id = r.site_identifier AND here.pupil_number = r.pupil_number
