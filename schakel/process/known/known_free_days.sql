-- The days on which a site is free, in one list, by the BRIN6 of the site.
SELECT d.site_code AS site_code, list(d.day) AS days
FROM (
  SELECT
    h.site_identifier AS site_code,
    unnest(generate_series(CAST(h.start_date AS DATE), CAST(h.end_date AS DATE), INTERVAL 1 DAY)) AS day
  FROM vakanties.holiday AS h
) AS d
GROUP BY d.site_code
