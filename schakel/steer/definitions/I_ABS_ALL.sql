-- Hours that pupils were not there, of the hours that were planned for them (shared/planned_hours.sql), per month: every kind of absence but being
-- late. A kind that is not known yet counts: the pupil was not there. Absence on a day without a timetable counts on neither side, nor does a day of
-- a pupil whose absence has no hours; where that are more than one in ten of the days that were missed, the figure is unknown. Nobody misses more
-- than was planned.
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
  CASE WHEN 10 * count(CASE WHEN a.is_unknown THEN 1 END) <= count(a.date) THEN
    sum(CASE WHEN a.is_unknown THEN 0 ELSE least(coalesce(a.hours, 0), p.hours) END) END AS numerator,
  sum(CASE WHEN a.is_unknown THEN 0 ELSE p.hours END) AS denominator,
  count(DISTINCT CASE WHEN a.is_unknown THEN NULL ELSE p.pupil_id END) AS people,
  CASE WHEN 10 * count(CASE WHEN a.is_unknown THEN 1 END) <= count(a.date) THEN
    count(DISTINCT CASE WHEN a.hours > 0 AND NOT a.is_unknown THEN p.pupil_id END) END AS people_hit
FROM planned_hours AS p
LEFT JOIN missed AS a ON a.site_id = p.site_id AND a.pupil_id = p.pupil_id AND a.date = p.date
GROUP BY p.site_id, strftime(p.date, '%Y-%m')
