-- Published results with the norm of the department. The site is found by its BRIN6, in OneRoster or in EDEXML; a row of another board finds none
-- and is counted as unplaced.
SELECT
  s.site_id AS site_id,
  v.education_type AS education_type,
  v.code AS code,
  v.period AS period,
  CAST(v.value AS DECIMAL(18,4)) AS value,
  CAST(v.norm AS DECIMAL(18,4)) AS norm,
  v._source AS _source
FROM inspectiewaarden.inspection_value AS v
LEFT JOIN known_schools AS s ON s.site_code = v.site_identifier
