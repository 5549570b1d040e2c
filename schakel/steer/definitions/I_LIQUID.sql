-- Money in the bank of the board on 31 December, per book year that is closed.
SELECT
  CAST(NULL AS VARCHAR) AS site_id,
  CAST(f.year AS VARCHAR) AS period,
  sum(f.liquid_assets) AS numerator,
  CAST(NULL AS DECIMAL(18,4)) AS denominator,
  CAST(NULL AS INTEGER) AS people,
  CAST(NULL AS INTEGER) AS people_hit
FROM finance_year AS f
JOIN organisation AS o ON o.organisation_id = f.organisation_id
WHERE o.kind = 'board' AND f.kind = 'actual'
GROUP BY f.year
