-- Pupils by pupil number, over every source: the identifier of OneRoster, the key of an EDEXML file, or since UWLR 2.3 a sum of the ECK iD (made
-- where such a file is read, so that the ECK iD itself need not come in). A number that two pupils share finds nobody: it is not guessed.
WITH numbers AS (
  SELECT u.identifier AS pupil_number, u.sourcedId AS pupil_id
  FROM oneroster.users AS u
  WHERE u.role = 'student' OR u.sourcedId IN (SELECT r.userSourcedId FROM oneroster.roles AS r WHERE r.role = 'student')
  UNION ALL
  SELECT known_pupils_at.pupil_number AS pupil_number, known_pupils_at.pupil_id AS pupil_id
  FROM known_pupils_at
)
SELECT n.pupil_number AS pupil_number, min(n.pupil_id) AS pupil_id
FROM numbers AS n
GROUP BY n.pupil_number
HAVING min(n.pupil_id) = max(n.pupil_id)
