"""The kits po, vo, so and board in a real register: each on its own, all together, twice, in both languages."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import transaction

from schakel.access.audit import AuditLine, verify
from schakel.access.people import Person
from schakel.chain.approvals import Approval, needed_elements
from schakel.chain.consultation import Consultation
from schakel.chain.elements import DataElement, InformationObject
from schakel.chain.goals import Process
from schakel.chain.needs import InformationNeed
from schakel.chain.responsibilities import Area, Responsibility
from schakel.chain.systems import ReferenceComponent
from schakel.governance.policies import Policy
from schakel.kits.difference import diff
from schakel.kits.families import names, read
from schakel.kits.loading import load
from schakel.kits.stock import bring_in
from tests.kits.kit_files import KITS, of, section

pytestmark = pytest.mark.django_db


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def manager(django_db_setup: None, django_db_blocker) -> Iterator[Person]:
    """An information manager whose register holds the kit so, and so the base; for every test of this module."""
    with django_db_blocker.unblock(), undone():
        manager = bring_in()["information_manager"]
        load(manager, "so")
        yield manager


def needs_of(*kits: str) -> set[str]:
    return {need["key"] for kit in kits for need in of(kit, "needs")}


def here() -> set[str]:
    return set(InformationNeed.objects.values_list("key", flat=True))


def test_a_kit_brings_the_kit_that_it_stands_on(manager):
    assert here() == needs_of("base", "so")
    loads = AuditLine.objects.filter(action="kit.load", thing_kind="kit").order_by("number")
    assert [line.thing_key for line in loads] == ["base", "so"]
    assert verify().holds


@pytest.mark.parametrize("kit", ["po", "vo", "board"])
def test_each_kit_adds_its_own_and_a_second_time_nothing(manager, kit):
    with undone():
        loaded = load(manager, kit)
        assert {change.kit for change in loaded.added} == {kit} and not loaded.changed and not loaded.kept
        assert here() == needs_of("base", "so", kit)
        lines = AuditLine.objects.count()
        assert not load(manager, kit).wrote and AuditLine.objects.count() == lines
        assert diff(kit).changes == ()


def test_all_kits_together_hold_every_need_in_both_languages_and_clash_nowhere(manager):
    with undone():
        for kit in reversed(names()):
            load(manager, kit)
        assert here() == needs_of(*KITS) and len(here()) == 111
        assert InformationNeed.objects.filter(state="refused").count() == 6
        assert not any(diff(kit).changes for kit in names()), "no kit has anything to say about another"
        assert not Approval.objects.exists() and needed_elements() == frozenset()
        _everything_is_there_in_english()


def _everything_is_there_in_english():
    """Every field with English beside it is filled, in every table that a kit fills."""
    for need in InformationNeed.objects.whole():
        for name in ("question", "decision", "rhythm", "freshness", "purpose", "retention"):
            assert getattr(need, f"{name}_en"), (need.key, name)
        assert all(line.reason_en for line in need.elements.all()), need.key
    for noun in (InformationObject, DataElement, Process, ReferenceComponent, Area, Consultation, Policy):
        assert noun.objects.exists() and not noun.objects.filter(en=""), noun.__name__


def test_refused_needs_teach_what_serves_instead(manager):
    for need in InformationNeed.objects.filter(state="refused"):
        assert need.refusal_reason and need.alternative and need.alternative.state == "asked"


def test_every_element_of_the_school_model_is_there_with_its_classification(manager):
    assert DataElement.objects.count() == sum(len(each["elements"]) for each in section("objects"))
    code = DataElement.objects.get(key="pupil.nnca_code")
    assert (code.special, code.personal, code.structural) == ("art9_ethnic_origin", True, False)
    assert code.object.purpose and code.object.purpose_en and code.object.legal_basis


def test_the_reference_architecture_comes_with_its_evidence(manager):
    assert Process.objects.count() == 62 and ReferenceComponent.objects.count() == 46
    concepts = InformationObject.objects.filter(origin="reference")
    assert concepts.count() == 92 and not concepts.filter(elements__isnull=False)
    for found in (Process, ReferenceComponent):
        assert set(found.objects.values_list("evidence", flat=True)) == {"fora", "fora-derived", "proposed"}
    hrm = ReferenceComponent.objects.get(nl="Personeels- en salarissysteem (HRM)")
    assert hrm.evidence == "proposed" and hrm.part_of == "Bedrijfsvoering" and hrm.description


def test_responsibilities_policies_and_consultations_come_too(manager):
    assert (Area.objects.count(), Responsibility.objects.count()) == (39, 398)
    assert (Policy.objects.count(), Consultation.objects.count()) == (2, 6)
    accountable = Responsibility.objects.filter(letter="A", thing_kind="area").values_list("thing_key", "aspect")
    assert len(accountable) == len(set(accountable)) == 77, "one for each aspect of each part of the work"


def test_a_kit_read_once_can_be_loaded_later(manager):
    kit, few = read("vo"), ["needs:mentor_list"]
    with undone():
        assert load(manager, kit, only=few).wrote and not load(manager, kit, only=few).wrote
