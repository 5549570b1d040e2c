-- School advice of group 8. The pupil is found by pupil number, as in absence.
WITH places AS (
  SELECT s._source AS _source, min(coalesce(s.brincode || coalesce(s.dependancecode, '00'), s.schoolkey, s.instellingsnummer)) AS site_id
  FROM edexml.school AS s
  GROUP BY s._source
),
numbers AS (
  SELECT u.identifier AS pupil_number, u.sourcedId AS pupil_id
  FROM oneroster.users AS u
  WHERE u.role = 'student' OR u.sourcedId IN (SELECT r.userSourcedId FROM oneroster.roles AS r WHERE r.role = 'student')
  UNION ALL
  SELECT e.id AS pupil_number, places.site_id || '.' || e.id AS pupil_id
  FROM edexml.pupil AS e
  JOIN places ON places._source = e._source
),
pupils AS (
  SELECT n.pupil_number AS pupil_number, min(n.pupil_id) AS pupil_id
  FROM numbers AS n
  GROUP BY n.pupil_number
  HAVING min(n.pupil_id) = max(n.pupil_id)
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
LEFT JOIN pupils AS p ON p.pupil_number = CASE WHEN a.pupil_number LIKE 'https://ketenid.nl/%' THEN 'eck-' || left(sha256(a.pupil_number), 40) ELSE a.pupil_number END
