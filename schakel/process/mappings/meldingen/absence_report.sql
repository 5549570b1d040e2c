-- Reports of unauthorised absence. The pupil is found by pupil number, as in absence.
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
  p.pupil_id || '.' || strftime(CAST(m.reported_on AS DATE), '%Y%m%d') || '.'
    || row_number() OVER (PARTITION BY m.pupil_number, m.reported_on) AS report_id,
  p.pupil_id AS pupil_id,
  m.kind AS kind,
  CAST(m.reported_on AS DATE) AS reported_on,
  CAST(m.period_end AS DATE) AS period_end,
  m._source AS _source
FROM meldingen.absence_report AS m
LEFT JOIN pupils AS p ON p.pupil_number = CASE WHEN m.pupil_number LIKE 'https://ketenid.nl/%' THEN 'eck-' || left(sha256(m.pupil_number), 40) ELSE m.pupil_number END
