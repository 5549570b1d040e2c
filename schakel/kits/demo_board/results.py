"""The gradebook: monitoring tests twice a year in primary schools, method tests, school marks and central exams."""

import duckdb

from .exports import LAS, Export, Flaw, dangling, empty, impossible_day, shouted, text_for_number, twice, wrong_word

CATEGORIES = ("Methodetoets", "Volgtoets", "Schoolexamen", "Centraal examen")
_USUAL_TESTS = 2  # marks per subject and year when no number of facts is asked

# kind: 1 method, 2 monitoring, 3 school exam, 4 central exam. Days fall on the last school day up to the wished day.
_ITEMS = """
CREATE OR REPLACE TABLE item AS
WITH taught AS (
  SELECT k.k, k.y, k.s, k.subject, k.track, list_max(k.grades)::INTEGER AS g, y.start, y.stop, k.track IN ('po', 'so') AS basic
  FROM klass k JOIN school_year y USING (y) WHERE NOT k.is_home
), wished AS (
  SELECT t.*, 2 AS kind, m.m AS seq, FALSE AS planned,
    (CASE m.m WHEN 1 THEN make_date(year(stop), 1, 22) ELSE make_date(year(stop), 6, 3) END) + floor(u(k, 'moment') * 12)::INTEGER AS wish
  FROM taught t, unnest([1, 2]) AS m(m) WHERE basic
  UNION ALL
  SELECT t.*, CASE WHEN basic OR g < 3 THEN 1 ELSE 3 END, n.n, FALSE, start + (40 + (n.n - 0.5) * 280 / {tests} + 6 * u(k, 'week'))::INTEGER
  FROM taught t, unnest(range(1, {tests} + 1)) AS n(n)
  UNION ALL
  SELECT t.*, 4, 1, FALSE, make_date(year(stop), 5, 11) + floor(u(k, 'exam') * 9)::INTEGER
  FROM taught t JOIN track r USING (track) WHERE NOT basic AND g = r.years AND subject <> 'lo'
  UNION ALL
  SELECT t.*, CASE WHEN basic OR g < 3 THEN 1 ELSE 3 END, {tests} + 1, TRUE, least(stop - 1, DATE '{today}' + 7 + floor(u(k, 'planned') * 21)::INTEGER)
  FROM taught t WHERE y = 2
), dated AS (
  SELECT w.*, CASE WHEN w.planned THEN w.wish ELSE d.day END AS day FROM wished w ASOF JOIN school_day d ON d.s = w.s AND w.wish >= d.day
)
SELECT (row_number() OVER (ORDER BY k, kind, seq) - 1)::INTEGER AS i, * EXCLUDE (wish, start, stop),
  CASE kind WHEN 2 THEN 0 WHEN 1 THEN CASE WHEN basic THEN 0 ELSE 1 END ELSE 1 END AS low,
  CASE kind WHEN 2 THEN 350 WHEN 1 THEN CASE WHEN basic THEN 100 ELSE 10 END ELSE 10 END AS high
FROM dated WHERE planned OR (day <= DATE '{today}' AND day >= start) ORDER BY i;
"""

_SCORES = """
CREATE OR REPLACE TABLE result AS
WITH made AS (
  SELECT i.i, i.k, i.kind, i.seq, i.g, i.basic, i.day, e.p, hash(i.i, e.p) AS seat, pu.ability, i.subject
  FROM item i JOIN enrolment_row e ON e.k = i.k AND e.p IS NOT NULL AND e.begin <= i.day AND i.day < e.stop JOIN pupil pu ON pu.p = e.p
  WHERE NOT i.planned AND u(hash(i.i, e.p), 'kept') < CASE WHEN i.kind IN (2, 4) THEN {steady} ELSE {other} END
), scored AS (
  SELECT *, ability + 0.35 * normal(hash(p, subject), 'talent') + 0.30 * normal(seat, 'day') + 0.12 * normal(k, 'class') AS z,
    CASE WHEN u(seat, 'state') < 0.012 THEN 'not submitted' WHEN u(seat, 'state') < 0.018 THEN 'exempt' ELSE 'fully graded' END AS state FROM made
)
SELECT i, k, p, kind, day, state, seat, CASE WHEN state = 'fully graded' THEN CASE
    WHEN kind = 2 THEN greatest(1, least(349, round(95 + 13 * (2 * (g - 3) + seq) + 14 * z)))
    WHEN basic THEN greatest(5, least(100, round(74 + 11 * z)))
    ELSE greatest(1.0, least(10.0, round(6.5 + 1.05 * z, 1))) END::DECIMAL(5, 1) END AS score,
  CASE WHEN kind = 2 AND state = 'fully graded' THEN CASE WHEN z > 0.84 THEN 'I' WHEN z > 0.25 THEN 'II' WHEN z > -0.25 THEN 'III' WHEN z > -0.84 THEN 'IV' ELSE 'V' END END AS level
FROM scored ORDER BY i, p;
"""

_ROOM = """
SELECT count(*) FILTER (WHERE i.kind IN (2, 4)), count(*) FILTER (WHERE i.kind IN (1, 3))
FROM item i JOIN enrolment_row e ON e.k = i.k AND e.p IS NOT NULL AND e.begin <= i.day AND i.day < e.stop WHERE NOT i.planned
"""

_BULK = "NULL AS status, NULL AS dateLastModified"
_CATEGORIES = f"""
SELECT n + 1 AS _row, 'ca' || n AS sourcedId, {_BULK}, {list(CATEGORIES)}[n] AS title, NULL AS weight FROM range(1, 5) AS r(n)
"""
_LINE_ITEMS = f"""
SELECT i.i + 2 AS _row, item_id(i.i) AS sourcedId, {_BULK},
  CASE i.kind WHEN 2 THEN s.name || ' ' || ['M', 'E'][i.seq] || i.g WHEN 1 THEN 'Toets ' || lower(s.name) || ' blok ' || i.seq
    WHEN 3 THEN 'Schoolexamen ' || lower(s.name) || ' ' || i.seq ELSE 'Centraal examen ' || lower(s.name) END AS title,
  NULL AS description, i.day - CASE WHEN i.kind IN (1, 3) THEN 7 ELSE 0 END AS assignDate, i.day AS dueDate, class_id(i.k) AS classSourcedId,
  'ca' || i.kind AS categorySourcedId, 'sj' || y.ends || '-' || t.n AS academicSessionSourcedId, i.low AS resultValueMin, i.high AS resultValueMax,
  school_id(i.s) AS schoolSourcedId, i.planned AS _planned
FROM item i JOIN subject s ON s.code = i.subject JOIN school_year y USING (y) JOIN term t ON t.y = i.y AND i.day >= t.start AND i.day < t.stop
"""
_RESULTS = f"""
SELECT rowid + 2 AS _row, 're' || lpad((rowid + 1)::VARCHAR, 9, '0') AS sourcedId, {_BULK}, item_id(i) AS lineItemSourcedId, pupil_id(p) AS studentSourcedId,
  state AS scoreStatus, score, day AS scoreDate, NULL AS comment, level AS textScore, class_id(k) AS classSourcedId, FALSE AS inProgress, FALSE AS incomplete,
  u(seat, 'late') < 0.01 AS late, state = 'not submitted' AS missing
FROM result
"""
_ELSEWHERE = "(SELECT pupil_id(p) FROM pupil JOIN school USING (s) WHERE sector = 'so' ORDER BY p LIMIT 1)"

EXPORTS = (
    Export("categories.csv", LAS, _CATEGORIES, delimiter=","),
    Export("lineItems.csv", LAS, _LINE_ITEMS, (
        empty("title", "_planned"), dangling("categorySourcedId", "ca99", "_planned"), text_for_number("resultValueMax", "tien", "_planned"),
        Flaw("dueDate", "end before begin", "(assignDate - 30)::VARCHAR", "_planned", "end after begin", "accept"),
    ), delimiter=","),
    Export("results.csv", LAS, _RESULTS, (
        twice("sourcedId"), Flaw("sourcedId", "sign not allowed in a key", "'re#' || _row", "TRUE", "guid"),
        impossible_day("scoreDate", "TRUE"), empty("scoreDate"), wrong_word("scoreStatus", "nagekeken"),
        text_for_number("score", "zeven"), text_for_number("score", "7,5"), shouted("late"),
        Flaw("score", "score above the maximum", "'999'", "score IS NOT NULL", "range", "accept", "package"),
        dangling("studentSourcedId", "ll999999"), dangling("lineItemSourcedId", "ts9999999"),
        Flaw("studentSourcedId", "test of a pupil who is not in the class", _ELSEWHERE, f"studentSourcedId <> {_ELSEWHERE} AND lineItemSourcedId NOT IN "
             "(SELECT item_id(i.i) FROM item i JOIN school USING (s) WHERE sector = 'so')", "enrolled", "accept", "package"),
    ), delimiter=","),
)  # fmt: skip


def draw(con: duckdb.DuckDBPyConnection, today: object, facts: int | None) -> None:
    """Make the tables item and result; with `facts`, about that many results."""
    _make_items(con, today, _USUAL_TESTS)
    steady, other = _room(con)
    if facts is None:
        _mark(con, 1.0, 1.0)
        return
    wanted = max(0, facts - steady)
    tests = max(1, -(-_USUAL_TESTS * wanted // max(1, other)))
    _make_items(con, today, tests)
    steady, other = _room(con)
    _mark(con, min(1.0, facts / max(1, steady)), min(1.0, wanted / max(1, other)))


def _make_items(con: duckdb.DuckDBPyConnection, today: object, tests: int) -> None:
    con.execute(_ITEMS.format(today=today, tests=tests))


def _mark(con: duckdb.DuckDBPyConnection, steady: float, other: float) -> None:
    con.execute(_SCORES.format(steady=repr(steady), other=repr(other)))


def _room(con: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    row = con.execute(_ROOM).fetchone()
    return (int(row[0]), int(row[1])) if row else (0, 0)
