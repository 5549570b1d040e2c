-- Results of tests. The pupil is found by pupil number: at the site of the line first, where the file tells it and the number is one of that site, and
-- else among the pupils of every source, without those whose number is that of another site alone. What was not made or not told stays empty: it is
-- unknown, not low.
-- A source gives no key of its own: ours is pupil, day, test (see test.sql) and a number where there are more.
WITH told AS (
  SELECT
    r.test_kind || '.' || coalesce(r.subject || '.', '') || coalesce(r.test_code, r.test_name) AS test_id,
    r.pupil_number AS pupil_number, r.site_identifier AS site_identifier, CAST(r.taken_on AS DATE) AS taken_on,
    r.score AS score, r.level AS level, r.mark AS mark, r._source AS _source
  FROM toetsen.result AS r
),
found AS (
  SELECT
    coalesce(here.pupil_id, p.pupil_id, CASE WHEN t.site_identifier IS NULL THEN alone.pupil_id END) AS pupil_id,
    t.test_id AS test_id, t.taken_on AS taken_on, t.score AS score, t.level AS level, t.mark AS mark, t._source AS _source
  FROM told AS t
  LEFT JOIN known_pupils_everywhere AS p ON p.pupil_number = t.pupil_number
  LEFT JOIN known_pupils AS alone ON alone.pupil_number = t.pupil_number
  LEFT JOIN known_pupils_at AS here ON here.site_id = t.site_identifier AND here.pupil_number = t.pupil_number
)
SELECT
  t.pupil_id || '.' || strftime(t.taken_on, '%Y%m%d') || '.' || t.test_id || '.'
    || row_number() OVER (PARTITION BY t.pupil_id, t.taken_on, t.test_id) AS result_id,
  t.pupil_id AS pupil_id,
  t.test_id AS test_id,
  t.taken_on AS taken_on,
  CAST(t.score AS DECIMAL(18,4)) AS score,
  t.level AS level,
  CAST(t.mark AS DECIMAL(18,4)) AS mark,
  t._source AS _source
FROM found AS t
