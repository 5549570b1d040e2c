-- Domain results at 1S/2F, of the domain results that count over three school years (shared/level_results.sql). There is no norm here: the signal
-- value is of each school (site_year), read and never computed.
-- If one of the three years has no result that counts, the figure is unknown: two cohorts are not three.
-- People in the numerator are pupils who reached it in every domain that counts: the few who missed one are then hidden when they are too few.
SELECT
  r.site_id AS site_id,
  r.period AS period,
  CASE WHEN count(DISTINCT r.school_year) = 3 THEN count(CASE WHEN r.level = '1s_2f' THEN 1 END) END AS numerator,
  count(*) AS denominator,
  count(DISTINCT r.pupil_id) AS people,
  CASE WHEN count(DISTINCT r.school_year) = 3
    THEN count(DISTINCT r.pupil_id) - count(DISTINCT CASE WHEN r.level <> '1s_2f' THEN r.pupil_id END) END AS people_hit
FROM level_results AS r
GROUP BY r.site_id, r.period
