-- Reports to DUO: at 16 hours without leave within four school weeks (20 school days), again when it happens again, and half of the
-- families that leave early for a holiday. Most within five school days, some late, a few never.
CREATE TABLE report_row AS
WITH missed AS (
  SELECT a.p, a.s, a.day, d.n, d.y, sum(coalesce(a.clock_hours, 1)) AS hours
  FROM absence a JOIN school_day d ON d.s = a.s AND d.day = a.day
  WHERE a.kind = 3
  GROUP BY ALL
), summed AS (
  SELECT *, sum(hours) OVER (PARTITION BY p, y ORDER BY n RANGE BETWEEN 19 PRECEDING AND CURRENT ROW) AS four_weeks FROM missed
), first_time AS (
  SELECT p, s, y, arg_min(n, day) AS n FROM summed WHERE four_weeks >= 16 GROUP BY ALL
), again AS (
  SELECT m.*, sum(m.hours) OVER (PARTITION BY m.p, m.y ORDER BY m.n RANGE BETWEEN 19 PRECEDING AND CURRENT ROW) AS four_weeks
  FROM missed m JOIN first_time f USING (p, s, y)
  WHERE m.n > f.n + 5
), every AS (
  SELECT *, CASE WHEN u(p, 'lrv') < 0.08 THEN 'LRV' ELSE '16 uur' END AS kind FROM first_time
  UNION ALL
  SELECT p, s, y, arg_min(n, day), 'vervolg' FROM again WHERE four_weeks >= 16 GROUP BY ALL
  UNION ALL
  SELECT a.p, a.s, d.y, min(d.n), 'anders' FROM absence a JOIN school_day d ON d.s = a.s AND d.day = a.day
  WHERE a.kind = 3 AND d.eve > 1 AND u(a.p, 'luxury') < 0.5
  GROUP BY ALL
), dated AS (
  SELECT *, hash(p, y, kind) AS seat,
    CASE WHEN u(seat, 'in time') < 0.86 THEN 1 + floor(u(seat, 'days') * 4) ELSE 6 + floor(u(seat, 'days') * 9) END::INTEGER AS later
  FROM every
)
SELECT p.number, r.kind, d.day AS reported, c.day AS period_end
FROM dated r JOIN pupil p USING (p) JOIN school_day d ON d.s = r.s AND d.n = r.n + r.later JOIN school_day c ON c.s = r.s AND c.n = d.n - 1
WHERE u(seat, 'at all') < 0.94 AND d.day <= getvariable('today')
ORDER BY reported, p.number, r.kind;
