-- Holidays. A line of the file belongs to one site and names its region; the row is kept per site, so that a school's own free days count for
-- that school only.
WITH sites AS (
  SELECT DISTINCT coalesce(s.brincode || coalesce(s.dependancecode, '00'), s.schoolkey, s.instellingsnummer) AS site_id FROM edexml.school AS s
)
SELECT
  coalesce(o.sourcedId, sites.site_id) || '.' || strftime(CAST(h.start_date AS DATE), '%Y%m%d') AS holiday_id,
  h.holiday_region AS holiday_region,
  coalesce(o.sourcedId, sites.site_id) AS site_id,
  CAST(h.start_date AS DATE) AS start_date,
  CAST(h.end_date AS DATE) AS end_date,
  h._source AS _source
FROM vakanties.holiday AS h
LEFT JOIN oneroster.orgs AS o ON o.identifier = h.site_identifier AND o.type = 'school'
LEFT JOIN sites ON sites.site_id = h.site_identifier
