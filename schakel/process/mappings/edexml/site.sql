-- One site per file: the BRIN with its site number (dependance code), 00 when there is none.
SELECT
  coalesce(s.brincode || coalesce(s.dependancecode, '00'), s.schoolkey, s.instellingsnummer) AS site_id,
  min(coalesce(s.brincode, s.schoolkey, s.instellingsnummer)) AS organisation_id,
  coalesce(s.brincode || coalesce(s.dependancecode, '00'), s.schoolkey, s.instellingsnummer) AS name,
  min(coalesce(s.dependancecode, '00')) AS site_number,
  min(s._source) AS _source
FROM edexml.school AS s
GROUP BY coalesce(s.brincode || coalesce(s.dependancecode, '00'), s.schoolkey, s.instellingsnummer)
