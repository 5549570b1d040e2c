-- One enrolment per pupil and school: the student's role there (roles.csv, 1.2), or the schools in users.csv (1.1, without dates).
-- No begin date: the pupil counts from the first day of the first school year that was delivered. No end date: still enrolled.
-- Grade years: po 1-8; the codes 11-16 that vo administrations use become 1-6. Two grades for one pupil is unknown, not the first of them.
WITH places AS (
  SELECT r.sourcedId AS enrolment_id, r.userSourcedId AS pupil_id, r.orgSourcedId AS site_id,
         CAST(r.beginDate AS DATE) AS begins, CAST(r.endDate AS DATE) AS ends, r._source AS _source
  FROM oneroster.roles AS r
  WHERE r.role = 'student'
  UNION ALL
  SELECT u.sourcedId || '.' || org.id AS enrolment_id, u.sourcedId AS pupil_id, org.id AS site_id,
         CAST(NULL AS DATE) AS begins, CAST(NULL AS DATE) AS ends, u._source AS _source
  FROM oneroster.users AS u CROSS JOIN unnest(string_split(u.orgSourcedIds, ',')) AS org(id)
  WHERE u.role = 'student'
),
years AS (
  SELECT min(CAST(s.startDate AS DATE)) AS first_day
  FROM oneroster.academicSessions AS s
),
people AS (
  SELECT u.sourcedId AS pupil_id, TRY_CAST(u.grades AS INTEGER) AS grade
  FROM oneroster.users AS u
)
SELECT
  p.enrolment_id AS enrolment_id,
  p.pupil_id AS pupil_id,
  p.site_id AS site_id,
  coalesce(p.begins, years.first_day) AS start_date,
  p.ends - 1 AS end_date,
  CASE WHEN people.grade BETWEEN 11 AND 16 THEN people.grade - 10 ELSE people.grade END AS grade_year,
  p._source AS _source
FROM places AS p
CROSS JOIN years
LEFT JOIN people ON people.pupil_id = p.pupil_id
