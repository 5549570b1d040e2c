-- Pupils by a number that counts at every site, for files that tell the site: as known_pupils, without the keys of EDEXML files, of which each is a
-- number of one site only. Elsewhere such a number is that of somebody who left, or of nobody. The sum of an ECK iD counts everywhere.
WITH numbers AS (
  SELECT
    every_pupil.pupil_number AS pupil_number, every_pupil.pupil_id AS pupil_id,
    every_pupil.site_id IS NULL OR every_pupil.pupil_number LIKE 'eck-%' AS everywhere
  FROM every_pupil
  UNION ALL
  SELECT every_pupil.finds AS pupil_number, every_pupil.pupil_id AS pupil_id, true AS everywhere
  FROM every_pupil
)
SELECT n.pupil_number AS pupil_number, min(n.pupil_id) AS pupil_id
FROM numbers AS n
GROUP BY n.pupil_number
HAVING min(n.pupil_id) = max(n.pupil_id) AND bool_and(n.everywhere)
