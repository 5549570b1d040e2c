-- School advice of group 8. The pupil is found by pupil number, as in toetsen/result.sql.
SELECT
  coalesce(here.pupil_id, p.pupil_id, CASE WHEN a.site_identifier IS NULL THEN alone.pupil_id END) AS pupil_id,
  a.school_year AS school_year,
  a.provisional AS provisional,
  CAST(a.provisional_on AS DATE) AS provisional_on,
  a.test_advice AS test_advice,
  a.final AS final,
  CAST(a.final_on AS DATE) AS final_on,
  a.motivation AS not_raised_reason,
  a._source AS _source
FROM adviezen.school_advice AS a
LEFT JOIN known_pupils_everywhere AS p ON p.pupil_number = a.pupil_number
LEFT JOIN known_pupils AS alone ON alone.pupil_number = a.pupil_number
LEFT JOIN known_pupils_at AS here ON here.site_id = a.site_identifier AND here.pupil_number = a.pupil_number
