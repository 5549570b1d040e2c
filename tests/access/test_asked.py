"""What one page asks twice is asked once, and never believed past a write."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from schakel.access.asked import looking, once
from schakel.access.changes import change
from schakel.access.people import Person
from schakel.access.permissions import decide, holders
from schakel.access.roles import RoleAssignment, keys_held
from schakel.lib import clock

People = dict[str, Person]


def asked(person: Person, times: int = 2) -> int:
    """How often the register is asked for the roles of a person, who is asked for them `times`."""
    with CaptureQueriesContext(connection) as queries:
        for _time in range(times):
            keys_held(person)
    return len(queries)


def end_all(by: Person, person: Person) -> None:
    with change(by, "role.assign", person):
        for assignment in RoleAssignment.objects.filter(person=person):
            assignment.delete()


def test_within_one_look_the_register_is_asked_once(people: People) -> None:
    with looking():
        assert asked(people["board_member"]) == 1
        assert asked(people["mentor"]) == 1


def test_outside_a_look_it_is_asked_each_time(people: People) -> None:
    assert asked(people["board_member"]) == 2
    with looking():
        keys_held(people["board_member"])
    assert asked(people["board_member"]) == 2


def test_the_next_look_begins_with_nothing(people: People) -> None:
    for _look in range(2):
        with looking():
            assert asked(people["board_member"]) == 1


def test_a_role_that_ends_during_a_look_opens_nothing_more(people: People) -> None:
    with looking():
        assert decide(people["board_member"], "goal.write").allowed
        end_all(people["information_manager"], people["board_member"])
        assert not decide(people["board_member"], "goal.write").allowed


def test_what_is_asked_inside_a_change_is_not_kept(people: People) -> None:
    member = people["board_member"]
    with looking():
        with pytest.raises(ZeroDivisionError), change(people["information_manager"], "role.assign", member):
            RoleAssignment.objects.filter(person=member).delete()
            assert not decide(member, "goal.write").allowed
            raise ZeroDivisionError
        assert decide(member, "goal.write").allowed


def test_another_day_is_another_question(people: People) -> None:
    member = people["board_member"]
    with change(people["information_manager"], "role.assign", member):
        RoleAssignment.objects.filter(person=member).update(end=clock.today())
    with looking():
        assert keys_held(member) == {"board_member"}
        assert keys_held(member, clock.today() + timedelta(days=1)) == frozenset()


def test_a_question_that_fails_is_asked_again() -> None:
    answers: list[Any] = [KeyError("no"), "yes"]

    def ask() -> Any:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    with looking():
        with pytest.raises(KeyError):
            once("it", ask)
        assert once("it", ask) == once("it", ask) == "yes"


def test_whoever_asks_only_whether_is_not_told_the_names_of_roles(people: People) -> None:
    with CaptureQueriesContext(connection) as queries:
        decision = decide(people["board_member"], "goal.write")
    assert len(queries) == 1
    assert decision.reason == "U bent bestuurder."


def test_whom_to_ask_is_looked_up_once_and_is_each_asker_s_own(people: People) -> None:
    with looking():
        first = holders("goal.write")
        with CaptureQueriesContext(connection) as queries:
            again = holders("goal.write")
        assert len(queries) == 0
        assert people["board_member"] in again
        again.clear()
        assert holders("goal.write") == first
        assert people["ict_manager"] in holders("system.write")
        end_all(people["information_manager"], people["board_member"])
        assert people["board_member"] not in holders("goal.write")
