SELECT rowid + 2 AS _row, 're' || lpad((rowid + 1)::VARCHAR, 9, '0') AS sourcedId, NULL AS status, NULL AS dateLastModified,
  item_id(i) AS lineItemSourcedId, pupil_id(p) AS studentSourcedId, state AS scoreStatus, score, day AS scoreDate, NULL AS comment,
  level AS textScore, class_id(k) AS classSourcedId, FALSE AS inProgress, FALSE AS incomplete, u(seat, 'late') < 0.01 AS late,
  state = 'not submitted' AS missing
FROM result
