"""What must be set up, configured or adapted before a need can be met: changes, with who does them and when."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import F, Q

from schakel.access.changes import change
from schakel.access.kept import Kept
from schakel.access.people import Person
from schakel.access.roles import Role
from schakel.chain.consultation import Resolution
from schakel.chain.elements import SourceOfRecord
from schakel.chain.needs import InformationNeed
from schakel.chain.systems import System
from schakel.lib import clock
from schakel.lib.errors import Refused
from schakel.lib.text import gettext as _

KINDS = ("link", "column", "source", "product", "person", "agreement", "configuration", "other")
STATES = ("proposed", "planned", "doing", "done", "dropped")
STATE_WORDS = {
    "proposed": "Voorgesteld",
    "planned": "Gepland",
    "doing": "In uitvoering",
    "done": "Klaar",
    "dropped": "Vervallen",
}


class Change(Kept):
    """One thing to do: a link to make, a column to add, an overview to build, a person to appoint.

    `thing_kind` and `thing_key` name what it is about (an element, a system, a role), so that the flow can show that it
    is done: `seen_done_at` is derived from it, never typed.
    """

    need = models.ForeignKey(InformationNeed, on_delete=models.PROTECT, null=True, blank=True, related_name="changes")
    resolution = models.ForeignKey(Resolution, on_delete=models.PROTECT, null=True, blank=True, related_name="changes")
    kind = models.CharField(max_length=16, choices=[(k, k) for k in KINDS])
    title = models.CharField(max_length=250)
    thing_kind = models.CharField(max_length=64, blank=True)
    thing_key = models.CharField(max_length=255, blank=True)
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="changes_owned")
    owner_role = models.ForeignKey(Role, on_delete=models.PROTECT, null=True, blank=True, related_name="changes_owned")
    effort_hours = models.DecimalField(max_digits=7, decimal_places=1, null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=12, default="proposed", choices=[(s, STATE_WORDS[s]) for s in STATES])
    seen_done_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    dropped_reason = models.CharField(max_length=250, blank=True)
    note = models.TextField(blank=True)
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(state="dropped", dropped_reason=""), name="dropping_has_reason"),
            # The same proposal of the same need stands once, however often it is assessed.
            models.UniqueConstraint(
                fields=["need", "kind", "thing_kind", "thing_key"],
                condition=Q(need__isnull=False) & ~Q(thing_key=""),
                name="change_once_per_need",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def key(self) -> str:
        """How the audit trail names it."""
        return str(self.pk)

    @property
    def number(self) -> str:
        """How people name it in talk: W-0042."""
        return f"W-{self.pk:04d}"


class ChangeDependency(Kept):
    """`change` waits for `waits_for`."""

    change = models.ForeignKey(Change, on_delete=models.CASCADE, related_name="dependencies")
    waits_for = models.ForeignKey(Change, on_delete=models.CASCADE, related_name="waited_for_by")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["change", "waits_for"], name="dependency_once"),
            models.CheckConstraint(condition=~Q(change=F("waits_for")), name="change_waits_for_another"),
        ]


@dataclass(frozen=True)
class Proposal:
    """What would have to be done: the kind, the words, what it is about, which role does it, a first guess of hours."""

    kind: str
    title: str
    thing_kind: str
    thing_key: str
    role: str = "ict_manager"
    hours: int = 4


Proposer = Callable[[InformationNeed], Iterable[Proposal]]
Seer = Callable[[Change], bool]
PROPOSERS: list[Proposer] = []
SEERS: dict[str, Seer] = {}  # by kind of change: whether the flow shows that it is done
OPEN = ("proposed", "planned", "doing")
DEEPEST = 200  # dependencies on dependencies


def proposer(find: Proposer) -> Proposer:
    """Add a question to a need: what has to be done for it?"""
    PROPOSERS.append(find)
    return find


def seer(kind: str) -> Callable[[Seer], Seer]:
    """Add how the flow shows that a kind of change is done."""

    def add(look: Seer) -> Seer:
        SEERS[kind] = look
        return look

    return add


def proposals(need: InformationNeed) -> list[Proposal]:
    """Everything that the assessment finds to do for a need, now."""
    return [proposal for find in PROPOSERS for proposal in find(need)]


def propose(actor: Person, need: InformationNeed) -> list[Change]:
    """Write down what is to be done for a need and is not written down yet, for this need or (open) for another."""
    written = Change.objects.filter(Q(need=need) | Q(state__in=OPEN))
    known = set(written.values_list("kind", "thing_kind", "thing_key"))
    fresh = [p for p in proposals(need) if (p.kind, p.thing_kind, p.thing_key) not in known]
    return [
        _add(
            actor, p.title, p.kind, need=need, thing_kind=p.thing_kind, thing_key=p.thing_key,
            owner_role=Role.objects.filter(key=p.role).first(), effort_hours=Decimal(p.hours),
        )
        for p in fresh
    ]  # fmt: skip


def add(actor: Person, title: str, kind: str = "other", **fields: Any) -> Change:
    """Write down one thing to do, by hand or out of a resolution."""
    if kind not in KINDS:
        raise Refused(_("Kies wat voor wijziging het is."), code="kind")
    return _add(actor, title, kind, **fields)


def _add(actor: Person, title: str, kind: str, **fields: Any) -> Change:
    with change(actor, "change.write", what=kind) as log:
        made = Change(title=title[:250], kind=kind, **fields)
        made.full_clean()
        made.save()
        log.about(made)
    return made


def plan(
    actor: Person, item: Change, *, owner: Person | None, due_on: date | None, effort_hours: Decimal | None, note: str
) -> None:
    """Say who does it, by when, and how much work it is. Someone or some day makes it planned."""
    _only(item, *OPEN)
    with change(actor, "change.write", item, due=due_on.isoformat() if due_on else None):
        item.owner, item.due_on, item.effort_hours, item.note = owner, due_on, effort_hours, note
        if item.state == "proposed" and (owner or due_on):
            item.state = "planned"
        item.full_clean()
        item.save()


def start(actor: Person, item: Change) -> None:
    """Begin. Refused while it waits for another one."""
    _only(item, "proposed", "planned")
    _ready(item)
    _move(actor, item, "doing")


def finish(actor: Person, item: Change) -> None:
    """Say that it is done. Refused while it waits for another one."""
    _only(item, *OPEN)
    _ready(item)
    _move(actor, item, "done")


def drop(actor: Person, item: Change, reason: str) -> None:
    """Not needed after all, with the reason."""
    _only(item, *OPEN)
    with change(actor, "change.write", item, why=reason):
        item.state, item.dropped_reason = "dropped", reason[:250]
        item.full_clean()
        item.save()


def wait_for(actor: Person, item: Change, other: Change) -> None:
    """Let one change wait for another. Refused when that would make a circle."""
    _only(item, *OPEN)
    if item.pk == other.pk or item.pk in _all_waited_for(other):
        raise Refused(_("Dan wachten zij op elkaar. Kies een andere wijziging."), code="circle")
    with change(actor, "change.write", item, waits_for=other.key):
        ChangeDependency.objects.get_or_create(change=item, waits_for=other)


def look(day: date | None = None) -> list[Change]:
    """See in the flow which open changes are done, and say so. For the schedule; returns what was seen."""
    seen = []
    for item in Change.objects.filter(state__in=OPEN).select_related("need"):
        sees = SEERS.get(item.kind)
        if sees and item.thing_key and sees(item):
            with change(None, "change.see", item, state="done"):
                item.state, item.seen_done_at = "done", clock.now()
                item.done_at = item.seen_done_at
                item.save()
            seen.append(item)
    return seen


def late(day: date | None = None) -> "models.QuerySet[Change]":
    """Open changes past their day, the oldest first."""
    found: models.QuerySet[Change] = Change.objects.filter(state__in=OPEN, due_on__lt=day or clock.today())
    return found.select_related("owner", "owner_role", "need").order_by("due_on", "pk")


def waiting_for(item: Change) -> list[Change]:
    """What it still waits for."""
    return list(Change.objects.filter(waited_for_by__change=item, state__in=OPEN).order_by("pk"))


def _all_waited_for(item: Change) -> set[int]:
    """Everything that a change waits for, however far away."""
    found: set[int] = set()
    edge = {item.pk}
    for _step in range(DEEPEST):
        edge = set(ChangeDependency.objects.filter(change__in=edge).values_list("waits_for", flat=True)) - found
        if not edge:
            break
        found |= edge
    return found


def _only(item: Change, *states: str) -> None:
    item.refresh_from_db()
    if item.state not in states:
        text = _("Dat kan niet in de stand '%(state)s'.") % {"state": item.get_state_display()}
        raise Refused(text, code="state", where=item.number)


def _ready(item: Change) -> None:
    waiting = waiting_for(item)
    if waiting:
        names = ", ".join(f"{other.number} {other.title}" for other in waiting)
        raise Refused(_("Dit wacht nog op: %(names)s.") % {"names": names}, code="waits", where=item.number)


def _move(actor: Person, item: Change, state: str) -> None:
    with change(actor, "change.write", item, state=state):
        item.state = state
        item.done_at = clock.now() if state == "done" else None
        item.save()


@proposer
def _sources(need: InformationNeed) -> Iterator[Proposal]:
    """An element that no system gives: somebody has to find or appoint its source."""
    for line in need.elements.all():
        element = line.element
        if line.declined or element.object.origin == "register" or element.sources_of_record.exists():
            continue
        title = _("Wijs een bron aan voor ‘%(name)s’") % {"name": element.nl}
        yield Proposal("source", title, element.noun(), element.key, "information_manager", 2)


@proposer
def _agreements(need: InformationNeed) -> Iterator[Proposal]:
    """Personal data at a supplier without an agreement: that comes first (AVG art. 28 lid 3)."""
    systems = System.objects.filter(
        elements_of_record__element__in=[x.element_id for x in need.elements.all() if not x.declined],
        personal_data=True, agreement_until__isnull=True,
    ).distinct()  # fmt: skip
    for system in systems:
        title = _("Sluit een verwerkersovereenkomst voor %(name)s") % {"name": system.name}
        yield Proposal("agreement", title, system.noun(), system.key, "privacy_officer", 6)


@seer("source")
def _has_source(item: Change) -> bool:
    return SourceOfRecord.objects.filter(element__key=item.thing_key).exists()


@seer("agreement")
def _has_agreement(item: Change) -> bool:
    return System.objects.filter(key=item.thing_key, agreement_until__gte=clock.today()).exists()
