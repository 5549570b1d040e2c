-- Rules of OneRoster over several columns or files. Each statement yields (row, value): the row's place in its file and the value shown
-- masked. Keys and references are numbers here (hashes) to join on; their text is in "text <column>".
-- Not here, on purpose: that the role of an enrolment equals the role of the user, and that the terms of a class share one school
-- year. The certification set of 1EdTech itself has packages that do neither.

-- rule: period-order | file: academicSessions | column: endDate | uses: academicSessions.startDate academicSessions.endDate
SELECT s.rowid, s.endDate FROM academicSessions AS s WHERE s.endDate <= s.startDate;

-- rule: period-order | file: enrollments | column: endDate | answer: drop row | uses: enrollments.beginDate enrollments.endDate
SELECT e.rowid, e.endDate FROM enrollments AS e WHERE e.endDate <= e.beginDate;

-- rule: period-order | file: roles | column: endDate | answer: drop row | uses: roles.beginDate roles.endDate
SELECT r.rowid, r.endDate FROM roles AS r WHERE r.endDate <= r.beginDate;

-- rule: period-order | file: lineItems | column: dueDate | uses: lineItems.assignDate lineItems.dueDate
SELECT l.rowid, l.dueDate FROM lineItems AS l WHERE l.dueDate < l.assignDate;

-- The school year is the year in which it ends; a term in the first half ends a year earlier, and endDate itself is not included.
-- rule: school-year | file: academicSessions | column: schoolYear | uses: academicSessions.schoolYear academicSessions.endDate academicSessions.type
SELECT s.rowid, s.schoolYear
FROM academicSessions AS s
WHERE s.schoolYear <> year(s.endDate - 1) AND (s.type = 'schoolYear' OR s.schoolYear <> year(s.endDate - 1) + 1);

-- rule: list-length | file: classes | column: subjectCodes | uses: classes.subjects classes.subjectCodes | expected: subjects, subjectCodes
SELECT c.rowid, c.subjectCodes FROM classes AS c
WHERE len(string_split(c.subjects, ',')) <> len(string_split(c.subjectCodes, ','));

-- rule: list-length | file: courses | column: subjectCodes | uses: courses.subjects courses.subjectCodes | expected: subjects, subjectCodes
SELECT c.rowid, c.subjectCodes FROM courses AS c
WHERE len(string_split(c.subjects, ',')) <> len(string_split(c.subjectCodes, ','));

-- At the same time, that is: one primary role after another is no breach.
-- rule: primary-role | file: roles | column: roleType | uses: roles.userSourcedId roles.orgSourcedId roles.roleType roles.beginDate roles.endDate
WITH main AS (
  SELECT r.rowid AS row, r.userSourcedId AS person, r.orgSourcedId AS org, coalesce(r.beginDate, DATE '0001-01-01') AS begins,
         coalesce(r.endDate, DATE '9999-12-31') AS ends
  FROM roles AS r WHERE r.roleType = 'primary'
),
several AS (
  SELECT m.*, max(m.ends) OVER (PARTITION BY m.person, m.org ORDER BY m.begins, m.row ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS busy
  FROM main AS m
  QUALIFY count(*) OVER (PARTITION BY m.person, m.org) > 1
)
SELECT s.row, 'primary' FROM several AS s WHERE s.busy > s.begins;

-- rule: primary-org | file: users | column: primaryOrgSourcedId | uses: users.sourcedId users.primaryOrgSourcedId roles.userSourcedId roles.orgSourcedId
SELECT u.rowid, u."text primaryOrgSourcedId"
FROM users AS u
WHERE u.primaryOrgSourcedId IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM roles AS r WHERE r.userSourcedId = u.sourcedId AND r.orgSourcedId = u.primaryOrgSourcedId);

-- rule: primary-teacher | file: enrollments | column: primary | uses: enrollments.classSourcedId enrollments.role enrollments.primary enrollments.beginDate enrollments.endDate
WITH main AS (
  SELECT e.rowid AS row, e.classSourcedId AS class, coalesce(e.beginDate, DATE '0001-01-01') AS begins,
         coalesce(e.endDate, DATE '9999-12-31') AS ends
  FROM enrollments AS e WHERE e.role = 'teacher' AND e."primary" = 'true'
),
several AS (
  SELECT m.*, max(m.ends) OVER (PARTITION BY m.class ORDER BY m.begins, m.row ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS busy
  FROM main AS m
  QUALIFY count(*) OVER (PARTITION BY m.class) > 1
)
SELECT s.row, 'true' FROM several AS s WHERE s.busy > s.begins;

-- rule: enrolment-period | file: enrollments | column: beginDate | uses: enrollments.classSourcedId enrollments.beginDate classes.sourcedId classes.termSourcedIds academicSessions.sourcedId academicSessions.startDate academicSessions.endDate
WITH terms AS (
  SELECT c.sourcedId AS class, min(s.startDate) AS begins, max(s.endDate) AS ends
  FROM (SELECT c.sourcedId, trim(unnest(string_split(c.termSourcedIds, ','))) AS term FROM classes AS c) AS c
  JOIN academicSessions AS s ON s.sourcedId = hash(c.term)
  GROUP BY c.sourcedId
)
SELECT e.rowid, e.beginDate
FROM enrollments AS e JOIN terms AS t ON t.class = e.classSourcedId
WHERE e.beginDate < t.begins OR e.beginDate >= t.ends;

-- rule: enrolment-period | file: enrollments | column: endDate | uses: enrollments.classSourcedId enrollments.beginDate enrollments.endDate classes.sourcedId classes.termSourcedIds academicSessions.sourcedId academicSessions.startDate academicSessions.endDate
WITH terms AS (
  SELECT c.sourcedId AS class, min(s.startDate) AS begins, max(s.endDate) AS ends
  FROM (SELECT c.sourcedId, trim(unnest(string_split(c.termSourcedIds, ','))) AS term FROM classes AS c) AS c
  JOIN academicSessions AS s ON s.sourcedId = hash(c.term)
  GROUP BY c.sourcedId
)
SELECT e.rowid, e.endDate
FROM enrollments AS e JOIN terms AS t ON t.class = e.classSourcedId
WHERE (e.endDate > t.ends OR e.endDate <= t.begins) AND coalesce(e.endDate > e.beginDate, true);

-- Above the highest occurs in practice as extra credit, therefore only a warning.
-- rule: score-range | file: results | column: score | uses: results.lineItemSourcedId results.score lineItems.sourcedId lineItems.resultValueMin lineItems.resultValueMax
SELECT r.rowid, r.score
FROM results AS r JOIN lineItems AS l ON l.sourcedId = r.lineItemSourcedId
WHERE r.score < l.resultValueMin OR r.score > l.resultValueMax;

-- rule: result-enrolment | file: results | column: studentSourcedId | uses: results.lineItemSourcedId results.studentSourcedId lineItems.sourcedId lineItems.classSourcedId enrollments.classSourcedId enrollments.userSourcedId enrollments.role users.sourcedId
-- NOT IN holds the enrolments, of each one number: an anti join may hold the results instead, which are many more.
WITH strays AS MATERIALIZED (
  SELECT r.rowid AS row, r.studentSourcedId AS person, r."text studentSourcedId" AS value
  FROM results AS r JOIN lineItems AS l ON l.sourcedId = r.lineItemSourcedId
  WHERE r.studentSourcedId IS NOT NULL AND l.classSourcedId IS NOT NULL
    AND hash(l.classSourcedId, r.studentSourcedId) NOT IN (
      SELECT hash(e.classSourcedId, e.userSourcedId) FROM enrollments AS e
      WHERE e.role = 'student' OR e.role IS NULL)  -- a role that is wrong is unknown, not absent
)
SELECT s.row, s.value
FROM strays AS s SEMI JOIN users AS u ON u.sourcedId = s.person;  -- a pupil who does not exist is another finding

-- rule: objective-id | file: lineItemLearningObjectiveIds | column: learningObjectiveId | uses: lineItemLearningObjectiveIds.source lineItemLearningObjectiveIds.learningObjectiveId
SELECT o.rowid, o.learningObjectiveId FROM lineItemLearningObjectiveIds AS o
WHERE o.source = 'case' AND NOT regexp_full_match(lower(o.learningObjectiveId), 'urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}');

-- rule: objective-id | file: resultLearningObjectiveIds | column: learningObjectiveId | uses: resultLearningObjectiveIds.source resultLearningObjectiveIds.learningObjectiveId
SELECT o.rowid, o.learningObjectiveId FROM resultLearningObjectiveIds AS o
WHERE o.source = 'case' AND NOT regexp_full_match(lower(o.learningObjectiveId), 'urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}');

-- How many there are against the delivery before; these need no SQL.
-- rule: count-drop | file: users | fewer: 40 | nl: personen | en: people
-- rule: count-drop | file: users | where: role = student | fewer: 40 | nl: leerlingen | en: pupils
-- rule: count-drop | file: roles | count: userSourcedId | where: role = student | fewer: 40 | nl: leerlingen | en: pupils
-- rule: count-drop | file: enrollments | fewer: 40 | nl: plaatsingen in een klas | en: enrolments in a class
-- rule: count-drop | file: classes | fewer: 40 | nl: klassen | en: classes
