"""Small groups stay hidden, and cannot be worked out (law 5): attackers who know all that shows and every total."""

from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction
from itertools import combinations
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from schakel.distribute import small_groups
from schakel.distribute.derivable import determined, spans
from schakel.distribute.plans import Atom, Plan
from schakel.distribute.query import Opened, answer
from schakel.distribute.small_groups import hidden_cells
from schakel.distribute.standing import Standing
from schakel.engine.hidden import Hidden
from tests.distribute.school import DAY, START, empty, put

T = 5
BOARD = [Standing("board_member", "board")]
Cell = tuple[int, ...]


# A table of numbers of people, and an attacker


def plan_of(dims: int) -> Plan:
    """One figure that is itself a number of people, after so many names."""
    atom = Atom(hit=dims, out=None, hit_number=True, out_number=False, family="", filtered=False, heads=True)
    return Plan(None, dims + 1, [atom], {dims: (0,)}, frozenset({dims}), tuple(range(dims)))  # type: ignore[arg-type]


def hidden_in(table: dict[Cell, int]) -> tuple[set[Cell], bool]:
    """The cells that are hidden, and whether they read "< 5"."""
    dims = len(next(iter(table)))
    rows = [(*cell, count) for cell, count in table.items()]
    found = hidden_cells(rows, plan_of(dims), T)
    cells = list(table)
    return {cells[row] for row, _column in found}, any(found.values())


def totals(table: dict[Cell, int]) -> Iterator[frozenset[Cell]]:
    """Every total: all cells that share the values of some of the names."""
    dims = len(next(iter(table)))
    for size in range(dims):
        for kept in combinations(range(dims), size):
            groups: dict[tuple[int, ...], set[Cell]] = {}
            for cell in table:
                groups.setdefault(tuple(cell[d] for d in kept), set()).add(cell)
            yield from map(frozenset, groups.values())


def known(table: dict[Cell, int], hidden: set[Cell]) -> list[frozenset[Cell]]:
    """The totals that someone may know: those over enough people in which anything shows at all.

    Of a single line also the total of which nothing shows, as long as that leaves room for more than one answer.
    """
    line = len(next(iter(table))) == 1
    return [
        total
        for total in set(totals(table))
        if sum(table[c] for c in total) >= T
        and (any(_shows(table, hidden, c) for c in total) or (line and _loose(table)))
    ]


def _shows(table: dict[Cell, int], hidden: set[Cell], cell: Cell) -> bool:
    return table[cell] > 0 and cell not in hidden


def _loose(table: dict[Cell, int]) -> bool:
    parts = [count for count in table.values() if count]
    return len(parts) > 1 and len(parts) < sum(parts) < (T - 1) * len(parts)


def others(
    table: dict[Cell, int], hidden: set[Cell], few: bool, sums: Iterable[frozenset[Cell]]
) -> dict[Cell, set[int]]:
    """By trying everything: the values that each hidden cell can have, so that every known total is right."""
    cells = sorted(c for c in hidden if any(c in total for total in sums))
    rows = [([c for c in cells if c in total], sum(table[c] for c in total if c in hidden)) for total in sums]
    rows = [(inside, left) for inside, left in rows if inside]
    top = {c: (T - 1 if few else min([left for inside, left in rows if c in inside] or [12])) for c in cells}
    found: dict[Cell, set[int]] = {c: set() for c in cells}
    _try(cells, rows, top, {}, found)
    return found


def _try(
    cells: list[Cell],
    rows: list[tuple[list[Cell], int]],
    top: dict[Cell, int],
    at: dict[Cell, int],
    found: dict[Cell, set[int]],
) -> None:
    if all(len(values) > 1 for values in found.values()):
        return
    for inside, left in rows:
        done = [at[c] for c in inside if c in at]
        if sum(done) + (len(inside) - len(done)) > left or (len(done) == len(inside) and sum(done) != left):
            return
    if len(at) == len(cells):
        for cell, value in at.items():
            found[cell].add(value)
        return
    cell = cells[len(at)]
    for value in range(1, top[cell] + 1):
        _try(cells, rows, top, {**at, cell: value}, found)


def tables(*sizes: int, most: int = 9) -> st.SearchStrategy[dict[Cell, int]]:
    cells = [()] if not sizes else [(a, *rest) for a in range(sizes[0]) for rest in _places(sizes[1:])]
    return st.lists(st.integers(0, most), min_size=len(cells), max_size=len(cells)).map(
        lambda counts: dict(zip(cells, counts, strict=True))
    )


def _places(sizes: tuple[int, ...]) -> list[Cell]:
    return [()] if not sizes else [(a, *rest) for a in range(sizes[0]) for rest in _places(sizes[1:])]


small_tables = st.one_of(tables(2), tables(3), tables(5), tables(2, 2), tables(2, 3), tables(3, 3, most=5))


@settings(max_examples=300, deadline=None)
@given(small_tables)
@example(dict(zip(_places((3, 3)), [1, 2, 0, 2, 5, 3, 0, 3, 1], strict=True)))  # the whole less two totals is 2 = 1 + 1
def test_no_hidden_figure_has_only_one_possible_value(table: dict[Cell, int]) -> None:
    hidden, few = hidden_in(table)
    sums = known(table, hidden)
    for cell, values in others(table, hidden, few, sums).items():
        assert len(values) > 1, (table, hidden, cell, values)


@settings(max_examples=300, deadline=None)
@given(st.one_of(small_tables, tables(4, 4), tables(3, 3, 2), tables(6, 5)))
def test_every_small_figure_is_hidden_and_zero_is_not(table: dict[Cell, int]) -> None:
    hidden, few = hidden_in(table)
    assert {cell for cell, count in table.items() if 0 < count < T} <= hidden
    assert not {cell for cell, count in table.items() if not count} & hidden
    assert not few or all(table[cell] < T for cell in hidden)


@settings(max_examples=200, deadline=None)
@given(st.one_of(tables(4, 4), tables(3, 3, 2), tables(6, 5), tables(2, 2, 2)))
def test_nothing_follows_by_adding_and_subtracting(table: dict[Cell, int]) -> None:
    hidden, _few = hidden_in(table)
    rows = [{c for c in total if c in hidden} for total in known(table, hidden)]
    assert not exactly_known([row for row in rows if row], sorted(hidden))


def exactly_known(rows: list[set[Cell]], cells: list[Cell]) -> set[Cell]:
    """Gauss with fractions, sharing nothing with the real thing: the unknowns with a row of their own."""
    matrix = [[Fraction(c in row) for c in cells] for row in rows]
    done = 0
    for column in range(len(cells)):
        pivot = next((r for r in range(done, len(matrix)) if matrix[r][column]), None)
        if pivot is None:
            continue
        matrix[done], matrix[pivot] = matrix[pivot], matrix[done]
        matrix[done] = [value / matrix[done][column] for value in matrix[done]]
        for r, row in enumerate(matrix):
            if r != done and row[column]:
                matrix[r] = [a - row[column] * b for a, b in zip(row, matrix[done], strict=True)]
        done += 1
    return {cells[row.index(1)] for row in matrix if sum(map(bool, row)) == 1}


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sets(st.integers(0, 7), min_size=1), max_size=8))
def test_the_two_ways_of_solving_agree(rows: list[set[int]]) -> None:
    cells = [(n,) for n in range(8)]
    expected = exactly_known([{(n,) for n in row} for row in rows], cells)
    assert {(n,) for n in determined([dict.fromkeys(row, 1) for row in rows])} == expected
    assert all(spans([dict.fromkeys(row, 1) for row in rows], [dict.fromkeys(row, 1) for row in rows]))


def test_a_bridge_between_two_blocks_is_found() -> None:
    """Each line has two hidden cells or more, and yet one of them follows from the totals together."""
    rows = [{"a", "b"}, {"c", "d", "x"}, {"a", "c"}, {"b", "d"}]
    assert determined([dict.fromkeys(sorted(row), 1) for row in rows]) == {"x"}


@pytest.mark.parametrize(
    ("counts", "hidden"),
    [
        ([3, 20, 30], {0, 1}),  # the smallest other one goes with it
        ([20, 30], set()),
        ([0, 20], set()),  # nobody is not a small group
        ([3, 0], {0}),  # and its total is as small
        ([4, 5], {0, 1}),
        ([5, 5], set()),
        ([2, 2, 30], {0, 1, 2}),  # together still too few
        ([3, 3, 30], {0, 1}),
        ([1, 1, 1, 1, 1, 30], {0, 1, 2, 3, 4, 5}),  # five hidden cells of together five: each is one
        ([4, 4, 30], {0, 1, 2}),  # two that read "< 5" and add up to eight: each is four
        ([1], {0}),
    ],
)
def test_one_line(counts: list[int], hidden: set[int]) -> None:
    found, _few = hidden_in({(n,): count for n, count in enumerate(counts)})
    assert {cell[0] for cell in found} == hidden


def test_very_many_small_figures_hide_all(monkeypatch: pytest.MonkeyPatch) -> None:
    table = {(a, b): 3 if (a + b) % 2 else 50 for a in range(40) for b in range(25)}
    assert hidden_in(table)[0] == {cell for cell, count in table.items() if count == 3}
    table[0, 0] = 4
    monkeypatch.setattr(small_groups, "_MOST", 400)
    assert len(hidden_in({**table, (50, 50): 3})[0]) > 500


# The whole road: from rows of pupils to a table that is shown


def school_of(counts: dict[tuple[str, str], int], per_pupil: int = 1) -> Opened:
    """A board with so many absent pupils per school and kind, each with an own key."""
    con = empty()
    put(con, "site", "site_id name start_date", [(s, f"School {s}", START) for s in sorted({s for s, _k in counts})])
    rows = [(f"p{s}{k}{n}", s, k) for (s, k), count in counts.items() for n in range(count)]
    put(con, "enrolment", "enrolment_id pupil_id site_id start_date", [(f"e{p}", p, s, START) for p, s, _k in rows])
    put(con, "absence", "absence_id pupil_id site_id kind date clock_hours", [
        (f"a{p}{n}", p, s, k, date(2026, 9, 1 + n), 2) for p, s, k in rows for n in range(per_pupil)
    ])  # fmt: skip
    return Opened(con)


ALLOWED = frozenset(
    {"absence.kind", "absence.clock_hours", "absence.date", "enrolment.grade_year"}
    | {f"indicator_value.{name}" for name in ("value", "numerator", "denominator", "norm_state")}
)


def shown(opened: Opened, sql: str, **kwargs: Any) -> list[tuple[Any, ...]]:
    return answer(opened, sql, ALLOWED, BOARD, T, DAY, level="school", **kwargs).rows


LONG = """
SELECT site_id, kind, count(DISTINCT pupil_id) AS n, sum(clock_hours) AS uren FROM absence GROUP BY 1, 2 ORDER BY 1, 2
"""
WIDE = """
SELECT site_id, count(*) FILTER (WHERE kind = 'late') AS laat,
       sum(CASE WHEN kind = 'unknown' THEN 1 ELSE 0 END) AS onbekend,
       count_if(kind = 'authorised') AS geldig, count(*) AS alle,
       round(100.0 * count_if(kind = 'late') / count(*), 1) AS deel
FROM absence GROUP BY 1 ORDER BY 1
"""
KINDS = ("authorised", "late", "unknown")
counts_of_schools = st.fixed_dictionaries({(s, k): st.integers(0, 9) for s in "AB" for k in KINDS})


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(counts_of_schools)
def test_long_tables_from_pupils(counts: dict[tuple[str, str], int]) -> None:
    rows = shown(school_of(counts, 2), LONG)
    table = {(ord(s), KINDS.index(k)): counts[s, k] for s, k, _n, _h in rows}
    hidden = {(ord(s), KINDS.index(k)) for s, k, n, _h in rows if isinstance(n, Hidden)}
    assert hidden == {(ord(s), KINDS.index(k)) for s, k, _n, hours in rows if isinstance(hours, Hidden)}
    assert {cell for cell, count in table.items() if 0 < count < T} <= hidden
    if hidden:
        few = any(isinstance(row[2], Hidden) and row[2].below for row in rows)
        sums = known(table, hidden)
        assert all(len(values) > 1 for values in others(table, hidden, few, sums).values())


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@example(
    {
        ("A", "authorised"): 0,
        ("A", "late"): 1,
        ("A", "unknown"): 4,
        ("B", "authorised"): 0,
        ("B", "late"): 0,
        ("B", "unknown"): 5,
    }
)
@given(counts_of_schools)
def test_wide_tables_from_pupils(counts: dict[tuple[str, str], int]) -> None:
    """Across a row: what is hidden does not follow from the row's total and the rate."""
    for site, late, unknown, authorised, every, rate in shown(school_of(counts), WIDE):
        real = {"late": late, "unknown": unknown, "authorised": authorised}
        hidden = [k for k, value in real.items() if isinstance(value, Hidden)]
        assert {k for k in real if 0 < counts[site, k] < T} <= set(hidden)
        if isinstance(every, Hidden) or not every:
            continue
        assert len(hidden) != 1
        assert "late" not in hidden or isinstance(rate, Hidden)
        if hidden:
            left = every - sum(value for value in real.values() if not isinstance(value, Hidden))
            assert left >= T or sum(counts[site, k] > 0 for k in hidden) > 1
        for k in real:
            if k not in hidden and counts[site, k]:
                assert not 0 < sum(counts[site, o] for o in real if o != k) < T, "the rest of the row is too small"


def test_the_complement_of_a_rate_counts_too() -> None:
    opened = school_of({("A", "late"): 28, ("A", "unknown"): 2, ("B", "late"): 20, ("B", "unknown"): 20})
    sql = "SELECT site_id, avg(CASE WHEN kind = 'late' THEN 1.0 ELSE 0 END) AS deel FROM absence GROUP BY 1 ORDER BY 1"
    (a, b) = shown(opened, sql)
    assert isinstance(a[1], Hidden)
    assert not a[1].below, "a rate does not read as less than five"
    assert isinstance(b[1], Hidden), "its neighbour goes with it, for the total is known"


def test_a_rate_of_two_counts_that_were_joined() -> None:
    opened = school_of(
        {("A", "late"): 28, ("A", "unknown"): 2, ("B", "late"): 20, ("B", "unknown"): 20, ("C", "late"): 9}
    )
    sql = """
    WITH t AS (SELECT site_id, count(DISTINCT pupil_id) AS n FROM absence WHERE kind = 'late' GROUP BY 1),
         n AS (SELECT site_id, count(DISTINCT pupil_id) AS n FROM enrolment GROUP BY 1)
    SELECT s.name, 100.0 * t.n / n.n AS deel, n.n AS alle FROM site AS s
    LEFT JOIN t ON t.site_id = s.site_id LEFT JOIN n ON n.site_id = s.site_id ORDER BY 1
    """
    rows = shown(opened, sql)
    assert isinstance(rows[0][1], Hidden)
    assert [row[2] for row in rows] == [30, 40, 9]


def test_many_events_of_few_people_are_few_people() -> None:
    opened = school_of({("A", "late"): 2, ("B", "late"): 30, ("C", "late"): 40}, 20)
    rows = shown(opened, "SELECT site_id, count(*) AS n, avg(clock_hours) AS gem FROM absence GROUP BY 1 ORDER BY 1")
    assert all(isinstance(value, Hidden) for value in rows[0][1:])
    assert not rows[0][1].below, "40 events are not less than five"
    assert rows[2][1] == 800


def test_the_same_few_people_in_two_months_stay_few() -> None:
    """Three pupils in two months are three, not six: a total of only those is not known either."""
    con = empty()
    rows = [(f"a{p}{m}", f"p{p}", "A", "late", date(2026, m, 1)) for p in range(3) for m in (9, 10)]
    rows += [(f"b{p}{m}", f"q{p}", "A", "late", date(2026, m, 1)) for p in range(30) for m in (8, 11)]
    put(con, "absence", "absence_id pupil_id site_id kind date", rows)
    sql = "SELECT date_trunc('month', date) AS maand, count(*) AS n FROM absence GROUP BY 1 ORDER BY 1"
    found = {row[0].month: row[1] for row in shown(Opened(con), sql)}
    assert isinstance(found[9], Hidden)
    assert isinstance(found[10], Hidden)
    assert sum(isinstance(found[m], Hidden) for m in (8, 11)) == 1


def test_the_order_of_rows_tells_nothing_of_hidden_figures() -> None:
    counts = {("A", "late"): 9, ("B", "late"): 3, ("C", "late"): 2, ("D", "late"): 20, ("E", "late"): 8}
    sql = "SELECT site_id, count(*) AS n FROM absence GROUP BY 1 ORDER BY n DESC"
    rows = shown(school_of(counts), sql)
    assert [row[0] for row in rows] == ["D", "A", "E", "B", "C"]
    flipped = shown(school_of({**counts, ("B", "late"): 2, ("C", "late"): 3}), sql)
    assert rows == flipped


def test_exactly_the_threshold_shows() -> None:
    for first in range(30):  # also when two keys share a bit in the quick look
        opened = school_of({("A", f"k{first}"): 5, ("B", f"k{first}"): 40})
        assert [row[2] for row in shown(opened, LONG)] == [5, 40]


def test_whoever_sees_the_people_sees_the_figures() -> None:
    opened = school_of({("A", "late"): 3, ("B", "late"): 40})
    assert [row[2] for row in shown(opened, LONG, sees_people=True)] == [3, 40]


def test_indicator_values_go_by_their_own_people() -> None:
    con = empty()
    columns = "indicator_key site_id period snapshot_on numerator denominator value norm_state people people_hit"
    put(con, "indicator_value", columns, [
        ("I1", "A", "2026", DAY, 3, 300, 1.0, "below", 300, 3),
        ("I1", "B", "2026", DAY, 100, 300, 33.0, "above", 300, 100),
        ("I1", "C", "2026", DAY, 298, 300, 99.0, "above", 300, 298),
        ("I1", "D", "2026", DAY, 0, 3, 0.0, "below", 3, 0),
        ("I1", "E", "2026", DAY, 200, 300, 66.0, "above", 300, 200),
        ("I2", "A", "2026", DAY, 1, 2, 50.0, "above", None, None),
    ])  # fmt: skip
    opened = Opened(con)
    sql = "SELECT indicator_key, site_id, value, norm_state FROM indicator_value ORDER BY 1, 2"
    rows = {(row[0], row[1]): row[2:] for row in shown(opened, sql)}
    for site in "ACD":
        assert all(isinstance(value, Hidden) for value in rows["I1", site])
    assert rows["I2", "A"] == (50, "above"), "money and lessons are not people"
    both = "SELECT sum(numerator) AS t, sum(denominator) AS n FROM indicator_value WHERE indicator_key = 'I1'"
    assert shown(opened, both) == [(601, 1203)]


def test_figures_that_are_not_about_people_show() -> None:
    con = empty()
    put(
        con,
        "slot",
        "slot_id site_id minutes state staff_id",
        [("s1", "A", 50, "cancelled", "x"), ("s2", "B", 50, "given", "y")],
    )
    rows = answer(con, "SELECT site_id, sum(minutes) AS m FROM slot GROUP BY 1 ORDER BY 1", frozenset({"slot.minutes"}),
                  BOARD, T, DAY, level="group").rows  # fmt: skip
    assert rows == [("A", 50), ("B", 50)]
    asked = "SELECT site_id, sum(minutes) AS m FROM slot WHERE staff_id IS NOT NULL GROUP BY 1"
    found = answer(con, asked, frozenset({"slot.minutes"}), BOARD, T, DAY, level="group")
    assert all(isinstance(row[1], Hidden) for row in found.rows), "who gives the lesson is one person"
