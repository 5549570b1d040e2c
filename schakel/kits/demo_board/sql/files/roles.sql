SELECT rowid + 2 AS _row, 'ro' || lpad((rowid + 1)::VARCHAR, 7, '0') AS sourcedId, NULL AS status, NULL AS dateLastModified,
  person AS userSourcedId, CASE WHEN is_primary THEN 'primary' ELSE 'secondary' END AS roleType, role, begin AS beginDate, stop AS endDate,
  org AS orgSourcedId, NULL AS userProfileSourcedId, spare AS _spare
FROM role_row
