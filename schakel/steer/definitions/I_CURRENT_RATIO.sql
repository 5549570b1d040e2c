-- Current assets of the board divided by its current liabilities on 31 December, per book year that is closed. No liabilities: no ratio.
-- `size` is the total income of the same year: the signal value of the Inspectorate depends on it.
SELECT
  CAST(NULL AS VARCHAR) AS site_id,
  CAST(f.year AS VARCHAR) AS period,
  sum(f.current_assets) AS numerator,
  sum(f.current_liabilities) AS denominator,
  CAST(NULL AS INTEGER) AS people,
  CAST(NULL AS INTEGER) AS people_hit,
  sum(f.total_income) AS size
FROM finance_year AS f
JOIN organisation AS o ON o.organisation_id = f.organisation_id
WHERE o.kind = 'board' AND f.kind = 'actual'
GROUP BY f.year
