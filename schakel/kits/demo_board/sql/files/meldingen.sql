SELECT rowid + 2 AS _row, number AS Leerlingnummer, kind AS Meldingsoort, nl_date(reported) AS "Datum melding",
  nl_date(period_end) AS "Einde verzuimperiode"
FROM report_row
