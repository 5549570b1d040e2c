"""Nothing of the register without a word: every state, scope, permission and answer has one a person understands."""

from typing import Any

import pytest

from schakel.access.people import Person
from schakel.access.permissions import PERMISSIONS
from schakel.access.register import put
from schakel.chain.elements import DataElement, InformationObject
from schakel.chain.gaps import SEVERITIES
from schakel.chain.needs import SCOPES, STATES, InformationNeed
from schakel.collect.runs import STATES as RUN_STATES
from schakel.collect.runs import Run
from schakel.distribute.moving import DELIVERED, REFUSED
from schakel.lib.text import spoken
from schakel.portal.pages import columns, decision, source, sources, words
from schakel.portal.pages.refusals import NOT_NOW
from schakel.portal.parts import Status

TONES = {"ok", "warn", "bad", "now", "info", "unk", "no"}


@pytest.mark.parametrize("state", STATES)
def test_every_state_of_a_need(state: str) -> None:
    found = words.state_of(InformationNeed(state=state))
    assert found.word == words.state_word(state)
    assert found.tone in TONES


@pytest.mark.parametrize("scope", SCOPES)
def test_every_scope(scope: str) -> None:
    assert words.scope_words(scope) != scope


@pytest.mark.parametrize("level", SEVERITIES)
def test_every_severity(level: str) -> None:
    assert isinstance(words.severity(level), Status)


@pytest.mark.parametrize("special", ["no", "sensitive", "art9_health", "art9_ethnic_origin"])
def test_every_kind_of_personal_data(special: str) -> None:
    assert bool(words.special_words(special)) == (special != "no")


READING = {"source.read", "finding.read", "gap.read", "chain.read", "audit.read"}


@pytest.mark.parametrize("permission", sorted((set(PERMISSIONS) - READING) | {DELIVERED, REFUSED}))
def test_every_change_can_be_told(permission: str) -> None:
    assert words.action_word(permission) != permission


def test_a_refusal_in_the_log_is_told_as_one() -> None:
    assert "logboek" not in words.action_word("refused:audit.read")
    assert words.action_word("refused:audit.read").startswith("kreeg niet te zien")


@pytest.mark.parametrize("state", RUN_STATES)
def test_every_outcome_of_a_run(state: str) -> None:
    assert sources.run_state(Run(state=state)).tone in TONES


@pytest.mark.parametrize("action", ["accept", "drop value", "drop row", "stop"])
@pytest.mark.parametrize("severity", ["error", "warning", "info"])
def test_every_answer_to_a_surprise(action: str, severity: str) -> None:
    assert source.answer(action, severity).word


@pytest.mark.parametrize("decision", ["keep", "drop", "refuse", "missing"])
def test_every_decision_at_the_door(decision: str) -> None:
    assert columns.decision_word(decision).tone in TONES


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Leerlingadministratie (LAS)", "LAS"),
        ("Leerlingadministratie (OneRoster)", "Leerlingadministratie"),
        ("Rooster", "Rooster"),
    ],
)
def test_narrow_names(name: str, short: str) -> None:
    assert words.abbreviated(name) == short


def test_short_names_of_people() -> None:
    assert words.short(Person(name="Sanne de Wit")) == "S. de Wit"
    assert words.short(Person(name="Schakel")) == "Schakel"
    assert words.short(None) == ""


def test_reasons_that_are_not_about_who_you_are() -> None:
    assert "permission" not in NOT_NOW
    assert "standing" not in NOT_NOW


@pytest.fixture
def elements(people: dict[str, Person]) -> None:
    """A family name of pupils and of staff, and what only one object has."""
    manager, named = (
        people["information_manager"],
        {"pupil": "Leerling", "staff": "Medewerker", "school_year": "Schooljaar"},
    )
    objects = {k: put(manager, "element.write", InformationObject, k, nl=nl, en=k)[0] for k, nl in named.items()}
    columns = {
        "pupil.family_name": "Achternaam", "staff.family_name": "Achternaam", "pupil.nickname": "Roepnaam",
        "school_year.school_year": "Schooljaar", "pupil.school_year": "Schooljaar",
    }  # fmt: skip
    for key, nl in columns.items():
        object_ = objects[key.partition(".")[0]]
        put(manager, "element.write", DataElement, key, nl=nl, en="Family name", type="text", object=object_)


def test_a_name_that_several_elements_have_says_of_what(elements: None, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        found = words.element_names(["staff.family_name", "pupil.nickname", "pupil.family_name", "nobody.knows"])
    assert list(found.items()) == [
        ("staff.family_name", "Achternaam van medewerker"), ("pupil.nickname", "Roepnaam"),
        ("pupil.family_name", "Achternaam van leerling"), ("nobody.knows", "nobody.knows"),
    ]  # fmt: skip
    assert words.element_names([]) == {}


def test_what_is_called_as_its_object_is_not_said_twice(elements: None) -> None:
    found = words.element_names(["school_year.school_year", "pupil.school_year"])
    assert list(found.values()) == ["Schooljaar", "Schooljaar van leerling"]


def test_it_says_so_in_english(elements: None) -> None:
    with spoken("en"):
        assert words.element_names(["pupil.family_name"]) == {"pupil.family_name": "Family name of pupil"}


def test_who_approves_sees_whose_name_it_is(db: None, elements: None) -> None:
    content = {"elements": {"staff.family_name": ["required", "bellen"], "pupil.nickname": ["wished", "x"]},
               "audience": [], "role": "", "activity": ""}  # fmt: skip
    (row, *_rest) = decision.difference(None, content, 0, 1).rows
    assert row.after == "Achternaam van medewerker (nodig), Roepnaam (gewenst)"
