-- The site that each EDEXML file is about: its BRIN6, or the key that the file gives the school.
SELECT
  s._source AS _source,
  min(coalesce(s.brincode || coalesce(s.dependancecode, '00'), s.schoolkey, s.instellingsnummer)) AS site_id
FROM edexml.school AS s
GROUP BY s._source
