"""Handing over a decision for a while: only what you hold yourself, never further on, never for ever."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schakel.access.audit import AuditLine
from schakel.access.changes import change
from schakel.access.delegations import Delegation
from schakel.access.permissions import DELEGABLE, PERMISSIONS, decide, holders, stood_in_for
from schakel.access.register import close_account, delegate, end_assignment, end_delegation
from schakel.access.roles import RoleAssignment
from schakel.lib import clock
from schakel.lib.errors import Refused

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


def hand_over(people, giver="board_member", taker="school_leader", permission="need.approve", days=7, start=None):
    first = start or clock.today()
    return delegate(people[giver], people[taker], permission, first, first + timedelta(days=days), "vakantie")


def test_a_stand_in_may_what_was_handed_over_and_says_for_whom(people):
    assert not decide(people["school_leader"], "need.approve").allowed
    hand_over(people)
    answer = decide(people["school_leader"], "need.approve")
    assert answer.allowed
    assert answer.reason == "U vervangt Marijke Terpstra."
    assert answer.in_place_of == (people["board_member"],)


def test_nothing_else_comes_along(people):
    hand_over(people)
    others = [p for p in PERMISSIONS if p not in ("need.approve",) and PERMISSIONS[p] != {"*"}]
    assert [p for p in others if decide(people["school_leader"], p).allowed] == []


def test_a_line_in_the_database_about_what_cannot_be_handed_over_opens_nothing(people):
    days = {"start": clock.today(), "end": clock.today() + WEEK, "reason": "vakantie"}
    giver, taker = people["information_manager"], people["school_leader"]
    for permission in sorted(set(PERMISSIONS) - set(DELEGABLE)):
        before = decide(taker, permission).allowed
        with change(giver, "role.assign", taker):
            Delegation(giver=giver, taker=taker, permission=permission, **days).save()
        assert stood_in_for(taker, permission) == []
        assert decide(taker, permission).allowed is before
        assert before or taker not in holders(permission)


def test_who_decides_by_a_role_of_their_own_is_no_stand_in(people):
    hand_over(people, taker="information_manager")
    answer = decide(people["information_manager"], "need.approve")
    assert answer.allowed
    assert answer.in_place_of == ()


@pytest.mark.parametrize(("moved", "may"), [(-1, False), (0, True), (7, True), (8, False)])
def test_only_from_the_first_day_up_to_and_including_the_last(people, moved, may):
    hand_over(people, start=clock.today())
    with clock.held_at(clock.today() + timedelta(days=moved)):
        assert decide(people["school_leader"], "need.approve").allowed is may


def test_it_ends_with_the_role_of_who_gave_it(people):
    hand_over(people)
    assignment = RoleAssignment.objects.get(person=people["board_member"])
    end_assignment(people["information_manager"], assignment, clock.days_ago(1))
    assert not decide(people["school_leader"], "need.approve").allowed
    assert people["school_leader"] not in holders("need.approve")


@pytest.mark.parametrize("who", ["board_member", "school_leader"])
def test_it_ends_with_the_account_of_either(people, who):
    hand_over(people)
    close_account(people["information_manager"], people[who])
    people["school_leader"].refresh_from_db()
    assert not decide(people["school_leader"], "need.approve").allowed


def test_a_stand_in_does_not_pass_it_on(people):
    hand_over(people)
    with pytest.raises(Refused) as refusal:
        hand_over(people, giver="school_leader", taker="teacher")
    assert refusal.value.code == "not_held"
    assert not decide(people["teacher"], "need.approve").allowed


@pytest.mark.parametrize(
    ("giver", "taker", "permission", "code"),
    [
        ("teacher", "mentor", "need.approve", "not_held"),
        ("outsider", "mentor", "need.approve", "not_held"),
        ("board_member", "board_member", "need.approve", "taker"),
        ("ict_manager", "teacher", "source.collect", "not_delegable"),
        ("information_manager", "teacher", "role.assign", "not_delegable"),
        ("information_manager", "teacher", "bestaat.niet", "not_delegable"),
        ("privacy_officer", "teacher", "need.approve", "not_held"),
    ],
)
def test_refused_and_nothing_is_written(people, giver, taker, permission, code):
    with pytest.raises(Refused) as refusal:
        hand_over(people, giver, taker, permission)
    assert refusal.value.code == code
    assert not Delegation.objects.exists()


@pytest.mark.parametrize(("start", "days"), [(-30, 7), (0, 366), (0, -1), (0, 4000)])
def test_the_period_has_an_end_that_lies_ahead(people, start, days):
    with pytest.raises(Refused) as refusal:
        hand_over(people, start=clock.today() + timedelta(days=start), days=days)
    assert refusal.value.code == "period"


def test_a_reason_is_asked(people):
    with pytest.raises(Exception, match="reason"):
        delegate(people["board_member"], people["teacher"], "need.approve", clock.today(), clock.today() + WEEK, "")


def test_the_database_refuses_to_stand_in_for_oneself_or_without_end(people):
    delegation = hand_over(people)
    for change_ in ("taker_id = giver_id", '"end" = NULL', "\"end\" = '2000-01-01'", "reason = ''"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE access_delegation SET {change_} WHERE id = %s", [delegation.pk])


@pytest.mark.parametrize("who", ["board_member", "school_leader"])
def test_either_takes_it_back_at_once(people, who):
    delegation = hand_over(people, start=clock.days_ago(3), days=10)
    end_delegation(people[who], delegation)
    assert not decide(people["school_leader"], "need.approve").allowed
    assert Delegation.objects.get().end == clock.days_ago(1)


def test_one_that_has_not_begun_goes_altogether_but_its_lines_stay(people):
    delegation = hand_over(people, start=clock.today() + WEEK)
    end_delegation(people["board_member"], delegation)
    assert not Delegation.objects.exists()
    assert AuditLine.objects.filter(action="delegation.give").count() == 2


def test_nobody_else_takes_it_back(people):
    delegation = hand_over(people)
    for who in ("teacher", "information_manager", "outsider"):
        with pytest.raises(Refused):
            end_delegation(people[who], delegation)
    assert decide(people["school_leader"], "need.approve").allowed


def test_whom_to_ask_names_the_stand_in_too(people):
    before = {p.email for p in holders("need.approve")}
    hand_over(people)
    assert {p.email for p in holders("need.approve")} == before | {people["school_leader"].email}
    assert stood_in_for(people["school_leader"], "need.approve") == [people["board_member"]]


PEOPLE = ("board_member", "information_manager", "privacy_officer", "teacher", "school_leader")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.sampled_from(PEOPLE), st.sampled_from(PEOPLE), st.sampled_from(DELEGABLE)), min_size=1, max_size=8
    )
)
def test_however_it_is_handed_around_a_right_never_leaves_its_own_roles(people, wishes):
    """Whoever may do something holds it by role, or stands in for someone who does."""
    with transaction.atomic():
        for giver, taker, permission in wishes:
            try:
                hand_over(people, giver, taker, permission)
            except Refused:
                continue
        for who in PEOPLE:
            for permission in DELEGABLE:
                answer = decide(people[who], permission)
                for giver in answer.in_place_of:
                    assert decide(giver, permission).in_place_of == ()
                    assert decide(giver, permission).allowed
        transaction.set_rollback(True)
