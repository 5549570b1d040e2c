"""The one place that every change passes: permission with its reason, the act, the audit line, in one transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from schakel.access import audit
from schakel.access.kept import Kept, change_open
from schakel.access.people import Person
from schakel.access.permissions import decide
from schakel.lib.errors import Refused
from schakel.lib.text import gettext as _


@dataclass
class Log:
    """What the audit line will say; the change fills it in as it goes."""

    facts: dict[str, Any] = field(default_factory=dict)
    kind: str = ""
    key: str = ""

    def about(self, thing: Kept) -> None:
        """Name the thing that was made inside this change."""
        self.kind, self.key = thing.noun(), str(getattr(thing, "key", thing.pk))


def allowed(actor: Person | None, permission: str) -> str:
    """The reason why this person may; raises Refused with the reason why not, and records that it was tried."""
    decision = decide(actor, permission)
    if not decision.allowed:
        audit.record(actor.pk if actor else None, f"refused:{permission}", facts={"reason": decision.reason})
        raise Refused(decision.reason, code="permission", who_can=decision.who_can)
    return decision.reason


@contextmanager
def change(actor: Person | None, permission: str, thing: Kept | None = None, **facts: Any) -> Iterator[Log]:
    """Everything written inside happens together with its audit line, or not at all."""
    log = Log(dict(facts))
    if thing is not None:
        log.about(thing)
    with changes(actor, permission) as logs:
        yield log
        logs.append(log)


@contextmanager
def changes(actor: Person | None, permission: str) -> Iterator[list[Log]]:
    """Several things of a kind written in one go: all together, each with a line of its own, or nothing at all."""
    reason = allowed(actor, permission)
    logs: list[Log] = []
    with transaction.atomic(), _open():
        yield logs
        told = [(log.kind, log.key, {**log.facts, "reason": reason}) for log in logs]
        audit.record_all(actor.pk if actor else None, permission, told)


@contextmanager
def _open() -> Iterator[None]:
    token = change_open.set(True)
    try:
        yield
    finally:
        change_open.reset(token)


@contextmanager
def founding() -> Iterator[Log]:
    """The very first change of an empty register, before anyone holds a role. Refused as soon as there are people."""
    if Person.objects.exists():
        raise Refused(_("Er is al een eerste gebruiker."), code="permission")
    log = Log()
    with transaction.atomic(), _open():
        yield log
        audit.record(None, "board.found", log.kind, log.key, log.facts)
