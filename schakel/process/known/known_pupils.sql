-- Pupils by pupil number, over every source: the identifier of OneRoster, the key of an EDEXML file, or since UWLR 2.3 a sum of the ECK iD (made
-- where such a file is read, so that the ECK iD itself need not come in; a file that names a pupil by the ECK iD is read as naming that sum). A
-- number that two pupils share finds nobody: it is not guessed. What somebody decided finds exactly that pupil.
WITH numbers AS (
  SELECT every_pupil.pupil_number AS pupil_number, every_pupil.pupil_id AS pupil_id
  FROM every_pupil
  UNION ALL
  SELECT every_pupil.finds AS pupil_number, every_pupil.pupil_id AS pupil_id
  FROM every_pupil
)
SELECT n.pupil_number AS pupil_number, min(n.pupil_id) AS pupil_id
FROM numbers AS n
GROUP BY n.pupil_number
HAVING min(n.pupil_id) = max(n.pupil_id)
