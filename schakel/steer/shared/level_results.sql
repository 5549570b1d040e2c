-- Domain results that count for a reference level, per site and period: those of three school years together, named after the last of the three.
-- A result without a level is unknown and does not count, nor does that of a pupil who is exempt. The site is the last one at which the pupil was
-- enrolled in the school year. Not for so; sbo cannot be told apart by its sector.
WITH counted AS (
  SELECT r.pupil_id AS pupil_id, r.school_year AS school_year, r.level_reached AS level
  FROM reference_level AS r
  WHERE r.level_reached IS NOT NULL AND r.exempt IS NOT DISTINCT FROM FALSE
),
placed AS (
  SELECT
    c.pupil_id AS pupil_id, c.school_year AS school_year, e.site_id AS site_id,
    row_number() OVER (PARTITION BY c.pupil_id, c.school_year ORDER BY e.start_date DESC, e.site_id) AS place
  FROM (SELECT DISTINCT d.pupil_id AS pupil_id, d.school_year AS school_year FROM counted AS d) AS c
  JOIN enrolment AS e ON e.pupil_id = c.pupil_id
    AND e.start_date <= make_date(CAST(right(c.school_year, 4) AS INTEGER), 7, 31)
    AND (e.end_date IS NULL OR e.end_date >= make_date(CAST(left(c.school_year, 4) AS INTEGER), 8, 1))
  JOIN site AS s ON s.site_id = e.site_id
  JOIN organisation AS o ON o.organisation_id = s.organisation_id
  WHERE o.sector IS DISTINCT FROM 'so' AND e.start_date <= $today
),
results AS (
  SELECT
    p.site_id AS site_id, p.pupil_id AS pupil_id, c.school_year AS school_year, c.level AS level,
    CAST(left(c.school_year, 4) AS INTEGER) AS first_year
  FROM counted AS c
  JOIN placed AS p ON p.pupil_id = c.pupil_id AND p.school_year = c.school_year
  WHERE p.place = 1
),
periods AS (
  SELECT DISTINCT r.site_id AS site_id, r.school_year AS period, r.first_year AS last_year
  FROM results AS r
)
SELECT p.site_id AS site_id, p.period AS period, r.pupil_id AS pupil_id, r.school_year AS school_year, r.level AS level
FROM periods AS p
JOIN results AS r ON r.site_id = p.site_id AND r.first_year BETWEEN p.last_year - 2 AND p.last_year
