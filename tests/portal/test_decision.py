"""The difference between two versions of a need, and who sees which button."""

from typing import Any

import pytest

from schakel.access.people import Person
from schakel.chain import deciding
from schakel.chain.needs import InformationNeed
from schakel.lib.text import spoken
from schakel.portal.pages import decision
from schakel.portal.parts import DiffRow
from tests.conftest import Board

BEFORE: dict[str, Any] = {
    "question": "Wie nadert 16 uur?",
    "decision": "Wie spreek ik?",
    "rhythm": "elke maandag",
    "freshness": "elke dag",
    "purpose": "Begeleiden",
    "legal_basis": "AVG art. 6 lid 1c",
    "law": "Leerplichtwet 1969 art. 21",
    "art9_exception": "",
    "retention": "",
    "expires_on": None,
    "elements": {
        "absence.kind": ["required", "a"],
        "absence.reason": ["wished", "b"],
        "pupil.first_name": ["wished", "c"],
    },
    "audience": ["mentor:own_pupils", "teacher:own_groups"],
}


def rows(after: dict[str, Any]) -> dict[str, DiffRow]:
    return {row.part: row for row in decision.difference(BEFORE, {**BEFORE, **after}, 3, 4).rows}


def test_nothing_changed_says_so_everywhere(db: None) -> None:
    assert all(row.same for row in rows({}).values())


def test_a_changed_field_is_was_and_becomes(db: None) -> None:
    row = rows({"rhythm": "elke schooldag"})["Hoe vaak"]
    assert (row.gone, row.new, row.replaced) == (["elke maandag"], ["elke schooldag"], True)


def test_elements_come_go_and_change_their_demand(db: None) -> None:
    elements = {
        "absence.kind": ["required", "a"],
        "absence.contact_on": ["required", "d"],
        "pupil.first_name": ["required", "c"],
    }
    row = rows({"elements": elements})["Gegevens"]
    assert row.gone == ["absence.reason (gewenst)", "pupil.first_name (gewenst)"]
    assert row.new == ["absence.contact_on (nodig)", "pupil.first_name (nodig)"]
    assert row.before == "absence.kind"


def test_an_audience_that_widens_is_shown(db: None) -> None:
    row = rows({"audience": ["mentor:own_school", "teacher:own_groups"]})["Wie ontvangt het"]
    assert row.gone == ["mentor: eigen leerlingen"]
    assert row.new == ["mentor: eigen school"]


def test_a_field_that_becomes_empty_falls_away(db: None) -> None:
    row = rows({"law": "", "legal_basis": ""})["Grondslag"]
    assert row.gone == ["AVG art. 6 lid 1c; Leerplichtwet 1969 art. 21"]
    assert row.new == []


def test_the_difference_speaks_the_language_of_the_reader(db: None) -> None:
    with spoken("en"):
        row = rows({"rhythm": "elke schooldag", "rhythm_en": "every school day"})["How often"]
    assert (row.gone, row.new) == (["elke maandag"], ["every school day"])


def test_a_change_in_the_other_language_alone_is_shown_too(db: None) -> None:
    """It is material: who approves must be able to see it."""
    found = rows({"rhythm_en": "every Tuesday"})
    assert found["Hoe vaak"].same
    row = found["Hoe vaak (in de andere taal)"]
    assert (row.gone, row.new) == (["elke maandag"], ["every Tuesday"])


def test_a_first_version_is_shown_whole(db: None) -> None:
    diff = decision.difference(None, BEFORE, 0, 1)
    assert diff.first
    assert all(row.after and not row.gone for row in diff.rows)


def test_a_fingerprint_is_read_in_fours() -> None:
    assert decision.grouped("7f3a91c2e04dffff") == "7f3a 91c2 e04d"


def test_special_data_take_the_button_away_until_there_is_advice(board: Board, db: None) -> None:
    live = next(n for n in InformationNeed.objects.whole() if n.state == "live" and decision._advice_due(n))
    _reopened(board.people["information_manager"], live)
    need = InformationNeed.objects.whole().get(pk=live.pk)
    chief = board.people["board_member"]
    shut = decision.of(chief, need)
    assert shut is not None
    assert [a for a in shut.actions if a.main] == []
    assert shut.note is not None
    assert "Ineke Postma" in shut.note.text
    officer = decision.of(board.people["privacy_officer"], need)
    assert officer is not None
    assert officer.advise
    deciding.advise(board.people["privacy_officer"], need, positive=True, text="Alleen tellingen.")
    opened = decision.of(chief, need)
    assert opened is not None
    assert [a.main for a in opened.actions] == [True]


def test_negative_advice_opens_nothing(board: Board, db: None) -> None:
    live = next(n for n in InformationNeed.objects.whole() if n.state == "live" and decision._advice_due(n))
    _reopened(board.people["information_manager"], live)
    need = InformationNeed.objects.whole().get(pk=live.pk)
    deciding.advise(board.people["privacy_officer"], need, positive=False, text="Niet zo.")
    found = decision.of(board.people["board_member"], need)
    assert found is not None
    assert found.actions == []


def _reopened(manager: Person, need: InformationNeed) -> None:
    """A material change: it is asked and assessed again."""
    deciding.revise(manager, need, rhythm=f"{need.rhythm} (herzien)")
    deciding.assess(manager, InformationNeed.objects.get(pk=need.pk))


def test_ended_and_refused_needs_ask_nothing(board: Board, db: None) -> None:
    need = InformationNeed.objects.whole().filter(state="assessed").first()
    assert need is not None
    deciding.refuse(board.people["board_member"], need, "Niet nodig.")
    fresh = InformationNeed.objects.whole().get(pk=need.pk)
    assert decision.of(board.people["board_member"], fresh) is None


@pytest.mark.parametrize("who", ["teacher", "outsider", "school_admin"])
def test_others_read_who_decides(board: Board, db: None, who: str) -> None:
    need = InformationNeed.objects.whole().get(key="results_overview")
    found = decision.of(board.people[who], need)
    assert found is not None
    assert list(found.actions) == []
    assert found.refuse == ""
    assert found.note is not None
    assert "Marijke Terpstra" in found.note.text
