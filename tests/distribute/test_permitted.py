"""The columns of the need, all of them counted (law 3)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schakel.distribute.permitted import COMMON, permitted
from schakel.distribute.query import Opened, answer, judge
from schakel.distribute.standing import Standing
from schakel.lib.errors import Refused
from schakel.process.model import school_model
from tests.distribute.school import DAY, board, empty

MODEL = school_model()
ELEMENTS = sorted(c.element for table in MODEL.values() for c in table.columns.values())
NAMED = sorted(c.element for table in MODEL.values() for c in table.columns.values() if not c.structural)
BOARD = [Standing("board_member", "board")]


@pytest.fixture(scope="module")
def opened() -> Opened:
    return Opened(board())


PLACES = [
    "SELECT p.first_name FROM pupil AS p WHERE {c} IS NOT NULL",
    "SELECT p.first_name FROM pupil AS p ORDER BY {c}",
    "SELECT count(*) AS n FROM pupil AS p GROUP BY p.first_name, {c}",
    "SELECT p.first_name FROM pupil AS p GROUP BY p.first_name HAVING max({c}) IS NOT NULL",
    "SELECT p.first_name FROM pupil AS p QUALIFY row_number() OVER (ORDER BY {c}) = 1",
    "SELECT p.first_name, row_number() OVER (PARTITION BY {c}) AS r FROM pupil AS p",
    "SELECT p.first_name FROM pupil AS p JOIN pupil AS q ON {c} = q.first_name",
    "WITH x AS (SELECT p.first_name, {c} AS y FROM pupil AS p) SELECT first_name FROM x",
    "SELECT first_name FROM (SELECT p.first_name FROM pupil AS p WHERE {c} > 'a') AS x",
    "SELECT count(*) FILTER (WHERE {c} > 'a') AS n FROM pupil AS p",
    "SELECT p.first_name FROM pupil AS p WHERE EXISTS (SELECT 1 AS een FROM staff AS s WHERE s.staff_id = {c})",
    "SELECT CASE WHEN {c} = 'x' THEN 1 END AS n FROM pupil AS p",
    "SELECT p.first_name FROM pupil AS p WHERE p.first_name IN (SELECT {c} FROM pupil AS p)",
    "SELECT p.first_name FROM pupil AS p UNION ALL SELECT {c} AS x FROM pupil AS p",
]


@pytest.mark.parametrize("place", PLACES)
def test_a_column_counts_wherever_it_stands(place: str) -> None:
    sql = place.format(c="p.email")
    enough = frozenset({"pupil.first_name", "staff.first_name", "pupil.email"})
    assert "pupil.email" in judge(sql, enough)
    with pytest.raises(Refused) as refusal:
        judge(sql, enough - {"pupil.email"})
    assert refusal.value.code == "element"
    assert "pupil.email" in refusal.value.message


@pytest.mark.parametrize("name", ["p.EMAIL", '"p"."email"', '"P"."EMAIL"', 'p . "email"', "p./* x */email", "EMAIL"])
def test_writing_it_differently_makes_no_difference(name: str) -> None:
    with pytest.raises(Refused, match="pupil.email"):
        judge(f"SELECT p.first_name FROM pupil AS p WHERE {name} = 'x'", frozenset({"pupil.first_name"}))


@pytest.mark.parametrize(
    "what", ["count(*) AS n FROM absence", "1 AS n FROM absence", "1 AS n FROM site CROSS JOIN absence"]
)
def test_a_table_counts_without_any_column(what: str) -> None:
    with pytest.raises(Refused, match="absence"):
        judge(f"SELECT {what}", frozenset({"pupil.first_name"}))


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(ELEMENTS), st.frozensets(st.sampled_from(NAMED), max_size=6))
def test_exactly_the_named_and_what_their_tables_bring(element: str, need: frozenset[str]) -> None:
    table, _dot, column = element.partition(".")
    brought = MODEL[table].columns[column].structural and (
        table in COMMON or any(n.startswith(f"{table}.") for n in need)
    )
    assert (element in permitted(need)) is (element in need or brought)


def test_an_element_that_does_not_exist_opens_nothing() -> None:
    assert permitted(frozenset({"pupil.bsn", "geheim.alles", "", "pupil"})) == permitted(frozenset({"pupil.bsn"}))
    assert not {e for e in permitted(frozenset({"geheim.alles"})) if e.partition(".")[0] not in COMMON}


def test_no_common_table_is_about_people() -> None:
    assert not {"pupil_id", "staff_id"} & {e.partition(".")[2] for e in permitted(frozenset())}


def test_what_was_not_collected_is_told_apart() -> None:
    with pytest.raises(Refused) as refusal:
        answer(empty(without=("absence",)), "SELECT kind FROM absence", frozenset({"absence.kind"}), BOARD, 5, DAY)
    assert refusal.value.code == "snapshot"


def test_an_optional_column_waits_for_its_element(opened: Opened) -> None:
    sql = "SELECT first_name, name_prefix FROM pupil ORDER BY name_prefix, first_name"
    need, wish = frozenset({"pupil.first_name"}), frozenset({"name_prefix"})
    assert answer(opened, sql, need, BOARD, 5, DAY, optional=wish).names == ("first_name",)
    assert answer(opened, sql, need | {"pupil.name_prefix"}, BOARD, 5, DAY, optional=wish).names == (
        "first_name",
        "name_prefix",
    )
    with pytest.raises(Refused):
        answer(opened, sql, need, BOARD, 5, DAY)


def test_the_answer_says_what_it_is_made_of(opened: Opened) -> None:
    sql = "SELECT kind, sum(clock_hours) AS uren FROM absence WHERE date > DATE '2026-01-01' GROUP BY 1"
    found = answer(opened, sql, frozenset({"absence.kind", "absence.clock_hours"}), BOARD, 5, DAY)
    assert found.used == {"absence.kind", "absence.clock_hours", "absence.date"}
    assert [column.elements for column in found.columns] == [{"absence.kind"}, {"absence.clock_hours"}]
    assert set(found.milliseconds) == {"plan", "run", "protect"}


def test_a_question_that_fails_on_a_value_does_not_tell_the_value(opened: Opened) -> None:
    with pytest.raises(Refused) as refusal:
        answer(
            opened, "SELECT CAST(first_name AS INTEGER) AS n FROM pupil", frozenset({"pupil.first_name"}), BOARD, 5, DAY
        )
    assert "Kind" not in str(refusal.value)
