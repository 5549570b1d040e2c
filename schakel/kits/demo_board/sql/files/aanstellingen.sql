SELECT rowid + 2 AS _row, number AS Personeelsnummer, number || '-' || place AS Dienstverbandnummer, name AS Achternaam,
  brin6 AS Kostenplaats, category AS Functiecategorie, kind AS "Soort dienstverband", fte AS Wtf, begin AS "Datum in dienst",
  last AS "Datum uit dienst", born AS Geboortedatum, bsn AS Relatienummer,
  number NOT IN (SELECT number FROM leave_spell) AND place = 1 AS _spare
FROM contract
