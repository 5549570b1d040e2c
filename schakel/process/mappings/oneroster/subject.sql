-- Subjects: the code and name that courses carry side by side. The first name wins where a code has several.
WITH taught AS (
  SELECT unnest(string_split(c.subjectCodes, ',')) AS code, unnest(string_split(c.subjects, ',')) AS name, c._source AS _source
  FROM oneroster.courses AS c
)
SELECT
  trim(t.code) AS subject_id,
  min(trim(t.name)) AS name,
  min(t._source) AS _source
FROM taught AS t
WHERE trim(t.code) <> ''
GROUP BY trim(t.code)
