"""Figures of indicators show to who may see everyone behind them, and to nobody else, whatever a query does (law 5)."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schakel.distribute.query import Opened, answer
from schakel.distribute.standing import Standing
from schakel.engine.hidden import Hidden
from schakel.lib.errors import Refused
from tests.distribute.school import DAY, empty, put

BOARD = [Standing("board_member", "board")]
ALLOWED = frozenset(f"indicator_value.{name}" for name in ("value", "numerator", "period", "indicator_key"))
ALLOWED |= {"slot.staff_id"}
COLUMNS = "indicator_key site_id period snapshot_on numerator denominator value norm_state people people_hit"


def shown(opened: Opened, sql: str, seen: frozenset[str] = frozenset()) -> list[tuple[Any, ...]]:
    return answer(opened, sql, ALLOWED, BOARD, 5, DAY, level="school", sees_behind=seen).rows


FIGURES = """
    SELECT i.indicator_key AS k, i.period AS p, i.site_id AS site, i.value AS v, i.numerator AS n
    FROM indicator_value AS i
"""


def figures() -> Opened:
    con = empty()
    put(con, "indicator_value", COLUMNS, [
        (key, "A", period, DAY, 3, 300, 0.01, "below", 300, 3)
        for key in ("I_ABS", "I_SICK") for period in ("2025-07", "2025-2026", "2026-09", "2026-2027")
    ])  # fmt: skip
    put(con, "slot", "slot_id site_id staff_id", [("s1", "A", "x"), ("s2", "A", "y")])
    return Opened(con)


def open_of(sql: str, *seen: str) -> set[tuple[str, str]]:
    """The (indicator, period) of the rows of which every figure shows."""
    rows = shown(figures(), sql, frozenset(seen))
    return {row[:2] for row in rows if not any(isinstance(value, Hidden) for value in row)}


def test_of_what_somebody_may_see_the_figures_of_this_school_year_show() -> None:
    assert open_of(FIGURES) == set()
    assert open_of(FIGURES, "I_ABS") == {("I_ABS", "2026-09"), ("I_ABS", "2026-2027")}
    assert open_of(FIGURES, "I_OTHER") == set()


def test_so_they_do_in_a_total() -> None:
    total = FIGURES.replace("i.site_id AS site, i.value AS v, i.numerator", "sum(i.numerator)") + " GROUP BY 1, 2"
    assert open_of(total, "I_ABS") == {("I_ABS", "2026-09"), ("I_ABS", "2026-2027")}


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 'I_ABS' AS k, i.period AS p, i.site_id AS site, i.value AS v FROM indicator_value AS i",
        "SELECT CASE WHEN i.indicator_key = 'I_SICK' THEN 'I_ABS' ELSE i.indicator_key END AS k, i.period AS p,"
        " i.site_id AS site, i.value AS v FROM indicator_value AS i",
        "WITH f AS (SELECT CASE WHEN j.indicator_key = 'I_SICK' THEN 'I_ABS' END AS indicator_key, j.period AS period,"
        " j.site_id AS site_id, j.value AS value FROM indicator_value AS j)"
        " SELECT i.indicator_key AS k, i.period AS p, i.site_id AS site, i.value AS v FROM f AS i",
        "SELECT i.indicator_key AS k, i.period AS p, i.site_id AS site, j.value AS v FROM indicator_value AS i"
        " JOIN indicator_value AS j ON j.site_id = i.site_id AND j.period = i.period",
        "WITH c AS (SELECT s.site_id AS site_id, count(DISTINCT s.staff_id) AS n FROM slot AS s GROUP BY s.site_id)"
        " SELECT i.indicator_key AS k, i.period AS p, i.site_id AS site, c.n AS v FROM indicator_value AS i"
        " JOIN c ON c.site_id = i.site_id",
        "SELECT i.indicator_key AS k, '2026-2027' AS p, i.site_id AS site, i.value AS v FROM indicator_value AS i",
        "SELECT i.site_id AS k, i.site_id AS p, i.value AS v FROM indicator_value AS i",
    ],
)
def test_a_row_that_does_not_say_itself_of_what_it_is_stays_hidden(sql: str) -> None:
    try:
        assert open_of(sql, "I_ABS") == set()
    except Refused as refusal:
        assert refusal.code in {"sql", "small-groups"}


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.sampled_from(["I_ABS", "I_SICK"]), st.sampled_from("ABC"), st.integers(0, 12)), max_size=8),
    st.frozensets(st.sampled_from(["I_ABS", "I_SICK"])),
)
def test_what_may_not_be_seen_is_hidden_as_if_nothing_else_were_open(cells, seen) -> None:
    con = empty()
    rows = {(key, site): (key, site, "2026-2027", DAY, hit, 40, hit / 40, "below", 40, hit) for key, site, hit in cells}
    put(con, "indicator_value", COLUMNS, list(rows.values()))
    sql = f"{FIGURES} ORDER BY 1, 3"
    closed, found = shown(Opened(con), sql), shown(Opened(con), sql, seen)
    for before, after in zip(closed, found, strict=True):
        if before[0] in seen:
            assert not any(isinstance(value, Hidden) for value in after)
        else:
            assert after == before
