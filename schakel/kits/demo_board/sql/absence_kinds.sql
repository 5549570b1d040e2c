-- Kinds of absence with their spells per pupil and full year: 1 sick, 2 leave, 3 unauthorised, 4 late, 5 suspended, 6 not yet known.
CREATE TABLE absence_kind(kind INTEGER, po DOUBLE, vo DOUBLE, letter VARCHAR, reason VARCHAR);
INSERT INTO absence_kind VALUES
  (1, 2.3, 1.7, 'G', 'ziek'), (2, 1.2, 1.3, 'G', 'verlof'), (3, 0.25, 0.8, 'O', NULL), (4, 1.0, 2.6, 'L', NULL),
  (5, 0.001, 0.012, 'G', 'schorsing'), (6, 0.06, 0.20, '?', NULL);

-- The school days of a pupil's year so far, and how the school and the pupil tend. A few pupils are often away without reason; two of
-- them are in each group of the stock people now, and theirs is a story of the last weeks (`is_story`).
CREATE TABLE stay_days AS
WITH story AS (
  SELECT t.p, t.y FROM stay t JOIN stock_group USING (s, code)
  WHERE t.y = 2 AND t.begin <= getvariable('today') AND t.stop > getvariable('today')
  QUALIFY row_number() OVER (PARTITION BY t.s, t.code ORDER BY u(t.p, 'story')) <= 2
)
SELECT t.p, t.y, t.s, t.g, h.home, sc.sector, a.n + (NOT a.is_open)::INTEGER AS first_n, b.n AS last_n,
  sc.absence * (1 + 0.15 * t.y)::DOUBLE AS trend,
  x.p IS NOT NULL AS is_story, CASE WHEN is_story THEN 34 WHEN pu.conduct < 0.006 * sc.absence * sc.absence * CASE sc.sector WHEN 'vo' THEN 1.3 ELSE 0.6 END * (1 + 0.15 * t.y) THEN 26
    WHEN pu.conduct < 0.09 * sc.absence THEN 3 ELSE 0.4 END::DOUBLE AS conduct
FROM stay t JOIN home h USING (y, s, code) JOIN school sc USING (s) JOIN pupil pu USING (p)
JOIN date_of_site a ON a.s = t.s AND a.day = t.begin
JOIN date_of_site b ON b.s = t.s AND b.day = least(t.stop - 1, getvariable('today'))
LEFT JOIN story x ON x.p = t.p AND x.y = t.y
WHERE b.n >= a.n + (NOT a.is_open)::INTEGER;
