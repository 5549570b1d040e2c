-- One enrolment per pupil. Without a day of coming the pupil counts from the first day of the school year of the file. Who is historical
-- (H) and has no day of leaving is of unknown dates and finds no place. The year of the pupil goes before the year of the group.
SELECT
  school.site_id || '.' || p.id AS enrolment_id,
  school.site_id || '.' || p.id AS pupil_id,
  school.site_id AS site_id,
  CASE WHEN p.instroomdatum IS NOT NULL THEN CAST(p.instroomdatum AS DATE)
       WHEN coalesce(p.jaargroep, '') <> 'H' THEN make_date(CAST(left(school.school_year, 4) AS INTEGER), 8, 1) END AS start_date,
  CASE WHEN p.uitstroomdatum < p.instroomdatum THEN NULL ELSE CAST(p.uitstroomdatum AS DATE) END AS end_date,
  CASE WHEN TRY_CAST(coalesce(p.jaargroep, g.jaargroep) AS INTEGER) BETWEEN 11 AND 16 THEN TRY_CAST(coalesce(p.jaargroep, g.jaargroep) AS INTEGER) - 10
       WHEN TRY_CAST(coalesce(p.jaargroep, g.jaargroep) AS INTEGER) BETWEEN 1 AND 8 THEN TRY_CAST(coalesce(p.jaargroep, g.jaargroep) AS INTEGER) END AS grade_year,
  p._source AS _source
FROM edexml.pupil AS p
JOIN known_places AS school ON school._source = p._source
LEFT JOIN edexml."group" AS g ON g.key = p.groep AND g._source = p._source
WHERE p.jaargroep IS DISTINCT FROM 'H' OR p.uitstroomdatum IS NOT NULL
