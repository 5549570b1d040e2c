-- Pupils for whom the test came out higher than the provisional advice, of all pupils with both, per school year of the advice.
-- If one of the two is missing the pupil does not count. The site is where the pupil was enrolled on the day of the advice.
WITH ladder AS (
  -- Which advice is higher than which; a double advice stands between its two halves. An advice that is not here is not compared.
  SELECT step.advice AS advice, step.height AS height
  FROM (VALUES
    ('vso', 1), ('pro', 2), ('pro/vmbo-b', 3), ('vmbo-b', 4), ('vmbo-b/k', 5), ('vmbo-k', 6), ('vmbo-k/gt', 7), ('vmbo-gt', 8),
    ('vmbo-gt/havo', 9), ('havo', 10), ('havo/vwo', 11), ('vwo', 12)
  ) AS step(advice, height)
),
advised AS (
  SELECT
    a.school_year AS school_year, a.pupil_id AS pupil_id, e.site_id AS site_id, p.height AS provisional, t.height AS tested
  FROM school_advice AS a
  JOIN ladder AS p ON p.advice = lower(a.provisional)
  JOIN ladder AS t ON t.advice = lower(a.test_advice)
  JOIN enrolment AS e ON e.pupil_id = a.pupil_id AND e.start_date <= coalesce(a.final_on, a.provisional_on)
    AND (e.end_date IS NULL OR e.end_date >= coalesce(a.final_on, a.provisional_on))
  WHERE coalesce(a.final_on, a.provisional_on) <= $today
)
SELECT
  a.site_id AS site_id,
  a.school_year AS period,
  count(CASE WHEN a.tested > a.provisional THEN 1 END) AS numerator,
  count(*) AS denominator,
  count(*) AS people,
  count(CASE WHEN a.tested > a.provisional THEN 1 END) AS people_hit
FROM advised AS a
GROUP BY a.site_id, a.school_year
