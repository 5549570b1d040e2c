"""No route into the tables of the register goes round a recorded change: each way that Django offers is tried."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.apps import apps
from django.db import transaction

from schakel.access import audit
from schakel.access.changes import change, founding
from schakel.access.kept import Kept, KeptQuerySet, UnrecordedWrite, change_open
from schakel.access.people import Person
from schakel.access.register import assign, put
from schakel.access.roles import Role, RoleAssignment
from schakel.chain.goals import Activity, Goal
from schakel.chain.needs import NeedElement
from schakel.lib import clock
from schakel.lib.errors import Refused

pytestmark = pytest.mark.django_db

KEPT = [model for model in apps.get_models() if issubclass(model, Kept)]


@pytest.fixture
def things(chain):
    """What the routes below try to change: where each lies, to be read again for every attempt."""
    made = {
        "need": chain.ask(),
        "goal": chain.goal,
        "other": put(chain.manager, "goal.write", Goal, "G09", nl="Een ander doel")[0],
        "activity": chain.activity,
        "person": chain.people["teacher"],
        "assignment": RoleAssignment.objects.get(person=chain.people["board_member"]),
        "role": Role.objects.get(key="board_member"),
    }
    return {name: (type(thing), thing.pk) for name, thing in made.items()}


def fresh(things: dict[str, Any]) -> dict[str, Any]:
    """The things as they stand in the register now."""
    return {name: model._base_manager.get(pk=pk) for name, (model, pk) in things.items()}


def foreign_line(things: dict[str, Any]) -> NeedElement:
    """A line of the need, as it would be smuggled into another one."""
    return things["need"].elements.first()


ROUTES: dict[str, Callable[[dict[str, Any]], object]] = {
    "save a new one": lambda t: Goal(key="G10", nl="x").save(),
    "save a changed one": lambda t: t["goal"].save(),
    "save one field": lambda t: t["goal"].save(update_fields=["nl"]),
    "save by force": lambda t: Goal(key="G10", nl="x").save(force_insert=True),
    "create": lambda t: Goal.objects.create(key="G10", nl="x"),
    "get or create": lambda t: Goal.objects.get_or_create(key="G10", defaults={"nl": "x"}),
    "update or create": lambda t: Goal.objects.update_or_create(key="G03", defaults={"nl": "x"}),
    "bulk create": lambda t: Goal.objects.bulk_create([Goal(key="G10", nl="x")]),
    "bulk create over what is there": lambda t: Goal.objects.bulk_create(
        [Goal(key="G03", nl="x")], update_conflicts=True, unique_fields=["key"], update_fields=["nl"]
    ),
    "bulk update": lambda t: Goal.objects.bulk_update([t["goal"]], ["nl"]),
    "update": lambda t: Goal.objects.update(nl="x"),
    "update of a selection": lambda t: Goal.objects.filter(key="G03").exclude(nl="").order_by("nl").update(nl="x"),
    "update by the manager that relations use": lambda t: Goal._base_manager.update(nl="x"),
    "update by the default manager": lambda t: Goal._default_manager.all().update(nl="x"),
    "delete one": lambda t: t["other"].delete(),
    "delete a selection": lambda t: Goal.objects.filter(key="G09").delete(),
    "delete an account": lambda t: t["person"].delete(),
    "related: add": lambda t: t["other"].activities.add(t["activity"]),
    "related: add, one by one": lambda t: t["other"].activities.add(t["activity"], bulk=False),
    "related: set": lambda t: t["goal"].activities.set([]),
    "related: clear": lambda t: t["goal"].activities.clear(),
    "related: remove": lambda t: t["goal"].activities.remove(t["activity"]),
    "related: create": lambda t: t["goal"].activities.create(key="A10", nl="x"),
    "related: update": lambda t: t["need"].elements.update(reason="x"),
    "related: delete": lambda t: t["need"].elements.all().delete(),
    "related: smuggle a line into a need": lambda t: t["need"].elements.add(foreign_line(t)),
    "related: take over somebody's role": lambda t: t["person"].assignments.add(t["assignment"]),
    "save another person's role": lambda t: RoleAssignment(
        person=t["person"], role=t["role"], start=clock.today()
    ).save(),
    "account: reopen": lambda t: Person.objects.filter(pk=t["person"].pk).update(is_active=True),
    "account: another address with the password": lambda t: t["person"].save(update_fields=["password", "email"]),
}


def everything() -> dict[str, list[str]]:
    """All rows of the register."""
    return {model.__name__: sorted(map(repr, model._base_manager.values_list())) for model in KEPT}


def attempted(route: Callable[[dict[str, Any]], object], things: dict[str, Any]) -> str:
    """What became of one attempt: the code of its refusal, or that it got in."""
    try:
        with transaction.atomic():
            route(fresh(things))
    except UnrecordedWrite as refusal:
        return refusal.code
    return "got in"


def test_every_route_outside_a_change_is_refused_and_changes_nothing(things):
    before, lines = everything(), audit.AuditLine.objects.count()
    outcome = {name: attempted(route, things) for name, route in ROUTES.items()}
    assert {name: became for name, became in outcome.items() if became != "unrecorded"} == {}
    assert everything() == before
    assert audit.AuditLine.objects.count() == lines


class Undone(Exception):
    """Ends an attempt that went well, so that the next one meets the same rows."""


def test_the_same_routes_are_open_inside_a_change(things):
    """The refusals above are for want of a change, and not because the attempts are wrong by themselves."""
    for route in ROUTES.values():
        with pytest.raises(Undone), change(fresh(things)["person"], "need.ask"):
            route(fresh(things))
            raise Undone


def test_routes_by_which_nothing_would_be_written_are_refused_too(people):
    """The refusal comes first: nobody finds out by trying whether there was something to change."""
    with pytest.raises(UnrecordedWrite):
        Goal.objects.filter(key="nothing").update(nl="x")
    with pytest.raises(UnrecordedWrite):
        Goal.objects.none().delete()
    with pytest.raises(UnrecordedWrite):
        Goal.objects.bulk_create([])


def test_every_table_of_the_register_writes_through_refusing_managers():
    managers = {m: (*m._meta.managers, m._base_manager, m._default_manager) for m in KEPT}
    plain = [
        f"{m.__name__}.{each.name}" for m in KEPT for each in managers[m] if not isinstance(each.all(), KeptQuerySet)
    ]
    assert plain == []


def test_every_table_of_our_rooms_is_kept_or_a_log_of_its_own():
    ours = [m for m in apps.get_models() if m.__module__.startswith("schakel.")]
    free = {m._meta.label for m in ours if not issubclass(m, Kept)}
    logs = {"access.AuditLine", "access.AuditHead", "distribute.Delivery"}
    derived = {"chain.SearchEntry", "chain.GapSighting"}  # made again from the register at any time
    assert free == logs | derived


def test_waiting_for_it_does_not_open_the_door(people):
    goal = Goal(key="G10", nl="x")
    with pytest.raises(UnrecordedWrite):
        async_to_sync(goal.asave)()
    with pytest.raises(UnrecordedWrite):
        async_to_sync(Goal.objects.all().aupdate)(nl="x")
    with pytest.raises(UnrecordedWrite):
        async_to_sync(Goal.objects.all().adelete)()


def test_a_change_of_one_thread_opens_nothing_in_another(people):
    with change(people["information_manager"], "goal.write") as log:
        seen: list[bool] = []
        thread = threading.Thread(target=lambda: seen.append(change_open.get()))
        thread.start()
        thread.join()
        assert change_open.get()
        log.key = "G01"
    assert seen == [False]
    assert not change_open.get()


def test_a_change_inside_a_change_leaves_the_outer_one_open(people):
    manager = people["information_manager"]
    with change(manager, "goal.write"):
        put(manager, "goal.write", Goal, "G10", nl="binnen")
        Goal(key="G11", nl="nog steeds open").save()
    assert {g.key for g in Goal.objects.all()} == {"G10", "G11"}
    with pytest.raises(UnrecordedWrite):
        Goal(key="G12", nl="dicht").save()


def test_a_refused_change_inside_a_change_takes_all_of_it_back(people):
    manager = people["information_manager"]
    with pytest.raises(Refused), change(manager, "goal.write"):
        Goal(key="G10", nl="half").save()
        put(people["teacher"], "goal.write", Goal, "G11", nl="mag niet")
    assert not Goal.objects.exists()
    assert not change_open.get()


def test_signing_in_may_renew_the_password_hash_and_nothing_else(people):
    person = people["teacher"]
    person.set_password("een heel lang wachtwoord")
    person.name, person.email, person.is_active, person.language = "Een ander", "een@ander.example", False, "en"
    person.save(update_fields=["password"])
    kept = Person.objects.get(pk=person.pk)
    assert kept.check_password("een heel lang wachtwoord")
    assert (kept.name, kept.is_active, kept.language) == ("Tom Bakker", True, "nl")
    with pytest.raises(UnrecordedWrite):
        person.save()


def test_a_new_account_is_never_made_by_way_of_a_password(people):
    with pytest.raises(UnrecordedWrite):
        Person(email="nieuw@example.org", name="Nieuw").save(update_fields=["password"])


def test_founding_opens_the_door_once_and_closes_it(db):
    with founding() as log:
        Person(email="eerste@example.org", name="Eerste").save()
        log.facts["why"] = "proef"
    line = audit.AuditLine.objects.get()
    assert (line.action, line.actor, line.facts) == ("board.found", None, {"why": "proef"})
    with pytest.raises(UnrecordedWrite):
        Person(email="tweede@example.org", name="Tweede").save()
    with pytest.raises(Refused, match="al een eerste"), founding():
        raise AssertionError("a board that has people is not founded again")


def test_founding_that_fails_founds_nothing(db):
    with pytest.raises(ValueError, match="half"), founding():
        Person(email="eerste@example.org", name="Eerste").save()
        raise ValueError("half")
    assert not Person.objects.exists()
    assert not audit.AuditLine.objects.exists()


def test_what_a_change_says_about_itself_stands_in_the_line(people):
    manager = people["information_manager"]
    activity = put(manager, "activity.write", Activity, "A01", nl="Rekenen")[0]
    line = audit.history("activity", "A01").get()
    assert (line.thing_kind, line.thing_key, line.actor) == (Activity.noun(), activity.key, manager)
    given = assign(manager, people["outsider"], Role.objects.get(key="board_member"), clock.today())
    line = audit.history("roleassignment", str(given.pk)).get()
    assert line.facts["person"] == people["outsider"].key
    assert line.facts["role"] == "board_member"
    assert "@" not in str(line.facts), "the trail names people by their number"
