-- Appointments. The person is found by staff number; the cost centre is the BRIN6 of a site, or the number of the board: then there is no site. The
-- last day in the file counts.
SELECT
  c.contract_number AS contract_id,
  staff.staff_id AS staff_id,
  s.site_id AS site_id,
  c.function_group AS function_group,
  CAST(c.fte AS DECIMAL(18,4)) AS fte,
  c.contract_kind AS contract_kind,
  CAST(c.start_date AS DATE) AS start_date,
  CAST(c.end_date AS DATE) AS end_date,
  c._source AS _source
FROM personeel.staff_contract AS c
LEFT JOIN known_staff AS staff ON staff.staff_number = c.staff_number
LEFT JOIN known_schools AS s ON s.site_code = c.site_identifier
