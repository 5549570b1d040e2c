-- Appointments. The person is found by staff number among staff, the identifier of OneRoster or the key of an EDEXML file; the cost centre is the BRIN6 of a site, or the number of the
-- board: then there is no site. The last day in the file counts.
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
  c.contract_number AS contract_id,
  staff.staff_id AS staff_id,
  coalesce(o.sourcedId, x.site_id) AS site_id,
  c.function_group AS function_group,
  CAST(c.fte AS DECIMAL(18,4)) AS fte,
  c.contract_kind AS contract_kind,
  CAST(c.start_date AS DATE) AS start_date,
  CAST(c.end_date AS DATE) AS end_date,
  c._source AS _source
FROM personeel.staff_contract AS c
LEFT JOIN staff ON staff.staff_number = c.staff_number
LEFT JOIN oneroster.orgs AS o ON o.identifier = c.site_identifier AND o.type = 'school'
LEFT JOIN (SELECT DISTINCT places.site_id AS site_id FROM places) AS x ON x.site_id = c.site_identifier
