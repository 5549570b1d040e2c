-- Equity plus provisions of the board divided by its balance total on 31 December, per book year that is closed. Equity below zero is shown below zero;
-- provisions that are not filled in are unknown, not zero.
SELECT
  CAST(NULL AS VARCHAR) AS site_id,
  CAST(f.year AS VARCHAR) AS period,
  sum(f.equity + f.provisions) AS numerator,
  sum(f.balance_total) AS denominator,
  CAST(NULL AS INTEGER) AS people,
  CAST(NULL AS INTEGER) AS people_hit
FROM finance_year AS f
JOIN organisation AS o ON o.organisation_id = f.organisation_id
WHERE o.kind = 'board' AND f.kind = 'actual'
GROUP BY f.year
