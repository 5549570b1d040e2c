-- One site per school of OneRoster, which knows no sites below a school: the site's key is the school's key. The site number is the end of
-- the BRIN6, or 00 (the main site) when the identifier is a bare BRIN. The holiday region comes from the holiday file of the site.
WITH region AS (
  SELECT h.site_identifier AS identifier, min(h.holiday_region) AS holiday_region
  FROM vakanties.holiday AS h
  GROUP BY h.site_identifier
)
SELECT
  o.sourcedId AS site_id,
  o.sourcedId AS organisation_id,
  o.name AS name,
  CASE WHEN length(o.identifier) = 6 THEN right(o.identifier, 2) WHEN length(o.identifier) = 4 THEN '00' END AS site_number,
  region.holiday_region AS holiday_region,
  o._source AS _source
FROM oneroster.orgs AS o
LEFT JOIN region ON region.identifier = o.identifier
WHERE o.type = 'school'
