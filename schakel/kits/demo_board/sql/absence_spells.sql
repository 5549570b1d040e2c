-- Twice as many spells are drawn as stay; each begins on a random school day and stays with a chance that follows the rhythm.
-- Three in four truant spells of a pupil who is often away lie together, within four school weeks.
CREATE OR REPLACE TABLE spell AS
WITH drawn AS (
  SELECT d.*, k.kind, hash(d.p, d.y, k.kind) AS seat,
    2 * getvariable('factor') * (last_n - first_n + 1) / 195 * CASE sector WHEN 'vo' THEN k.vo ELSE k.po END
    * CASE k.kind WHEN 1 THEN 0.75 + 0.25 * trend WHEN 2 THEN 1 WHEN 3 THEN trend * conduct
        WHEN 4 THEN trend * (0.5 + conduct / 4) WHEN 5 THEN trend * conduct / 2 ELSE trend END AS expected
  FROM stay_days d, absence_kind k
), counted AS (
  SELECT *, unnest(range(floor(expected + u(seat, 'count'))::BIGINT)) AS i FROM drawn
), placed AS (
  SELECT p, y, s, home, sector, kind, last_n, hash(seat, i) AS seat, last_n - first_n + 1 AS span,
    CASE WHEN kind = 6 THEN greatest(first_n, last_n - floor(u(hash(seat, i), 'day') * 8))
      WHEN kind = 3 AND is_story THEN greatest(first_n, last_n - floor(u(hash(seat, i), 'day') * 18))
      WHEN kind IN (3, 5) AND conduct > 5 AND u(hash(seat, i), 'bout') < 0.75
      THEN least(last_n, first_n + floor(u(seat, 'bout') * span + u(hash(seat, i), 'in bout') * 20))
      ELSE first_n + floor(u(hash(seat, i), 'day') * span) END::INTEGER AS n
  FROM counted
)
SELECT c.p, c.y, c.s, c.home, c.sector, c.kind, c.last_n, c.seat, c.n, CASE kind WHEN 5 THEN 2
    WHEN 1 THEN [1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 4, 5, 5, 8, 15][1 + floor(u(seat, 'length') * 20)::INTEGER]
    ELSE 1 END AS days
FROM placed c JOIN school_day d ON d.s = c.s AND d.n = c.n
WHERE u(seat, 'keep') < 0.5 * d.rhythm * CASE kind WHEN 1 THEN d.season WHEN 3 THEN d.eve ELSE 1 END
  AND (kind <> 6 OR d.day > getvariable('today') - 14);
