"""Who is in the whole and not in the count: two of thirty are two people, however the question is put (law 5)."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from schakel.distribute.query import Opened, answer
from schakel.distribute.standing import Standing
from schakel.engine.hidden import Hidden
from tests.distribute.school import DAY, START, empty, put

CASES = Path(__file__).parents[1] / "cases" / "left_over.tsv"
BOARD = [Standing("board_member", "board")]
ALLOWED = frozenset({"absence.kind", "absence.clock_hours", "enrolment.grade_year"})
T = 5
Kinds = dict[str, list[str]]  # pupil -> the kinds of absence that there were


def school(absent: dict[str, Kinds]) -> Opened:
    """Schools with their pupils, each with the absences that are given."""
    con = empty()
    put(con, "site", "site_id name start_date", [(site, site, START) for site in absent])
    pupils = [(site, pupil, kinds) for site, found in absent.items() for pupil, kinds in found.items()]
    put(con, "enrolment", "enrolment_id pupil_id site_id start_date", [(f"e{p}", p, s, START) for s, p, _k in pupils])
    rows = [(f"a{p}{n}", p, s, k, date(2026, 9, 1 + n), 2) for s, p, kinds in pupils for n, k in enumerate(kinds)]
    put(con, "absence", "absence_id pupil_id site_id kind date clock_hours", rows)
    return Opened(con)


def one_each(site: str, **counts: int) -> Kinds:
    """So many pupils with one absence of each kind."""
    return {f"{site}{kind}{n}": [kind] for kind, count in counts.items() for n in range(count)}


def pairs() -> list[tuple[frozenset[str], str]]:
    lines = [line for line in CASES.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return [(frozenset(hidden.replace(".", "").split()), sql) for hidden, sql in (line.split("\t") for line in lines)]


@pytest.fixture(scope="module")
def uneven() -> Opened:
    return school({"A": one_each("A", late=28, unknown=2), "C": one_each("C", late=30, unknown=30)})


@pytest.fixture(scope="module")
def even() -> Opened:
    return school({"A": one_each("A", late=20, unknown=20), "C": one_each("C", late=30, unknown=30)})


def hidden_at(opened: Opened, sql: str, site: str) -> set[str]:
    found = answer(opened, sql, ALLOWED, BOARD, T, DAY, level="school")
    rows = [dict(zip(found.names, row, strict=True)) for row in found.rows if site in row]
    assert len(rows) == 1
    return {name for name, value in rows[0].items() if isinstance(value, Hidden)}


@pytest.mark.parametrize(("hidden", "sql"), pairs(), ids=lambda part: part if isinstance(part, str) else "")
def test_two_of_thirty_do_not_follow(uneven: Opened, hidden: frozenset[str], sql: str) -> None:
    assert hidden_at(uneven, sql, "A") == hidden


@pytest.mark.parametrize("sql", [sql for _hidden, sql in pairs()])
def test_where_both_parts_are_large_nothing_is_hidden(even: Opened, sql: str) -> None:
    assert hidden_at(even, sql, "A") == set()
    assert hidden_at(even, sql, "C") == set()


@pytest.mark.parametrize("sql", [sql for _hidden, sql in pairs()])
def test_who_sees_the_people_sees_the_figures(uneven: Opened, sql: str) -> None:
    found = answer(uneven, sql, ALLOWED, BOARD, T, DAY, level="school", sees_people=True)
    assert not found.hidden


BOTH = """
SELECT site_id, count(DISTINCT CASE WHEN kind = 'late' THEN pupil_id END) AS laat, count(DISTINCT pupil_id) AS alle
FROM absence GROUP BY 1 ORDER BY 1
"""
kinds = st.lists(st.sampled_from(["late", "unknown"]), min_size=1, max_size=3)
classes = st.dictionaries(st.sampled_from([f"p{n}" for n in range(14)]), kinds, min_size=1)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@example({f"p{n}": ["late", "unknown"] for n in range(8)} | {"p9": ["unknown"], "p10": ["unknown"]})
@example({f"p{n}": ["late", "unknown"] for n in range(8)})
@given(classes)
def test_pupils_with_several_kinds_are_counted_as_people(found: Kinds) -> None:
    """Eight late pupils who were also ill, and two who were only ill: the two are what is left over."""
    late = {pupil for pupil, had in found.items() if "late" in had}
    rows = answer(school({"A": found}), BOTH, ALLOWED, BOARD, T, DAY, level="school").rows
    (_site, shown, every) = rows[0]
    if 0 < len(late) < T or 0 < len(found) - len(late) < T:
        assert isinstance(shown, Hidden) or isinstance(every, Hidden)
    elif len(found) >= T:
        assert (shown, every) == (len(late), len(found))
