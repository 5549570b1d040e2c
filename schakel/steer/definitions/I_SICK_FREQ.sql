-- New spells of sick leave a year for each member of staff, per calendar year up to today; part of a year is counted up to a whole one. The number of
-- staff is the mean over the days of the period. Pregnancy and other leave do not count. A relapse is a new spell where the HR system says so.
-- A year in which registration began halfway is left out, unless it is this year: then it counts from that day.
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
days AS (
  -- A person with two contracts at one site counts once a day.
  SELECT DISTINCT
    c.site_id AS site_id, y.year AS year, c.staff_id AS staff_id, y.last_day - y.first_day + 1 AS length,
    unnest(generate_series(greatest(c.start_date, y.first_day), least(coalesce(c.end_date, y.last_day), y.last_day), INTERVAL 1 DAY)) AS day
  FROM staff_contract AS c
  JOIN years AS y ON c.start_date <= y.last_day AND (c.end_date IS NULL OR c.end_date >= y.first_day)
  WHERE c.site_id IS NOT NULL
),
staffed AS (
  SELECT
    d.site_id AS site_id, d.year AS year, d.staff_id AS staff_id, any_value(d.length) AS length,
    count(*) / any_value(d.length) AS part
  FROM days AS d
  GROUP BY d.site_id, d.year, d.staff_id
),
spells AS (
  SELECT d.site_id AS site_id, d.year AS year, d.staff_id AS staff_id, count(*) AS spells
  FROM days AS d
  JOIN sick_leave AS l ON l.staff_id = d.staff_id AND l.start_date = d.day
  WHERE l.kind = 'sick'
  GROUP BY d.site_id, d.year, d.staff_id
)
SELECT
  s.site_id AS site_id,
  CAST(s.year AS VARCHAR) AS period,
  sum(coalesce(p.spells, 0) * 365.0 / s.length) AS numerator,
  sum(s.part) AS denominator,
  count(*) AS people,
  count(p.spells) AS people_hit
FROM staffed AS s
LEFT JOIN spells AS p ON p.site_id = s.site_id AND p.year = s.year AND p.staff_id = s.staff_id
GROUP BY s.site_id, s.year
