"""School advice in group 8: provisional in January, the test's advice, final before 25 March (three years)."""

import duckdb

from .exports import Export, Flaw, dangling, impossible_day, wrong_word

# From low to high; a raise is a step up this ladder.
LADDER = ("pro", "vmbo-b", "vmbo-b/k", "vmbo-k", "vmbo-k/gt", "vmbo-gt", "vmbo-gt/havo", "havo", "havo/vwo", "vwo")

_ADVICE = f"""
CREATE TABLE advice AS
WITH eight AS (
  SELECT t.p, t.y, y.label, p.number, year(y.stop)::BIGINT AS jaar, p.ability + 0.3 * normal(t.p, 'advice') AS z, p.ability + 0.45 * normal(t.p, 'test') AS test_z
  FROM stay t JOIN pupil p USING (p) JOIN school_year y USING (y) JOIN school sc ON sc.s = t.s WHERE sc.sector IN ('po', 'so') AND t.g = 8 AND t.stop >= make_date(year(y.stop)::BIGINT, 2, 1)
), stepped AS (
  SELECT *, [greatest(1, least(10, (5.9 + 2.5 * x)::INTEGER)) FOR x IN [z - 0.1, test_z]] AS step FROM eight
), dated AS (
  SELECT *, make_date(jaar, 1, 12) + floor(u(p, 'day one') * 18)::INTEGER AS first_day, make_date(jaar, 3, 16) + floor(u(p, 'day two') * 8)::INTEGER AS last_day,
    CASE WHEN step[2] > step[1] AND u(p, 'raise') < 0.78 THEN step[2] ELSE step[1] END AS final FROM stepped
)
SELECT number, label, {list(LADDER)} AS ladder, CASE WHEN first_day <= DATE '{{today}}' THEN step[1] END AS one, CASE WHEN first_day <= DATE '{{today}}' THEN first_day END AS first_day,
  CASE WHEN last_day <= DATE '{{today}}' AND u(p, 'no test') > 0.02 THEN step[2] END AS test, CASE WHEN last_day <= DATE '{{today}}' THEN final END AS final,
  CASE WHEN last_day <= DATE '{{today}}' THEN last_day END AS last_day,
  CASE WHEN last_day <= DATE '{{today}}' AND step[2] > final THEN pick(['Het bijgestelde advies is in overleg met ouders en leerling niet in het belang van de leerling.',
    'Werkhouding en concentratie passen bij het voorlopig advies; besproken met ouders.', 'Toetsresultaat wijkt eenmalig af van drie jaar volgtoetsen.',
    'Leerling en ouders kiezen bewust voor een praktische leerweg; geëvalueerd met de ib''er.'], u(p, 'why')) END AS reason
FROM dated ORDER BY label, number;
"""

_ADVIEZEN = """
SELECT rowid + 2 AS _row, number AS Leerlingnummer, label AS Schooljaar, ladder[one] AS "Voorlopig advies", nl_date(first_day) AS "Datum voorlopig",
  ladder[test] AS Toetsadvies, ladder[final] AS "Definitief advies", nl_date(last_day) AS "Datum definitief", reason AS Motivering
FROM advice
"""

EXPORTS = (
    Export("adviezen", "adviezen", _ADVIEZEN, (
        dangling("Leerlingnummer", "9999999", found_in="roster"), impossible_day("Datum voorlopig", "TRUE", dutch=True, action="drop value"),
        wrong_word("Definitief advies", "mavo", action="drop value"), Flaw("Schooljaar", "school year written otherwise", "right(Schooljaar, 4)", "TRUE", "school year"),
    ), encoding="cp1252"),
)  # fmt: skip


def draw(con: duckdb.DuckDBPyConnection, today: object) -> None:
    """Make the table advice, in the order of the file; what lies after today is not known yet."""
    con.execute(_ADVICE.format(today=today))
