-- One enrolment per pupil and school: the student's role there (roles.csv, 1.2), or the schools in users.csv (1.1, without dates).
-- No begin date: the pupil counts from the first day of the first school year that its source delivered. No end date: still enrolled.
-- Grade years: po 1-8; the codes 11-16 that vo administrations use become 1-6. The grade of a user is the grade of today: an enrolment that
-- ended has the grade of the last homeroom at that school. Two grades for one pupil is unknown, not the first of them.
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
people AS (
  SELECT u.sourcedId AS pupil_id,
         TRY_CAST(u.grades AS INTEGER) - CASE WHEN TRY_CAST(u.grades AS INTEGER) BETWEEN 11 AND 16 THEN 10 ELSE 0 END AS grade
  FROM oneroster.users AS u
),
home AS (
  SELECT e.userSourcedId AS pupil_id, c.schoolSourcedId AS site_id,
         arg_max(TRY_CAST(c.grades AS INTEGER) - CASE WHEN TRY_CAST(c.grades AS INTEGER) BETWEEN 11 AND 16 THEN 10 ELSE 0 END, s.startDate) AS grade
  FROM oneroster.enrollments AS e
  JOIN oneroster.classes AS c ON c.sourcedId = e.classSourcedId
  JOIN oneroster.academicSessions AS s ON s.sourcedId = string_split(c.termSourcedIds, ',')[1]
  WHERE e.role = 'student' AND c.classType = 'homeroom'
  GROUP BY e.userSourcedId, c.schoolSourcedId
)
SELECT
  p.enrolment_id AS enrolment_id,
  p.pupil_id AS pupil_id,
  p.site_id AS site_id,
  coalesce(p.begins, years.first_day) AS start_date,
  p.ends - 1 AS end_date,
  CASE WHEN p.ends IS NULL THEN coalesce(people.grade, home.grade) ELSE home.grade END AS grade_year,
  p._source AS _source
FROM places AS p
LEFT JOIN known_first_days AS years ON years._source = p._source
LEFT JOIN people ON people.pupil_id = p.pupil_id
LEFT JOIN home ON home.pupil_id = p.pupil_id AND home.site_id = p.site_id
