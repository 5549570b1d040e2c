-- Results of the gradebook. A pupil who was exempt has no score: not a low one. The level (I-V or A-E) stands in textScore; for exams the
-- score is the mark.
SELECT
  r.sourcedId AS result_id,
  r.studentSourcedId AS pupil_id,
  r.lineItemSourcedId AS test_id,
  CAST(r.scoreDate AS DATE) AS taken_on,
  CASE WHEN r.scoreStatus <> 'exempt' THEN CAST(r.score AS DECIMAL(18,4)) END AS score,
  CASE WHEN r.scoreStatus <> 'exempt' THEN r.textScore END AS level,
  CASE WHEN r.scoreStatus <> 'exempt' AND lower(k.title) IN ('schoolexamen', 'centraal examen') THEN CAST(r.score AS DECIMAL(18,4)) END AS mark,
  r._source AS _source
FROM oneroster.results AS r
LEFT JOIN oneroster.lineItems AS l ON l.sourcedId = r.lineItemSourcedId
LEFT JOIN oneroster.categories AS k ON k.sourcedId = l.categorySourcedId
