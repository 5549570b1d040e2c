"""The roles that a person holds today, from roster and register, and the sentence that says why (not)."""

from datetime import date, timedelta

import pytest

from schakel.access.register import close_account, end_assignment
from schakel.access.roles import Role, RoleAssignment
from schakel.chain.needs import SCOPES
from schakel.distribute.entitlement import current_snapshot
from schakel.distribute.held import held_by, reason_for, role_words, said, scope_words
from schakel.distribute.query import opened
from schakel.distribute.standing import Held, Standing
from schakel.lib import clock
from schakel.lib.errors import Refused
from schakel.lib.text import spoken
from tests.distribute.school import DAY, START

pytestmark = pytest.mark.django_db
NAMES = {"teacher": "leraar", "mentor": "mentor", "school_leader": "schoolleider"}


def reader():
    return opened(current_snapshot().model)


def test_roster_and_register_together_the_roster_first(room):
    room.assign("leraar-A1", "controller", START)
    found = held_by(room.people["leraar-A1"], reader(), DAY)
    assert [(h.role, h.source) for h in found] == [("teacher", "roster"), ("controller", "typed")]


def test_a_closed_account_holds_nothing(room):
    person = room.people["leraar-B1"]
    room.assign("leraar-B1", "controller", START)
    close_account(room.manager, person)
    fresh = type(person).objects.get(pk=person.pk)
    assert held_by(fresh, reader(), DAY) == ()
    person.is_active = True  # the object of this module is shared


def test_the_last_day_of_a_typed_role_counts_and_the_next_does_not(room):
    assignment = room.assign("niemand", "controller", START)
    end_assignment(room.manager, assignment, DAY)
    assert [h.role for h in held_by(room.people["niemand"], reader(), DAY)] == ["controller"]
    assert held_by(room.people["niemand"], reader(), DAY + timedelta(days=1)) == ()


def test_a_role_that_begins_tomorrow_is_not_held(room):
    room.assign("niemand", "controller", DAY + timedelta(days=1))
    assert held_by(room.people["niemand"], reader(), DAY) == ()


def test_before_the_first_snapshot_only_roles_for_the_whole_board_are_known(room):
    room.assign("niemand", "controller", START)
    room.assign("niemand", "school_leader", START, organisation_key="school-A")
    assert [h.role for h in held_by(room.people["niemand"], None, DAY)] == ["controller"]


def test_a_role_at_a_school_that_is_not_in_the_snapshot_opens_nothing(room):
    room.assign("niemand", "school_leader", START, organisation_key="school-Z")
    assert held_by(room.people["niemand"], reader(), DAY) == ()


def test_the_same_role_at_two_schools_is_two(room):
    room.assign("niemand", "school_leader", START, organisation_key="school-A")
    room.assign("niemand", "school_leader", START, organisation_key="school-B")
    assert {h.site_id for h in held_by(room.people["niemand"], reader(), DAY)} == {"A", "B"}


def test_a_shared_address_is_refused_whatever_the_register_says(room):
    room.assign("niemand", "controller", START)
    twice = [f"INSERT INTO staff (staff_id, work_email) VALUES ('d{n}', 'Niemand@Oever.example')" for n in range(2)]
    with room.another_snapshot(*twice), pytest.raises(Refused) as refusal:
        held_by(room.people["niemand"], reader(), DAY)
    assert refusal.value.code == "ambiguous-roster"
    assert refusal.value.who_can == ("school_admin",)
    assert "niemand@" not in refusal.value.message, "the address of a person stands in no message"


# The sentence


def test_who_may_hears_as_what(room):
    reason = reason_for((Held("teacher", "A", "A1"),), frozenset({("teacher", "own_groups")}), NAMES)
    assert reason.text == "U ziet dit als leraar voor de eigen groepen."
    assert len(reason.standings) == 1


@pytest.mark.parametrize(
    ("held", "text"),
    [
        ((), "U hebt vandaag geen rol: niet in het rooster en niet in het register."),
        ((Held("mentor", "B", "B1"),), "Dit is voor leraar, schoolleider. U bent vandaag mentor."),
        (
            (Held("mentor", "B", "B1"), Held("caretaker"), Held("mentor", "A", "A1")),
            "Dit is voor leraar, schoolleider. U bent vandaag caretaker, mentor.",
        ),
        (
            (Held("teacher", "A"),),
            "Bij uw rol staat vandaag geen school, groep of persoon; er is niets om te laten zien.",
        ),
    ],
)
def test_who_may_not_hears_the_one_reason_that_decides(held, text):
    audience = frozenset({("teacher", "own_groups"), ("school_leader", "own_school")})
    reason = reason_for(held, audience, NAMES)
    assert reason.standings == ()
    assert reason.text == text


def test_the_reason_speaks_english(room):
    with spoken("en"):
        reason = reason_for(
            (Held("teacher", "A", "A1"),), frozenset({("teacher", "own_groups")}), {"teacher": "teacher"}
        )
        assert reason.text == "You see this as teacher for own groups."
        assert "no role today" in reason_for((), frozenset(), {}).text


@pytest.mark.parametrize("scope", SCOPES)
def test_every_reach_has_words_in_both_languages(scope):
    dutch = scope_words(scope)
    with spoken("en"):
        assert scope_words(scope) != dutch


def test_a_role_without_a_name_is_called_by_its_key():
    assert said(Standing("caretaker", "board"), {}) == "caretaker voor het hele bestuur"


def test_names_of_roles_follow_the_language(room):
    role = Role.objects.get(key="board_member")
    assert role_words()["board_member"] == role.nl
    with spoken("en"):
        assert role_words()["board_member"] == role.en


def test_assignments_are_asked_for_the_day_and_not_for_now(room):
    room.assign("niemand", "controller", date(2026, 9, 1), end=date(2026, 9, 30))
    assert RoleAssignment.objects.of(room.people["niemand"], date(2026, 9, 30)).exists()
    with clock.held_at(date(2026, 9, 15)):
        assert held_by(room.people["niemand"], reader(), DAY) == ()
        assert held_by(room.people["niemand"], reader(), clock.today())
