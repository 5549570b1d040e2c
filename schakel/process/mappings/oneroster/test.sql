-- Tests: line items of the gradebook. The category says what kind of test it is; the class says the subject.
SELECT
  l.sourcedId AS test_id,
  l.title AS name,
  CASE lower(k.title)
    WHEN 'methodetoets' THEN 'method'
    WHEN 'volgtoets' THEN 'monitoring'
    WHEN 'schoolexamen' THEN 'school_exam'
    WHEN 'centraal examen' THEN 'central_exam'
  END AS kind,
  CASE WHEN coalesce(c.subjectCodes, o.subjectCodes) NOT LIKE '%,%' THEN trim(coalesce(c.subjectCodes, o.subjectCodes)) END AS subject_id,
  l._source AS _source
FROM oneroster.lineItems AS l
LEFT JOIN oneroster.categories AS k ON k.sourcedId = l.categorySourcedId
LEFT JOIN oneroster.classes AS c ON c.sourcedId = l.classSourcedId
LEFT JOIN oneroster.courses AS o ON o.sourcedId = c.courseSourcedId
