"""The audit trail: every change and every delivery leaves a line that cannot be altered (law 9).

The database refuses to change or remove a line (triggers, see the first migration). Each line holds the hash of the one
before it, and the head holds the last number and hash, so that a line altered, removed or put in between is found.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models, transaction

from schakel.lib import clock
from schakel.lib.identifiers import content_hash
from schakel.lib.text import gettext as _

SYSTEM = "schakel"
FIRST = "0" * 64
QUICK = 20_000  # so many lines are read and checked within a second or two


class AuditLine(models.Model):
    """Who did what to which thing, when; with the fingerprint of the line before it."""

    number = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    action = models.CharField(max_length=64)
    thing_kind = models.CharField(max_length=64, blank=True)
    thing_key = models.CharField(max_length=255, blank=True)
    facts = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["number"]
        indexes = [models.Index(fields=["thing_kind", "thing_key"]), models.Index(fields=["action", "at"])]

    def fingerprint(self) -> str:
        """The hash over everything in this line except the hash itself."""
        return content_hash(
            {
                "number": self.number,
                "at": self.at.astimezone(clock.AMSTERDAM).isoformat(timespec="microseconds"),
                "actor": self.actor_id,
                "action": self.action,
                "kind": self.thing_kind,
                "key": self.thing_key,
                "facts": self.facts,
                "previous": self.previous,
            }
        )


class AuditHead(models.Model):
    """The end of the chain: one row, the number and hash of the last line."""

    number = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default=FIRST)


def record(
    actor_id: int | None, action: str, kind: str = "", key: str = "", facts: dict[str, Any] | None = None
) -> AuditLine:
    """Write the next line. Runs in the caller's transaction: no line, no change."""
    return record_all(actor_id, action, [(kind, key, facts or {})])[0]


def record_all(actor_id: int | None, action: str, told: Sequence[tuple[str, str, dict[str, Any]]]) -> list[AuditLine]:
    """Write the next lines, one for each kind, key and facts; the end of the chain moves once."""
    with transaction.atomic(savepoint=False):
        head = _locked_end()
        lines = [_next(head, actor_id, action, *each) for each in told]
        AuditLine.objects.bulk_create(lines)
        head.save()
    return lines


def _locked_end() -> AuditHead:
    """The end of the chain, which nobody else moves until this transaction is over; made with the first line."""
    locked = AuditHead.objects.select_for_update().filter(pk=1)
    if head := locked.first():
        return head
    AuditHead.objects.get_or_create(pk=1)
    return locked.get()


def _next(head: AuditHead, actor_id: int | None, action: str, kind: str, key: str, facts: dict[str, Any]) -> AuditLine:
    """The line after the head, which moves to it."""
    line = AuditLine(
        number=head.number + 1,
        at=clock.now(),
        actor_id=actor_id,
        action=action,
        thing_kind=kind,
        thing_key=key,
        facts=storable(facts),
        previous=head.hash,
    )
    line.hash = line.fingerprint()
    head.number, head.hash = line.number, line.hash
    return line


def storable(value: Any) -> Any:
    """Facts as any database gives them back, so that the hash of a line does not depend on which one keeps it.

    PostgreSQL keeps 1e16 as a whole number, has no minus zero and no NUL sign; JSON has no keys but texts.
    """
    if isinstance(value, dict):
        return {storable(str(key)): storable(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [storable(each) for each in value]
    if isinstance(value, float):
        whole = value.is_integer()
        return int(value) if whole else value if math.isfinite(value) else str(value)
    if value is None or isinstance(value, int):
        return value
    return str(value).replace("\0", "").encode("utf-8", "replace").decode()


@dataclass(frozen=True)
class Verdict:
    """Whether the chain holds: how many lines were read, and the first line that does not fit with the reason."""

    lines: int
    broken_at: int | None = None
    reason: str = ""

    @property
    def holds(self) -> bool:
        """True when no line was altered, removed or inserted."""
        return self.broken_at is None


def verify() -> Verdict:
    """Read the whole trail and check each fingerprint, the order and the end.

    Others may go on writing: the lines that are read lie between the end as it was before and as it is after.
    """
    begun = _end()
    previous, count, passed = FIRST, 0, FIRST if not begun[0] else ""
    for line in AuditLine.objects.order_by("number").iterator(chunk_size=2000):
        count += 1
        if line.number != count:
            missing = _("regel %(number)s ontbreekt of is ertussen gezet") % {"number": count}
            return Verdict(count, line.number, missing)
        if line.previous != previous:
            return Verdict(count, line.number, _("sluit niet aan op de regel ervoor"))
        if line.hash != line.fingerprint():
            return Verdict(count, line.number, _("inhoud is gewijzigd"))
        previous = line.hash
        passed = previous if count == begun[0] else passed
    ended = _end()
    if passed != begun[1] or count > ended[0] or (count == ended[0] and previous != ended[1]):
        return Verdict(count, count + 1, _("de laatste regels ontbreken"))
    if not count and get_user_model().objects.exists():
        return Verdict(0, 1, _("alle regels ontbreken"))
    return Verdict(count)


def verify_if_short() -> Verdict | None:
    """The same verdict where it can be given while a page is made; None where the trail is too long for that."""
    return verify() if _end()[0] <= QUICK else None


def _end() -> tuple[int, str]:
    """The number and hash of the last line, as the head says."""
    head = AuditHead.objects.filter(pk=1).first()
    return (head.number, head.hash) if head else (0, FIRST)


def history(kind: str, key: str, since: datetime | None = None) -> models.QuerySet[AuditLine]:
    """What happened to one thing, newest first."""
    lines = AuditLine.objects.filter(thing_kind=kind, thing_key=key).select_related("actor").order_by("-number")
    return lines.filter(at__gte=since) if since else lines
