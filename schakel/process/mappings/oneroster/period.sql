-- Terms, semesters and grading periods; the whole school year is in school_year. The end date of OneRoster is not included, ours is.
SELECT
  s.sourcedId AS period_id,
  (CAST(s.schoolYear AS INTEGER) - 1) || '-' || CAST(s.schoolYear AS INTEGER) AS school_year,
  s.title AS name,
  CAST(s.startDate AS DATE) AS start_date,
  CAST(s.endDate AS DATE) - 1 AS end_date,
  s._source AS _source
FROM oneroster.academicSessions AS s
WHERE s.type <> 'schoolYear'
