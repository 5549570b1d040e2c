-- Sick calendar days times the part that someone is sick times fte, of the available calendar days times fte, per calendar year up to today.
-- Only spells of kind sick: pregnancy and other leave do not count. An open spell runs up to and including today. A year in which registration began
-- halfway is left out, because who was ill already is not known; if it is this year, it counts from that day.
-- Staff of the board's own office have no site and are not in the figure of a school.
WITH known AS (
  SELECT min(l.start_date) AS first_day
  FROM sick_leave AS l
),
years AS (
  SELECT
    CAST(n.number AS INTEGER) AS year,
    greatest(make_date(CAST(n.number AS INTEGER), 1, 1), k.first_day) AS first_day,
    least(make_date(CAST(n.number AS INTEGER), 12, 31), $today) AS last_day
  FROM known AS k
  CROSS JOIN unnest(generate_series(year(k.first_day), year($today))) AS n(number)
  WHERE k.first_day <= make_date(CAST(n.number AS INTEGER), 1, 1) OR n.number = year($today)
),
available AS (
  SELECT
    c.site_id AS site_id, y.year AS year, c.contract_id AS contract_id, c.staff_id AS staff_id, c.fte AS fte,
    greatest(c.start_date, y.first_day) AS first_day, least(coalesce(c.end_date, y.last_day), y.last_day) AS last_day
  FROM staff_contract AS c
  JOIN years AS y ON c.start_date <= y.last_day AND (c.end_date IS NULL OR c.end_date >= y.first_day)
  WHERE c.site_id IS NOT NULL
),
ill AS (
  SELECT
    a.contract_id AS contract_id, a.year AS year,
    sum(l.sick_fraction * (least(coalesce(l.end_date, a.last_day), a.last_day) - greatest(l.start_date, a.first_day) + 1)) AS days
  FROM available AS a
  JOIN sick_leave AS l ON l.staff_id = a.staff_id AND l.start_date <= a.last_day AND (l.end_date IS NULL OR l.end_date >= a.first_day)
  WHERE l.kind = 'sick'
  GROUP BY a.contract_id, a.year
)
SELECT
  a.site_id AS site_id,
  CAST(a.year AS VARCHAR) AS period,
  sum(coalesce(ill.days, 0) * a.fte) AS numerator,
  sum((a.last_day - a.first_day + 1) * a.fte) AS denominator,
  count(DISTINCT a.staff_id) AS people,
  count(DISTINCT CASE WHEN ill.days > 0 THEN a.staff_id END) AS people_hit
FROM available AS a
LEFT JOIN ill ON ill.contract_id = a.contract_id AND ill.year = a.year
GROUP BY a.site_id, a.year
