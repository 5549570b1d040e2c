-- Our sites by the name that the Inspectorate has for what it inspects (OVT, such as 00AP|C1). What follows the bar is no number of a site, so that a
-- school is found by its BRIN, where the file and the rosters have one each; where one of them has more of it, nobody can say which is which.
WITH sites AS (
  SELECT substr(k.site_code, 1, 4) AS brin, min(k.site_id) AS site_id, count(*) AS sites
  FROM known_schools AS k
  GROUP BY substr(k.site_code, 1, 4)
),
inspected AS (
  SELECT substr(i.ovt, 1, 4) AS brin, i.ovt AS ovt
  FROM inspectie_referentieniveaus.school AS i
  GROUP BY i.ovt
),
times AS (
  SELECT inspected.brin AS brin, count(*) AS times
  FROM inspected
  GROUP BY inspected.brin
)
SELECT inspected.ovt AS ovt, CASE WHEN sites.sites = 1 AND times.times = 1 THEN sites.site_id END AS site_id
FROM inspected
JOIN sites ON sites.brin = inspected.brin
JOIN times ON times.brin = inspected.brin
