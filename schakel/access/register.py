"""Writing simple nouns of the register (a goal, a system, a role): one function for adding and for changing them."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models

from schakel.access import sessions
from schakel.access.changes import Log, change, changes
from schakel.access.delegations import Delegation
from schakel.access.kept import Kept
from schakel.access.people import Person, new_person
from schakel.access.permissions import DELEGABLE, PERMISSIONS
from schakel.access.roles import Role, RoleAssignment, keys_held
from schakel.lib import clock
from schakel.lib.errors import Refused, Unknown
from schakel.lib.text import gettext as _


@dataclass(frozen=True)
class Difference:
    """One field that differs: what stands in the register and what is offered."""

    field: str
    was: Any
    becomes: Any


def differences(thing: models.Model, fields: dict[str, Any]) -> list[Difference]:
    """Which of the offered fields differ from what stands there. Relations are compared by their key."""
    return [
        Difference(name, plain(getattr(thing, name)), plain(value))
        for name, value in fields.items()
        if plain(getattr(thing, name)) != plain(value)
    ]


def plain(value: Any) -> Any:
    """A value as it can stand in an audit line: a relation becomes its key, a day its ISO text."""
    if isinstance(value, models.Model):
        return str(getattr(value, "key", value.pk))
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    return value


def put(
    actor: Person | None, permission: str, noun: type[Any], key: str, **fields: Any
) -> tuple[Any, list[Difference]]:
    """Add the thing with this key, or change the fields that differ; nothing is written when nothing differs.

    Returns the thing and the differences (all fields when it is new).
    """
    thing = noun.objects.filter(key=key).first()
    changed = _changed(thing, fields)
    if thing and not changed:
        return thing, []
    with change(actor, permission) as log:
        thing = _written(log, thing or noun(key=key), fields, changed)
    return thing, changed


@contextmanager
def putting(
    actor: Person | None, permission: str, noun: type[Any], keys: Iterable[str]
) -> Iterator[Callable[[str, dict[str, Any]], Any]]:
    """Put many things of a noun in one go, of which these are the keys: all of them, or nothing at all.

    Gives a function that puts one, as `put` does, and returns it. Whether the actor may is asked once.
    """
    with changes(actor, permission) as logs:
        there = noun.objects.in_bulk(list(keys), field_name="key")

        def put_one(key: str, fields: dict[str, Any]) -> Any:
            thing = there.get(key)
            changed = _changed(thing, fields)
            if changed or thing is None:
                logs.append(Log())
                there[key] = _written(logs[-1], thing or noun(key=key), fields, changed)
            return there[key]

        yield put_one


def _changed(thing: Any, fields: dict[str, Any]) -> list[Difference]:
    """What writing these fields changes: all of them where there is nothing yet."""
    return differences(thing, fields) if thing else [Difference(n, None, plain(v)) for n, v in fields.items()]


def _written(log: Log, thing: Any, fields: dict[str, Any], changed: list[Difference]) -> Any:
    for name, value in fields.items():
        setattr(thing, name, value)
    thing.full_clean(validate_unique=False)
    thing.save()
    log.facts["changed"] = {d.field: [d.was, d.becomes] for d in changed}
    log.about(thing)
    return thing


def remove(actor: Person, permission: str, thing: Kept) -> None:
    """Take a simple thing out of the register; the audit line keeps what it was called."""
    with change(actor, permission, thing, removed=str(thing)):
        thing.delete()


def by_key(noun: type[Any], key: str) -> Any:
    """The thing with this key; Unknown says which one is missing."""
    thing = noun.objects.filter(key=key).first()
    if thing is None:
        raise Unknown(_("%(noun)s '%(key)s' bestaat niet.") % {"noun": noun.noun(), "key": key}, code="unknown")
    return thing


def add_person(actor: Person, email: str, name: str, *, password: str | None = None, language: str = "nl") -> Person:
    """An account for a person. Without a password they sign in by the board's own service, or step in at the demo."""
    with change(actor, "person.write") as log:
        person = new_person(email, name, language=language)
        person.set_password(password)
        person.full_clean(exclude=["password"])
        person.save()
        log.about(person)
    return person


def change_person(actor: Person, person: Person, **fields: str) -> None:
    """Change the name or the language of a person. The address stays: it is how the roster knows them."""
    changed = sorted(name for name, value in fields.items() if getattr(person, name) != value)
    if not changed:
        return
    with change(actor, "person.write", person, changed=changed):
        for name in changed:
            setattr(person, name, fields[name])
        person.full_clean(exclude=["password"])
        person.save()


def close_account(actor: Person, person: Person) -> None:
    """End an account and its sessions: from now on it opens nothing. What the person did stays in the trail."""
    if actor.pk == person.pk:
        raise Refused(_("Uw eigen account sluit u niet zelf. Vraag het een andere informatiemanager."), code="oneself")
    with change(actor, "person.write", person, closed=True):
        person.is_active = False
        person.save()
        sessions.end(person)


def assign(
    actor: Person, person: Person, role: Role, start: date, *, organisation_key: str = "", end: date | None = None
) -> RoleAssignment:
    """Give a person a role from a day on, for the board or one organisation."""
    with change(actor, "role.assign", person=person.key, role=role.key, where=organisation_key) as log:
        assignment = RoleAssignment(person=person, role=role, organisation_key=organisation_key, start=start, end=end)
        assignment.full_clean()
        assignment.save()
        log.about(assignment)
    return assignment


def end_assignment(actor: Person, assignment: RoleAssignment, last_day: date) -> None:
    """Let a role end; the last day still counts."""
    with change(actor, "role.assign", assignment, ended=last_day.isoformat()):
        assignment.end = last_day
        assignment.full_clean()
        assignment.save()


LONGEST_DELEGATION = 366  # days: who is away for longer hands over the role itself


def delegate(giver: Person, taker: Person, permission: str, start: date, end: date, reason: str) -> Delegation:
    """Let someone else judge or decide in your place, up to and including a day.

    Refused for what you do not hold by a role of your own, what cannot be handed over, a past or endless period.
    """
    with change(giver, "delegation.give", taker=taker.key, what=permission, end=end.isoformat()) as log:
        _may_hand_over(giver, taker, permission)
        if end < clock.today() or not 0 <= (end - start).days < LONGEST_DELEGATION:
            raise Refused(_("Kies een laatste dag vanaf vandaag, hoogstens een jaar na de eerste."), code="period")
        delegation = Delegation(giver=giver, taker=taker, permission=permission, start=start, end=end, reason=reason)
        delegation.full_clean()
        delegation.save()
        log.about(delegation)
    return delegation


def _may_hand_over(giver: Person, taker: Person, permission: str) -> None:
    if permission not in DELEGABLE:
        raise Refused(_("Dit is niet over te dragen aan een vervanger."), code="not_delegable")
    if not keys_held(giver) & PERMISSIONS[permission]:
        raise Refused(_("U kunt alleen overdragen wat bij een eigen rol hoort."), code="not_held")
    if taker == giver or not taker.is_active:
        raise Refused(_("Kies iemand anders, met een open account."), code="taker")


def end_delegation(actor: Person, delegation: Delegation) -> None:
    """Take a delegation back, from today. Either of the two may; what was decided stays decided."""
    if actor.pk not in (delegation.giver_id, delegation.taker_id):
        raise Refused(_("Dit kunnen alleen degene die vervangen wordt en de vervanger."), code="not_yours")
    with change(actor, "delegation.give", delegation, ended=True):
        if delegation.start >= clock.today():
            delegation.delete()
        else:
            delegation.end = clock.days_ago(1)
            delegation.save()
