"""What may name a row in a figure about people: pairs that an expert can extend, and what holds for the whole model."""

import re
from pathlib import Path

import pytest

from schakel.distribute import about_people
from schakel.distribute.about_people import APART, MEASURES, NEUTRAL, is_day, names_a_group, people_in
from schakel.distribute.counting import counted
from schakel.lib.errors import Refused
from schakel.process.model import school_model

CASES = Path(__file__).parents[1] / "cases" / "group_names.tsv"
SCHEMA = {table.name: {name: c.type for name, c in table.columns.items()} for table in school_model().values()}
ASKED = """
SELECT {name} AS naam, count(*) AS n FROM absence AS a
JOIN pupil AS p ON p.pupil_id = a.pupil_id
JOIN enrolment AS e ON e.pupil_id = a.pupil_id
JOIN result AS r ON r.pupil_id = a.pupil_id
JOIN membership AS m ON m.pupil_id = a.pupil_id
JOIN "group" AS g ON g.group_id = m.group_id
JOIN test AS t ON t.test_id = r.test_id
GROUP BY 1
"""
TABLES = {"a": "absence", "p": "pupil", "e": "enrolment", "r": "result"}


def pairs() -> list[tuple[str, str]]:
    lines = CASES.read_text(encoding="utf-8").splitlines()
    return [tuple(line.split("\t")) for line in lines if line and not line.startswith("#")]  # type: ignore[misc]


def by_way_of_a_part(name: str) -> str | None:
    """The same name, made in a part before the figure; None when it takes more than one table."""
    used = set(re.findall(r"\b([apergt])\.", name))
    if len(used) != 1 or not used <= TABLES.keys():
        return None
    alias = used.pop()
    part = f"SELECT {alias}.pupil_id, {name} AS naam FROM {TABLES[alias]} AS {alias}"
    return f"WITH x AS ({part}) SELECT naam, count(*) AS n FROM x GROUP BY naam"


@pytest.mark.parametrize(("may", "name"), pairs())
def test_each_name(may: str, name: str) -> None:
    for sql in filter(None, (ASKED.format(name=name), by_way_of_a_part(name))):
        if may == "yes":
            plan = counted(sql, SCHEMA, 5, "keys")
            shown = [output.name for output in plan.query.relation.outputs[: plan.visible]]
            assert shown == ["naam", "n"]
            continue
        with pytest.raises(Refused) as refusal:
            counted(sql, SCHEMA, 5, "keys")
        assert refusal.value.code == "small-groups", sql


def test_the_pairs_hold_both_answers() -> None:
    assert {may for may, _name in pairs()} == {"yes", "no"}


# What is known of each table and column, held against the model itself


@pytest.mark.parametrize("table", sorted(school_model()))
def test_of_every_table_it_is_known_whom_it_is_about(table: str) -> None:
    people = people_in(table)
    assert (people is None) is (table in NEUTRAL)
    if people is not None:
        assert people.column in school_model()[table].columns
        assert people.column == f"{people.kind}_id"


@pytest.mark.parametrize("table", sorted(NEUTRAL))
def test_a_table_that_is_called_neutral_holds_no_people(table: str) -> None:
    """Only a slot names who gives the lesson, and then it is no longer neutral."""
    keys = {"pupil_id", "staff_id"} & set(school_model()[table].columns)
    assert keys == ({"staff_id"} if table == "slot" else set())
    assert not {"first_name", "family_name", "email", "birth_date"} & set(school_model()[table].columns)


def test_a_slot_is_about_staff_as_soon_as_that_is_asked() -> None:
    assert people_in("slot") is None
    people = people_in("slot", with_staff=True)
    assert people is not None
    assert (people.kind, people.column) == ("staff", "staff_id")
    assert people_in("site", with_staff=True) is None


def test_a_table_that_nobody_judged_is_an_error() -> None:
    with pytest.raises(KeyError):
        people_in("verlanglijst")


def test_a_pupil_comes_before_a_colleague() -> None:
    """A row about a pupil that also names a colleague is about the pupil: the weaker party is protected."""
    for table in school_model().values():
        if {"pupil_id", "staff_id"} <= set(table.columns):
            people = people_in(table.name)
            assert people is not None
            assert people.kind == "pupil"


@pytest.mark.parametrize("element", sorted([*about_people._CATEGORIES, *MEASURES, *APART]))
def test_every_exception_exists_in_the_model(element: str) -> None:
    table, _dot, column = element.partition(".")
    assert column in school_model()[table].columns or table == "indicator_value"


@pytest.mark.parametrize("table", sorted(set(school_model()) - NEUTRAL))
def test_nothing_that_tells_one_person_apart_may_name_a_group(table: str) -> None:
    """Keys of rows and people, names, addresses, free texts, days and amounts: none of them, in any table."""
    model = school_model()[table]
    for column in model.columns.values():
        if column.name in ("site_id", "group_id", "test_id", "school_year") or column.vocabulary:
            continue
        telling = column.key or column.type in ("DATE", "TIMESTAMP", "TIME") or column.type.startswith("DECIMAL")
        if telling or column.name in ("pupil_id", "staff_id"):
            assert not names_a_group(column.element), column.element


def test_a_list_of_values_may_always_name_a_group() -> None:
    listed = [c.element for t in school_model().values() for c in t.columns.values() if c.vocabulary]
    assert listed
    assert all(names_a_group(element) for element in listed)


def test_days_are_known_by_their_type() -> None:
    for table in school_model().values():
        for column in table.columns.values():
            assert is_day(column.element) is (column.type == "DATE")


def test_each_measure_counts_people_beside_it() -> None:
    for element, people in MEASURES.items():
        assert element.startswith("indicator_value.")
        assert people
        assert set(people) <= {"people", "people_hit"}
