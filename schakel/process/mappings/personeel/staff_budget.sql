-- Budgeted staff per cost centre, year and kind of work. Only sites have a budget in the model: a line for the board itself is unplaced.
SELECT
  s.site_id AS site_id,
  CAST(b.year AS INTEGER) AS year,
  b.function_group AS function_group,
  CAST(b.budget_fte AS DECIMAL(18,4)) AS budget_fte,
  CAST(b.vacant_fte AS DECIMAL(18,4)) AS vacant_fte,
  b._source AS _source
FROM personeel.staff_budget AS b
LEFT JOIN known_schools AS s ON s.site_code = b.site_identifier
