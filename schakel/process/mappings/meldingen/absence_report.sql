-- Reports of unauthorised absence. The pupil is found by pupil number, as in absence.
WITH pupils AS (
  SELECT u.identifier AS pupil_number, min(u.sourcedId) AS pupil_id
  FROM oneroster.users AS u
  WHERE u.role = 'student' OR u.sourcedId IN (SELECT r.userSourcedId FROM oneroster.roles AS r WHERE r.role = 'student')
  GROUP BY u.identifier
  HAVING min(u.sourcedId) = max(u.sourcedId)
)
SELECT
  p.pupil_id || '.' || strftime(CAST(m.reported_on AS DATE), '%Y%m%d') || '.'
    || row_number() OVER (PARTITION BY m.pupil_number, m.reported_on) AS report_id,
  p.pupil_id AS pupil_id,
  m.kind AS kind,
  CAST(m.reported_on AS DATE) AS reported_on,
  CAST(m.period_end AS DATE) AS period_end,
  m._source AS _source
FROM meldingen.absence_report AS m
LEFT JOIN pupils AS p ON p.pupil_number = m.pupil_number
