"""Rows that are held while a delivery is judged: in their order, with their place, and with what is emptied later."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.collect import conditions, held_rows
from schakel.collect.connectors import open_package
from schakel.collect.examination import examine
from schakel.collect.held_rows import HeldRows
from schakel.collect.layouts import Field
from schakel.engine.duck import OutOfMemory
from schakel.lib.errors import Unreadable
from tests.collect.small_roster import package, roster


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as made:
        yield made


@pytest.fixture
def held(con: duckdb.DuckDBPyConnection) -> Iterator[HeldRows]:
    """Six rows in two pieces, with a reference as text and, made when asked for, its length."""
    rows = HeldRows("results", {'"length"': 'length("text ref")'})
    for first in (0, 4):
        piece = f"SELECT range + {first} AS n, 'r' || range AS \"text ref\" FROM range({4 - first // 2}) ORDER BY n"
        assert rows.add(con, piece) == 4 - first // 2
    rows.show(con)
    yield rows
    rows.close()


def asked(con: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[object, ...]]:
    return con.execute(sql).fetchall()


def test_each_row_has_its_place_over_all_pieces(con: duckdb.DuckDBPyConnection, held: HeldRows) -> None:
    assert asked(con, "SELECT rowid, n FROM results ORDER BY rowid") == [(n, n) for n in range(6)]
    assert asked(con, "SELECT n FROM results WHERE rowid IN (SELECT unnest([1, 5])) ORDER BY n") == [(1,), (5,)]
    assert asked(con, 'SELECT DISTINCT "length" FROM results') == [(2,)]


def test_a_cell_is_emptied_in_the_rows_that_are_named_alone(con: duckdb.DuckDBPyConnection, held: HeldRows) -> None:
    held.empty(con, ('"text ref"', '"length"'), "SELECT rowid AS row FROM results WHERE n >= 4")
    held.empty(con, ('"text ref"',), "SELECT 0 AS row UNION ALL SELECT 0")
    cells = asked(con, 'SELECT "text ref", "length" FROM results ORDER BY rowid')
    assert cells == [(None, 2), ("r1", 2), ("r2", 2), ("r3", 2), (None, None), (None, None)]


def test_another_value_may_be_put_twice_and_the_last_one_counts(con: duckdb.DuckDBPyConnection, held: HeldRows) -> None:
    held.empty(con, ('"text ref"',), "SELECT 1 AS row")
    held.put(con, '"text ref"', "SELECT 3 AS row, 'first' AS value")
    held.put(con, '"text ref"', "SELECT rowid AS row, \"text ref\" || '!' AS value FROM results WHERE n IN (3, 5)")
    assert asked(con, 'SELECT rowid, n, "text ref" FROM results ORDER BY rowid') == [
        (0, 0, "r0"), (1, 1, None), (2, 2, "r2"), (3, 3, "first!"), (4, 4, "r0"), (5, 5, "r1!"),
    ]  # fmt: skip


@pytest.mark.parametrize("most", [3, 300_000])
def test_each_row_keeps_its_place_whatever_is_changed(con: duckdb.DuckDBPyConnection, most: int) -> None:
    rows = HeldRows("many", {})
    rows.add(con, f"SELECT range AS n, 'v' || range AS v, 'w' || range AS w FROM range({most})")
    rows.show(con)
    rows.empty(con, ("v",), "SELECT rowid AS row FROM many WHERE n % 2 = 1")
    rows.put(con, "w", "SELECT rowid AS row, 'x' AS value FROM many WHERE n % 3 = 0")
    rows.empty(con, ("v",), "SELECT rowid AS row FROM many WHERE v IS NULL OR n = 0")
    as_it_is = ("rowid = n", "(v IS NULL) = (n = 0 OR n % 2 = 1)", "w = CASE WHEN n % 3 = 0 THEN 'x' ELSE 'w' || n END")
    right = f"SELECT count(*), count(*) FILTER ({' AND '.join(as_it_is)}), count(DISTINCT rowid) FROM many"
    assert asked(con, right) == [(most, most, most)]
    rows.close()


def test_another_connection_sees_the_same_rows(con: duckdb.DuckDBPyConnection, held: HeldRows) -> None:
    with con.cursor() as other:
        assert asked(other, "SELECT max(rowid), count(*) FROM results") == [(5, 6)]


def test_what_is_read_in_another_way_takes_the_place_of_what_was_held(
    con: duckdb.DuckDBPyConnection, held: HeldRows
) -> None:
    held.close()
    held.add(con, 'SELECT 7 AS n, NULL AS "text ref" WHERE false')
    held.show(con)
    assert asked(con, "SELECT count(*), max(rowid) FROM results") == [(0, None)]


def test_more_than_fits_is_refused_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held_rows, "MOST", 100)
    with duckdb.connect() as own, pytest.raises(OutOfMemory):
        HeldRows("much", {}).add(own, "SELECT range AS n FROM range(1000)")
    with pytest.raises(Unreadable, match="past niet in het geheugen"):
        examine(open_package(package(tmp_path, roster())), {})


_TYPED = [
    Field("f", type=kind, required=required, pattern=pattern)
    for kind in conditions.TYPED
    for required in (True, False)
    for pattern in ("", "[0-9].*")
]
_WRITTEN = st.one_of(
    st.none(),
    st.from_regex(r"[+-]?[0-9]{1,4}([.,:T-][0-9]{0,3}){0,6}[eEZ]?[0-9]{0,3}", fullmatch=True),
    st.sampled_from(["2025-02-29", "2024-02-29", "24:00", "23:59:59", "1e999", "-", "infinity", "2025-1-5", " 1", "٣"]),
    st.sampled_from(["2025-02-28T10:00:00.000Z", "2025-02-30T10:00:00.000Z", "2025-02-28T25:00:00.000Z", "9" * 30]),
)


@given(st.lists(_WRITTEN, min_size=1, max_size=20))
def test_one_look_at_a_typed_value_misses_nothing_that_a_rule_finds(written: list[str | None]) -> None:
    """What the quick look passes over no rule would have found, and what is kept of it is what was written."""
    with duckdb.connect() as con:
        for known in _TYPED:
            rules = " OR ".join(f"coalesce({b.sql}, false)" for b in conditions.breaches(known, "c"))
            quick = f"coalesce({conditions.suspect(known, 'c')}, false)"
            lost = f"c IS NOT NULL AND ({conditions.kept_value(known, 'c')}) IS NULL"
            sql = f"SELECT c, {quick}, {rules}, {lost} FROM (SELECT CAST(unnest(?) AS VARCHAR) AS c)"
            for text, suspected, broken, empty in con.execute(sql, [written]).fetchall():
                assert suspected or not (broken or empty), (known, text)
