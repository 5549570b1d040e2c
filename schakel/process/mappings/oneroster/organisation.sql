-- The board (org of type district) and its schools (type school). The identifier of a school is its BRIN6: four characters BRIN and two
-- of the site; the identifier of a board is its number at DUO. The sector comes from the extra column metadata.sector.
-- OneRoster does not say when an organisation began: start_date and end_date stay unknown.
SELECT
  o.sourcedId AS organisation_id,
  o.parentSourcedId AS parent_id,
  CASE o.type WHEN 'district' THEN 'board' ELSE 'school' END AS kind,
  o.name AS name,
  CASE WHEN o.type = 'district' THEN o.identifier END AS board_number,
  CASE WHEN o.type = 'school' THEN left(o.identifier, 4) END AS brin,
  CASE WHEN lower(o."metadata.sector") IN ('po', 'vo', 'so') THEN lower(o."metadata.sector") END AS sector,
  o._source AS _source
FROM oneroster.orgs AS o
WHERE o.type IN ('district', 'school')
