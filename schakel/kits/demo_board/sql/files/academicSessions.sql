WITH session AS (
  SELECT ends || '' AS id, 'Schooljaar ' || label AS title, 'schoolYear' AS type, start, stop, NULL AS parent, ends FROM school_year
  UNION ALL
  SELECT y.ends || '-' || t.n, 'Periode ' || t.n, 'term', t.start, t.stop, y.ends::VARCHAR, y.ends FROM term t JOIN school_year y USING (y)
)
SELECT row_number() OVER (ORDER BY id) + 1 AS _row, 'sj' || id AS sourcedId, NULL AS status, NULL AS dateLastModified, title, type,
  start AS startDate, stop AS endDate, 'sj' || parent AS parentSourcedId, ends AS schoolYear
FROM session
