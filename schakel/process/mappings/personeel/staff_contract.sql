-- Appointments. The person is found by staff number among the users who are staff; the cost centre is the BRIN6 of a site, or the number of the
-- board: then there is no site. The last day in the file counts.
WITH staff AS (
  SELECT u.identifier AS staff_number, min(u.sourcedId) AS staff_id
  FROM oneroster.users AS u
  WHERE u.role NOT IN ('student', 'guardian', 'parent', 'relative')
    OR u.sourcedId IN (
      SELECT r.userSourcedId FROM oneroster.roles AS r WHERE r.role NOT IN ('student', 'guardian', 'parent', 'relative')
    )
  GROUP BY u.identifier
  HAVING min(u.sourcedId) = max(u.sourcedId)
)
SELECT
  c.contract_number AS contract_id,
  staff.staff_id AS staff_id,
  o.sourcedId AS site_id,
  c.function_group AS function_group,
  CAST(c.fte AS DECIMAL(18,4)) AS fte,
  c.contract_kind AS contract_kind,
  CAST(c.start_date AS DATE) AS start_date,
  CAST(c.end_date AS DATE) AS end_date,
  c._source AS _source
FROM personeel.staff_contract AS c
LEFT JOIN staff ON staff.staff_number = c.staff_number
LEFT JOIN oneroster.orgs AS o ON o.identifier = c.site_identifier AND o.type = 'school'
