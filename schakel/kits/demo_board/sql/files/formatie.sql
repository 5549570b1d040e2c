SELECT rowid + 2 AS _row, brin6 AS Kostenplaats, year AS Jaar, category AS Functiecategorie, budget AS "Begroot fte", vacant AS "Vacature fte"
FROM staff_budget
