-- Tests: kind 1 method, 2 monitoring (middle and end of the year), 3 school exam, 4 central exam, and one planned per subject group.
-- A test is taken on the last school day up to the wished day, and only when that day has come.
CREATE OR REPLACE TABLE item AS
WITH taught AS (
  SELECT k.k, k.y, k.s, k.subject, k.track, list_max(k.grades)::INTEGER AS g, y.start, y.stop, k.track IN ('po', 'so') AS basic
  FROM klass k JOIN school_year y USING (y)
  WHERE NOT k.is_home
), wished AS (
  SELECT t.*, 2 AS kind, m.m AS seq, FALSE AS planned,
    CASE m.m WHEN 1 THEN make_date(year(stop), 1, 22) ELSE make_date(year(stop), 6, 3) END + floor(u(k, 'moment') * 12)::INTEGER AS wish
  FROM taught t, unnest([1, 2]) AS m(m)
  WHERE basic
  UNION ALL
  SELECT t.*, CASE WHEN basic OR g < 3 THEN 1 ELSE 3 END, n.n, FALSE,
    start + (40 + (n.n - 0.5) * 280 / getvariable('tests') + 6 * u(k, 'week'))::INTEGER
  FROM taught t, unnest(range(1, getvariable('tests') + 1)) AS n(n)
  UNION ALL
  SELECT t.*, 4, 1, FALSE, make_date(year(stop), 5, 11) + floor(u(k, 'exam') * 9)::INTEGER
  FROM taught t JOIN track r USING (track)
  WHERE NOT basic AND g = r.years AND subject <> 'lo'
  UNION ALL
  SELECT t.*, CASE WHEN basic OR g < 3 THEN 1 ELSE 3 END, getvariable('tests') + 1, TRUE,
    least(stop - 1, getvariable('today') + 7 + floor(u(k, 'planned') * 21)::INTEGER)
  FROM taught t
  WHERE y = 2
), dated AS (
  SELECT w.*, CASE WHEN w.planned THEN w.wish ELSE d.day END AS day
  FROM wished w ASOF JOIN school_day d ON d.s = w.s AND w.wish >= d.day
)
SELECT (row_number() OVER (ORDER BY k, kind, seq) - 1)::INTEGER AS i, * EXCLUDE (wish, start, stop),
  CASE WHEN basic THEN 0 ELSE 1 END AS low, CASE WHEN kind = 2 THEN 350 WHEN basic THEN 100 ELSE 10 END AS high
FROM dated
WHERE planned OR (day <= getvariable('today') AND day >= start)
ORDER BY i;
