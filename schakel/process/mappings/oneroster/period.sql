-- Terms, semesters and grading periods; the whole school year is in school_year. The end date of OneRoster is not included, ours is.
-- Where no school year is said (a mapped file), the begin date tells it: school years begin in August.
SELECT
  s.sourcedId AS period_id,
  (coalesce(CAST(s.schoolYear AS INTEGER), CAST(year(CAST(s.startDate AS DATE)) + CASE WHEN month(CAST(s.startDate AS DATE)) >= 8 THEN 1 ELSE 0 END AS INTEGER)) - 1) || '-' || coalesce(CAST(s.schoolYear AS INTEGER), CAST(year(CAST(s.startDate AS DATE)) + CASE WHEN month(CAST(s.startDate AS DATE)) >= 8 THEN 1 ELSE 0 END AS INTEGER)) AS school_year,
  s.title AS name,
  CAST(s.startDate AS DATE) AS start_date,
  CAST(s.endDate AS DATE) - 1 AS end_date,
  s._source AS _source
FROM oneroster.academicSessions AS s
WHERE s.type <> 'schoolYear'
