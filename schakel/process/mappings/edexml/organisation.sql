-- One school per BRIN; an EDEXML file is about one school and names no board. It has no name for the school either: the BRIN stands for it,
-- and what the register already knows by that key is changed by people. Sector and dates are unknown.
SELECT
  coalesce(s.brincode, s.schoolkey, s.instellingsnummer) AS organisation_id,
  'school' AS kind,
  coalesce(s.brincode, s.schoolkey, s.instellingsnummer) AS name,
  min(s.brincode) AS brin,
  min(s._source) AS _source
FROM edexml.school AS s
GROUP BY coalesce(s.brincode, s.schoolkey, s.instellingsnummer)
