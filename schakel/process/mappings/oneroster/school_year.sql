-- School years that the sessions lie in. OneRoster writes the year in which a school year ENDS, and an end date that is not included.
-- Where no school year is said (a mapped file), the begin date tells it.
-- The session of type schoolYear gives the bounds; without one, 1 August to 31 July.
WITH years AS (
  SELECT
    coalesce(CAST(s.schoolYear AS INTEGER), CAST(year(CAST(s.startDate AS DATE)) + CASE WHEN month(CAST(s.startDate AS DATE)) >= 8 THEN 1 ELSE 0 END AS INTEGER)) AS ends_in,
    min(CASE WHEN s.type = 'schoolYear' THEN s.startDate END) AS first_day,
    max(CASE WHEN s.type = 'schoolYear' THEN s.endDate END) AS day_after,
    min(s._source) AS _source
  FROM oneroster.academicSessions AS s
  GROUP BY coalesce(CAST(s.schoolYear AS INTEGER), CAST(year(CAST(s.startDate AS DATE)) + CASE WHEN month(CAST(s.startDate AS DATE)) >= 8 THEN 1 ELSE 0 END AS INTEGER))
)
SELECT
  (y.ends_in - 1) || '-' || y.ends_in AS school_year,
  coalesce(CAST(y.first_day AS DATE), make_date(y.ends_in - 1, 8, 1)) AS start_date,
  coalesce(CAST(y.day_after AS DATE) - 1, make_date(y.ends_in, 7, 31)) AS end_date,
  y._source AS _source
FROM years AS y
