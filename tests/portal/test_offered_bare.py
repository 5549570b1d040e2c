"""A board that loaded nothing begins with a question of a kit: all of it goes along as a wish."""

import pytest

from schakel.kits import suggesting
from schakel.portal import offered
from schakel.portal.drafts import Draft

pytestmark = pytest.mark.django_db


def test_on_a_board_with_nothing_loaded_everything_goes_along(people):
    offer = suggesting.offers()["needs:late_often"]
    draft = offered.filled(Draft(role="mentor"), offer.name)
    assert draft.lines == ()
    assert draft.activity == ""
    assert {offer.name, f"activities:{offer.item.get('activity')}"} <= set(draft.parts)
    assert any(part.startswith("objects:") for part in draft.parts)


def test_the_note_names_each_part_once(people):
    text = offered.note(["needs:late_often", "activities:A23", "needs:late_often"])
    assert text.count("late_often") == 1
    assert "activities:A23" in text
    assert offered.note([]) == ""
    assert offered.note(["needs:nergens"]) == ""
