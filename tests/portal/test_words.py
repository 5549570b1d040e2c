"""Nothing of the register without a word: every state, scope, permission and answer has one a person understands."""

import pytest

from schakel.access.people import Person
from schakel.access.permissions import PERMISSIONS
from schakel.chain.gaps import SEVERITIES
from schakel.chain.needs import SCOPES, STATES, InformationNeed
from schakel.collect.runs import STATES as RUN_STATES
from schakel.collect.runs import Run
from schakel.distribute.moving import DELIVERED, REFUSED
from schakel.portal.pages import columns, source, sources, words
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
