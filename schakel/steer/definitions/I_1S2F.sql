-- Domain results at 1S/2F, of the domain results that count over three school years (shared/level_results.sql).
-- `norm` is the signal value of the site itself, of the last of the three years (site_year, per cent): read and never computed. Without one there is
-- a figure and no judgement.
-- If one of the three years has no result that counts, the figure is unknown: two cohorts are not three.
-- People in the numerator are pupils who reached it in every domain that counts: the few who missed one are then hidden when they are too few.
SELECT
  r.site_id AS site_id,
  r.period AS period,
  CASE WHEN count(DISTINCT r.school_year) = 3 THEN count(CASE WHEN r.level = '1s_2f' THEN 1 END) END AS numerator,
  count(*) AS denominator,
  count(DISTINCT r.pupil_id) AS people,
  CASE WHEN count(DISTINCT r.school_year) = 3
    THEN count(DISTINCT r.pupil_id) - count(DISTINCT CASE WHEN r.level <> '1s_2f' THEN r.pupil_id END) END AS people_hit,
  max(y.signal_value_1s2f) / 100 AS norm
FROM level_results AS r
LEFT JOIN site_year AS y ON y.site_id = r.site_id AND y.school_year = r.period
GROUP BY r.site_id, r.period
