"""What several figures read in the same form is computed once, and no figure is another for it."""

from collections.abc import Iterator
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schakel.lib.plain_yaml import from_yaml
from schakel.steer.indicators import Definition, compute, definitions
from schakel.steer.values import Value, values
from tests.steer.starter import starter_norms
from tests.steer.test_cases import FOLDER, school

CASES = from_yaml((FOLDER / "I_ABS_ALL.yaml").read_text(encoding="utf-8"))
ALL = definitions(starter_norms())
HOURS = [d for d in ALL if d.key in ("I_ABS_ALL", "I_ABS_UNAUTH")]


@pytest.fixture(scope="module")
def tables() -> Iterator[duckdb.DuckDBPyConnection]:
    """The tables of the first case of absence: hours that were planned, and hours that were missed."""
    case = CASES["gevallen"][0]
    with school({**CASES["altijd"], "slot": case["slot"], "absence": case["absence"]}) as con:
        yield con


class Listening:
    """A connection that remembers which tables it was asked to make."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.con, self.made = con, list[str]()

    def execute(self, sql: str, *more: Any) -> Any:
        if sql.startswith("CREATE TEMP TABLE"):
            self.made.append(sql.split()[3])
        return self.con.execute(sql, *more)


def figures(con: Any, found: list[Definition]) -> list[Value]:
    """What comes of computing just these, with nothing left behind."""
    compute(con, found, CASES["vandaag"])
    there = values(getattr(con, "con", con))
    con.execute("DROP TABLE indicator_value")
    return there


def test_planned_hours_are_computed_once_for_both_figures(tables):
    con = Listening(tables)
    assert {v.indicator_key for v in figures(con, HOURS)} == {"I_ABS_ALL", "I_ABS_UNAUTH"}
    assert con.made == ["planned_hours"]
    assert "planned_hours" in HOURS[0].query(known(tables))
    assert "planned_hours AS (" not in HOURS[0].query(known(tables), HOURS[0].shared(known(tables)))


def test_for_one_figure_no_table_is_made(tables):
    con = Listening(tables)
    assert figures(con, HOURS[:1])
    assert con.made == []


def test_nothing_of_it_stays(tables):
    figures(tables, ALL)
    assert tables.execute("SELECT count(*) FROM duckdb_tables() WHERE temporary").fetchone() == (0,)
    assert figures(tables, ALL) == figures(tables, ALL)


def test_a_form_that_differs_stays_its_own(tables):
    """A definition that reads more of the shared query, or another one of that name, computes it for itself."""
    other = Definition("X", HOURS[0].sql.replace("'home'", "'teaching'"), "u", "low", "school", True)
    con = Listening(tables)
    assert figures(con, [HOURS[0], other])
    assert con.made == []
    assert not HOURS[0].shared(known(tables)) & other.shared(known(tables))


@given(st.lists(st.sampled_from(ALL), unique_by=lambda d: d.key))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_computed_together_each_figure_is_what_it_is_alone(tables, found):
    alone = [value for each in found for value in figures(tables, [each])]
    together = figures(tables, found)
    assert sorted(together, key=repr) == sorted(alone, key=repr)


def known(con: duckdb.DuckDBPyConnection) -> frozenset[str]:
    rows = con.execute("SELECT table_name || '.' || column_name FROM duckdb_columns()").fetchall()
    return frozenset(row[0] for row in rows)
