-- Fte in use, replacement left out, of the fte in the budget of the site for that calendar year: on 31 December, or today for this year.
-- Nothing budgeted: no share. Staff of a kind for which the budget has no line makes the budget unknown, and a site without contracts in the file
-- is unknown, not empty.
WITH years AS (
  SELECT b.site_id AS site_id, b.year AS year, least(make_date(b.year, 12, 31), $today) AS day
  FROM staff_budget AS b
  WHERE b.year <= year($today)
  GROUP BY b.site_id, b.year
),
staffed AS (
  SELECT
    y.site_id AS site_id, y.year AS year, c.function_group AS function_group, sum(c.fte) AS fte, count(DISTINCT c.staff_id) AS people
  FROM years AS y
  JOIN staff_contract AS c
    ON c.site_id = y.site_id AND c.start_date <= y.day AND (c.end_date IS NULL OR c.end_date >= y.day)
  WHERE c.contract_kind <> 'replacement'
  GROUP BY y.site_id, y.year, c.function_group
),
budgeted AS (
  SELECT b.site_id AS site_id, b.year AS year, b.function_group AS function_group, b.budget_fte AS fte
  FROM staff_budget AS b
  WHERE b.year <= year($today)
)
SELECT
  coalesce(b.site_id, s.site_id) AS site_id,
  CAST(coalesce(b.year, s.year) AS VARCHAR) AS period,
  sum(s.fte) AS numerator,
  CASE WHEN count(*) = count(b.fte) THEN sum(b.fte) END AS denominator,
  sum(s.people) AS people,
  sum(s.people) AS people_hit
FROM budgeted AS b
FULL JOIN staffed AS s ON s.site_id = b.site_id AND s.year = b.year AND s.function_group = b.function_group
GROUP BY coalesce(b.site_id, s.site_id), coalesce(b.year, s.year)
