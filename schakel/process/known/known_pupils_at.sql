-- The pupils of EDEXML files by site, because other schools use the same keys.
SELECT
  e.id AS pupil_number,
  known_places.site_id AS site_id,
  known_places.site_id || '.' || e.id AS pupil_id
FROM edexml.pupil AS e
JOIN known_places ON known_places._source = e._source
