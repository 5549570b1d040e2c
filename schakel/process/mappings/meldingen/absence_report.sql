-- Reports of unauthorised absence. The pupil is found by pupil number, as in toetsen/result.sql.
WITH found AS (
  SELECT
    coalesce(here.pupil_id, p.pupil_id, CASE WHEN m.site_identifier IS NULL THEN alone.pupil_id END) AS pupil_id,
    m.kind AS kind, CAST(m.reported_on AS DATE) AS reported_on, CAST(m.period_end AS DATE) AS period_end, m._source AS _source
  FROM meldingen.absence_report AS m
  LEFT JOIN known_pupils_everywhere AS p ON p.pupil_number = m.pupil_number
  LEFT JOIN known_pupils AS alone ON alone.pupil_number = m.pupil_number
  LEFT JOIN known_pupils_at AS here ON here.site_id = m.site_identifier AND here.pupil_number = m.pupil_number
)
SELECT
  m.pupil_id || '.' || strftime(m.reported_on, '%Y%m%d') || '.' || row_number() OVER (PARTITION BY m.pupil_id, m.reported_on) AS report_id,
  m.pupil_id AS pupil_id,
  m.kind AS kind,
  m.reported_on AS reported_on,
  m.period_end AS period_end,
  m._source AS _source
FROM found AS m
