-- How many results there can be: of tests that every pupil takes, and of the others.
SELECT count(*) FILTER (WHERE i.kind IN (2, 4)), count(*) FILTER (WHERE i.kind IN (1, 3))
FROM item i JOIN enrolment_row e ON e.k = i.k AND e.p IS NOT NULL AND e.begin <= i.day AND i.day < e.stop
WHERE NOT i.planned;
