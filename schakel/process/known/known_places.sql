-- The site and the school year that each EDEXML file is about. A site by its BRIN6, or the key that the file gives the school.
SELECT
  s._source AS _source,
  min(coalesce(s.brincode || coalesce(s.dependancecode, '00'), s.schoolkey, s.instellingsnummer)) AS site_id,
  min(s.schooljaar) AS school_year
FROM edexml.school AS s
GROUP BY s._source
