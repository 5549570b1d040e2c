-- What the Inspectorate publishes of our own sites: 1F and 1S/2F over three school years together, each with the signal value of the school.
WITH told AS (
  SELECT
    p.ovt AS ovt,
    '1F' AS code,
    p.year_begins AS year_begins,
    p.share_1f AS value,
    p.signal_value_1f AS norm,
    p._source AS _source
  FROM inspectie_referentieniveaus.school AS p
  UNION ALL
  SELECT
    q.ovt AS ovt,
    '1S2F' AS code,
    q.year_begins AS year_begins,
    q.share_1s2f AS value,
    q.signal_value_1s2f AS norm,
    q._source AS _source
  FROM inspectie_referentieniveaus.school AS q
)
SELECT
  k.site_id AS site_id,
  'basisonderwijs' AS education_type,
  told.code AS code,
  CAST(year(told.year_begins) - 2 AS VARCHAR) || '-' || CAST(year(told.year_begins) + 1 AS VARCHAR) AS period,
  CAST(told.value AS DECIMAL(18,4)) AS value,
  CAST(told.norm AS DECIMAL(18,4)) AS norm,
  told._source AS _source
FROM told
JOIN known_supervised AS k ON k.ovt = told.ovt
WHERE told.value IS NOT NULL
