-- School advice of group 8. The pupil is found by pupil number, as in absence.
WITH pupils AS (
  SELECT u.identifier AS pupil_number, min(u.sourcedId) AS pupil_id
  FROM oneroster.users AS u
  WHERE u.role = 'student' OR u.sourcedId IN (SELECT r.userSourcedId FROM oneroster.roles AS r WHERE r.role = 'student')
  GROUP BY u.identifier
  HAVING min(u.sourcedId) = max(u.sourcedId)
)
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
LEFT JOIN pupils AS p ON p.pupil_number = a.pupil_number
