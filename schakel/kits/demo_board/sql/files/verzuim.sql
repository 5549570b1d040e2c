SELECT rowid + 2 AS _row, number AS Leerlingnummer, brin6 AS Vestiging, nl_date(day) AS Datum, hour AS Lesuur, letter AS Soort, reason AS Reden,
  nl_number(clock_hours, '%.1f') AS Klokuren, lesson_hours AS Lesuren, minutes AS "Minuten te laat", nl_date(contact) AS "Contact op",
  remark AS Opmerking, bsn AS BSN
FROM absence_row
