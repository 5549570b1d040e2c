"""How long a delivery takes beside the same question asked of DuckDB directly, on the same rows in the same run.

    python bench/deliver.py [--pupils 20000] [--facts 1000000] [--times 15]

Prints, for a teacher, a school and the board, the median and the slowest of ten in milliseconds: the question with its
scope written out by hand, the answer (need, scope, small groups), and the ratio of the two.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from schakel.distribute.query import Opened, answer
from schakel.distribute.standing import Standing
from schakel.engine import duck
from schakel.process.model import school_model

DAY = date(2026, 11, 23)
ALLOWED = frozenset(
    {"pupil.first_name", "pupil.family_name", "absence.kind", "absence.clock_hours", "membership.group_id"}
)
PERSON = """
SELECT p.first_name, p.family_name, count(*) AS keren, sum(a.clock_hours) AS uren
FROM pupil AS p JOIN absence AS a ON a.pupil_id = p.pupil_id
WHERE a.kind = 'late' AND a.date >= DATE '2026-08-01'
GROUP BY p.pupil_id, p.first_name, p.family_name ORDER BY uren DESC
"""
SCHOOL = """
SELECT a.site_id, date_trunc('month', a.date) AS maand, a.kind, count(*) AS keren, sum(a.clock_hours) AS uren
FROM absence AS a GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""
VALID = f"start_date <= DATE '{DAY}' AND (end_date IS NULL OR end_date >= DATE '{DAY}')"
MEMBERS = f"SELECT pupil_id FROM membership WHERE group_id = 'g7' AND {VALID}"
PUPILS = f"SELECT pupil_id FROM enrolment WHERE site_id = 'site-03' AND {VALID}"


CHILD = """
SELECT i, 'pupil-' || lpad(i::VARCHAR, 6, '0') AS key, 'site-' || lpad((i % 13)::VARCHAR, 2, '0') AS site,
       'g' || (i % ({pupils} // 25)) AS home
FROM range({pupils}) AS t(i)
"""
FACTS = """
INSERT INTO absence (absence_id, pupil_id, site_id, date, kind, clock_hours)
SELECT 'a' || n, c.key, c.site, DATE '2024-08-01' + (hash(n * 7) % 840)::INTEGER,
       ['authorised', 'unauthorised', 'late', 'unknown'][1 + (hash(n * 3) % 4)::BIGINT], (hash(n * 5) % 8) / 2
FROM range({facts}) AS t(n) JOIN child AS c ON c.i = (hash(n) % {pupils})::BIGINT
ORDER BY c.site, c.key
"""


def make(path: Path, pupils: int, facts: int) -> None:
    """A snapshot of thirteen schools in the tables of the school model, sorted as snapshots are."""
    con = duckdb.connect(str(path))
    for name, table in school_model().items():
        columns = ", ".join(f"{duck.quoted(c.name)} {c.type}" for c in table.columns.values())
        con.execute(f"CREATE TABLE {duck.quoted(name)} ({columns})")
    con.execute(f"CREATE VIEW child AS {CHILD.format(pupils=pupils)}")
    con.execute("INSERT INTO site (site_id, name) SELECT DISTINCT site, 'School' FROM child")
    con.execute("INSERT INTO pupil (pupil_id, first_name, family_name) SELECT key, 'Kind' || i, 'Jansen' FROM child")
    con.execute(
        "INSERT INTO enrolment (enrolment_id, pupil_id, site_id, start_date) "
        "SELECT 'e' || i, key, site, DATE '2024-08-01' FROM child"
    )
    con.execute(
        "INSERT INTO membership (pupil_id, group_id, start_date) SELECT key, home, DATE '2026-08-01' FROM child"
    )
    con.execute(FACTS.format(pupils=pupils, facts=facts))
    con.execute("DROP VIEW child")
    con.close()


def timed(work: Callable[[], Any], times: int) -> tuple[float, float]:
    """Median and nine-in-ten of so many runs, in milliseconds, after two to warm up."""
    spent = []
    for run in range(times + 2):
        began = time.perf_counter()
        work()
        if run > 1:
            spent.append((time.perf_counter() - began) * 1000)
    return statistics.median(spent), sorted(spent)[int(len(spent) * 0.9)]


def main() -> None:
    """Measure and print, with a mark where a bar of the design is passed: a time is no failure of this program."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--pupils", type=int, default=20_000)
    parser.add_argument("--facts", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=15)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.duckdb"
        make(path, asked.pupils, asked.facts)
        measure(path, asked.facts, asked.times)


def measure(path: Path, facts: int, times: int) -> None:
    """The three deliveries beside their bare questions."""
    snapshot = Opened(duck.reader(path))
    cases = [
        ("leraar", 10, PERSON, "person", [Standing("teacher", "own_groups", groups=frozenset({"g7"}))],
         PERSON.replace("WHERE", f"WHERE p.pupil_id IN ({MEMBERS}) AND a.pupil_id IN ({MEMBERS}) AND")),
        ("school", 15, PERSON, "person", [Standing("school_leader", "own_school", frozenset({"site-03"}))],
         PERSON.replace("WHERE", f"WHERE p.pupil_id IN ({PUPILS}) AND a.site_id = 'site-03' AND")),
        ("bestuur", 40, SCHOOL, "school", [Standing("board_member", "board")], SCHOOL),
    ]  # fmt: skip
    print(f"{facts:,} feiten; milliseconden, mediaan (9 van 10)")
    print(f"{'voor':<10}{'kaal in DuckDB':>20}{'geleverd':>20}{'verhouding':>12}{'lat':>8}")
    for name, bar, sql, level, standings, plain in cases:
        alone = timed(_asking(snapshot, plain), times)
        whole = timed(_answering(snapshot, sql, standings, level), times)
        row = f"{name:<10}{alone[0]:>12.1f} ({alone[1]:.1f}){whole[0]:>13.1f} ({whole[1]:.1f})"
        over = "  erboven" if facts == 1_000_000 and whole[0] > bar else ""
        print(f"{row}{whole[0] / alone[0]:>12.2f}{bar:>8}{over}")


def _asking(snapshot: Opened, sql: str) -> Callable[[], Any]:
    return lambda: snapshot.cursor.execute(sql).fetchall()


def _answering(snapshot: Opened, sql: str, standings: list[Standing], level: str) -> Callable[[], Any]:
    return lambda: answer(snapshot, sql, ALLOWED, standings, 5, DAY, level=level)


if __name__ == "__main__":
    main()
