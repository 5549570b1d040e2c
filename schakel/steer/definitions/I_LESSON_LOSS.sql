-- Minutes of lessons that were cancelled without substitution, of the minutes of all planned lessons up to today, per month. Lessons on days on
-- which the site is free do not count. A month without a timetable gives no row: it is unknown, not zero. So is one of which every lesson still says
-- that it is planned: then nobody registers whether it was given. Where a site does register that, lessons after the last day of which it did are
-- not known yet: they count on neither side.
WITH past AS (
  SELECT l.site_id AS site_id, l.date AS date, l.minutes AS minutes, l.state AS state
  FROM slot AS l
  WHERE l.date <= $today
    AND NOT EXISTS (SELECT 1 FROM holiday AS h WHERE h.site_id = l.site_id AND l.date BETWEEN h.start_date AND h.end_date)
),
registered AS (
  SELECT
    p.site_id AS site_id,
    CASE WHEN bool_or(p.state = 'given') THEN max(CASE WHEN p.state <> 'planned' THEN p.date END) ELSE $today END AS last_day
  FROM past AS p
  GROUP BY p.site_id
)
SELECT
  p.site_id AS site_id,
  strftime(p.date, '%Y-%m') AS period,
  CASE WHEN count(CASE WHEN p.state <> 'planned' THEN 1 END) > 0 THEN sum(CASE WHEN p.state = 'cancelled' THEN p.minutes ELSE 0 END) END AS numerator,
  coalesce(sum(CASE WHEN p.date <= r.last_day THEN p.minutes END), sum(p.minutes)) AS denominator,
  CAST(NULL AS INTEGER) AS people,
  CAST(NULL AS INTEGER) AS people_hit
FROM past AS p
JOIN registered AS r ON r.site_id = p.site_id
GROUP BY p.site_id, strftime(p.date, '%Y-%m')
