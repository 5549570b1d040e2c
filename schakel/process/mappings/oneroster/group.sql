-- Classes. A homeroom is the group that a pupil belongs to, a scheduled class is taught; the school year follows from the first term.
-- Grade year as in enrolment; a combination class of several grades has no single grade year.
SELECT
  c.sourcedId AS group_id,
  c.schoolSourcedId AS site_id,
  (coalesce(CAST(s.schoolYear AS INTEGER), CAST(year(CAST(s.startDate AS DATE)) + CASE WHEN month(CAST(s.startDate AS DATE)) >= 8 THEN 1 ELSE 0 END AS INTEGER)) - 1) || '-' || coalesce(CAST(s.schoolYear AS INTEGER), CAST(year(CAST(s.startDate AS DATE)) + CASE WHEN month(CAST(s.startDate AS DATE)) >= 8 THEN 1 ELSE 0 END AS INTEGER)) AS school_year,
  CASE c.classType WHEN 'homeroom' THEN 'home' WHEN 'scheduled' THEN 'teaching' ELSE 'combined' END AS kind,
  c.title AS name,
  CASE WHEN TRY_CAST(c.grades AS INTEGER) BETWEEN 11 AND 16 THEN TRY_CAST(c.grades AS INTEGER) - 10
       ELSE TRY_CAST(c.grades AS INTEGER) END AS grade_year,
  c.courseSourcedId AS course_id,
  c._source AS _source
FROM oneroster.classes AS c
LEFT JOIN oneroster.academicSessions AS s ON s.sourcedId = string_split(c.termSourcedIds, ',')[1]
