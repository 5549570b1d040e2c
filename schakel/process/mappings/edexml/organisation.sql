-- One school per BRIN; an EDEXML file is about one school, and has neither its name nor its board. Where the site list of DUO was collected the
-- board comes from there with its number, the name of the school from its main site, and the sector; otherwise the BRIN stands for the name
-- and the rest is unknown.
WITH known AS (
  SELECT d.brin AS brin, arg_min(d.name, d.site_code) AS name, min(d.board_number) AS board_number
  FROM duo_vestigingen_po.site AS d
  GROUP BY d.brin
),
schools AS (
  SELECT coalesce(s.brincode, s.schoolkey, s.instellingsnummer) AS school_id, min(s.brincode) AS brin, min(s._source) AS _source
  FROM edexml.school AS s
  GROUP BY coalesce(s.brincode, s.schoolkey, s.instellingsnummer)
),
boards AS (
  SELECT b.board_number AS board_number, min(b.name) AS name FROM duo_besturen.board AS b GROUP BY b.board_number
),
everyone AS (
  SELECT
    s.school_id AS organisation_id,
    k.board_number AS parent_id,
    'school' AS kind,
    coalesce(k.name, s.school_id) AS name,
    CAST(NULL AS VARCHAR) AS board_number,
    s.brin AS brin,
    CASE WHEN k.brin IS NOT NULL THEN 'po' END AS sector,
    s._source AS _source
  FROM schools AS s
  LEFT JOIN known AS k ON k.brin = s.brin
  UNION ALL
  SELECT
    k.board_number AS organisation_id,
    CAST(NULL AS VARCHAR) AS parent_id,
    'board' AS kind,
    coalesce(min(b.name), 'Bevoegd gezag ' || k.board_number) AS name,
    k.board_number AS board_number,
    CAST(NULL AS VARCHAR) AS brin,
    CAST(NULL AS VARCHAR) AS sector,
    min(s._source) AS _source
  FROM schools AS s
  JOIN known AS k ON k.brin = s.brin
  LEFT JOIN boards AS b ON b.board_number = k.board_number
  GROUP BY k.board_number
)
SELECT
  o.organisation_id AS organisation_id,
  o.parent_id AS parent_id,
  o.kind AS kind,
  o.name AS name,
  o.board_number AS board_number,
  o.brin AS brin,
  o.sector AS sector,
  o._source AS _source
FROM everyone AS o
