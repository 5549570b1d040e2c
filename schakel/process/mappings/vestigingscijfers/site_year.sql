-- Yearly figures of a site. The site is found by its BRIN6, in OneRoster or in EDEXML; a row of another board finds none and is counted as unplaced.
SELECT
  s.site_id AS site_id,
  y.school_year AS school_year,
  CAST(y.school_weighting AS DECIMAL(18,4)) AS school_weighting,
  CAST(y.disadvantage_score AS DECIMAL(18,4)) AS disadvantage_score,
  CAST(y.signal_value_1s2f AS DECIMAL(18,4)) AS signal_value_1s2f,
  y._source AS _source
FROM vestigingscijfers.site_year AS y
LEFT JOIN known_schools AS s ON s.site_code = y.site_identifier
