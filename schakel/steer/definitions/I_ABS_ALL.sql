-- Hours that pupils were not there, of the hours that were planned for them, per month: every kind of absence but being late. A kind that is not
-- known yet counts: the pupil was not there. Po and so count clock hours, vo counts lesson hours of at most 60 minutes.
-- Planned is what the timetable gives the groups of a pupil, up to today, not on days on which the site is free. A week in which nobody registered
-- anything for a home group is a missing week, not a week without absence: it counts on neither side. Nor does absence on a day without a
-- timetable, or a day of a pupil whose absence has no hours. Nobody misses more than was planned.
WITH lessons AS (
  SELECT
    l.site_id AS site_id, l.group_id AS group_id, l.date AS date,
    sum(CASE WHEN o.sector = 'vo' THEN ceil(l.minutes / 60.0) ELSE l.minutes / 60.0 END) AS hours
  FROM slot AS l
  JOIN site AS s ON s.site_id = l.site_id
  JOIN organisation AS o ON o.organisation_id = s.organisation_id
  WHERE l.date <= $today
    AND NOT EXISTS (
      SELECT 1 FROM holiday AS h
      WHERE (h.site_id = l.site_id OR (h.site_id IS NULL AND h.holiday_region = s.holiday_region))
        AND l.date BETWEEN h.start_date AND h.end_date
    )
  GROUP BY l.site_id, l.group_id, l.date
),
homes AS (
  SELECT m.pupil_id AS pupil_id, m.group_id AS group_id, m.start_date AS start_date, coalesce(m.end_date, $today) AS end_date
  FROM membership AS m
  JOIN "group" AS g ON g.group_id = m.group_id
  WHERE g.kind = 'home'
),
registered AS (
  SELECT DISTINCT h.group_id AS group_id, date_trunc('week', a.date) AS week
  FROM absence AS a
  JOIN homes AS h ON h.pupil_id = a.pupil_id AND a.date BETWEEN h.start_date AND h.end_date
),
counted AS (
  SELECT DISTINCT h.pupil_id AS pupil_id, r.week AS week
  FROM registered AS r
  JOIN homes AS h ON h.group_id = r.group_id AND h.start_date < r.week + INTERVAL 7 DAY AND h.end_date >= r.week
),
planned AS (
  SELECT l.site_id AS site_id, m.pupil_id AS pupil_id, l.date AS date, sum(l.hours) AS hours
  FROM lessons AS l
  JOIN membership AS m ON m.group_id = l.group_id AND l.date >= m.start_date AND (m.end_date IS NULL OR l.date <= m.end_date)
  JOIN counted AS c ON c.pupil_id = m.pupil_id AND c.week = date_trunc('week', l.date)
  GROUP BY l.site_id, m.pupil_id, l.date
),
missed AS (
  SELECT
    a.site_id AS site_id, a.pupil_id AS pupil_id, a.date AS date,
    sum(CASE WHEN o.sector = 'vo' THEN a.lesson_hours ELSE a.clock_hours END) AS hours,
    bool_or(CASE WHEN o.sector = 'vo' THEN a.lesson_hours ELSE a.clock_hours END IS NULL) AS is_unknown
  FROM absence AS a
  JOIN site AS s ON s.site_id = a.site_id
  JOIN organisation AS o ON o.organisation_id = s.organisation_id
  WHERE a.kind <> 'late'
  GROUP BY a.site_id, a.pupil_id, a.date
)
SELECT
  p.site_id AS site_id,
  strftime(p.date, '%Y-%m') AS period,
  sum(least(coalesce(a.hours, 0), p.hours)) AS numerator,
  sum(p.hours) AS denominator,
  count(DISTINCT p.pupil_id) AS people,
  count(DISTINCT CASE WHEN a.hours > 0 THEN p.pupil_id END) AS people_hit
FROM planned AS p
LEFT JOIN missed AS a ON a.site_id = p.site_id AND a.pupil_id = p.pupil_id AND a.date = p.date
WHERE a.is_unknown IS DISTINCT FROM TRUE
GROUP BY p.site_id, strftime(p.date, '%Y-%m')
