-- Absence of pupils, a line per absence. The pupil is found by pupil number among the users who are pupils: a number that is unknown, or that
-- two pupils share, finds nobody, and the row is counted as unplaced. The site is found by its BRIN6.
-- A source gives no key of its own: ours is pupil, day, lesson hour (0 for a part of the day) and a number where there are more.
WITH pupils AS (
  SELECT u.identifier AS pupil_number, min(u.sourcedId) AS pupil_id
  FROM oneroster.users AS u
  WHERE u.role = 'student' OR u.sourcedId IN (SELECT r.userSourcedId FROM oneroster.roles AS r WHERE r.role = 'student')
  GROUP BY u.identifier
  HAVING min(u.sourcedId) = max(u.sourcedId)
)
SELECT
  p.pupil_id || '.' || strftime(CAST(a.date AS DATE), '%Y%m%d') || '.' || coalesce(CAST(a.hour AS INTEGER), 0) || '.'
    || row_number() OVER (PARTITION BY a.pupil_number, a.date, a.hour) AS absence_id,
  p.pupil_id AS pupil_id,
  o.sourcedId AS site_id,
  CAST(a.date AS DATE) AS date,
  a.kind AS kind,
  a.reason_group AS reason_group,
  CAST(a.clock_hours AS DECIMAL(18,4)) AS clock_hours,
  CAST(a.lesson_hours AS DECIMAL(18,4)) AS lesson_hours,
  CAST(a.minutes_late AS INTEGER) AS minutes_late,
  CAST(a.contact_on AS DATE) AS contact_on,
  a._source AS _source
FROM verzuim.absence AS a
LEFT JOIN pupils AS p ON p.pupil_number = a.pupil_number
LEFT JOIN oneroster.orgs AS o ON o.identifier = a.site_identifier AND o.type = 'school'
