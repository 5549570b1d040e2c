-- Yearly figures in euros. The cost centre is the BRIN6 of a school or the number of the board, whichever organisation carries it.
WITH schools AS (
  SELECT coalesce(s.brincode || coalesce(s.dependancecode, '00'), s.schoolkey, s.instellingsnummer) AS site_id, min(coalesce(s.brincode, s.schoolkey, s.instellingsnummer)) AS organisation_id
  FROM edexml.school AS s
  GROUP BY coalesce(s.brincode || coalesce(s.dependancecode, '00'), s.schoolkey, s.instellingsnummer)
)
SELECT
  coalesce(o.sourcedId, schools.organisation_id, boards.board_number) AS organisation_id,
  CAST(f.year AS INTEGER) AS year,
  f.kind AS kind,
  CAST(f.total_income AS DECIMAL(18,4)) AS total_income,
  CAST(f.staff_cost AS DECIMAL(18,4)) AS staff_cost,
  CAST(f.housing_cost AS DECIMAL(18,4)) AS housing_cost,
  CAST(f.total_cost AS DECIMAL(18,4)) AS total_cost,
  CAST(f.result AS DECIMAL(18,4)) AS result,
  CAST(f.equity AS DECIMAL(18,4)) AS equity,
  CAST(f.public_equity AS DECIMAL(18,4)) AS public_equity,
  CAST(f.provisions AS DECIMAL(18,4)) AS provisions,
  CAST(f.balance_total AS DECIMAL(18,4)) AS balance_total,
  CAST(f.current_assets AS DECIMAL(18,4)) AS current_assets,
  CAST(f.current_liabilities AS DECIMAL(18,4)) AS current_liabilities,
  CAST(f.liquid_assets AS DECIMAL(18,4)) AS liquid_assets,
  CAST(f.buildings_purchase_value AS DECIMAL(18,4)) AS buildings_purchase_value,
  CAST(f.other_tangible_book_value AS DECIMAL(18,4)) AS other_tangible_book_value,
  f._source AS _source
FROM financien.finance_year AS f
LEFT JOIN oneroster.orgs AS o ON o.identifier = f.organisation_identifier AND o.type IN ('district', 'school')
LEFT JOIN schools ON schools.site_id = f.organisation_identifier
LEFT JOIN known_boards AS boards ON boards.board_number = f.organisation_identifier
