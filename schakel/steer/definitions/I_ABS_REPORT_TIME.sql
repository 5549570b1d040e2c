-- Reports within five working days, of the times that a pupil reached 16 hours without reason within four consecutive school weeks and those five
-- days have passed, per school year. The rule is that of I_ABS_16H: at least 16 (shared/hours_in_four_weeks.sql); after a report the counting begins
-- again, so that a pupil can reach it more than once. Five working days after a school day is the same weekday a week later. The duty holds under 18;
-- an unknown birth date is taken to be. A report by who was not seen to reach 16 hours (a holiday out of season, a signal) does not count here.
WITH reached AS (
  SELECT r.site_id AS site_id, r.pupil_id AS pupil_id, min(r.date) AS date
  FROM hours_in_four_weeks AS r
  WHERE r.hours >= 16
  GROUP BY r.site_id, r.pupil_id, r.stretch
),
due AS (
  SELECT
    r.site_id AS site_id, r.pupil_id AS pupil_id, y.school_year AS school_year,
    EXISTS (
      SELECT 1 FROM absence_report AS b
      WHERE b.pupil_id = r.pupil_id AND b.reported_on BETWEEN r.date AND r.date + INTERVAL 7 DAY
    ) AS is_reported
  FROM reached AS r
  JOIN school_year AS y ON r.date BETWEEN y.start_date AND y.end_date
  LEFT JOIN pupil AS p ON p.pupil_id = r.pupil_id
  WHERE r.date + INTERVAL 7 DAY < $today AND (p.birth_date IS NULL OR p.birth_date + INTERVAL 18 YEAR > r.date)
)
SELECT
  d.site_id AS site_id,
  d.school_year AS period,
  count(CASE WHEN d.is_reported THEN 1 END) AS numerator,
  count(*) AS denominator,
  count(DISTINCT d.pupil_id) AS people,
  count(DISTINCT d.pupil_id) AS people_hit
FROM due AS d
GROUP BY d.site_id, d.school_year
