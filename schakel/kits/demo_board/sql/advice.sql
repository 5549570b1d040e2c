-- Advice of group 8 on the ladder: provisional in the second half of January, the test's, final before 25 March. After a higher test
-- advice the final one is raised, unless a reason says why not. What lies after today is not known yet.
CREATE TABLE advice AS
WITH eight AS (
  SELECT t.p, y.label, p.number, year(y.stop) AS jaar, p.ability + 0.3 * normal(t.p, 'advice') - 0.1 AS z,
    p.ability + 0.45 * normal(t.p, 'test') AS test_z
  FROM stay t JOIN pupil p USING (p) JOIN school_year y USING (y)
  WHERE t.track IN ('po', 'so') AND t.g = 8 AND t.stop >= make_date(year(y.stop), 2, 1)
), stepped AS (
  SELECT *, [greatest(1, least(10, (5.9 + 2.5 * x)::INTEGER)) FOR x IN [z, test_z]] AS step,
    make_date(jaar, 1, 12) + floor(u(p, 'day one') * 18)::INTEGER AS first_day,
    make_date(jaar, 3, 16) + floor(u(p, 'day two') * 8)::INTEGER AS last_day,
    first_day <= getvariable('today') AS begun, last_day <= getvariable('today') AS done,
    u(p, 'no test') > 0.02 AS has_test,
    CASE WHEN has_test AND step[2] > step[1] AND u(p, 'raise') < 0.78 THEN step[2] ELSE step[1] END AS final
  FROM eight
)
SELECT number, label, CASE WHEN begun THEN step[1] END AS one, CASE WHEN begun THEN first_day END AS first_day,
  CASE WHEN done AND has_test THEN step[2] END AS test, CASE WHEN done THEN final END AS final,
  CASE WHEN done THEN last_day END AS last_day,
  CASE WHEN done AND test > final THEN pick([
    'Het bijgestelde advies is in overleg met ouders en leerling niet in het belang van de leerling.',
    'Werkhouding en concentratie passen bij het voorlopig advies; besproken met ouders.',
    'Toetsresultaat wijkt eenmalig af van drie jaar volgtoetsen.',
    'Leerling en ouders kiezen bewust voor een praktische leerweg; geëvalueerd met de ib''er.'], u(p, 'why')) END AS reason
FROM stepped
ORDER BY label, number;
