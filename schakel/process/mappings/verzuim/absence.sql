-- Absence of pupils. A line is one day or, where it has a last day, each school day up to and including that one: a weekday on which the site is not
-- free, in the same school year. Its hours are divided over them. A day of which no hours are told, and no lesson hour, takes the hours of a whole
-- day, where the file has these; who is late does not miss it.
-- The pupil is found by pupil number: at the site of the line first, where that is known by EDEXML, and else among the pupils of every source. A
-- number that is unknown finds nobody, and the row is counted as unplaced. The site is found by its BRIN6.
-- A source gives no key of its own: ours is pupil, day, lesson hour (0 for a part of the day) and a number where there are more.
WITH lasting AS (
  SELECT
    a.pupil_number AS pupil_number, a.site_identifier AS site_identifier, a.date AS date, CAST(a.hour AS INTEGER) AS hour, a.kind AS kind,
    a.reason_group AS reason_group, CAST(a.clock_hours AS DECIMAL(18,4)) AS clock_hours, CAST(a.day_hours AS DECIMAL(18,4)) AS day_hours,
    CAST(a.lesson_hours AS DECIMAL(18,4)) AS lesson_hours, a.minutes_late AS minutes_late, a.contact_on AS contact_on, a._source AS _source,
    coalesce(
      nullif(list_filter(CASE WHEN CAST(a.until AS DATE) > CAST(a.date AS DATE) THEN generate_series(
        CAST(a.date AS DATE),
        least(CAST(a.until AS DATE), make_date(year(CAST(a.date AS DATE) - INTERVAL 7 MONTH) + 1, 7, 31)),
        INTERVAL 1 DAY
      ) END, lambda day: isodow(day) <= 5 AND NOT coalesce(list_contains(f.days, day), false)), []),
      [CAST(a.date AS TIMESTAMP)]
    ) AS days
  FROM verzuim.absence AS a
  LEFT JOIN known_free_days AS f ON f.site_code = a.site_identifier
),
absent AS (
  SELECT
    l.pupil_number AS pupil_number, l.site_identifier AS site_identifier, CAST(unnest(l.days) AS DATE) AS date, l.hour AS hour, l.kind AS kind,
    l.reason_group AS reason_group,
    coalesce(l.clock_hours / len(l.days), CASE WHEN l.hour IS NULL AND l.kind <> 'late' THEN l.day_hours END) AS clock_hours,
    l.lesson_hours / len(l.days) AS lesson_hours,
    CASE WHEN len(l.days) = 1 THEN l.minutes_late END AS minutes_late, l.contact_on AS contact_on, l._source AS _source
  FROM lasting AS l
)
SELECT
  coalesce(here.pupil_id, p.pupil_id) || '.' || strftime(a.date, '%Y%m%d') || '.' || coalesce(a.hour, 0) || '.'
    || row_number() OVER (PARTITION BY coalesce(here.pupil_id, p.pupil_id), a.date, a.hour) AS absence_id,
  coalesce(here.pupil_id, p.pupil_id) AS pupil_id,
  s.site_id AS site_id,
  a.date AS date,
  a.kind AS kind,
  a.reason_group AS reason_group,
  CAST(a.clock_hours AS DECIMAL(18,4)) AS clock_hours,
  CAST(a.lesson_hours AS DECIMAL(18,4)) AS lesson_hours,
  CAST(a.minutes_late AS INTEGER) AS minutes_late,
  CAST(a.contact_on AS DATE) AS contact_on,
  a._source AS _source
FROM absent AS a
LEFT JOIN known_pupils AS p ON p.pupil_number = a.pupil_number
LEFT JOIN known_pupils_at AS here ON here.site_id = a.site_identifier AND here.pupil_number = a.pupil_number
LEFT JOIN known_schools AS s ON s.site_code = a.site_identifier
