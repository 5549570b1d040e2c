"""Every write passes one recorded change, and the permission answers with its reason."""

from datetime import timedelta

import pytest

from schakel.access import audit
from schakel.access.changes import allowed, change
from schakel.access.founding import found
from schakel.access.kept import UnrecordedWrite
from schakel.access.people import Person
from schakel.access.permissions import EVERYONE, PERMISSIONS, decide, holders
from schakel.access.register import add_person, assign, by_key, close_account, end_assignment, put
from schakel.access.roles import Role, RoleAssignment, keys_held
from schakel.chain.goals import Goal
from schakel.lib import clock
from schakel.lib.errors import Refused, Unknown

pytestmark = pytest.mark.django_db


def test_a_write_outside_a_change_is_refused(people):
    with pytest.raises(UnrecordedWrite):
        Goal(key="G01", nl="Iedereen leest").save()
    with pytest.raises(UnrecordedWrite):
        Role.objects.filter(key="board_member").update(nl="baas")
    with pytest.raises(UnrecordedWrite):
        Role.objects.filter(key="board_member").delete()
    with pytest.raises(UnrecordedWrite):
        Goal.objects.bulk_create([Goal(key="G02", nl="x")])
    with pytest.raises(UnrecordedWrite):
        people["outsider"].delete()
    assert not Goal.objects.exists()
    assert Role.objects.get(key="board_member").nl == "bestuurder"


def test_after_a_change_the_door_is_closed_again(people):
    put(people["information_manager"], "goal.write", Goal, "G01", nl="Iedereen leest")
    with pytest.raises(UnrecordedWrite):
        Goal(key="G02", nl="x").save()


def test_a_change_that_fails_leaves_neither_row_nor_line(people):
    lines = audit.AuditLine.objects.count()
    with pytest.raises(ValueError, match="half"), change(people["information_manager"], "goal.write"):
        Goal(key="G01", nl="x").save()
        raise ValueError("half")
    assert not Goal.objects.exists()
    assert audit.AuditLine.objects.count() == lines


def test_a_change_leaves_a_line_with_who_what_and_why(people):
    manager = people["information_manager"]
    goal, _ = put(manager, "goal.write", Goal, "G01", nl="Iedereen leest")
    line = audit.history("goal", "G01").get()
    assert (line.actor, line.action, line.thing_key) == (manager, "goal.write", goal.key)
    assert line.facts["changed"]["nl"] == [None, "Iedereen leest"]
    assert "informatiemanager" in line.facts["reason"]


def test_putting_the_same_again_writes_nothing(people):
    manager = people["information_manager"]
    put(manager, "goal.write", Goal, "G01", nl="Iedereen leest")
    lines = audit.AuditLine.objects.count()
    _, changed = put(manager, "goal.write", Goal, "G01", nl="Iedereen leest")
    assert changed == []
    assert audit.AuditLine.objects.count() == lines


def test_putting_a_difference_tells_what_was_and_what_becomes(people):
    manager = people["information_manager"]
    put(manager, "goal.write", Goal, "G01", nl="Iedereen leest")
    _, changed = put(manager, "goal.write", Goal, "G01", nl="Iedereen rekent")
    assert [(d.field, d.was, d.becomes) for d in changed] == [("nl", "Iedereen leest", "Iedereen rekent")]


def test_who_may_not_is_refused_with_the_reason_and_who_can(people):
    with pytest.raises(Refused) as refusal:
        put(people["teacher"], "goal.write", Goal, "G01", nl="x")
    assert refusal.value.who_can == ("board_member", "information_manager")
    assert "bestuurder" in refusal.value.message
    assert not Goal.objects.exists()
    assert audit.AuditLine.objects.filter(action="refused:goal.write", actor=people["teacher"]).exists()


def test_the_outsider_may_only_what_everyone_may(people):
    for permission in PERMISSIONS:
        assert decide(people["outsider"], permission).allowed == (PERMISSIONS[permission] == EVERYONE), permission


def test_every_answer_has_a_reason(people):
    for permission in PERMISSIONS:
        for person in people.values():
            assert decide(person, permission).reason, permission


def test_the_schedule_may_only_do_what_needs_no_judgement(people):
    may = {p for p in PERMISSIONS if decide(None, p).allowed}
    seen_and_said = {"change.see", "person.remind", "need.review_due"}
    seen_and_said |= {"finding.follow", "source.watch"}
    assert (
        may == {"source.collect", "snapshot.publish", "wrong_data.erase", "draft.erase", "match.erase"} | seen_and_said
    )


def test_an_unknown_permission_is_a_defect(people):
    with pytest.raises(KeyError):
        decide(people["board_member"], "goal.wriet")


def test_a_role_that_ended_yesterday_opens_nothing(people):
    member = people["board_member"]
    assignment = RoleAssignment.objects.get(person=member)
    end_assignment(people["information_manager"], assignment, clock.today() - timedelta(days=1))
    assert keys_held(member) == frozenset()
    with pytest.raises(Refused):
        allowed(member, "goal.write")


def test_the_last_day_of_a_role_still_counts(people):
    member = people["board_member"]
    end_assignment(people["information_manager"], RoleAssignment.objects.get(person=member), clock.today())
    assert decide(member, "goal.write").allowed
    with clock.held_at(clock.today() + timedelta(days=1)):
        assert not decide(member, "goal.write").allowed


def test_a_role_that_starts_tomorrow_opens_nothing_today(people):
    assign(
        people["information_manager"],
        people["outsider"],
        Role.objects.get(key="board_member"),
        clock.today() + timedelta(1),
    )
    assert not decide(people["outsider"], "goal.write").allowed


def test_a_closed_account_may_nothing(people):
    close_account(people["information_manager"], people["board_member"])
    member = Person.objects.get(pk=people["board_member"].pk)
    assert not any(decide(member, p).allowed for p in PERMISSIONS)
    assert member not in holders("goal.write")


def test_holders_are_the_people_to_ask(people):
    assert {p.name for p in holders("goal.write")} == {"Marijke Terpstra", "Youssef Haddou"}


def test_a_board_is_founded_once(people):
    with pytest.raises(Refused):
        found("tweede@example.org", "Tweede")
    assert not Person.objects.filter(email="tweede@example.org").exists()


def test_who_may_not_add_people_cannot(people):
    with pytest.raises(Refused):
        add_person(people["ict_manager"], "nieuw@example.org", "Nieuw")


def test_naming_what_does_not_exist_says_so(people):
    with pytest.raises(Unknown, match="goal 'G99' bestaat niet"):
        by_key(Goal, "G99")
