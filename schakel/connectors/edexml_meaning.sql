-- Rules of EDEXML over several columns or files. Each statement yields (row, value): the row's place in its file and the value shown
-- masked. Keys and references are numbers here (hashes) to join on; their text is in "text <column>".
-- Not here, on purpose: that the year of a pupil equals the year of the group. A pupil who does another year's work stays in the group.

-- rule: school-year-span | file: school | column: schooljaar | uses: school.schooljaar
SELECT s.rowid, s.schooljaar FROM school AS s
WHERE TRY_CAST(right(s.schooljaar, 4) AS INTEGER) <> TRY_CAST(left(s.schooljaar, 4) AS INTEGER) + 1;

-- rule: eckid-twice | file: pupil | column: eckid | uses: pupil.eckid
SELECT p.rowid, p.eckid FROM pupil AS p WHERE p.eckid IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY p.eckid ORDER BY p.rowid) > 1;

-- rule: eckid-twice | file: teacher | column: eckid | uses: teacher.eckid
SELECT t.rowid, t.eckid FROM teacher AS t WHERE t.eckid IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY t.eckid ORDER BY t.rowid) > 1;

-- rule: combination-year | file: pupil | column: jaargroep | uses: pupil.groep pupil.jaargroep group.key group.jaargroep
SELECT p.rowid, NULL FROM pupil AS p JOIN "group" AS g ON g.key = p.groep
WHERE g.jaargroep = 'C' AND p.jaargroep IS NULL;

-- rule: period-order | file: pupil | column: uitstroomdatum | uses: pupil.instroomdatum pupil.uitstroomdatum
SELECT p.rowid, p.uitstroomdatum FROM pupil AS p WHERE p.uitstroomdatum < p.instroomdatum;

-- How many there are against the delivery before; these need no SQL.
-- rule: count-drop | file: pupil | fewer: 40 | nl: leerlingen | en: pupils
-- rule: count-drop | file: teacher | fewer: 40 | nl: leraren | en: teachers
-- rule: count-drop | file: group | fewer: 40 | least: 5 | nl: groepen | en: groups
