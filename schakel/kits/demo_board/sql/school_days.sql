-- Every date of every site, and the days on which there is school, numbered per site. The weights have a mean of about 1:
-- Mondays and Fridays weigh more, influenza comes in winter, and the Friday before a holiday is an eve.
CREATE TABLE date_of_site AS
WITH every AS (
  SELECT s, d::DATE AS day
  FROM school, range(getvariable('first_day'), getvariable('last_day'), INTERVAL 1 DAY) AS r(d)
), open AS (
  SELECT e.s, e.day, isodow(e.day) <= 5
    AND NOT EXISTS (FROM holiday h WHERE h.s = e.s AND e.day BETWEEN h.first AND h.last) AS is_open
  FROM every e
)
SELECT s, day, is_open, sum(is_open::INTEGER) OVER (PARTITION BY s ORDER BY day)::INTEGER AS n
FROM open
ORDER BY s, day;

CREATE TABLE school_day AS
SELECT d.s, d.day, d.n, y.y, isodow(d.day)::INTEGER AS dow,
  [1.40, 0.85, 0.75, 0.80, 1.25][isodow(d.day)::INTEGER]::DOUBLE AS rhythm,
  [1.5, 1.6, 1.1, 0.9, 0.75, 0.7, 0.6, 0.6, 0.7, 0.9, 1.1, 1.3][month(d.day)::INTEGER]::DOUBLE AS season,
  CASE WHEN NOT coalesce(lead(d.is_open, 3) OVER w, TRUE) AND isodow(d.day) = 5 THEN 1.6 ELSE 1.0 END::DOUBLE AS eve
FROM date_of_site d JOIN school_year y ON d.day >= y.start AND d.day < y.stop
WINDOW w AS (PARTITION BY d.s ORDER BY d.day)
QUALIFY d.is_open
ORDER BY d.s, d.day;
