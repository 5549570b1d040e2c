SELECT c.course + 2 AS _row, course_id(c.course) AS sourcedId, NULL AS status, NULL AS dateLastModified, NULL AS schoolYearSourcedId, c.title,
  CASE WHEN c.track IN ('po', 'so') THEN c.subject ELSE c.track || coalesce(c.grade::VARCHAR, '') || '-' || c.subject END AS courseCode,
  c.grade AS grades, school_id(c.s) AS orgSourcedId, s.name AS subjects, s.code AS subjectCodes
FROM course c JOIN subject s ON s.code = c.subject
