SELECT rowid + 2 AS _row, id AS sourcedId, NULL AS status, NULL AS dateLastModified, born AS birthDate, sex,
  NULL AS americanIndianOrAlaskaNative, NULL AS asian, NULL AS blackOrAfricanAmerican, NULL AS nativeHawaiianOrOtherPacificIslander,
  NULL AS white, NULL AS demographicRaceTwoOrMoreRaces, NULL AS hispanicOrLatinoEthnicity, country AS countryOfBirthCode,
  NULL AS stateOfBirthAbbreviation, NULL AS cityOfBirth, NULL AS publicSchoolResidenceStatus
FROM user_row
