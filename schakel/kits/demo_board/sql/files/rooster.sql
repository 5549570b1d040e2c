SELECT z.rowid + 2 AS _row, 'L' || lpad((z.rowid + 1)::VARCHAR, 7, '0') AS Les, sc.brin6 AS Vestiging, z.code AS Klas, z.subject AS Vak,
  t.number AS Docent, nl_date(z.day) AS Datum, z.hour AS Lesuur, z.starts AS "Begin", z.room AS Lokaal, z.minutes AS Minuten, z.state AS Status
FROM slot z JOIN school sc USING (s) LEFT JOIN staff t ON t.t = z.t
