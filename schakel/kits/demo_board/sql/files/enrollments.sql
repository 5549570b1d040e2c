SELECT rowid + 2 AS _row, 'en' || lpad((rowid + 1)::VARCHAR, 8, '0') AS sourcedId, NULL AS status, NULL AS dateLastModified,
  class_id(k) AS classSourcedId, school_id(s) AS schoolSourcedId, person AS userSourcedId, role, is_primary AS "primary",
  begin AS beginDate, stop AS endDate, spare AS _spare
FROM enrolment_row
