-- Tests of which a file has results, each once. Its key is its kind, its subject where the file tells one, and its code or else its name, as in
-- result.sql; no line item of OneRoster is called like that. A subject that the name leaves out stands before it: M5 of Rekenen is Rekenen M5.
SELECT
  r.test_kind || '.' || coalesce(r.subject || '.', '') || coalesce(r.test_code, r.test_name) AS test_id,
  max(CASE WHEN contains(lower(r.test_name), lower(r.subject)) THEN r.test_name ELSE concat_ws(' ', r.subject, r.test_name) END) AS name,
  min(r.test_kind) AS kind,
  min(r._source) AS _source
FROM toetsen.result AS r
GROUP BY r.test_kind || '.' || coalesce(r.subject || '.', '') || coalesce(r.test_code, r.test_name)
