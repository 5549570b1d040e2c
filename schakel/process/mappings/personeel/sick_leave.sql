-- Spells of sick leave; the person is found by staff number. The percentage becomes a fraction of the appointment; a source in which no percentage is
-- above 1 tells fractions, as a spreadsheet keeps 50%. The day of recovery is the first day back at work: the last day of the spell is the day before,
-- and never before the first.
SELECT
  s.spell AS spell_id,
  staff.staff_id AS staff_id,
  s.kind AS kind,
  CAST(s.sick_percentage AS DECIMAL(18,4))
    / CASE WHEN max(CAST(s.sick_percentage AS DECIMAL(18,4))) OVER (PARTITION BY s._source) <= 1 THEN 1 ELSE 100 END AS sick_fraction,
  CAST(s.start_date AS DATE) AS start_date,
  CASE WHEN s.end_date IS NOT NULL THEN greatest(CAST(s.end_date AS DATE) - 1, CAST(s.start_date AS DATE)) END AS end_date,
  s._source AS _source
FROM personeel.sick_leave AS s
LEFT JOIN known_staff AS staff ON staff.staff_number = s.staff_number
