-- The sites of EDEXML files, each once.
SELECT known_places.site_id AS site_id, min(known_places._source) AS _source
FROM known_places
GROUP BY known_places.site_id
