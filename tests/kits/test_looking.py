"""The dry run: what a file would add and change, in an order that can be written, and what cannot be, with why."""

from dataclasses import replace
from datetime import date

import pytest

from schakel.access.audit import AuditLine
from schakel.access.register import by_key, put
from schakel.chain import deciding
from schakel.chain.goals import Goal
from schakel.chain.needs import InformationNeed
from schakel.kits.exchange.looking import Change, DryRun
from schakel.kits.exchange.needs import AUDIENCE, ELEMENT
from schakel.kits.exchange.offers import Fault, Offered, Offers, Place
from schakel.kits.exchange.taking import rehearse
from tests.kits.registers import filled


def offered(noun, key, **fields):
    places = {name: Place(f"{key}.{name}", sheet=noun, row=1, column=n) for n, name in enumerate(fields)}
    return Offered(noun, key, Place(key, sheet=noun), fields, places)


def goal(key, **fields):
    return offered("goals", key, **fields)


# --- Without a register ---------------------------------------------------------------------------------------------


def run(*changes, faults=(), digest="d"):
    return DryRun(digest, tuple(changes), faults=tuple(faults))


ADDED = Change(goal("G8", nl="Rust"), "added", ())
CHANGED = Change(goal("G1", nl="Anders"), "changed", (), voids=True)
FAULT = Fault(Place("G1.nl"), "Past niet.")


def test_only_something_without_faults_may_be_taken_in():
    assert run(ADDED).may
    assert not run().may
    assert not run(ADDED, faults=[FAULT]).may


def test_added_and_changed_are_told_apart():
    found = run(ADDED, CHANGED)
    assert (found.of("added"), found.of("changed"), found.of("removed")) == ([ADDED], [CHANGED], [])
    assert (CHANGED.noun, CHANGED.key) == ("goals", "G1")


@pytest.mark.parametrize(
    "other",
    [
        run(ADDED, CHANGED, digest="e"),
        run(ADDED),
        run(CHANGED, ADDED),
        run(ADDED, replace(CHANGED, voids=False)),
        run(ADDED, replace(CHANGED, kind="added")),
        run(ADDED, replace(CHANGED, offered=goal("G2", nl="Anders"))),
        run(ADDED, CHANGED, faults=[FAULT]),
    ],
)
def test_a_confirmation_holds_for_exactly_what_was_shown(other):
    assert other.fingerprint != run(ADDED, CHANGED).fingerprint
    assert run(ADDED, CHANGED).fingerprint == run(ADDED, CHANGED).fingerprint


# --- Against a register ---------------------------------------------------------------------------------------------

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(people, tmp_path):
    return filled(people, tmp_path)["information_manager"]


def looked(actor, *things, faults=()):
    def read(standing):
        for each in things:
            standing.offer(each.noun, each.key, [])
        return Offers("d", [*things], [*faults])

    return rehearse(actor, read)


def changed(found):
    return [(each.key, each.kind, [(f.field, f.was, f.becomes) for f in each.fields]) for each in found.changes]


def faults(found):
    return {fault.place.where: fault.reason for fault in found.faults}


def test_looking_writes_nothing(manager):
    before = AuditLine.objects.count()
    looked(manager, goal("G8", nl="Rust"), goal("G1", nl="Anders"))
    assert AuditLine.objects.count() == before
    assert not Goal.objects.filter(key="G8").exists()


def test_what_differs_and_nothing_else(manager):
    was = by_key(Goal, "G1").nl
    found = looked(manager, goal("G1", nl="Anders", law=""), goal("G2", nl="Rustige start"), goal("G8", nl="Rust"))
    assert changed(found) == [
        ("G1", "changed", [("nl", was, "Anders")]),
        ("G8", "added", [("nl", None, "Rust")]),
    ]
    assert (found.unchanged, found.counts) == (1, {"goals": 3})


@pytest.mark.parametrize("empty", [None, "", (), False])
def test_empty_is_empty_however_it_is_written(manager, empty):
    assert not looked(manager, goal("G1", law=empty, law_confirmed=empty)).changes


def test_a_part_comes_after_its_whole_in_whatever_order(manager):
    parts = [goal("G9c", nl="c", parent="G9b"), goal("G9b", nl="b", parent="G9a"), goal("G9a", nl="a", parent=None)]
    for things in (parts, parts[::-1], [parts[1], parts[2], parts[0]]):
        assert [each.key for each in looked(manager, *things).changes] == ["G9a", "G9b", "G9c"]


def test_nouns_come_in_the_order_in_which_they_can_be_written(manager):
    link = offered("links", "nieuw", from_system="las", to_system="mail")
    mail = offered("systems", "mail", name="Mail")
    role = offered("roles", "coach", nl="coach", en="coach", side="use", holder="person")
    assert [each.key for each in looked(manager, link, mail, role).changes] == ["coach", "mail", "nieuw"]


@pytest.mark.parametrize(
    ("things", "where"),
    [
        ([goal("G1", parent="G1")], {"G1.parent"}),
        ([goal("G1", parent="G2")], {"G1.parent"}),
        ([goal("G8", nl="a", parent="G9"), goal("G9", nl="b", parent="G8")], {"G8.parent", "G9.parent"}),
        ([goal("G8", nl="a", parent="G2")], set()),
    ],
)
def test_nothing_becomes_a_part_of_itself(manager, things, where):
    """G2 is a part of G1 in the register."""
    found = faults(looked(manager, *things))
    assert set(found) == where
    assert all("onderdeel van zichzelf" in reason for reason in found.values())


def test_something_new_needs_what_its_table_needs(manager):
    found = looked(manager, offered("links", "nieuw", from_system="las"), goal("G8", law="Wet"))
    assert {reason.split("‘")[1].split("’")[0] for reason in faults(found).values()} == {"Naar applicatie", "Doel"}
    assert not looked(manager, goal("G1", law="Wet")).faults, "of what exists the rest stays as it is"


@pytest.mark.parametrize(
    ("thing", "where"),
    [
        (goal("G8", nl="x" * 251), "G8.nl"),
        (offered("links", "las_timetable", to_system="las"), "las_timetable.to_system"),
        (offered("elements", "slot.room", special="art9_health"), "slot.room.personal"),
    ],
)
def test_what_the_table_would_refuse_is_named_beforehand(manager, thing, where):
    found = faults(looked(manager, thing))
    assert len(found) == 1
    assert next(iter(found)) in (where, thing.key)


@pytest.mark.parametrize(
    ("who", "thing", "allowed"),
    [
        ("board_member", goal("G1", nl="Anders"), True),
        ("ict_manager", goal("G1", nl="Anders"), False),
        ("ict_manager", offered("systems", "las", name="Anders"), True),
        ("teacher", offered("systems", "las", name="Anders"), False),
        ("teacher", offered("systems", "las", name="LAS"), True),
        ("privacy_officer", offered("policies", "privacy", nl="Anders"), True),
        ("school_leader", offered("policies", "privacy", nl="Anders"), False),
    ],
)
def test_each_row_asks_its_own_permission_and_only_when_it_changes_something(people, manager, who, thing, allowed):
    found = looked(people[who], thing)
    assert (not found.faults) is allowed
    assert allowed or found.faults[0].hint == "Vraag het aan wie dit mag."


@pytest.mark.parametrize(
    ("fields", "voids"),
    [
        ({"rhythm": "elk uur"}, True),
        ({"expires_on": date(2031, 1, 1)}, True),
        ({f"{ELEMENT}slot.start_time": None}, True),
        ({f"{AUDIENCE}teacher:own_school": True}, True),
        ({"note": "erbij"}, False),
        ({"priority": 3}, False),
        ({"owner_role": "teacher"}, False),
    ],
)
def test_that_an_approval_falls_is_said_beforehand(people, manager, fields, voids):
    need = by_key(InformationNeed, "my_day")
    deciding.assess(manager, need)
    asked_by_another = people["board_member"]
    deciding.approve(asked_by_another, need, InformationNeed.objects.whole().get(pk=need.pk).fingerprint())
    [change] = looked(manager, offered("needs", "my_day", **fields)).changes
    assert change.voids is voids


def test_without_an_approval_nothing_falls(manager):
    [change] = looked(manager, offered("needs", "my_day", rhythm="elk uur")).changes
    assert not change.voids


def test_faults_of_the_file_and_of_the_register_stand_together_by_place(manager):
    of_file = Fault(Place("goals!A9", sheet="goals", row=9), "Past niet.")
    found = looked(manager, goal("G8", nl="x" * 251), faults=[of_file])
    assert [fault.place.row for fault in found.faults] == [1, 9]
    assert not found.changes


def test_a_register_that_moved_gives_another_fingerprint(manager):
    first = looked(manager, goal("G1", nl="Anders")).fingerprint
    assert looked(manager, goal("G1", nl="Anders")).fingerprint == first
    put(manager, "goal.write", Goal, "G1", nl="Tussendoor")
    assert looked(manager, goal("G1", nl="Anders")).fingerprint != first
