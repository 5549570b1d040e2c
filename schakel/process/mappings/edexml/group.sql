-- Groups. A groep is where pupils belong, a samengestelde groep brings them together for something else. Keys are those of one
-- administration, so the school goes before them. Grade years: po 1-8; vo 11-16 becomes 1-6 (some vo files write 1-6 themselves). Baby,
-- toddler, combination, special, outside and historical groups have no grade year.
SELECT
  school.site_id || '.' || g.key AS group_id,
  school.site_id AS site_id,
  school.school_year AS school_year,
  CASE g.type WHEN 'groep' THEN 'home' ELSE 'combined' END AS kind,
  g.naam AS name,
  CASE WHEN TRY_CAST(g.jaargroep AS INTEGER) BETWEEN 11 AND 16 THEN TRY_CAST(g.jaargroep AS INTEGER) - 10
       WHEN TRY_CAST(g.jaargroep AS INTEGER) BETWEEN 1 AND 8 THEN TRY_CAST(g.jaargroep AS INTEGER) END AS grade_year,
  g._source AS _source
FROM edexml."group" AS g
JOIN known_places AS school ON school._source = g._source
