-- Result of the board divided by its total income, per book year that is closed. A planned loss, to spend a reserve, is below zero and not bad by itself.
SELECT
  CAST(NULL AS VARCHAR) AS site_id,
  CAST(f.year AS VARCHAR) AS period,
  sum(f.result) AS numerator,
  sum(f.total_income) AS denominator,
  CAST(NULL AS INTEGER) AS people,
  CAST(NULL AS INTEGER) AS people_hit
FROM finance_year AS f
JOIN organisation AS o ON o.organisation_id = f.organisation_id
WHERE o.kind = 'board' AND f.kind = 'actual'
GROUP BY f.year
