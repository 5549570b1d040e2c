SELECT row_number() OVER (ORDER BY h.s, h.first, h.name) + 1 AS _row, sc.brin6 AS Vestiging, h.region AS Vakantieregio, h.name AS Naam,
  nl_date(h.first) AS "Begin", nl_date(h.last) AS Einde
FROM holiday h JOIN school sc USING (s)
