-- Signal values and school weighting of our own sites, and what similar schools reach: of all schools in the country whose weighting is of the same
-- category the share of their pupils together, where there are five such schools. Rows of schools of other boards serve for that alone.
WITH similar AS (
  SELECT
    o.year_begins AS year_begins,
    o.weighting_category AS weighting_category,
    CASE WHEN count(o.share_1f) >= 5
      THEN sum(o.share_1f * o.pupils) / nullif(sum(CASE WHEN o.share_1f IS NOT NULL THEN o.pupils END), 0) END AS share_1f,
    CASE WHEN count(o.share_1s2f) >= 5
      THEN sum(o.share_1s2f * o.pupils) / nullif(sum(CASE WHEN o.share_1s2f IS NOT NULL THEN o.pupils END), 0) END AS share_1s2f
  FROM inspectie_referentieniveaus.school AS o
  WHERE o.pupils IS NOT NULL
  GROUP BY o.year_begins, o.weighting_category
)
SELECT
  k.site_id AS site_id,
  CAST(year(y.year_begins) AS VARCHAR) || '-' || CAST(year(y.year_begins) + 1 AS VARCHAR) AS school_year,
  CAST(y.school_weighting AS DECIMAL(18,4)) AS school_weighting,
  CAST(y.signal_value_1s2f AS DECIMAL(18,4)) AS signal_value_1s2f,
  CAST(a.share_1f AS DECIMAL(18,4)) AS similar_1f,
  CAST(a.share_1s2f AS DECIMAL(18,4)) AS similar_1s2f,
  y._source AS _source
FROM inspectie_referentieniveaus.school AS y
JOIN known_supervised AS k ON k.ovt = y.ovt
LEFT JOIN similar AS a ON a.year_begins = y.year_begins AND a.weighting_category = y.weighting_category
