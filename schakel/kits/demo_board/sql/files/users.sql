SELECT rowid + 2 AS _row, id AS sourcedId, NULL AS status, NULL AS dateLastModified, enabled AS enabledUser, username, NULL AS userIds,
  given AS givenName, family AS familyName, nullif(prefix, '') AS middleName, identifier, email, NULL AS sms, NULL AS phone,
  NULL AS agentSourcedIds, grade AS grades, NULL AS password, eck AS userMasterIdentifier, called AS preferredGivenName,
  NULL AS preferredMiddleName, NULL AS preferredFamilyName, org AS primaryOrgSourcedId, NULL AS pronouns,
  locker AS "metadata.kluisnummer"
FROM user_row
