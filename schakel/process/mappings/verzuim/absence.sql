-- Absence of pupils, a line per absence. The pupil is found by pupil number: at the site of the line first, where that is known by EDEXML, and else
-- among the pupils of every source. A number that is unknown finds nobody, and the row is counted as unplaced. The site is found by its BRIN6.
-- A source gives no key of its own: ours is pupil, day, lesson hour (0 for a part of the day) and a number where there are more.
SELECT
  coalesce(here.pupil_id, p.pupil_id) || '.' || strftime(CAST(a.date AS DATE), '%Y%m%d') || '.' || coalesce(CAST(a.hour AS INTEGER), 0) || '.'
    || row_number() OVER (PARTITION BY coalesce(here.pupil_id, p.pupil_id), a.date, a.hour) AS absence_id,
  coalesce(here.pupil_id, p.pupil_id) AS pupil_id,
  s.site_id AS site_id,
  CAST(a.date AS DATE) AS date,
  a.kind AS kind,
  a.reason_group AS reason_group,
  CAST(a.clock_hours AS DECIMAL(18,4)) AS clock_hours,
  CAST(a.lesson_hours AS DECIMAL(18,4)) AS lesson_hours,
  CAST(a.minutes_late AS INTEGER) AS minutes_late,
  CAST(a.contact_on AS DATE) AS contact_on,
  a._source AS _source
FROM verzuim.absence AS a
LEFT JOIN known_pupils AS p ON p.pupil_number = a.pupil_number
LEFT JOIN known_pupils_at AS here ON here.site_id = a.site_identifier AND here.pupil_number = a.pupil_number
LEFT JOIN known_schools AS s ON s.site_code = a.site_identifier
