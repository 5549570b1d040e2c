-- School advice of group 8. The pupil is found by pupil number.
SELECT
  p.pupil_id AS pupil_id,
  a.school_year AS school_year,
  a.provisional AS provisional,
  CAST(a.provisional_on AS DATE) AS provisional_on,
  a.test_advice AS test_advice,
  a.final AS final,
  CAST(a.final_on AS DATE) AS final_on,
  a.motivation AS not_raised_reason,
  a._source AS _source
FROM adviezen.school_advice AS a
LEFT JOIN known_pupils AS p ON p.pupil_number = a.pupil_number
