"""Absence with a rhythm: Mondays and Fridays, winter influenza, truancy in bouts, latecomers; and the reports to DUO.

Spells are drawn per pupil and school year, then spread over school days: whole days in primary schools, lessons in secondary.
"""

import duckdb

from .exports import Export, Flaw, dangling, empty, impossible_day, text_for_number, wrong_word

# kind: 1 sick, 2 leave, 3 unauthorised, 4 late, 5 suspended, 6 not yet known. Rates: spells per pupil and full year.
_KINDS = """
CREATE TABLE absence_kind(kind INTEGER, po DOUBLE, vo DOUBLE, letter VARCHAR, reason VARCHAR);
INSERT INTO absence_kind VALUES (1, 2.3, 1.7, 'G', 'ziek'), (2, 1.2, 1.3, 'G', 'verlof'), (3, 0.25, 0.8, 'O', NULL), (4, 1.0, 2.6, 'L', NULL),
  (5, 0.003, 0.03, 'G', 'schorsing'), (6, 0.03, 0.12, '?', NULL);
CREATE TABLE stay_days AS
SELECT t.p, t.y, t.s, t.g, h.home, sc.sector, a.n + (NOT a.is_open)::INTEGER AS first_n,
  b.n AS last_n, sc.absence * (1 + 0.15 * t.y) AS trend,
  CASE WHEN pu.conduct < 0.006 * sc.absence * sc.absence * CASE sc.sector WHEN 'vo' THEN 1.3 ELSE 0.6 END * (1 + 0.15 * t.y) THEN 26
    WHEN pu.conduct < 0.09 * sc.absence THEN 3 ELSE 0.4 END AS conduct
FROM stay t JOIN home h USING (y, s, code) JOIN school sc USING (s) JOIN pupil pu USING (p)
JOIN date_of_site a ON a.s = t.s AND a.day = t.begin JOIN date_of_site b ON b.s = t.s AND b.day = least(t.stop - 1, DATE '{today}')
WHERE b.n >= a.n + (NOT a.is_open)::INTEGER;
"""

# A candidate day is kept with a chance that follows the rhythm; twice as many are drawn as stay.
_SPELLS = """
CREATE OR REPLACE TABLE spell AS
WITH drawn AS (
  SELECT d.*, k.kind, hash(d.p, d.y, k.kind) AS seat, 2 * {factor} * (last_n - first_n + 1) / 195.0 * CASE sector WHEN 'vo' THEN k.vo ELSE k.po END
    * CASE k.kind WHEN 1 THEN 0.75 + 0.25 * trend WHEN 2 THEN 1 WHEN 3 THEN trend * conduct WHEN 4 THEN trend * (0.5 + conduct / 4)
        WHEN 5 THEN trend * conduct / 2 ELSE trend END AS expected
  FROM stay_days d, absence_kind k
), counted AS (
  SELECT *, unnest(range(floor(expected + u(seat, 'count'))::BIGINT)) AS i FROM drawn
), placed AS (
  SELECT p, y, s, home, sector, kind, last_n, hash(seat, i) AS seat,
    CASE WHEN kind IN (3, 5) AND conduct > 5 AND u(hash(seat, i), 'bout') < 0.75
      THEN least(last_n, first_n + floor(u(seat, 'bout') * (last_n - first_n + 1) + u(hash(seat, i), 'in bout') * 20))
      ELSE first_n + floor(u(hash(seat, i), 'day') * (last_n - first_n + 1)) END::INTEGER AS n
  FROM counted
)
SELECT c.*, CASE kind WHEN 1 THEN [1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 4, 5, 5, 8, 15][1 + floor(u(seat, 'length') * 20)::INTEGER]
    WHEN 5 THEN 2 ELSE 1 END AS days
FROM placed c JOIN school_day d ON d.s = c.s AND d.n = c.n
WHERE u(seat, 'keep') < 0.5 * d.rhythm * CASE kind WHEN 1 THEN d.season WHEN 3 THEN d.eve ELSE 1 END
  AND (kind <> 6 OR d.day >= DATE '{today}' - 10);
"""

# At most one line per pupil and lesson (or day): the weightiest kind wins.
_ROWS = """
CREATE OR REPLACE TABLE absence AS
WITH day AS (
  SELECT e.p, e.y, e.s, e.home, e.sector, e.kind, e.seat, e.j, d.day, d.dow
  FROM (SELECT *, unnest(range(least(days, last_n - n + 1))) AS j FROM spell) e JOIN school_day d ON d.s = e.s AND d.n = e.n + e.j
), hours AS (
  SELECT *, CASE WHEN kind IN (1, 5) THEN CASE WHEN j = 0 AND u(seat, 'ill') > 0.8 THEN 4 ELSE 1 END
      WHEN kind = 4 THEN CASE WHEN u(seat, 'hour') < 0.6 THEN 1 ELSE 1 + floor(u(seat, 'late') * 6) END
      ELSE 1 + floor(u(seat, 'hour') * 6) END::INTEGER AS h
  FROM day
), wide AS (
  SELECT *, CASE WHEN kind IN (1, 5) THEN 9 WHEN kind IN (4, 6) THEN h ELSE h + floor(u(seat, 'hours') * 3)::INTEGER END AS h_last FROM hours
), written AS (
  SELECT w.p, w.s, w.day, w.kind, l.hour, NULL::DOUBLE AS clock_hours, w.seat FROM wide w JOIN lesson l ON l.home = w.home AND l.day = w.dow
    AND l.hour BETWEEN w.h AND w.h_last WHERE w.sector = 'vo'
  UNION ALL
  SELECT p, s, day, kind, NULL, CASE WHEN kind = 4 THEN NULL WHEN kind IN (1, 5) THEN CASE WHEN h = 4 THEN 2.0 WHEN dow = 3 THEN 3.5 ELSE 5.5 END
    WHEN dow = 3 THEN 3.5 WHEN u(seat, 'part') < 0.4 THEN 3.5 WHEN u(seat, 'part') < 0.7 THEN 2.0 ELSE 5.5 END, seat
  FROM wide WHERE sector <> 'vo'
)
SELECT p, s, day, hour, min(kind) AS kind, arg_min(clock_hours, (kind, seat)) AS clock_hours, arg_min(seat, (kind, seat)) AS seat
FROM written GROUP BY p, s, day, hour;
"""

# Synthetic citizen service numbers from 9 (never issued) that pass the eleven-test; the last digit makes the sum fit.
_BSN = """
CREATE OR REPLACE TABLE pupil_bsn AS
WITH prefix AS (
  SELECT p, 90000000 + (p * 7919) % 1000000 * 9 + 0 AS base FROM pupil
), tested AS (
  SELECT p, base, list_sum([(9 - i) * substr(base::VARCHAR, i + 1, 1)::INTEGER FOR i IN range(8)]) % 11 AS rest FROM prefix
), shifted AS (
  SELECT p, CASE WHEN rest = 10 THEN CASE WHEN base % 10 = 9 THEN base - 1 ELSE base + 1 END ELSE base END AS base,
    CASE WHEN rest = 10 THEN CASE WHEN base % 10 = 9 THEN 8 ELSE 1 END ELSE rest END AS digit FROM tested
)
SELECT p, base::VARCHAR || digit::VARCHAR AS bsn FROM shifted;
"""

_FILE = """
CREATE TABLE absence_row AS
SELECT p.number, sc.brin6, a.day, a.hour, k.letter, CASE WHEN a.kind = 3 AND u(a.seat, 'reason') < 0.3 THEN 'anders' ELSE k.reason END AS reason,
  a.clock_hours, CASE WHEN a.hour IS NOT NULL AND a.kind <> 4 THEN 1 END AS lesson_hours,
  CASE WHEN a.kind = 4 THEN 2 + floor(u(a.seat, 'minutes') * u(a.seat, 'minutes again') * 40)::INTEGER END AS minutes,
  CASE WHEN u(a.seat, 'contact') < CASE a.kind WHEN 3 THEN 0.8 WHEN 1 THEN 0.25 ELSE 0.05 END
    THEN least(DATE '{today}', a.day + floor(u(a.seat, 'contact day') * 4)::INTEGER) END AS contact,
  CASE WHEN u(a.seat, 'remark') < 0.12 THEN pick(CASE a.kind
      WHEN 1 THEN ['moeder belde', 'buikgriep', 'vader gemaild, blijft thuis', 'migraine', 'ziek naar huis', 'koorts; belt morgen terug']
      WHEN 2 THEN ['tandarts', 'orthodontist', 'huwelijk familie in België', 'begrafenis oma', 'rijexamen', 'open dag hbo']
      WHEN 3 THEN ['niet in de les, wel op school gezien', 'geen bericht', 'thuis niet bereikt', 'gesprek gehad; afspraken gemaakt']
      ELSE ['bus te laat', 'verslapen', 'lekke band', 'brug open', '€ 0 boete; briefje gehaald'] END, u(a.seat, 'which remark')) END AS remark,
  b.bsn
FROM absence a JOIN absence_kind k USING (kind) JOIN pupil p USING (p) JOIN school sc ON sc.s = a.s JOIN pupil_bsn b USING (p)
ORDER BY a.day, a.s, p.number, a.hour;
"""

_REPORTS = """
CREATE TABLE report AS
WITH missed AS (
  SELECT a.p, a.s, a.day, d.n, d.y, sum(coalesce(a.clock_hours, 1)) AS hours
  FROM absence a JOIN school_day d ON d.s = a.s AND d.day = a.day WHERE a.kind = 3 GROUP BY ALL
), summed AS (
  SELECT *, sum(hours) OVER (PARTITION BY p ORDER BY n RANGE BETWEEN 19 PRECEDING AND CURRENT ROW) AS four_weeks FROM missed
), first_time AS (
  SELECT p, s, y, min(day) AS reached, arg_min(n, day) AS n, arg_min(four_weeks, day) AS hours FROM summed WHERE four_weeks >= 16 GROUP BY ALL
), again AS (
  SELECT m.*, f.n AS since, sum(m.hours) OVER (PARTITION BY m.p, m.y ORDER BY m.n RANGE BETWEEN 19 PRECEDING AND CURRENT ROW) AS four_weeks
  FROM missed m JOIN first_time f USING (p, s, y) WHERE m.n > f.n + 3
), second_time AS (
  SELECT p, s, y, min(day) AS reached, arg_min(n, day) AS n, arg_min(four_weeks, day) AS hours FROM again WHERE four_weeks >= 16 GROUP BY ALL
), eve AS (
  SELECT a.p, a.s, d.y, min(a.day) AS reached, min(d.n) AS n, 0 AS hours FROM absence a JOIN school_day d ON d.s = a.s AND d.day = a.day
  WHERE a.kind = 3 AND d.eve > 1 AND u(a.p, 'luxury') < 0.5 GROUP BY ALL
), every AS (
  SELECT *, CASE WHEN u(p, 'lrv') < 0.08 THEN 'LRV' ELSE '16 uur' END AS kind FROM first_time
  UNION ALL SELECT *, 'vervolg' FROM second_time UNION ALL SELECT *, 'anders' FROM eve
), dated AS (
  SELECT e.*, hash(e.p, e.y, e.kind) AS seat FROM every e
)
SELECT r.p, r.s, r.kind, d.day AS reported, greatest(r.reached, c.day) AS period_end
FROM dated r JOIN school_day d ON d.s = r.s AND d.n = r.n + CASE WHEN u(seat, 'in time') < 0.86 THEN 1 + floor(u(seat, 'days') * 4)::INTEGER
    ELSE 6 + floor(u(seat, 'days') * 9)::INTEGER END
JOIN school_day c ON c.s = r.s AND c.n = d.n - 1
WHERE u(seat, 'at all') < 0.94 AND d.day <= DATE '{today}';
CREATE TABLE report_row AS SELECT p.number, r.kind, r.reported, r.period_end FROM report r JOIN pupil p USING (p) ORDER BY r.reported, p.number, r.kind;
"""

_VERZUIM = """
SELECT rowid + 2 AS _row, number AS Leerlingnummer, brin6 AS Vestiging, nl_date(day) AS Datum, hour AS Lesuur, letter AS Soort, reason AS Reden,
  nl_number(clock_hours, '%.1f') AS Klokuren, lesson_hours AS Lesuren, minutes AS "Minuten te laat", nl_date(contact) AS "Contact op",
  remark AS Opmerking, bsn AS BSN
FROM absence_row
"""
_MELDINGEN = """
SELECT rowid + 2 AS _row, number AS Leerlingnummer, kind AS Meldingsoort, nl_date(reported) AS "Datum melding", nl_date(period_end) AS "Einde verzuimperiode"
FROM report_row
"""

EXPORTS = (
    Export("verzuim", "verzuim", _VERZUIM, (
        impossible_day("Datum", "TRUE", dutch=True), wrong_word("Soort", "X"), dangling("Leerlingnummer", "9999999", found_in="roster"),
        empty("Leerlingnummer"), wrong_word("Reden", "vakantie", action="drop value"), text_for_number("Klokuren", "hele dag"),
        text_for_number("Lesuren", "een"), dangling("Vestiging", "98ZZ00", found_in="roster"), empty("Datum"),
        Flaw("Datum", "date in another notation", "strftime(strptime(Datum, '%d-%m-%Y'), '%Y/%m/%d')", "TRUE", "date"),
    ), encoding="cp1252"),
    Export("meldingen", "meldingen", _MELDINGEN, (
        wrong_word("Meldingsoort", "spijbelen"), dangling("Leerlingnummer", "9999999", found_in="roster"),
        impossible_day("Datum melding", "TRUE", dutch=True),
    ), encoding="cp1252"),
)  # fmt: skip


def draw(con: duckdb.DuckDBPyConnection, today: object, facts: int | None) -> int:
    """Make the tables absence and report; with `facts`, about that many rows. Returns the number of absence rows."""
    con.execute(_KINDS.format(today=today))
    made = _draw_once(con, today, 1.0)
    for _ in range(2):
        if facts is None or made == 0 or abs(made - facts) < facts * 0.02:
            break
        made = _draw_once(con, today, _factor(con, facts, made))
    con.execute(_BSN + _FILE.format(today=today) + _REPORTS.format(today=today))
    return made


def _draw_once(con: duckdb.DuckDBPyConnection, today: object, factor: float) -> int:
    con.execute("CREATE OR REPLACE TABLE absence_factor AS SELECT $1::DOUBLE AS factor", [factor])
    con.execute(_SPELLS.format(today=today, factor=repr(float(factor))) + _ROWS)
    row = con.execute("SELECT count(*) FROM absence").fetchone()
    return int(row[0]) if row else 0


def _factor(con: duckdb.DuckDBPyConnection, facts: int, made: int) -> float:
    row = con.execute("SELECT factor FROM absence_factor").fetchone()
    return float(row[0] if row else 1.0) * facts / made
