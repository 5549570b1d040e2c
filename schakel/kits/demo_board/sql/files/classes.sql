SELECT k.k + 2 AS _row, class_id(k.k) AS sourcedId, NULL AS status, NULL AS dateLastModified, k.code AS title,
  array_to_string(k.grades, ',') AS grades, course_id(k.course) AS courseSourcedId, k.code AS classCode,
  CASE WHEN k.is_home THEN 'homeroom' ELSE 'scheduled' END AS classType, k.room AS location, school_id(k.s) AS schoolSourcedId,
  concat_ws(',', 'sj' || y.ends || '-1', 'sj' || y.ends || '-2', 'sj' || y.ends || '-3') AS termSourcedIds,
  s.name AS subjects, s.code AS subjectCodes, NULL AS periods
FROM klass k JOIN school_year y USING (y) JOIN subject s ON s.code = k.subject
