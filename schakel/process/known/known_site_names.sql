-- The names of sites, by BRIN6, where the site list of DUO was collected.
SELECT d.site_code AS site_code, min(d.name) AS name
FROM duo_vestigingen_po.site AS d
GROUP BY d.site_code
