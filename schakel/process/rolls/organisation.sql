-- The board by its number at DUO, and its schools by BRIN and site number: those of OneRoster, and of EDEXML files what OneRoster does not name.
-- A school counts everywhere, and what is decided to be it is read as its number.
WITH told AS (
  SELECT o.sourcedId AS key, o.identifier AS number, o.name AS name, o._source AS _source
  FROM oneroster.orgs AS o
  WHERE o.type IN ('district', 'school')
),
schools AS (
  SELECT known_sites.site_id AS number, known_site_names.name AS name, known_sites._source AS _source
  FROM known_sites
  LEFT JOIN known_site_names ON known_site_names.site_code = known_sites.site_id
  UNION ALL
  SELECT known_boards.board_number AS number, CAST(NULL AS VARCHAR) AS name, known_boards._source AS _source
  FROM known_boards
),
everyone AS (
  SELECT told.key AS key, told.number AS number, told.name AS name, told._source AS _source
  FROM told
  UNION ALL
  SELECT s.number AS key, s.number AS number, s.name AS name, s._source AS _source
  FROM schools AS s
  LEFT JOIN told ON told.number = s.number
  WHERE told.key IS NULL
)
SELECT
  e.key AS key,
  e.number AS number,
  CAST(NULL AS VARCHAR) AS site,
  e.number AS finds,
  CAST(NULL AS VARCHAR) AS name_prefix,
  e.name AS family_name,
  CAST(NULL AS DATE) AS birth_date,
  e._source AS source
FROM everyone AS e
