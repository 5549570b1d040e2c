-- Places for teachers for which there is nobody, of the fte in the budget for teachers, per site and calendar year up to this one. A site that left
-- the open places empty is unknown, not zero; nothing budgeted gives no share. A class that is kept going by a stopgap counts only when the school
-- registers it as a vacancy.
SELECT
  b.site_id AS site_id,
  CAST(b.year AS VARCHAR) AS period,
  CASE WHEN count(*) = count(b.vacant_fte) THEN sum(b.vacant_fte) END AS numerator,
  sum(b.budget_fte) AS denominator,
  CAST(NULL AS INTEGER) AS people,
  CAST(NULL AS INTEGER) AS people_hit
FROM staff_budget AS b
WHERE b.function_group = 'teaching' AND b.year <= year($today)
GROUP BY b.site_id, b.year
