SELECT n + 1 AS _row, 'ca' || n AS sourcedId, NULL AS status, NULL AS dateLastModified,
  ['Methodetoets', 'Volgtoets', 'Schoolexamen', 'Centraal examen'][n] AS title, NULL AS weight
FROM range(1, 5) AS r(n)
