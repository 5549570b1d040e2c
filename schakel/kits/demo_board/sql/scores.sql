-- Results. z is where the pupil stands against the country: ability (with the school's share, which drifts over the years), talent for the subject, the day.
-- Monitoring tests grow with the grade and give level I (best fifth) to V (lowest fifth); marks run from 1 to 10.
CREATE OR REPLACE TABLE result AS
WITH made AS (
  SELECT i.i, i.k, i.kind, i.seq, i.g, i.basic, i.day, e.p, hash(i.i, e.p) AS seat, i.subject,
    pu.ability + 0.08 * i.y * normal(i.s, 'drift') AS ability
  FROM item i JOIN enrolment_row e ON e.k = i.k AND e.p IS NOT NULL AND e.begin <= i.day AND i.day < e.stop
  JOIN pupil pu ON pu.p = e.p
  WHERE NOT i.planned
    AND u(hash(i.i, e.p), 'kept') < CASE WHEN i.kind IN (2, 4) THEN getvariable('steady') ELSE getvariable('other') END
), scored AS (
  SELECT *, ability + 0.35 * normal(hash(p, subject), 'talent') + 0.30 * normal(seat, 'day') + 0.12 * normal(k, 'class') AS z,
    CASE WHEN u(seat, 'state') < 0.012 THEN 'not submitted' WHEN u(seat, 'state') < 0.018 THEN 'exempt' ELSE 'fully graded' END AS state
  FROM made
)
SELECT i, k, p, day, state, seat, CASE WHEN state = 'fully graded' THEN CASE
    WHEN kind = 2 THEN greatest(1, least(349, round(95 + 13 * (2 * (g - 3) + seq) + 14 * z)))
    WHEN basic THEN greatest(5, least(100, round(74 + 11 * z)))
    ELSE greatest(1, least(10, round(6.5 + 1.05 * z, 1))) END::DECIMAL(5, 1) END AS score,
  CASE WHEN kind = 2 AND state = 'fully graded' THEN CASE WHEN z > 0.84 THEN 'I' WHEN z > 0.25 THEN 'II' WHEN z > -0.25 THEN 'III'
    WHEN z > -0.84 THEN 'IV' ELSE 'V' END END AS level
FROM scored
ORDER BY i, p;
