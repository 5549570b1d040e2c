SELECT rowid + 2 AS _row, 'Z' || lpad((rowid + 1)::VARCHAR, 6, '0') AS Verzuimgeval, number AS Personeelsnummer, kind AS Verzuimsoort,
  share AS Verzuimpercentage, begin AS "Eerste verzuimdag", recovered AS Hersteldatum
FROM leave_spell
