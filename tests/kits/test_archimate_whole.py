"""The demo board as a model, brought into an empty register once: what is there then, and what is not."""

import re
from collections.abc import Iterator

import pytest
from django.db import transaction

from schakel.access.audit import verify
from schakel.access.people import Person
from schakel.chain.approvals import Approval, needed_elements
from schakel.chain.needs import InformationNeed
from schakel.kits.archimate.bringing_in import reader
from schakel.kits.archimate.writing import model
from schakel.kits.exchange.looking import DryRun
from schakel.kits.exchange.taking import rehearse
from schakel.kits.stock import bring_in
from tests.kits.models import problems, taken

pytestmark = pytest.mark.django_db
STATE = re.compile(
    rb'(schakel-property-state">\s*<value>)(asked|assessed|approved|being_realised|live|under_review)(<)'
)


def without_decisions(content):
    """The file with every open need as asked: a decision is not brought in from elsewhere."""
    return STATE.sub(rb"\1asked\3", content)


@pytest.fixture(scope="module")
def brought(board_model, django_db_setup: None, django_db_blocker) -> Iterator[tuple[Person, DryRun]]:
    """The information manager of a register into which the model was taken, for every test of this module."""
    with django_db_blocker.unblock(), transaction.atomic():
        manager = bring_in()["information_manager"]
        yield manager, taken(manager, board_model)
        transaction.set_rollback(True)


def test_the_demo_board_goes_into_an_empty_register_and_out_again_equal(brought, board_model):
    manager, found = brought
    assert len(found.of("added")) > 200
    again = model(manager, "Stichting Oeverscholen")
    assert without_decisions(again) == without_decisions(board_model)
    assert problems(again) == []
    assert verify().holds


def test_no_decision_comes_along_from_elsewhere(brought):
    _manager, found = brought
    assert any("stand van" in note for note in found.notes)
    assert not Approval.objects.exists()
    assert needed_elements() == frozenset()
    assert set(InformationNeed.objects.values_list("state", flat=True)) <= {"asked", "refused", "ended"}


def test_a_second_time_nothing_changes(brought, board_model):
    manager, _found = brought
    again = rehearse(manager, reader(board_model, "model.xml"))
    assert not again.changes and not again.faults and again.unchanged > 200
