-- Reference levels of group 8. The pupil is found by pupil number. An empty level stays empty: it is unknown, not below 1F.
SELECT
  p.pupil_id AS pupil_id,
  r.school_year AS school_year,
  r.domain AS domain,
  r.level_reached AS level_reached,
  r.exempt = 'exempt' AS exempt,
  r._source AS _source
FROM referentieniveaus.reference_level AS r
LEFT JOIN known_pupils AS p ON p.pupil_number = r.pupil_number
