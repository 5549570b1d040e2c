"""Within one large act each permission is looked up once, and nothing that changes who may what is ever missed."""

import pytest

from schakel.access.audit import AuditLine
from schakel.access.permissions import decide, decided_once
from schakel.access.register import assign, by_key, close_account, delegate, end_assignment, put
from schakel.access.roles import Role
from schakel.chain.goals import Goal
from schakel.lib import clock
from schakel.lib.errors import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(people):
    return people["information_manager"]


def test_the_answer_is_looked_up_once_and_stays_the_same(manager, django_assert_num_queries):
    before = decide(manager, "goal.write")
    with decided_once():
        with django_assert_num_queries(1):
            found = [decide(manager, "goal.write") for _turn in range(3)]
        assert found == [before] * 3
        assert [each.reason for each in found] == [before.reason] * 3
        with django_assert_num_queries(1):
            decide(manager, "activity.write")
        with django_assert_num_queries(1):
            decide(manager, "goal.write", clock.today())
    with django_assert_num_queries(1):
        decide(manager, "goal.write")


def test_each_person_has_an_answer_of_his_own(people):
    with decided_once():
        found = {name: decide(person, "goal.write").allowed for name, person in people.items()}
    assert found == {name: decide(person, "goal.write").allowed for name, person in people.items()}
    assert set(found.values()) == {True, False}


def test_each_change_still_leaves_its_own_line_with_the_reason(manager):
    with decided_once():
        for number in range(3):
            put(manager, "goal.write", Goal, f"G{number}", nl="Iedereen leest")
    lines = AuditLine.objects.filter(action="goal.write")
    assert [line.thing_key for line in lines] == ["G0", "G1", "G2"]
    assert {line.facts["reason"] for line in lines} == {decide(manager, "goal.write").reason}


def test_each_refused_attempt_still_leaves_its_own_line(people):
    with decided_once():
        for _turn in range(2):
            with pytest.raises(Refused):
                put(people["teacher"], "goal.write", Goal, "G1", nl="Iedereen leest")
    assert AuditLine.objects.filter(action="refused:goal.write").count() == 2 and not Goal.objects.exists()


def test_a_role_given_or_taken_within_the_act_counts_at_once(people, manager):
    teacher = people["teacher"]
    with decided_once():
        assert not decide(teacher, "goal.write").allowed
        given = assign(manager, teacher, by_key(Role, "board_member"), clock.days_ago(3))
        assert decide(teacher, "goal.write").allowed
        end_assignment(manager, given, clock.days_ago(1))
        assert not decide(teacher, "goal.write").allowed


def test_a_stand_in_a_new_name_and_a_closed_account_count_at_once(people, manager):
    with decided_once():
        assert not decide(people["teacher"], "need.approve").allowed
        delegate(people["board_member"], people["teacher"], "need.approve", clock.today(), clock.today(), "verlof")
        assert decide(people["teacher"], "need.approve").allowed
        put(manager, "role.write", Role, "board_member", nl="voorzitter", en="chair")
        assert decide(people["board_member"], "need.approve").reason == "U bent voorzitter."
        assert decide(manager, "goal.write").allowed
        close_account(manager, people["board_member"])
        assert not decide(people["board_member"], "need.approve").allowed


def test_after_a_mistake_nothing_is_remembered(people, manager):
    with pytest.raises(ValueError, match="half"), decided_once():
        assert not decide(people["teacher"], "goal.write").allowed
        raise ValueError("half")
    assign(manager, people["teacher"], by_key(Role, "board_member"), clock.today())
    assert decide(people["teacher"], "goal.write").allowed
