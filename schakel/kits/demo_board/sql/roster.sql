-- A pupil's time at one school is one role: from the first day there until the last, if that has come.
CREATE TABLE pupil_role AS
WITH spell AS (
  SELECT p, s, min(y) AS first_y, arg_min(g, y) AS first_g, arg_max(g, y) AS g, min(begin) AS begin,
    CASE WHEN max(y) = 2 AND NOT bool_or(has_left) THEN NULL ELSE max(stop) END AS stop
  FROM stay
  GROUP BY p, s
)
SELECT e.p, e.s, e.g, e.stop, CASE WHEN e.first_y > 0 OR p.joined_y = 0 OR e.begin > y.start THEN e.begin
    WHEN sc.sector = 'vo' THEN (y.start - to_years(e.first_g - 1))::DATE
    ELSE least(e.begin, (p.born + INTERVAL 4 YEAR)::DATE) END AS begin
FROM spell e JOIN pupil p USING (p) JOIN school sc ON sc.s = e.s JOIN school_year y ON y.y = 0
ORDER BY e.p, begin;

CREATE TABLE user_row AS
WITH pupil_user AS (
  SELECT p, arg_max(s, begin) AS s, arg_max(g, begin) AS g, bool_or(stop IS NULL) AS enabled FROM pupil_role GROUP BY p
)
SELECT pupil_id(u.p) AS id, enabled, 'l' || p.number AS username, n.first || coalesce(' ' || n.second, '') AS given,
  n.family, n.prefix, p.number AS identifier, p.number || '@leerling.oeverscholen.example' AS email, u.g::VARCHAR AS grade,
  'https://ketenid.nl/201703/' || sha256('eck' || p.number || getvariable('seed'))
    || sha256('id' || p.number || getvariable('seed')) AS eck,
  n.first AS called, school_id(u.s) AS org, CASE WHEN sc.sector = 'vo' AND enabled THEN 100 + p.p % 900 END AS locker,
  p.born, n.sex, CASE WHEN u(p.p, 'abroad') < [0.02, 0.06, 0.06, 0.15, 0.3, 0.7][n.background + 1]
    THEN ['BE', 'TR', 'MA', 'SR', 'PL', 'SY'][n.background + 1] ELSE 'NL' END AS country
FROM pupil_user u JOIN pupil p USING (p) JOIN pupil_person n USING (p) JOIN school sc ON sc.s = u.s
UNION ALL
SELECT staff_id(t), enabled, split_part(email, '@', 1), first, family, prefix, number, email, NULL, NULL, NULL,
  school_id(s), NULL, born, sex, NULL
FROM staff
ORDER BY id;

-- `spare` marks rows that nothing else leans on: there a mistake has no other consequence.
CREATE TABLE role_row AS
SELECT pupil_id(p) AS person, TRUE AS is_primary, 'student' AS role, begin, stop, school_id(s) AS org, FALSE AS spare
FROM pupil_role
UNION ALL SELECT staff_id(t), TRUE, job, begin, stop, school_id(s), FALSE FROM staff
UNION ALL SELECT staff_id(t), FALSE, extra, begin, stop, school_id(s), TRUE FROM staff WHERE extra <> ''
ORDER BY person, is_primary DESC, begin;

CREATE TABLE enrolment_row AS
SELECT k.k, k.s, pupil_id(t.p) AS person, 'student' AS role, NULL::BOOLEAN AS is_primary, t.begin, t.stop, t.p,
  k.is_home AND NOT (k.y = 2 AND (k.s, k.code) IN (SELECT (s, code) FROM stock_group)) AS spare
FROM stay t JOIN home h USING (y, s, code) JOIN klass k ON k.home = h.home
UNION ALL
SELECT k.k, k.s, staff_id(d.t), d.role, CASE WHEN d.role = 'teacher' THEN d.is_primary END, d.begin, d.stop, NULL, FALSE
FROM duty d JOIN klass k USING (k)
ORDER BY k, role DESC, person, begin;
