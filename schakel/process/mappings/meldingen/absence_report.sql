-- Reports of unauthorised absence. The pupil is found by pupil number.
SELECT
  p.pupil_id || '.' || strftime(CAST(m.reported_on AS DATE), '%Y%m%d') || '.'
    || row_number() OVER (PARTITION BY p.pupil_id, m.reported_on) AS report_id,
  p.pupil_id AS pupil_id,
  m.kind AS kind,
  CAST(m.reported_on AS DATE) AS reported_on,
  CAST(m.period_end AS DATE) AS period_end,
  m._source AS _source
FROM meldingen.absence_report AS m
LEFT JOIN known_pupils AS p ON p.pupil_number = m.pupil_number
