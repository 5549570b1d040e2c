SELECT n + 2 AS _row, place AS Kostenplaats, year AS Boekjaar, kind AS Soort, nl_number(income, '%.2f') AS "Totaal baten",
  nl_number(staff, '%.2f') AS Personeelslasten, nl_number(housing, '%.2f') AS Huisvestingslasten, nl_number(cost, '%.2f') AS "Totaal lasten",
  nl_number(result, '%.2f') AS Resultaat, nl_number(equity, '%.2f') AS "Eigen vermogen",
  nl_number(public_equity, '%.2f') AS "Publiek eigen vermogen", nl_number(provisions, '%.2f') AS Voorzieningen,
  nl_number(balance, '%.2f') AS "Totaal passiva", nl_number(current_assets, '%.2f') AS "Vlottende activa",
  nl_number(current_debts, '%.2f') AS "Kortlopende schulden", nl_number(liquid, '%.2f') AS "Liquide middelen",
  nl_number(buildings, '%.2f') AS "Aanschafwaarde gebouwen", nl_number(tangible, '%.2f') AS "Boekwaarde overige MVA"
FROM finance
