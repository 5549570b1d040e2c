-- The schools at which each user of OneRoster has a role, by the number that files have for them: roles.csv (1.2), or the schools in users.csv (1.1).
WITH places AS (
  SELECT r.userSourcedId AS user_id, r.orgSourcedId AS org_id
  FROM oneroster.roles AS r
  UNION
  SELECT u.sourcedId AS user_id, org.id AS org_id
  FROM oneroster.users AS u CROSS JOIN unnest(string_split(u.orgSourcedIds, ',')) AS org(id)
)
SELECT DISTINCT p.user_id AS user_id, o.identifier AS site_id
FROM places AS p
JOIN oneroster.orgs AS o ON o.sourcedId = p.org_id
WHERE o.type = 'school'
