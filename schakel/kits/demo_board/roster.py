"""The roster as OneRoster 1.2.1: sessions, organisations, courses, classes, people, roles and enrolments."""

import duckdb

from .exports import LAS, Export, Flaw, dangling, empty, impossible_day, shouted, twice, wrong_word
from .schools import BOARD_ID, BOARD_NAME, BOARD_NUMBER
from .teaching import SANNE, TOM

_BULK = "NULL AS status, NULL AS dateLastModified"

# Which enrolment of a pupil at a school is one role, from the first day there until the last, if that has come.
_PEOPLE = """
CREATE TABLE pupil_role AS
WITH spell AS (
  SELECT t.p, t.s, min(t.y) AS first_y, arg_min(t.g, t.y) AS first_g, min(t.begin) AS begin,
    CASE WHEN max(t.y) = 2 AND NOT bool_or(t.has_left) THEN NULL ELSE max(t.stop) END AS stop, arg_max(t.g, t.y) AS g
  FROM stay t GROUP BY t.p, t.s
)
SELECT e.p, e.s, e.g, e.stop, CASE WHEN e.first_y > 0 OR p.joined_y = 0 OR e.begin > y.start THEN e.begin
    WHEN sc.sector = 'vo' THEN (y.start - to_years(e.first_g - 1))::DATE
    ELSE least(e.begin, (p.born + INTERVAL 4 YEAR)::DATE) END AS begin
FROM spell e JOIN pupil p USING (p) JOIN school sc ON sc.s = e.s JOIN school_year y ON y.y = 0 ORDER BY e.p, begin;
CREATE TABLE user_row AS
WITH pupil_user AS (
  SELECT p, arg_max(s, begin) AS s, arg_max(g, begin) AS g, bool_or(stop IS NULL) AS enabled FROM pupil_role GROUP BY p
)
SELECT pupil_id(u.p) AS id, enabled, 'l' || p.number AS username, n.first || coalesce(' ' || n.second, '') AS given, n.family, n.prefix, p.number AS identifier,
  p.number || '@leerling.oeverscholen.example' AS email, u.g::VARCHAR AS grade,
  'https://ketenid.nl/201703/' || sha256('eck' || p.number || {seed}) || sha256('id' || p.number || {seed}) AS eck, n.first AS called,
  school_id(u.s) AS org, CASE WHEN sc.sector = 'vo' AND enabled THEN 100 + p.p % 900 END AS locker, p.born, n.sex,
  CASE WHEN u(p.p, 'abroad') < [0.02, 0.06, 0.06, 0.15, 0.3, 0.7][n.background + 1]
    THEN ['BE', 'TR', 'MA', 'SR', 'PL', 'SY'][n.background + 1] ELSE 'NL' END AS country
FROM pupil_user u JOIN pupil p USING (p) JOIN pupil_person n USING (p) JOIN school sc ON sc.s = u.s
UNION ALL
SELECT staff_id(t), enabled, split_part(email, '@', 1), first, family, prefix, number, email, NULL, NULL, NULL, school_id(s), NULL, born, sex, NULL FROM staff
ORDER BY id;
CREATE TABLE role_row AS
SELECT pupil_id(p) AS person, TRUE AS is_primary, 'student' AS role, begin, stop, school_id(s) AS org, FALSE AS spare FROM pupil_role
UNION ALL SELECT staff_id(t), TRUE, job, begin, stop, school_id(s), FALSE FROM staff
UNION ALL SELECT staff_id(t), FALSE, extra, begin, stop, school_id(s), TRUE FROM staff WHERE extra <> ''
ORDER BY person, is_primary DESC, begin;
CREATE TABLE enrolment_row AS
SELECT k.k, k.s, pupil_id(t.p) AS person, 'student' AS role, NULL::BOOLEAN AS is_primary, t.begin, t.stop, t.p,
  k.is_home AND NOT (k.y = 2 AND ((k.s, k.code) IN ({stock}))) AS spare
FROM stay t JOIN home h USING (y, s, code) JOIN klass k ON k.home = h.home
UNION ALL
SELECT k.k, k.s, staff_id(d.t), d.role, CASE WHEN d.role = 'teacher' THEN d.is_primary END, d.begin, d.stop, NULL, FALSE
FROM duty d JOIN klass k USING (k)
ORDER BY k, role DESC, person, begin;
"""

_SESSIONS = f"""
WITH session AS (
  SELECT ends || '' AS id, 'Schooljaar ' || label AS title, 'schoolYear' AS type, start, stop, NULL AS parent, ends FROM school_year
  UNION ALL SELECT y.ends || '-' || t.n, 'Periode ' || t.n, 'term', t.start, t.stop, y.ends::VARCHAR, y.ends FROM term t JOIN school_year y USING (y)
)
SELECT row_number() OVER (ORDER BY id) + 1 AS _row, 'sj' || id AS sourcedId, {_BULK}, title, type, start AS startDate, stop AS endDate,
  'sj' || parent AS parentSourcedId, ends AS schoolYear FROM session
"""
_ORGS = f"""
WITH org AS (
  SELECT '{BOARD_ID}' AS id, '{BOARD_NAME}' AS name, 'district' AS type, '{BOARD_NUMBER}' AS identifier, NULL AS parent, NULL AS sector
  UNION ALL SELECT school_id(s), name, 'school', brin6, '{BOARD_ID}', sector FROM school
)
SELECT row_number() OVER (ORDER BY id) + 1 AS _row, id AS sourcedId, {_BULK}, name, type, identifier, parent AS parentSourcedId,
  sector AS "metadata.sector" FROM org
"""
_COURSES = f"""
SELECT c.course + 2 AS _row, 'cu' || lpad(c.course::VARCHAR, 5, '0') AS sourcedId, {_BULK}, NULL AS schoolYearSourcedId, c.title,
  CASE WHEN c.track IN ('po', 'so') THEN c.subject ELSE c.track || coalesce(c.grade::VARCHAR, '') || '-' || c.subject END AS courseCode,
  c.grade AS grades, school_id(c.s) AS orgSourcedId, s.name AS subjects, s.code AS subjectCodes
FROM course c JOIN subject s ON s.code = c.subject
"""
_CLASSES = f"""
SELECT k.k + 2 AS _row, class_id(k.k) AS sourcedId, {_BULK}, k.code AS title, array_to_string(k.grades, ',') AS grades,
  'cu' || lpad(k.course::VARCHAR, 5, '0') AS courseSourcedId, k.code AS classCode, CASE WHEN k.is_home THEN 'homeroom' ELSE 'scheduled' END AS classType,
  k.room AS location, school_id(k.s) AS schoolSourcedId, concat_ws(',', 'sj' || y.ends || '-1', 'sj' || y.ends || '-2', 'sj' || y.ends || '-3') AS termSourcedIds,
  s.name AS subjects, s.code AS subjectCodes, NULL AS periods
FROM klass k JOIN school_year y USING (y) JOIN subject s ON s.code = k.subject
"""
_USERS = f"""
SELECT rowid + 2 AS _row, id AS sourcedId, {_BULK}, enabled AS enabledUser, username, NULL AS userIds, given AS givenName,
  family AS familyName, nullif(prefix, '') AS middleName, identifier, email, NULL AS sms, NULL AS phone, NULL AS agentSourcedIds,
  grade AS grades, NULL AS password, eck AS userMasterIdentifier, called AS preferredGivenName, NULL AS preferredMiddleName,
  NULL AS preferredFamilyName, org AS primaryOrgSourcedId, NULL AS pronouns, locker AS "metadata.kluisnummer"
FROM user_row
"""
_ROLES = f"""
SELECT rowid + 2 AS _row, 'ro' || lpad((rowid + 1)::VARCHAR, 7, '0') AS sourcedId, {_BULK}, person AS userSourcedId,
  CASE WHEN is_primary THEN 'primary' ELSE 'secondary' END AS roleType, role, begin AS beginDate, stop AS endDate, org AS orgSourcedId,
  NULL AS userProfileSourcedId, spare AS _spare
FROM role_row
"""
_ENROLLMENTS = f"""
SELECT rowid + 2 AS _row, 'en' || lpad((rowid + 1)::VARCHAR, 8, '0') AS sourcedId, {_BULK}, class_id(k) AS classSourcedId,
  school_id(s) AS schoolSourcedId, person AS userSourcedId, role, is_primary AS "primary", begin AS beginDate, stop AS endDate, spare AS _spare
FROM enrolment_row
"""
_DEMOGRAPHICS = f"""
SELECT rowid + 2 AS _row, id AS sourcedId, {_BULK}, born AS birthDate, sex, NULL AS americanIndianOrAlaskaNative, NULL AS asian,
  NULL AS blackOrAfricanAmerican, NULL AS nativeHawaiianOrOtherPacificIslander, NULL AS white, NULL AS demographicRaceTwoOrMoreRaces,
  NULL AS hispanicOrLatinoEthnicity, country AS countryOfBirthCode, NULL AS stateOfBirthAbbreviation, NULL AS cityOfBirth,
  NULL AS publicSchoolResidenceStatus
FROM user_row
"""

# Mistakes lie where nothing refers to the row: one mistake must not look like two.
_FLAWS = {
    "classes": (Flaw("subjectCodes", "lists of different length", "subjectCodes || ',x'", "_row % 3 = 0", "length", "drop value"),),
    "courses": (Flaw("schoolYearSourcedId", "session of the wrong type", "(SELECT 'sj' || max(ends) || '-1' FROM school_year)",
                     "TRUE", "reference type", "drop value", "package"),),
    "users": (shouted("enabledUser"),),
    "roles": (
        Flaw("roleType", "second primary role", "'primary'", "_spare", "one primary role", "accept", "package"),
        wrong_word("role", "teamleider", "_spare"), empty("roleType", "_spare"), impossible_day("beginDate", "_spare", action="drop value"),
        dangling("orgSourcedId", "org-99", "_spare"),
        Flaw("endDate", "end before begin", "(beginDate - 30)::VARCHAR", "_spare", "end after begin"),
    ),
    "enrollments": (
        twice("sourcedId", "_spare"),
        Flaw("sourcedId", "sign not allowed in a key", "'en#' || _row", "_spare", "guid"),
        impossible_day("beginDate", "_spare", action="drop value"), wrong_word("role", "leerling", "_spare"), empty("role", "_spare"),
        dangling("userSourcedId", "ll999999", "_spare"), dangling("classSourcedId", "kl999999", "_spare"),
        Flaw("endDate", "end before begin", "(beginDate - 30)::VARCHAR", "_spare", "end after begin"),
        Flaw("primary", "boolean in capitals", "'FALSE'", "_spare", "boolean", "accept"),
    ),
    "demographics": (
        impossible_day("birthDate", "TRUE", action="drop value"), wrong_word("sex", "v", action="drop value"),
        Flaw("sourcedId", "broken reference", "'ll99' || _row", "TRUE", "reference", "drop row", "package"),
    ),
}  # fmt: skip

_SQL = {
    "academicSessions": _SESSIONS, "orgs": _ORGS, "courses": _COURSES, "classes": _CLASSES, "users": _USERS, "roles": _ROLES,
    "enrollments": _ENROLLMENTS, "demographics": _DEMOGRAPHICS,
}  # fmt: skip

EXPORTS = tuple(Export(f"{name}.csv", LAS, sql, _FLAWS.get(name, ()), delimiter=",") for name, sql in _SQL.items())


def keep(con: duckdb.DuckDBPyConnection, seed: int) -> None:
    """Make the tables pupil_role, user_row, role_row and enrolment_row, each in the order of its file."""
    stock = ", ".join(f"({school}, '{code}')" for school, code in (TOM, SANNE))
    con.execute(_PEOPLE.format(seed=int(seed), stock=stock))
