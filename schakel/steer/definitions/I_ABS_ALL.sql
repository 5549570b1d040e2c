-- Hours that pupils were not there, of the hours that were planned for them (shared/planned_hours.sql), per month: every kind of absence but being
-- late. A kind that is not known yet counts: the pupil was not there. Absence on a day without a timetable counts on neither side, nor does a day of
-- a pupil whose absence has no hours. Nobody misses more than was planned.
WITH missed AS (
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
FROM planned_hours AS p
LEFT JOIN missed AS a ON a.site_id = p.site_id AND a.pupil_id = p.pupil_id AND a.date = p.date
WHERE a.is_unknown IS DISTINCT FROM TRUE
GROUP BY p.site_id, strftime(p.date, '%Y-%m')
