-- Pupils in groups. A blank begin or end is the bound of the terms in which the class is held. OneRoster does not include the end date: the
-- last day is the day before.
WITH terms AS (
  SELECT c.sourcedId AS group_id, min(CAST(s.startDate AS DATE)) AS begins, max(CAST(s.endDate AS DATE)) AS ends
  FROM oneroster.classes AS c
  CROSS JOIN unnest(string_split(c.termSourcedIds, ',')) AS term(id)
  JOIN oneroster.academicSessions AS s ON s.sourcedId = term.id
  GROUP BY c.sourcedId
)
SELECT
  e.userSourcedId AS pupil_id,
  e.classSourcedId AS group_id,
  coalesce(CAST(e.beginDate AS DATE), terms.begins) AS start_date,
  coalesce(CAST(e.endDate AS DATE), terms.ends) - 1 AS end_date,
  e._source AS _source
FROM oneroster.enrollments AS e
LEFT JOIN terms ON terms.group_id = e.classSourcedId
WHERE e.role = 'student'
