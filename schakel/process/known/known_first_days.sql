-- The first day of the first school year that each OneRoster source tells of; of one that has no school years, the first of all. Beside a roster of
-- three years, the pupils of one that tells of this year alone do not count in the years before.
WITH years AS (
  SELECT s._source AS _source, min(CAST(s.startDate AS DATE)) AS first_day
  FROM oneroster.academicSessions AS s
  GROUP BY s._source
),
ever AS (
  SELECT min(years.first_day) AS first_day
  FROM years
),
sources AS (
  SELECT u._source AS _source
  FROM oneroster.users AS u
  UNION
  SELECT r._source AS _source
  FROM oneroster.roles AS r
)
SELECT sources._source AS _source, coalesce(years.first_day, ever.first_day) AS first_day
FROM sources
CROSS JOIN ever
LEFT JOIN years ON years._source = sources._source
