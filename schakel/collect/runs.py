"""Runs: what happened when a source was read. The details lie in the landing's own report.

Somebody asks (waiting), a worker reads (running), and then it is finished, well or not. The database lets a source have
at most one run that is not finished, and one for each moment of its schedule and each try: two clicks are one request,
and two workers never read the same, also when the second comes after the first is done.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import zip_longest
from pathlib import Path
from typing import Any, ClassVar

from django.db import IntegrityError, models
from django.db.models import Prefetch, Q

from schakel.access.changes import change
from schakel.access.kept import Kept, KeptQuerySet
from schakel.access.people import Person
from schakel.collect.landing import Landed
from schakel.collect.sources import Source
from schakel.lib import clock
from schakel.lib.errors import SchakelError
from schakel.lib.text import gettext as _

STATES = {
    "waiting": "Wacht",
    "running": "Bezig",
    "good": "Goed",
    "repaired": "Met reparaties",
    "unchanged": "Ongewijzigd",
    "stopped": "Gestopt",
    "failed": "Mislukt",
    "interrupted": "Afgebroken",
}
OPEN = ("waiting", "running")
NEW = ("good", "repaired")  # something came in
GOOD = (*NEW, "unchanged")
RECENT = 60  # runs of a source that are read at once


@dataclass(frozen=True)
class Plan:
    """For which moment of the schedule a reading is, when it is for one, and the which try it is."""

    moment: datetime | None = None
    attempt: int = 1


BY_HAND = Plan()


class Busy(SchakelError):
    """Another worker reads this source at this moment; the same call succeeds later."""


class RunQuerySet(KeptQuerySet["Run"]):
    """Questions about runs."""

    def open(self) -> "RunQuerySet":
        """Asked for or at work, not finished."""
        return self.filter(state__in=OPEN)

    def waiting(self) -> "RunQuerySet":
        """Asked for, and not yet picked up."""
        return self.filter(state="waiting")

    def running(self) -> "RunQuerySet":
        """At work; or killed at work, when no round is busy."""
        return self.filter(state="running")

    def finished(self) -> "RunQuerySet":
        """With an outcome: what pages tell about a source."""
        return self.exclude(state__in=OPEN)


class Run(Kept):
    """One reading of one source: who asked, when, which content, the two verdicts and the counts."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="runs")
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=12, choices=list(STATES.items()), default="running")
    file_name = models.CharField(max_length=255, blank=True)
    delivered = models.CharField(max_length=64, blank=True)  # which content under which needs; its landing has it too
    digest = models.CharField(max_length=64, blank=True)
    layout_version = models.CharField(max_length=16, blank=True)
    conformant = models.BooleanField(null=True)
    usable = models.BooleanField(null=True)
    rows_read = models.PositiveBigIntegerField(default=0)
    rows_quarantined = models.PositiveBigIntegerField(default=0)
    rows_held = models.PositiveBigIntegerField(default=0)  # in quarantine after it, those of earlier deliveries as well
    columns_dropped = models.PositiveIntegerField(default=0)
    findings = models.PositiveBigIntegerField(default=0)
    folder = models.CharField(max_length=500, blank=True)  # of the landing, relative to the data folder
    message = models.TextField(blank=True)
    planned_for = models.DateTimeField(null=True, blank=True)  # the moment of the schedule
    attempt = models.PositiveSmallIntegerField(default=1)
    retry_at = models.DateTimeField(null=True, blank=True)  # tried again by itself

    objects: ClassVar[Any] = RunQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["source"], condition=Q(state__in=OPEN), name="one_open_run_a_source"),
            models.UniqueConstraint(fields=["source", "planned_for", "attempt"], name="one_run_a_planned_moment"),
        ]

    @property
    def key(self) -> str:
        """How the audit trail names it."""
        return str(self.pk)


def last_delivery(found: Iterable[Run], *, served: bool = False) -> Run | None:
    """The run of the last file that a source delivered and that was well; `found` has the newest run first.

    Looking again at a file that was read before is no delivery: it does not make a source fresh. A server (`served`)
    that says that nothing changed does.
    """
    good = [run for run in found if run.state in GOOD]
    if served:
        return good[0] if good else None
    for run, before in zip_longest(good, good[1:]):
        if run.state in NEW or before is None or before.file_name != run.file_name:
            return run
    return None


def delivered(source: Source, recent: Sequence[Run], *, served: bool = False) -> Run | None:
    """As `last_delivery`, of a source of which the `RECENT` newest finished runs are at hand.

    Sources are read for years: all runs are only looked at where the recent ones do not tell.
    """
    run = last_delivery(recent, served=served)
    told = run is not None and (served or run.state in NEW or run is not _oldest_good(recent))
    return run if told or len(recent) < RECENT else last_delivery(source.runs.finished(), served=served)


def with_recent(sources: Any) -> Iterator[tuple[Source, list[Run]]]:
    """Each of these sources (a query) with its newest runs, an open one too; one query for all."""
    newest = Run.objects.order_by("-started_at", "-pk")[: RECENT + 1]  # one of them may be open
    for source in sources.prefetch_related(Prefetch("runs", newest, to_attr="newest")):
        yield source, source.newest


def last_deliveries(sources: Any) -> Iterator[tuple[Source, Run | None]]:
    """Each of these sources (a query) with its last delivery, if it ever delivered."""
    for source, newest in with_recent(sources.select_related("connection")):
        finished = [run for run in newest if run.state not in OPEN]
        yield source, delivered(source, finished, served=hasattr(source, "connection"))


def days_of_delivery() -> dict[str, date]:
    """By source the day on which it last delivered, of those that ever did; of a server, on which it last answered."""
    found = last_deliveries(Source.objects.all())
    return {source.key: clock.day_of(run.started_at) for source, run in found if run is not None}


def _oldest_good(found: Sequence[Run]) -> Run | None:
    return next((run for run in reversed(found) if run.state in GOOD), None)


def ask(actor: Person, sources: Iterable[Source]) -> list[Run]:
    """Ask for sources to be read. Gives the open run of each: the one that somebody asked for before, or a new one."""
    moment = clock.now()
    return [_asked(actor, source, moment) for source in sources]


def _asked(actor: Person, source: Source, moment: datetime) -> Run:
    before: Run | None = source.runs.open().first()
    if before is not None:
        return before
    try:
        with change(actor, "source.collect", source=source.key, state="waiting") as log:
            run = Run(source=source, asked_by=actor, asked_at=moment, started_at=moment, state="waiting")
            run.save()
            log.about(run)
    except IntegrityError:  # another click came first
        return _asked(actor, source, moment)
    return run


def begin(actor: Person | None, source: Source, file_name: str, delivered: str = "", plan: Plan = BY_HAND) -> Run:
    """The run of a reading that starts now: the one that was asked for, or a new one.

    Raises Busy when another reads it, or did so for the same moment of the schedule.
    """
    try:
        with change(actor, "source.collect", source=source.key, state="running") as log:
            run = source.runs.waiting().select_for_update().first() or Run(source=source)
            run.state, run.started_at = "running", clock.now()
            run.file_name, run.delivered = file_name, delivered
            run.planned_for, run.attempt = plan.moment, plan.attempt
            run.save()
            log.about(run)
    except IntegrityError as error:
        text = _("Een andere verwerker leest deze bron al. Kijk straks op de pagina van de bron.")
        raise Busy(text, code="busy", where=source.key, retry=True) from error
    begun: Run = run
    return begun


def close(actor: Person | None, run: Run, state: str, **fields: Any) -> Run:
    """Write the outcome of a run; the audit line names the source, never the content."""
    with change(actor, "source.collect", source=run.source.key, state=state) as log:
        run.state, run.finished_at = state, clock.now()
        for name, value in fields.items():
            setattr(run, name, value)
        run.save()
        log.about(run)
    return run


def close_with(actor: Person | None, run: Run, landed: Landed, data: Path, message: str = "") -> Run:
    """Write what came in as the outcome of a run: good or repaired, or unchanged when nothing had to be done."""
    return close(actor, run, _state(landed), message=message, **_counts(landed, data))


def _state(landed: Landed) -> str:
    if landed.unchanged:
        return "unchanged"
    return "good" if landed.report.conformant and not sum(landed.quarantined.values()) else "repaired"


def _counts(landed: Landed, data: Path) -> dict[str, Any]:
    return {
        "delivered": landed.delivered,
        "digest": landed.digest,
        "layout_version": landed.version,
        "conformant": landed.report.conformant,
        "usable": landed.report.usable,
        "rows_read": sum(landed.report.rows.values()),
        "rows_quarantined": sum(landed.quarantined.values()),
        "rows_held": sum((*landed.quarantined.values(), *landed.quarantined_stayed.values())),
        "columns_dropped": len(landed.columns_dropped),
        "findings": len(landed.report.findings),
        "folder": str(landed.folder.relative_to(data)),
    }
