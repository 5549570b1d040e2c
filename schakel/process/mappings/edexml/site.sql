-- One site per file: the BRIN with its site number (dependance code), 00 when there is none. Its name is the one that DUO has, if known.
WITH places AS (
  SELECT coalesce(s.brincode || coalesce(s.dependancecode, '00'), s.schoolkey, s.instellingsnummer) AS site_id,
         min(coalesce(s.brincode, s.schoolkey, s.instellingsnummer)) AS organisation_id,
         min(coalesce(s.dependancecode, '00')) AS site_number, min(s._source) AS _source
  FROM edexml.school AS s
  GROUP BY coalesce(s.brincode || coalesce(s.dependancecode, '00'), s.schoolkey, s.instellingsnummer)
)
SELECT
  p.site_id AS site_id,
  p.organisation_id AS organisation_id,
  coalesce(k.name, p.site_id) AS name,
  p.site_number AS site_number,
  p._source AS _source
FROM places AS p
LEFT JOIN known_site_names AS k ON k.site_code = p.site_id
