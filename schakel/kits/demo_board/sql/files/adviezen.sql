WITH ladder AS (SELECT list(name ORDER BY step) AS names FROM advice_step)
SELECT a.rowid + 2 AS _row, a.number AS Leerlingnummer, a.label AS Schooljaar, names[a.one] AS "Voorlopig advies",
  nl_date(a.first_day) AS "Datum voorlopig", names[a.test] AS Toetsadvies, names[a.final] AS "Definitief advies",
  nl_date(a.last_day) AS "Datum definitief", a.reason AS Motivering
FROM advice a, ladder
