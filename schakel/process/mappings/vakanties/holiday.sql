-- Holidays. A line of the file belongs to one site and names its region; the row is kept per site, so that a school's own free days count for
-- that school only.
SELECT
  s.site_id || '.' || strftime(CAST(h.start_date AS DATE), '%Y%m%d') AS holiday_id,
  h.holiday_region AS holiday_region,
  s.site_id AS site_id,
  CAST(h.start_date AS DATE) AS start_date,
  CAST(h.end_date AS DATE) AS end_date,
  h._source AS _source
FROM vakanties.holiday AS h
LEFT JOIN known_schools AS s ON s.site_code = h.site_identifier
