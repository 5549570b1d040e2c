-- Absence of pupils. A line is one day or, where it has a last day, each school day up to and including that one: a weekday on which the site is not
-- free, in the same school year. Its hours are divided over them; of one day they may follow from the times at which it begins and ends. Where none
-- are told, a line of one day that is of a lesson, or of each up to and including a last one, has so many lesson hours; what is of no lesson takes the
-- hours of a whole day, a morning or an afternoon, where the file has these. Who is late does not miss it. Several such lines of one kind about the
-- same clock hours share these, and a part of the day has none beside a whole one.
-- The pupil is found by pupil number: at the site of the line first, where it is one of that site, and else among the pupils of every source whose
-- number is not that of another site alone. A number that is unknown finds nobody, and the row is counted as unplaced. The site is found by its BRIN6.
-- A source gives no key of its own: ours is pupil, day, lesson hour (0 for a part of the day too) and a number where there are more.
WITH lasting AS (
  SELECT
    a.pupil_number AS pupil_number, a.site_identifier AS site_identifier, a.date AS date, a.kind AS kind,
    a.reason_group AS reason_group,
    coalesce(CAST(a.clock_hours AS DECIMAL(18,4)), CASE
      WHEN a.kind = 'late' OR CAST(a.until AS DATE) > CAST(a.date AS DATE) THEN NULL
      WHEN CAST(a.until_time AS TIME) > CAST(a.from_time AS TIME)
        THEN CAST(date_diff('minute', CAST(a.from_time AS TIME), CAST(a.until_time AS TIME)) AS DECIMAL(18,4)) / 60
    END) AS clock_hours,
    CASE WHEN a.day_part IN ('morning', 'afternoon') THEN a.day_part ELSE 'day' END AS part,
    CASE a.day_part
      WHEN 'morning' THEN CAST(a.morning_hours AS DECIMAL(18,4))
      WHEN 'afternoon' THEN CAST(a.afternoon_hours AS DECIMAL(18,4))
      WHEN 'unknown' THEN NULL
      ELSE coalesce(
        CAST(a.day_hours AS DECIMAL(18,4)), CAST(a.morning_hours AS DECIMAL(18,4)) + CAST(a.afternoon_hours AS DECIMAL(18,4))
      )
    END AS part_hours,
    CAST(a.lesson_hours AS DECIMAL(18,4)) AS lesson_hours, CAST(a.day_lesson_hours AS DECIMAL(18,4)) AS day_lesson_hours,
    a.minutes_late AS minutes_late, a.contact_on AS contact_on, a._source AS _source,
    CASE WHEN CAST(a.until AS DATE) > CAST(a.date AS DATE) THEN NULL ELSE CAST(a.hour AS INTEGER) END AS hour,
    greatest(coalesce(CAST(a.hour_until AS INTEGER) - CAST(a.hour AS INTEGER), 0), 0) + 1 AS lessons,
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
daily AS (
  SELECT
    l.pupil_number AS pupil_number, l.site_identifier AS site_identifier, CAST(unnest(l.days) AS DATE) AS date, l.hour AS hour, l.kind AS kind,
    l.reason_group AS reason_group, l.clock_hours / len(l.days) AS clock_hours, l.part AS part,
    CASE WHEN l.clock_hours IS NULL AND l.hour IS NULL AND l.kind <> 'late' THEN l.part_hours END AS part_hours,
    coalesce(l.lesson_hours / len(l.days), CASE
      WHEN l.kind = 'late' THEN NULL
      WHEN l.hour IS NOT NULL THEN l.lessons
      WHEN l.part = 'day' THEN l.day_lesson_hours
    END) AS lesson_hours,
    CASE WHEN len(l.days) = 1 THEN l.minutes_late END AS minutes_late, l.contact_on AS contact_on, l._source AS _source
  FROM lasting AS l
),
told AS (
  SELECT
    d.pupil_number AS pupil_number, d.site_identifier AS site_identifier, d.date AS date, d.kind AS kind,
    count(*) FILTER (WHERE d.part = 'day') AS days, count(*) FILTER (WHERE d.part = 'morning') AS mornings,
    count(*) FILTER (WHERE d.part = 'afternoon') AS afternoons
  FROM daily AS d
  WHERE d.part_hours IS NOT NULL
  GROUP BY d.pupil_number, d.site_identifier, d.date, d.kind
)
SELECT
  coalesce(here.pupil_id, p.pupil_id) || '.' || strftime(a.date, '%Y%m%d') || '.' || coalesce(a.hour, 0) || '.'
    || row_number() OVER (PARTITION BY coalesce(here.pupil_id, p.pupil_id), a.date, coalesce(a.hour, 0)) AS absence_id,
  coalesce(here.pupil_id, p.pupil_id) AS pupil_id,
  s.site_id AS site_id,
  a.date AS date,
  a.kind AS kind,
  a.reason_group AS reason_group,
  CAST(coalesce(a.clock_hours, CASE
    WHEN a.part = 'day' THEN a.part_hours / t.days
    WHEN t.days > 0 THEN 0
    ELSE a.part_hours / CASE a.part WHEN 'morning' THEN t.mornings ELSE t.afternoons END
  END) AS DECIMAL(18,4)) AS clock_hours,
  CAST(a.lesson_hours AS DECIMAL(18,4)) AS lesson_hours,
  CAST(a.minutes_late AS INTEGER) AS minutes_late,
  CAST(a.contact_on AS DATE) AS contact_on,
  a._source AS _source
FROM daily AS a
LEFT JOIN told AS t
  ON t.pupil_number = a.pupil_number AND t.site_identifier = a.site_identifier AND t.date = a.date AND t.kind = a.kind
LEFT JOIN known_pupils_everywhere AS p ON p.pupil_number = a.pupil_number
LEFT JOIN known_pupils_at AS here ON here.site_id = a.site_identifier AND here.pupil_number = a.pupil_number
LEFT JOIN known_schools AS s ON s.site_code = a.site_identifier
