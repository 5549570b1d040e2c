-- Spells of sick leave; the person is found by staff number: the identifier of OneRoster, or the key of an EDEXML file. The percentage becomes a
-- fraction of the appointment. The day of recovery is the first day back at work: the last day of the spell is the day before, and never before
-- the first.
WITH places AS (
  SELECT s._source AS _source, min(coalesce(s.brincode || coalesce(s.dependancecode, '00'), s.schoolkey, s.instellingsnummer)) AS site_id
  FROM edexml.school AS s
  GROUP BY s._source
),
numbers AS (
  SELECT u.identifier AS staff_number, u.sourcedId AS staff_id
  FROM oneroster.users AS u
  WHERE u.role NOT IN ('student', 'guardian', 'parent', 'relative')
    OR u.sourcedId IN (
      SELECT r.userSourcedId FROM oneroster.roles AS r WHERE r.role NOT IN ('student', 'guardian', 'parent', 'relative')
    )
  UNION ALL
  SELECT t.id AS staff_number, places.site_id || '.' || t.id AS staff_id
  FROM edexml.teacher AS t
  JOIN places ON places._source = t._source
),
staff AS (
  SELECT n.staff_number AS staff_number, min(n.staff_id) AS staff_id
  FROM numbers AS n
  GROUP BY n.staff_number
  HAVING min(n.staff_id) = max(n.staff_id)
)
SELECT
  s.spell AS spell_id,
  staff.staff_id AS staff_id,
  s.kind AS kind,
  CAST(s.sick_percentage AS DECIMAL(18,4)) / 100 AS sick_fraction,
  CAST(s.start_date AS DATE) AS start_date,
  CASE WHEN s.end_date IS NOT NULL THEN greatest(CAST(s.end_date AS DATE) - 1, CAST(s.start_date AS DATE)) END AS end_date,
  s._source AS _source
FROM personeel.sick_leave AS s
LEFT JOIN staff ON staff.staff_number = s.staff_number
