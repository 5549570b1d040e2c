-- Synthetic citizen service numbers (from 9: never issued) that pass the eleven-test. The ninth digit is what is left of
-- 9a+8b+...+2h after division by 11; where ten is left, the eighth digit moves by one and changes the sum by two.
CREATE TABLE pupil_bsn AS
WITH prefix AS (
  SELECT p, 90000000 + (p * 7919) % 1000000 * 9 AS base FROM pupil
), tested AS (
  SELECT p, base, list_sum([(9 - i) * substr(base::VARCHAR, i + 1, 1)::INTEGER FOR i IN range(8)]) % 11 AS rest FROM prefix
)
SELECT p, CASE WHEN rest < 10 THEN base || '' || rest WHEN base % 10 = 9 THEN base - 1 || '8' ELSE base + 1 || '1' END AS bsn
FROM tested;
