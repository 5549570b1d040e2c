-- The board by its number at DUO, and its schools by BRIN and site number.
SELECT
  o.sourcedId AS key,
  o.identifier AS number,
  CAST(NULL AS VARCHAR) AS name_prefix,
  o.name AS family_name,
  CAST(NULL AS DATE) AS birth_date,
  o._source AS source
FROM oneroster.orgs AS o
WHERE o.type IN ('district', 'school')
