-- Lessons of this school year (and of the last twenty school days, when it has just begun) and of the week ahead: per lesson hour in secondary
-- schools, per half day elsewhere.
CREATE TABLE slot AS
WITH day AS (
  SELECT d.s, d.y, d.day, d.dow
  FROM school_day d JOIN date_of_site t ON t.s = d.s AND t.day = getvariable('today')
  WHERE (d.n > t.n - 20 OR d.y = (SELECT max(y) FROM school_year)) AND d.day <= getvariable('today') + 7
), planned AS (
  SELECT d.s, d.day, k.k, k.code, k.subject, l.hour, 50 AS minutes, k.room,
    ['08:15', '09:05', '09:55', '11:00', '11:50', '13:05', '13:55', '14:50', '15:40'][l.hour] AS starts
  FROM day d JOIN klass k ON k.s = d.s AND k.y = d.y JOIN lesson l ON l.k = k.k AND l.day = d.dow
  UNION ALL
  SELECT d.s, d.day, k.k, k.code, NULL, h.hour::INTEGER, [210, 120][h.hour], k.room, ['08:30', '12:45'][h.hour]
  FROM day d JOIN school sc ON sc.s = d.s JOIN klass k ON k.s = d.s AND k.y = d.y AND k.is_home, unnest([1, 2]) AS h(hour)
  WHERE sc.sector <> 'vo' AND NOT (d.dow = 3 AND h.hour = 2)
), taught AS (
  SELECT p.*, d.t, hash(p.k, p.day, p.hour) AS seat
  FROM planned p
  LEFT JOIN duty d ON d.k = p.k AND d.role = 'teacher' AND d.is_primary AND d.begin <= p.day AND p.day < d.stop
), settled AS (
  SELECT *, CASE WHEN day > getvariable('today') THEN CASE WHEN u(seat, 'fate') < 0.01 THEN 'uitgevallen' ELSE 'gepland' END
      WHEN u(seat, 'fate') < CASE WHEN subject IS NULL THEN 0.002 ELSE 0.035 END THEN 'uitgevallen'
      WHEN u(seat, 'fate') < 0.065 THEN 'vervangen' WHEN day = getvariable('today') THEN 'gepland' ELSE 'gegeven' END AS state
  FROM taught
), cover AS (
  SELECT s, list(t ORDER BY t) AS people FROM staff WHERE job = 'teacher' AND enabled GROUP BY s
)
SELECT x.s, x.day, x.hour, x.code, x.subject, x.starts, x.room, x.minutes, x.state,
  CASE WHEN x.state = 'vervangen' THEN pick(c.people, u(x.seat, 'cover')) ELSE x.t END AS t
FROM settled x LEFT JOIN cover c USING (s)
ORDER BY x.day, x.s, x.hour, x.code;
