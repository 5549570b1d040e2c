WITH org AS (
  SELECT school_id(-1) AS id, name, 'district' AS type, number AS identifier, NULL AS parent, NULL AS sector FROM board
  UNION ALL
  SELECT school_id(s), name, 'school', brin6, school_id(-1), sector FROM school
)
SELECT row_number() OVER (ORDER BY id) + 1 AS _row, id AS sourcedId, NULL AS status, NULL AS dateLastModified, name, type, identifier,
  parent AS parentSourcedId, sector AS "metadata.sector"
FROM org
