-- The sites of EDEXML files, each once.
SELECT DISTINCT known_places.site_id AS site_id
FROM known_places
