-- The hours that were planned for a pupil on a day: what the timetable gives the groups of the pupil, up to today, not on days on which the site is
-- free. Po and so count clock hours, vo counts lesson hours of at most 60 minutes. A week in which nobody registered anything for a home group is a
-- missing week, not a week without absence: it is left out.
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
)
SELECT l.site_id AS site_id, m.pupil_id AS pupil_id, l.date AS date, sum(l.hours) AS hours
FROM lessons AS l
JOIN membership AS m ON m.group_id = l.group_id AND l.date >= m.start_date AND (m.end_date IS NULL OR l.date <= m.end_date)
JOIN counted AS c ON c.pupil_id = m.pupil_id AND c.week = date_trunc('week', l.date)
GROUP BY l.site_id, m.pupil_id, l.date
