-- Absence of pupils, a line per absence. The pupil is found by pupil number among the pupils of every source: the identifier of OneRoster, the
-- key of an EDEXML file (at that site first, because other schools use the same keys), or since UWLR 2.3 the ECK iD. A number that is unknown,
-- or that two pupils share, finds nobody, and the row is counted as unplaced. The site is found by its BRIN6.
-- A source gives no key of its own: ours is pupil, day, lesson hour (0 for a part of the day) and a number where there are more.
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
),
here AS (
  SELECT e.id AS pupil_number, places.site_id AS site_id, places.site_id || '.' || e.id AS pupil_id
  FROM edexml.pupil AS e
  JOIN places ON places._source = e._source
)
SELECT
  coalesce(here.pupil_id, p.pupil_id) || '.' || strftime(CAST(a.date AS DATE), '%Y%m%d') || '.' || coalesce(CAST(a.hour AS INTEGER), 0) || '.'
    || row_number() OVER (PARTITION BY a.pupil_number, a.date, a.hour) AS absence_id,
  coalesce(here.pupil_id, p.pupil_id) AS pupil_id,
  coalesce(o.sourcedId, x.site_id) AS site_id,
  CAST(a.date AS DATE) AS date,
  a.kind AS kind,
  a.reason_group AS reason_group,
  CAST(a.clock_hours AS DECIMAL(18,4)) AS clock_hours,
  CAST(a.lesson_hours AS DECIMAL(18,4)) AS lesson_hours,
  CAST(a.minutes_late AS INTEGER) AS minutes_late,
  CAST(a.contact_on AS DATE) AS contact_on,
  a._source AS _source
FROM verzuim.absence AS a
LEFT JOIN pupils AS p ON p.pupil_number = CASE WHEN a.pupil_number LIKE 'https://ketenid.nl/%' THEN 'eck-' || left(sha256(a.pupil_number), 40) ELSE a.pupil_number END
LEFT JOIN here ON here.site_id = a.site_identifier AND here.pupil_number = CASE WHEN a.pupil_number LIKE 'https://ketenid.nl/%' THEN 'eck-' || left(sha256(a.pupil_number), 40) ELSE a.pupil_number END
LEFT JOIN (SELECT DISTINCT places.site_id AS site_id FROM places) AS x ON x.site_id = a.site_identifier
LEFT JOIN oneroster.orgs AS o ON o.identifier = a.site_identifier AND o.type = 'school'
