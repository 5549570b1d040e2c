"""Each permission for each person, from a table that a domain expert can read; and each answer from both sides."""

import csv
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schakel.access import audit
from schakel.access.changes import allowed, change
from schakel.access.people import Person
from schakel.access.permissions import EVERYONE, PERMISSIONS, decide, holders
from schakel.access.register import assign, close_account, end_assignment, put
from schakel.access.roles import Role, RoleAssignment, keys_held
from schakel.kits.stock import STOCK
from schakel.lib import clock
from schakel.lib.errors import Refused
from schakel.lib.text import spoken

pytestmark = pytest.mark.django_db

CASES = Path(__file__).parents[1] / "cases" / "permissions.csv"
SOME = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
ROLES_OF_NOBODY = ("functional_admin", "data_owner", "dpo", "security_officer")


def table() -> list[dict[str, str]]:
    """The rows of the case file."""
    lines = [line for line in CASES.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines))


@pytest.fixture
def everyone(people):
    """The stock people, one person for each role that none of them holds, and the schedule."""
    manager = people["information_manager"]
    bearers = dict(zip(ROLES_OF_NOBODY, ("teacher", "mentor", "care_coordinator", "school_leader"), strict=True))
    for key in bearers:
        put(manager, "role.write", Role, key, nl=f"rol {key}", en=f"role {key}", side="use")
    return people, manager, bearers


def test_the_table_names_every_permission_once_and_every_stock_person(people):
    named = [row["permission"] for row in table()]
    assert sorted(named) == sorted(PERMISSIONS)
    assert list(table()[0])[1:] == [*people_in_order(), *ROLES_OF_NOBODY, "schedule"]
    assert set(people_in_order()) == set(people)


def people_in_order() -> list[str]:
    return [stock.key for stock in STOCK]


def test_each_person_may_exactly_what_the_table_says(everyone):
    people, manager, bearers = everyone
    found = {row["permission"]: {name: decide(people[name], row["permission"]).allowed for name in people}
             for row in table()}  # fmt: skip
    for role, bearer in bearers.items():
        given = assign(manager, people[bearer], Role.objects.get(key=role), clock.today())
        for permission, verdicts in found.items():
            verdicts[role] = decide(people[bearer], permission).allowed
        take_away(manager, given)
    for permission, verdicts in found.items():
        verdicts["schedule"] = decide(None, permission).allowed
    expected = {row.pop("permission"): {name: mark == "x" for name, mark in row.items()} for row in table()}
    assert found == expected


def take_away(manager: Person, given: RoleAssignment) -> None:
    """As if it had never been given."""
    with change(manager, "role.assign", given):
        given.delete()


def test_a_refusal_names_who_can_and_they_can(everyone):
    """What `who_can` names opens the door indeed, for each permission that is not for all."""
    people, manager, _bearers = everyone
    missing = {key for roles in PERMISSIONS.values() for key in roles - EVERYONE}
    for key in missing - set(Role.objects.values_list("key", flat=True)):
        put(manager, "role.write", Role, key, nl=key, en=key, side="use")
    for permission, roles in PERMISSIONS.items():
        refusal = decide(people["outsider"], permission)
        assert set(refusal.who_can) == (set() if roles == EVERYONE else roles)
        assert list(refusal.who_can) == sorted(refusal.who_can)
    for key in missing:
        given = assign(manager, people["outsider"], Role.objects.get(key=key), clock.today())
        opened = {p for p in PERMISSIONS if decide(people["outsider"], p).allowed}
        assert opened == {p for p, roles in PERMISSIONS.items() if roles == EVERYONE or key in roles}
        take_away(manager, given)


def test_a_refusal_speaks_of_roles_by_their_names_and_not_of_other_people(people):
    refusal = decide(people["teacher"], "need.approve").reason
    assert refusal == "Dit mag alleen: bestuurder, informatiemanager."
    assert not any(person.name in refusal or person.email in refusal for person in people.values())
    with spoken("en"):
        assert decide(people["teacher"], "need.approve").reason.startswith("Only")


def test_the_reason_names_only_roles_that_open_this(people):
    """A board member who is privacy officer too writes goals as a board member."""
    manager, member = people["information_manager"], people["board_member"]
    assign(manager, member, Role.objects.get(key="privacy_officer"), clock.today())
    assert decide(member, "goal.write").reason == "U bent bestuurder."
    assert decide(member, "need.advise").reason == "U bent privacy officer."
    assert decide(member, "audit.read").reason == "U bent bestuurder, privacy officer."


def test_the_schedule_says_so_and_names_who_else_can(people):
    decision = decide(None, "source.collect")
    assert decision.allowed and "zelf" in decision.reason
    refused = decide(None, "need.approve")
    assert not refused.allowed
    assert refused.who_can == ("board_member", "information_manager")


def test_every_refused_attempt_leaves_one_line_and_an_allowed_one_none(people):
    before = audit.AuditLine.objects.count()
    for name in ("teacher", "outsider", "mentor"):
        with pytest.raises(Refused) as refusal:
            allowed(people[name], "kit.load")
        assert (refusal.value.code, refusal.value.who_can) == ("permission", ("information_manager",))
    with pytest.raises(Refused):
        allowed(None, "kit.load")
    allowed(people["information_manager"], "kit.load")
    tried = audit.AuditLine.objects.filter(action="refused:kit.load").order_by("number")
    assert [line.actor for line in tried] == [people["teacher"], people["outsider"], people["mentor"], None]
    assert all(line.facts["reason"] for line in tried)
    assert audit.AuditLine.objects.count() == before + 4


TODAY = date(2026, 11, 23)
days = st.integers(-400, 400).map(lambda n: TODAY + timedelta(n))


@SOME
@given(st.lists(st.tuples(days, st.none() | st.integers(0, 500)), max_size=4, unique_by=lambda each: each[0]), days)
def test_a_role_opens_from_its_first_to_its_last_day_and_no_other(people, spans, day):
    """Any number of spans of one role, overlapping or not: held when the day lies in one of them."""
    person, role = people["outsider"], Role.objects.get(key="board_member")
    spans = [(start, None if length is None else start + timedelta(length)) for start, length in spans]
    given = [assign(people["information_manager"], person, role, start, end=end) for start, end in spans]
    held = any(start <= day and (end is None or day <= end) for start, end in spans)
    try:
        assert (keys_held(person, day) == {"board_member"}) == held
        assert decide(person, "goal.write", day).allowed == held
        assert (person in holders("goal.write", day)) == held
        with clock.held_at(day):
            assert decide(person, "goal.write").allowed == held
    finally:
        for each in given:
            take_away(people["information_manager"], each)


def test_a_day_turns_at_midnight_in_amsterdam(people):
    """A role that ends today is over one second past midnight, Dutch time, in summer and in winter."""
    member = people["board_member"]
    given = RoleAssignment.objects.get(person=member)
    end_assignment(people["information_manager"], given, date(2027, 7, 1))
    with clock.held_at(datetime(2027, 7, 1, 21, 59, 59, tzinfo=UTC).astimezone(clock.AMSTERDAM)):
        assert decide(member, "goal.write").allowed
    with clock.held_at(datetime(2027, 7, 1, 22, 0, 1, tzinfo=UTC).astimezone(clock.AMSTERDAM)):
        assert not decide(member, "goal.write").allowed


def test_a_closed_account_opens_nothing_even_for_who_still_holds_it_in_hand(people):
    """A page that was already open has the person as they were; their roles are asked of the register again."""
    member = people["board_member"]
    close_account(people["information_manager"], type(member).objects.get(pk=member.pk))
    assert member.is_active, "in hand it is still open"
    assert not any(decide(member, p).allowed for p, roles in PERMISSIONS.items() if roles != EVERYONE)
    member.refresh_from_db()
    refusals = [decide(member, p) for p in PERMISSIONS]
    assert not any(each.allowed for each in refusals)
    assert {each.reason for each in refusals} == {"Dit account is afgesloten."}


def test_a_role_for_one_school_is_held_in_the_register_too(people):
    """Permissions on the register know no place; how far somebody sees is said by a need's audience."""
    manager, person = people["information_manager"], people["outsider"]
    assign(manager, person, Role.objects.get(key="school_admin"), clock.today(), organisation_key="98AB00")
    assert decide(person, "quarantine.read").allowed
    assert holders("quarantine.read").count(person) == 1


def test_two_spans_of_a_role_make_one_holder(people):
    manager, person, today = people["information_manager"], people["outsider"], clock.today()
    for place in ("98AB00", "98AC00"):
        assign(manager, person, Role.objects.get(key="school_admin"), today, organisation_key=place)
    assert [p.key for p in holders("quarantine.read")].count(person.key) == 1
    assert keys_held(person) == {"school_admin"}
