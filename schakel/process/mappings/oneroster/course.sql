-- Courses; a course of several subjects has no single subject.
SELECT
  c.sourcedId AS course_id,
  CASE WHEN c.subjectCodes NOT LIKE '%,%' THEN trim(c.subjectCodes) END AS subject_id,
  c.title AS title,
  c._source AS _source
FROM oneroster.courses AS c
