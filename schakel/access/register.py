"""Writing simple nouns of the register (a goal, a system, a role): one function for adding and for changing them."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models

from schakel.access.changes import change
from schakel.access.kept import Kept
from schakel.access.people import Person
from schakel.access.roles import Role, RoleAssignment
from schakel.lib.errors import Unknown
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
    changed = differences(thing, fields) if thing else [Difference(n, None, plain(v)) for n, v in fields.items()]
    if thing and not changed:
        return thing, []
    facts = {d.field: [d.was, d.becomes] for d in changed}
    with change(actor, permission, changed=facts) as log:
        thing = thing or noun(key=key)
        for name, value in fields.items():
            setattr(thing, name, value)
        thing.full_clean(validate_unique=False)
        thing.save()
        log.about(thing)
    return thing, changed


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
        person = Person(email=email.lower(), name=name, language=language)
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
    """End an account: from now on it opens nothing. What the person did stays in the trail."""
    with change(actor, "person.write", person, closed=True):
        person.is_active = False
        person.save()


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
