"""Cases: a cause of findings in a source, from the first time it was seen until it is repaired at the source.

What is new, gone or back follows from each reading and is never typed (law 12). What people do about it (see it, tell
who repairs it, live with it until a day) is in operations/case_work.py. The rows themselves stay beside the landing.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from schakel.access.changes import change
from schakel.access.kept import Kept, KeptQuerySet
from schakel.access.people import Person
from schakel.access.remembered import changes_nothing
from schakel.access.roles import Role
from schakel.collect.causes import Cause, Judgement, Place
from schakel.collect.rules import rules, unnamed
from schakel.collect.runs import Run
from schakel.collect.sources import Source
from schakel.lib import clock
from schakel.lib.text import gettext as _

STATES = {
    "new": "Nieuw",
    "seen": "Gezien",
    "reported": "Doorgegeven",
    "reopened": "Teruggekomen",
    "repaired": "Hersteld bij de bron",
}
ACCEPTED = "accepted"  # not a state of its own: it ends by itself, and then the state is what it was
UNSEEN = ("new", "reopened")  # nobody looked at it yet
TREND = 12  # readings

changes_nothing("finding.follow", "finding.handle", "finding.accept", "repair_list.read")  # in the graph of the chain


class CaseQuerySet(KeptQuerySet["Case"]):
    """Questions about cases."""

    def there(self) -> "CaseQuerySet":
        """In sources in use, and not repaired: also what is accepted."""
        return self.filter(source__active=True).exclude(state="repaired")

    def open(self, day: date | None = None) -> "CaseQuerySet":
        """There, and accepted by nobody today."""
        return self.there().exclude(accepted_until__gte=day or clock.today())

    def whole(self) -> "CaseQuerySet":
        """With what a page tells of each."""
        return self.select_related(
            "source__system", "source__repairs_role", "source__owner_role", "assignee", "accepted_by"
        )


class Case(Kept):
    """One cause of findings in one source, and who takes care of it.

    `count` findings in the last delivery that was judged, of which `refused` rows did not come in, out of `read`. The
    acceptance counts up to and including its last day.
    """

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="cases")
    file = models.CharField(max_length=255, blank=True)  # as the layout calls it; empty: the delivery as a whole
    column = models.CharField(max_length=255, blank=True)
    rule = models.CharField(max_length=64)
    field = models.CharField(max_length=255, blank=True)
    severity = models.CharField(max_length=8, choices=[(s, s) for s in ("error", "warning", "info")])
    action = models.CharField(max_length=12)
    expected = models.CharField(max_length=250, blank=True)
    of_rows = models.BooleanField(default=True)
    count = models.PositiveBigIntegerField(default=0)
    refused = models.PositiveBigIntegerField(default=0)
    read = models.PositiveBigIntegerField(default=0)
    state = models.CharField(max_length=12, choices=list(STATES.items()), default="new")
    first_seen = models.DateTimeField()
    last_seen = models.DateTimeField()
    open_since = models.DateTimeField()  # the first time, or the last time that it came back
    repaired_at = models.DateTimeField(null=True, blank=True)
    reopened = models.PositiveIntegerField(default=0)  # how often it came back
    assignee = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="cases")
    reported_at = models.DateTimeField(null=True, blank=True)
    accepted_until = models.DateField(null=True, blank=True)
    accepted_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    accepted_reason = models.CharField(max_length=250, blank=True)

    objects: ClassVar[Any] = CaseQuerySet.as_manager()

    class Meta:
        ordering = ["-last_seen", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["source", "file", "column", "rule"], name="one_case_a_cause"),
            models.CheckConstraint(
                condition=Q(accepted_until__isnull=True) | ~Q(accepted_reason=""), name="acceptance_of_case_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.sentence}"

    @property
    def key(self) -> str:
        """How the audit trail names it."""
        return str(self.pk)

    @property
    def number(self) -> str:
        """How people name it in talk: B-0012."""
        return f"B-{self.pk:04d}"

    @property
    def place(self) -> Place:
        """Where it is in a delivery."""
        return Place(self.file, self.column, self.rule)

    @property
    def sentence(self) -> str:
        """What is wrong, in the language of this moment."""
        known = rules().get(self.rule)
        words = {"column": self.column or "…", "expected": self.expected or "…", "found": "…"}
        return unnamed(known.sentence(words)) if known else _("Regel ‘%(rule)s’") % {"rule": self.rule}

    @property
    def accepted(self) -> bool:
        """Whether somebody decided to live with it today."""
        until = self.accepted_until
        return until is not None and until >= clock.today() and self.state != "repaired"

    @property
    def standing(self) -> str:
        """How it stands today: its state, or that it is accepted for a while."""
        return ACCEPTED if self.accepted else self.state

    @property
    def role(self) -> Role | None:
        """Who repairs it: a broken value is for who enters it, a broken file for who keeps the source."""
        enters, keeps = self.source.repairs_role, self.source.owner_role
        return (enters or keeps) if self.of_rows else (keeps or enters)


class CaseCount(Kept):
    """How many findings a case had in one reading; nothing where that reading could not tell."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="counts")
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="+")
    count = models.PositiveBigIntegerField(null=True)

    class Meta:
        ordering = ["run__started_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["case", "run"], name="one_count_a_reading")]


def trends(cases: Iterable[Case]) -> dict[int, list[int | None]]:
    """Per case the counts of its last readings, the oldest first."""
    found: dict[int, list[int | None]] = {case.pk: [] for case in cases}
    rows = CaseCount.objects.filter(case__in=found).order_by("run__started_at", "pk").values_list("case", "count")
    for case, count in rows:
        found[case].append(count)
    return {case: counts[-TREND:] for case, counts in found.items()}


def follow(actor: Person | None, run: Run, judged: Judgement | None, *, whole: bool = True) -> None:
    """Let the cases of a source follow what one reading says: new ones begin, repaired ones end, some come back.

    `whole`: the delivery came in; of one that was stopped only what it does say counts. Doing it again changes nothing.
    """
    if judged is None or CaseCount.objects.filter(run=run).exists():
        return
    known = {case.place: case for case in Case.objects.filter(source=run.source)}
    with change(actor, "finding.follow", run, source=run.source.key) as log:
        there = [_met(run, cause, known.get(cause.place), judged) for cause in judged.causes]
        absent = [case for place, case in known.items() if place not in {cause.place for cause in judged.causes}]
        gone = [case for case in absent if case.state != "repaired" and whole and judged.judges(case.place)]
        untold = [case for case in absent if case.state != "repaired" and case not in gone]
        for case in gone:
            _end(run, case)
        for case in (*there, *gone):
            case.save()
        counted = [*((c, c.count) for c in there), *((c, 0) for c in gone), *((c, None) for c in untold)]
        CaseCount.objects.bulk_create([CaseCount(case=case, run=run, count=count) for case, count in counted])
        log.facts |= dict(Counter(case.state for case in (*there, *gone)))


def _met(run: Run, cause: Cause, case: Case | None, judged: Judgement) -> Case:
    """The case of a cause that is there: a new one, or the one before; one that was repaired came back."""
    place = {"file": cause.file, "column": cause.column, "rule": cause.rule}
    case = case or Case(source=run.source, first_seen=run.started_at, open_since=run.started_at, **place)
    for name in ("field", "severity", "action", "expected", "of_rows", "count", "refused"):
        setattr(case, name, getattr(cause, name))
    case.read, case.last_seen = judged.read.get(cause.file, 0), run.started_at
    if case.state == "repaired":
        case.state, case.repaired_at, case.reopened = "reopened", None, case.reopened + 1
        case.open_since = run.started_at
    return case


def _end(run: Run, case: Case) -> None:
    """It is repaired at the source, as this reading shows; living with it is over too."""
    case.state, case.repaired_at = "repaired", run.finished_at or run.started_at
    case.accepted_until, case.accepted_by, case.accepted_reason = None, None, ""
