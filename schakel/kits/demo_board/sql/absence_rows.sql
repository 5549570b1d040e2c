-- Spells spread over school days: secondary schools note each lesson of the timetable, others the part of the day in clock hours.
-- At most one line per pupil and lesson (or day): the weightiest kind wins.
CREATE OR REPLACE TABLE absence AS
WITH day AS (
  SELECT e.p, e.s, e.home, e.sector, e.kind, e.seat, e.j, d.day, d.dow
  FROM (SELECT *, unnest(range(least(days, last_n - n + 1))) AS j FROM spell) e JOIN school_day d ON d.s = e.s AND d.n = e.n + e.j
), hours AS (
  SELECT *, CASE WHEN kind IN (1, 5) THEN CASE WHEN j = 0 AND u(seat, 'ill') > 0.8 THEN 4 ELSE 1 END
      WHEN kind = 4 AND u(seat, 'hour') < 0.6 THEN 1 WHEN kind = 4 THEN 1 + floor(u(seat, 'late') * 6)
      ELSE 1 + floor(u(seat, 'hour') * 6) END::INTEGER AS h,
    CASE WHEN kind IN (1, 5) THEN 9 WHEN kind IN (4, 6) THEN h ELSE h + floor(u(seat, 'hours') * 3)::INTEGER END AS h_last
  FROM day
), written AS (
  SELECT w.p, w.s, w.day, w.kind, l.hour, NULL::DOUBLE AS clock_hours, w.seat
  FROM hours w JOIN lesson l ON l.home = w.home AND l.day = w.dow AND l.hour BETWEEN w.h AND w.h_last
  WHERE w.sector = 'vo'
  UNION ALL
  SELECT p, s, day, kind, NULL, CASE WHEN kind = 4 THEN NULL WHEN kind IN (1, 5) AND h = 4 THEN 2.0 WHEN dow = 3 THEN 3.5
      WHEN kind IN (1, 5) THEN 5.5 WHEN u(seat, 'part') < 0.4 THEN 3.5 WHEN u(seat, 'part') < 0.7 THEN 2.0 ELSE 5.5 END, seat
  FROM hours
  WHERE sector <> 'vo'
)
SELECT p, s, day, hour, min(kind) AS kind, arg_min(clock_hours, (kind, seat)) AS clock_hours, arg_min(seat, (kind, seat)) AS seat
FROM written
GROUP BY p, s, day, hour;
