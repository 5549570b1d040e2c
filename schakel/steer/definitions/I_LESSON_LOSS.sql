-- Minutes of lessons that were cancelled without substitution, of the minutes of all planned lessons up to today, per month. Lessons on days on
-- which the site is free do not count. A month without a timetable gives no row: it is unknown, not zero. So is one of which every lesson still says
-- that it is planned: then nobody registers whether it was given.
WITH lessons AS (
  SELECT l.site_id AS site_id, date_trunc('month', l.date) AS month, l.minutes AS minutes, l.state AS state
  FROM slot AS l
  WHERE l.date <= $today
    AND NOT EXISTS (SELECT 1 FROM holiday AS h WHERE h.site_id = l.site_id AND l.date BETWEEN h.start_date AND h.end_date)
)
SELECT
  l.site_id AS site_id,
  strftime(l.month, '%Y-%m') AS period,
  CASE WHEN count(CASE WHEN l.state <> 'planned' THEN 1 END) > 0 THEN sum(CASE WHEN l.state = 'cancelled' THEN l.minutes ELSE 0 END) END AS numerator,
  sum(l.minutes) AS denominator,
  CAST(NULL AS INTEGER) AS people,
  CAST(NULL AS INTEGER) AS people_hit
FROM lessons AS l
GROUP BY l.site_id, l.month
