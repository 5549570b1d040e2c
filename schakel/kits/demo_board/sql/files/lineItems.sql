SELECT i.i + 2 AS _row, item_id(i.i) AS sourcedId, NULL AS status, NULL AS dateLastModified,
  CASE i.kind WHEN 2 THEN s.name || ' ' || ['M', 'E'][i.seq] || i.g WHEN 1 THEN 'Toets ' || lower(s.name) || ' blok ' || i.seq
    WHEN 3 THEN 'Schoolexamen ' || lower(s.name) || ' ' || i.seq ELSE 'Centraal examen ' || lower(s.name) END AS title,
  NULL AS description, i.day - CASE WHEN i.kind IN (1, 3) THEN 7 ELSE 0 END AS assignDate, i.day AS dueDate,
  class_id(i.k) AS classSourcedId, 'ca' || i.kind AS categorySourcedId, 'sj' || y.ends || '-' || t.n AS academicSessionSourcedId,
  i.low AS resultValueMin, i.high AS resultValueMax, school_id(i.s) AS schoolSourcedId, i.planned AS _planned
FROM item i JOIN subject s ON s.code = i.subject JOIN school_year y USING (y)
JOIN term t ON t.y = i.y AND i.day >= t.start AND i.day < t.stop
