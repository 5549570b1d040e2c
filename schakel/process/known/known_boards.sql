-- The boards of the schools that EDEXML files are about, by their number, where the site list of DUO was collected.
SELECT d.board_number AS board_number, min(s._source) AS _source
FROM duo_vestigingen_po.site AS d
JOIN edexml.school AS s ON s.brincode = d.brin
GROUP BY d.board_number
