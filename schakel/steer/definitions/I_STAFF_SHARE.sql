-- Cost of staff divided by all cost, per school and book year that is closed. The books are kept per school: of a school with more than one site it is
-- not known which site the cost belongs to, so it has no figure. Cost of the board's own office is in no school.
WITH schools AS (
  SELECT s.organisation_id AS organisation_id, min(s.site_id) AS site_id
  FROM site AS s
  GROUP BY s.organisation_id
  HAVING count(*) = 1
)
SELECT
  s.site_id AS site_id,
  CAST(f.year AS VARCHAR) AS period,
  sum(f.staff_cost) AS numerator,
  sum(f.total_cost) AS denominator,
  CAST(NULL AS INTEGER) AS people,
  CAST(NULL AS INTEGER) AS people_hit
FROM finance_year AS f
JOIN organisation AS o ON o.organisation_id = f.organisation_id
JOIN schools AS s ON s.organisation_id = f.organisation_id
WHERE o.kind = 'school' AND f.kind = 'actual'
GROUP BY s.site_id, f.year
