-- What staff may act as, where and when: their roles (roles.csv, or users.csv in 1.1) and the classes they are enrolled in as teacher or
-- mentor. A role at the board has no site. A blank begin of a role is the first day that its source delivered; of a class, the bounds of its terms.
-- A role that means nothing here stays empty, and opens nothing.
WITH terms AS (
  SELECT c.sourcedId AS group_id, min(CAST(s.startDate AS DATE)) AS begins, max(CAST(s.endDate AS DATE)) AS ends
  FROM oneroster.classes AS c
  CROSS JOIN unnest(string_split(c.termSourcedIds, ',')) AS term(id)
  JOIN oneroster.academicSessions AS s ON s.sourcedId = term.id
  GROUP BY c.sourcedId
),
held AS (
  SELECT r.sourcedId AS staff_role_id, r.userSourcedId AS staff_id, r.orgSourcedId AS org_id, CAST(NULL AS VARCHAR) AS group_id,
         r.role AS role, coalesce(CAST(r.beginDate AS DATE), years.first_day) AS begins, CAST(r.endDate AS DATE) AS ends, r._source AS _source
  FROM oneroster.roles AS r LEFT JOIN known_first_days AS years ON years._source = r._source
  UNION ALL
  SELECT u.sourcedId || '.' || org.id AS staff_role_id, u.sourcedId AS staff_id, org.id AS org_id, CAST(NULL AS VARCHAR) AS group_id,
         u.role AS role, years.first_day AS begins, CAST(NULL AS DATE) AS ends, u._source AS _source
  FROM oneroster.users AS u LEFT JOIN known_first_days AS years ON years._source = u._source
  CROSS JOIN unnest(string_split(u.orgSourcedIds, ',')) AS org(id)
  UNION ALL
  SELECT e.sourcedId AS staff_role_id, e.userSourcedId AS staff_id, e.schoolSourcedId AS org_id, e.classSourcedId AS group_id,
         e.role AS role, coalesce(CAST(e.beginDate AS DATE), terms.begins) AS begins, coalesce(CAST(e.endDate AS DATE), terms.ends) AS ends,
         e._source AS _source
  FROM oneroster.enrollments AS e LEFT JOIN terms ON terms.group_id = e.classSourcedId
)
SELECT
  h.staff_role_id AS staff_role_id,
  h.staff_id AS staff_id,
  CASE WHEN o.type = 'school' THEN h.org_id END AS site_id,
  h.group_id AS group_id,
  CASE h.role
    WHEN 'teacher' THEN 'teacher'
    WHEN 'aide' THEN 'teacher_aide'
    WHEN 'principal' THEN 'school_leader'
    WHEN 'counselor' THEN 'care_coordinator'
    WHEN 'siteAdministrator' THEN 'school_admin'
    WHEN 'districtAdministrator' THEN 'board_member'
    WHEN 'ext:mentor' THEN 'mentor'
    WHEN 'ext:teamLeader' THEN 'team_leader'
    WHEN 'ext:absenceCoordinator' THEN 'absence_coordinator'
    WHEN 'ext:qualityOfficer' THEN 'quality_officer'
    WHEN 'ext:hr' THEN 'hr'
    WHEN 'ext:controller' THEN 'controller'
  END AS role,
  h.begins AS start_date,
  h.ends - 1 AS end_date,
  h._source AS _source
FROM held AS h
LEFT JOIN oneroster.orgs AS o ON o.sourcedId = h.org_id
WHERE h.role NOT IN ('student', 'guardian', 'parent', 'relative')
