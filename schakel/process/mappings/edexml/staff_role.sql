-- What staff may act as: their roles at the school, and the groups they have, for the school year of the file. A teacher in a group without
-- a role there teaches it. A role that means nothing here (care taker, parent, trainee, test leader...) stays out, and opens nothing.
WITH held AS (
  SELECT t.id AS id, CAST(NULL AS VARCHAR) AS group_key, unnest(string_split(t.rol, ',')) AS code, t._source AS _source
  FROM edexml.teacher AS t WHERE t.rol IS NOT NULL
  UNION ALL
  SELECT m.leerkracht AS id, coalesce(m.groep, m.samengestelde_groep) AS group_key, unnest(string_split(coalesce(m.rol, 'LRK'), ',')) AS code,
         m._source AS _source
  FROM edexml.teacher_group AS m WHERE coalesce(m.groep, m.samengestelde_groep) IS NOT NULL
),
meant AS (
  SELECT h.id AS id, h.group_key AS group_key, trim(h.code) AS code, h._source AS _source,
         CASE trim(h.code)
           WHEN 'LRK' THEN 'teacher' WHEN 'VAK' THEN 'teacher'
           WHEN 'LOS' THEN 'teacher_aide' WHEN 'OWA' THEN 'teacher_aide' WHEN 'KLA' THEN 'teacher_aide'
           WHEN 'DIR' THEN 'school_leader' WHEN 'ADJ' THEN 'school_leader' WHEN 'LOC' THEN 'team_leader'
           WHEN 'IB' THEN 'care_coordinator' WHEN 'ADM' THEN 'school_admin'
         END AS role
  FROM held AS h
)
SELECT
  school.site_id || '.' || m.id || '.' || coalesce(m.group_key, '') || '.' || m.code AS staff_role_id,
  school.site_id || '.' || m.id AS staff_id,
  school.site_id AS site_id,
  CASE WHEN m.group_key IS NOT NULL THEN school.site_id || '.' || m.group_key END AS group_id,
  m.role AS role,
  make_date(CAST(left(school.school_year, 4) AS INTEGER), 8, 1) AS start_date,
  make_date(CAST(right(school.school_year, 4) AS INTEGER), 7, 31) AS end_date,
  m._source AS _source
FROM meant AS m
JOIN known_places AS school ON school._source = m._source
WHERE m.role IS NOT NULL
