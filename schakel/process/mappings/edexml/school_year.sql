-- The school year of the file, 1 August to 31 July.
SELECT
  s.schooljaar AS school_year,
  make_date(CAST(left(s.schooljaar, 4) AS INTEGER), 8, 1) AS start_date,
  make_date(CAST(right(s.schooljaar, 4) AS INTEGER), 7, 31) AS end_date,
  min(s._source) AS _source
FROM edexml.school AS s
GROUP BY s.schooljaar
