-- Lessons. The site is found by its BRIN6; the group by its class code at that site in the school year of the lesson, because codes return
-- every year; the teacher by staff number, that of the site first, because codes of teachers are of one school. A code that two classes of one year share finds no group: it is not guessed.
WITH held AS (
  SELECT c.classCode AS class_code, c.schoolSourcedId AS site_id, min(c.sourcedId) AS group_id,
         min(CAST(s.startDate AS DATE)) AS begins, max(CAST(s.endDate AS DATE)) AS ends
  FROM oneroster.classes AS c
  CROSS JOIN unnest(string_split(c.termSourcedIds, ',')) AS term(id)
  JOIN oneroster.academicSessions AS s ON s.sourcedId = term.id
  GROUP BY c.classCode, c.schoolSourcedId, coalesce(CAST(s.schoolYear AS INTEGER), CAST(year(CAST(s.startDate AS DATE)) + CASE WHEN month(CAST(s.startDate AS DATE)) >= 8 THEN 1 ELSE 0 END AS INTEGER))
  HAVING min(c.sourcedId) = max(c.sourcedId)
)
SELECT
  l.lesson AS slot_id,
  s.site_id AS site_id,
  held.group_id AS group_id,
  l.subject_code AS subject_id,
  coalesce(here.staff_id, staff.staff_id) AS staff_id,
  CAST(l.date AS DATE) AS date,
  CAST(l.hour AS INTEGER) AS hour_no,
  CAST(l.start_time AS TIME) AS start_time,
  l.room AS room,
  CAST(l.minutes AS INTEGER) AS minutes,
  l.state AS state,
  l._source AS _source
FROM rooster.slot AS l
LEFT JOIN known_schools AS s ON s.site_code = l.site_identifier
LEFT JOIN held ON held.class_code = l.class_code AND held.site_id = s.site_id AND CAST(l.date AS DATE) >= held.begins AND CAST(l.date AS DATE) < held.ends
LEFT JOIN known_staff_at AS here ON here.site_id = l.site_identifier AND here.staff_number = l.staff_number
LEFT JOIN known_staff AS staff ON staff.staff_number = l.staff_number
