"""Each rule about responsibilities finds exactly its own fault, and nothing where all is well."""

from datetime import timedelta

import pytest

from schakel.access.register import assign, close_account, end_assignment, put
from schakel.access.roles import RoleAssignment
from schakel.chain.controls import controls
from schakel.chain.dividing import give
from schakel.chain.gaps import find_all
from schakel.chain.responsibilities import Area
from schakel.chain.systems import System
from schakel.lib import clock
from schakel.lib.text import spoken
from tests.chain.divided import area, divide, role

pytestmark = pytest.mark.django_db
OWN = {"accountable-not-one", "accountable-alone", "one-person-both-sides", "responsible-role-nobody-holds"}
HELD = {"data_owner": "teacher", "process_owner": "mentor", "functional_admin": "school_leader"}


@pytest.fixture
def manager(people):
    """A sound division in which every responsible role is held by someone."""
    manager = people["information_manager"]
    divide(manager)
    for key, who in HELD.items():
        assign(manager, people[who], role(key), clock.days_ago(10))
    return manager


def found():
    return {gap.id: gap for gap in find_all() if gap.rule.id in OWN}


def test_a_sound_division_has_no_gap(manager):
    assert found() == {}


def test_nobody_accountable(manager):
    give(manager, role("process_owner"), area("system_run"), "execution", "C")
    assert set(found()) == {"accountable-not-one:system_run"}
    assert found()["accountable-not-one:system_run"].thing.detail == "uitvoering: niemand"


def test_what_is_kept_of_them_is_told_in_the_language_of_who_asks(manager):
    give(manager, role("process_owner"), area("system_run"), "execution", "C")
    for language, told in (("nl", "uitvoering: niemand"), ("en", "execution: nobody"), ("nl", "uitvoering: niemand")):
        with spoken(language):
            assert found()["accountable-not-one:system_run"].thing.detail == told


def test_two_accountable(manager):
    give(manager, role("information_manager"), area("goal"), "content", "A")
    gap = found()["accountable-not-one:goal"]
    assert set(found()) == {"accountable-not-one:goal"}
    assert gap.thing.detail == "inhoud: bestuur, informatiemanager"


def test_both_sides_wrong_is_one_gap_that_names_both(manager):
    give(manager, role("process_owner"), area("system_run"), "execution", "")
    give(manager, role("board_member"), area("system_run"), "content", "")
    assert set(found()) == {"accountable-not-one:system_run"}
    assert found()["accountable-not-one:system_run"].thing.detail == "inhoud: niemand; uitvoering: niemand"


def test_an_area_that_nobody_divided(manager):
    put(manager, "responsibility.write", Area, "devices", kind="system", nl="Apparaten")
    assert set(found()) == {"accountable-not-one:devices"}
    assert found()["accountable-not-one:devices"].thing.detail == "nog niet verdeeld"


def test_one_thing_with_a_division_of_its_own(manager):
    las, _changed = put(manager, "system.write", System, "las", name="LAS")
    assert "accountable-not-one:las" not in found()  # it follows its area
    give(manager, role("process_owner"), las, "execution", "")
    assert set(found()) == {"accountable-not-one:las"}
    assert found()["accountable-not-one:las"].thing.kind == "system"


def test_accountable_for_what_he_does_alone(manager):
    give(manager, role("functional_admin"), area("system_run"), "execution", "RA")
    give(manager, role("process_owner"), area("system_run"), "execution", "")
    assert set(found()) == {"accountable-alone:system_run"}
    give(manager, role("ict_manager"), area("system_run"), "execution", "R")
    assert found() == {}  # no longer alone


def test_content_may_be_said_and_answered_for_by_one(manager):
    give(manager, role("board_member"), area("goal"), "content", "RA")
    give(manager, role("board"), area("goal"), "content", "")
    assert found() == {}


def test_a_responsible_role_that_nobody_holds(people, manager):
    held = RoleAssignment.objects.get(role__key="functional_admin")
    end_assignment(manager, held, clock.days_ago(1))
    assert set(found()) == {"responsible-role-nobody-holds:functional_admin"}
    assert found()["responsible-role-nobody-holds:functional_admin"].thing.detail.startswith("2 keer")


def test_who_is_only_told_need_not_be_held(manager):
    give(manager, role("security_officer"), area("goal"), "content", "C")
    assert found() == {}
    give(manager, role("security_officer"), area("goal"), "content", "R")
    assert set(found()) == {"responsible-role-nobody-holds:security_officer"}


def gap_of(person, key):
    return f"one-person-both-sides:{key}@{person.key}"


def test_one_person_who_approves_and_prepares(people, manager):
    assign(manager, people["board_member"], role("information_manager"), clock.today())
    who = people["board_member"]
    assert set(found()) == {gap_of(who, "approving"), gap_of(who, "own_needs")}
    gap = found()[gap_of(who, "own_needs")]
    assert gap.thing.name == "Marijke Terpstra"
    assert gap.thing.detail.startswith("bestuurder en informatiemanager.")


def test_one_person_who_assesses_and_answers_for_it(people, manager):
    assign(manager, people["ict_manager"], role("process_owner"), clock.today())
    assert set(found()) == {gap_of(people["ict_manager"], "assessing")}


def test_who_supervises_privacy_does_not_do_it(people, manager):
    extra = assign(manager, people["privacy_officer"], role("dpo"), clock.today())
    assert set(found()) == {gap_of(people["privacy_officer"], "privacy")}
    with clock.held_at(clock.now() + timedelta(days=2)):
        end_assignment(manager, extra, clock.days_ago(1))
        assert found() == {}


def test_two_people_on_the_two_sides_are_no_gap(people, manager):
    assign(manager, people["outsider"], role("dpo"), clock.today())
    assert found() == {}


def test_a_closed_account_holds_nothing(people, manager):
    assign(manager, people["privacy_officer"], role("dpo"), clock.today())
    close_account(manager, people["privacy_officer"])
    assert set(found()) == set()


def test_every_control_says_why_in_both_languages():
    for control in controls():
        assert control.nl.endswith(".")
        assert control.en.endswith(".")
        for side in (control.one, control.other):
            kind, *rest = side.split(":")
            assert (kind, len(rest)) in (("role", 1), ("area", 3)), side
