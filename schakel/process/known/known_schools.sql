-- Sites by the number that files have for them: the identifier of a school in OneRoster, or the BRIN6 of a site of EDEXML files. Where both bring a
-- school it is that of OneRoster. A number that two schools share finds none.
WITH told AS (
  SELECT o.identifier AS site_code, o.sourcedId AS site_id
  FROM oneroster.orgs AS o
  WHERE o.type = 'school'
),
numbers AS (
  SELECT told.site_code AS site_code, told.site_id AS site_id
  FROM told
  UNION ALL
  SELECT known_sites.site_id AS site_code, known_sites.site_id AS site_id
  FROM known_sites
  LEFT JOIN told ON told.site_code = known_sites.site_id
  WHERE told.site_id IS NULL
)
SELECT n.site_code AS site_code, min(n.site_id) AS site_id
FROM numbers AS n
GROUP BY n.site_code
HAVING min(n.site_id) = max(n.site_id)
