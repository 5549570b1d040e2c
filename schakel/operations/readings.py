"""Reading one source: its newest file through the door, and a run that says what came of it.

A run stands in the register from its first moment, so that a reading that is killed can be seen; the next round closes
it (recovery.py). The same delivery twice is once, also when it could not come in.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.db import transaction

from schakel import __version__
from schakel.access.people import Person
from schakel.collect import cases, low_counts, retries, runs
from schakel.collect.connections import connection_of
from schakel.collect.examination import Progress
from schakel.collect.holidays import calendar
from schakel.collect.landing import Incoming, Landed, Stopped
from schakel.collect.packages import Package
from schakel.collect.runs import BY_HAND, GOOD, Plan, Run
from schakel.collect.sources import Source
from schakel.engine import duck
from schakel.lib.errors import SchakelError, outline
from schakel.lib.identifiers import content_hash
from schakel.lib.text import gettext as _
from schakel.operations import agreements, mapped_sources
from schakel.operations.progress import Teller

STRIKES = 3  # readings of one delivery that were killed, before it is left alone


@dataclass(frozen=True)
class Reading:
    """The readings of one round: who does them, for which columns, and who hears how far they are.

    `plan` says for which moment of its schedule a source is read; each source in a round has its own (`planned`).
    """

    actor: Person | None
    data: Path
    needed: Mapping[str, Mapping[str, frozenset[str]]]
    teller: Teller
    plan: Plan = BY_HAND

    def planned(self, plan: Plan | None) -> "Reading":
        """The same, for the moment that a source is due for."""
        return replace(self, plan=plan or BY_HAND)

    def begin(self, source: Source, file_name: str, delivered: str = "") -> Run:
        """The run of a reading that starts now. Raises Busy."""
        return runs.begin(self.actor, source, file_name, delivered, self.plan)

    def read(
        self, source: Source, path: Path, package: Package | None = None, progress: Progress | None = None
    ) -> tuple[Run, Landed | None]:
        """The run of this file: a new one, or the one before when nothing changed and nobody asks again."""
        try:
            package = agreements.agreed(source, package or mapped_sources.opened(source, path))
            incoming = self.incoming(source, package)
            delivered, standing = incoming.delivered, incoming.standing()
        except (SchakelError, OSError) as error:
            return self._unreadable(source, path, error), None
        if before := _before(source, path.name, delivered, standing):
            return before, standing
        killed = _killed_too_often(source, delivered)
        run = self.begin(source, path.name, delivered)
        if standing:
            return taken_in(self.actor, run, standing, self.data), standing
        if killed:
            return runs.close(self.actor, run, "failed", message=_set_aside()), None
        return self.land(run, incoming, progress)

    def incoming(self, source: Source, package: Package) -> Incoming:
        """A package on its way in, of which somebody may have said that a low count or another school is right."""
        needed = self.needed.get(package.layout.name, {})
        said, is_open = agreements.confirmed(source, self.data), calendar(source.region).is_surely_open
        return Incoming(package, source.key, needed, self.data, said, is_open)

    def in_vain(self, source: Source) -> Run | None:
        """The answer to somebody who asked for a source that has nothing to read; None when nobody did."""
        if not source.runs.waiting().exists():
            return None
        text = _("Er ligt geen bestand in de inbox dat heet als %(pattern)s.") % {"pattern": source.pattern}
        if not source.active:
            text = _("Deze bron staat uit. Zet hem eerst aan.")
        return runs.close(self.actor, self.begin(source, ""), "failed", message=text)

    def land(self, run: Run, incoming: Incoming, progress: Progress | None = None) -> tuple[Run, Landed | None]:
        """Take a delivery in and close its run with what came of it."""
        total = sum(part.entry.size for part in incoming.package.files.values())
        self.teller.begin("read", run.source.key, total)

        def heard(file: str, size: int) -> None:
            self.teller.more(file, size)
            if progress:
                progress(file, size)

        try:
            landed = incoming.land(heard)
        except Stopped as error:
            return self._stopped(run, error), None
        except (SchakelError, OSError, MemoryError, duck.Error) as error:
            return self.failed(run, error), None
        return taken_in(self.actor, run, landed, self.data), landed

    def _stopped(self, run: Run, error: Stopped) -> Run:
        """Close a run whose delivery may not come in; what was wrong with it is for people to repair."""
        with transaction.atomic():
            if error.fallen:
                low_counts.ask(self.actor, run.source, error.fallen)
            done = self.failed(run, error, state="stopped", usable=False, conformant=False)
            cases.follow(self.actor, done, error.judgement, whole=False)
        return done

    def failed(self, run: Run, error: Exception, state: str = "failed", **verdicts: Any) -> Run:
        """Close a run with the reason. What may succeed on another try is not remembered as done, and tried again."""
        if retries.can_help(error):
            run.delivered = ""
        served = connection_of(run.source) is not None
        verdicts["retry_at"] = retries.next_try(run, error, served=served)
        return runs.close(self.actor, run, state, message=_sentence(error), **verdicts)

    def _unreadable(self, source: Source, path: Path, error: Exception) -> Run:
        delivered = _print_of(path, mapped_sources.version_of(source))
        if before := _before(source, path.name, delivered, None):
            return before
        return self.failed(self.begin(source, path.name, delivered), error)


def is_in(source: Source, path: Path, needed: Mapping[str, Mapping[str, frozenset[str]]], data: Path) -> bool:
    """Whether a file of a source is in already, as it is read today; one that cannot be read is not."""
    try:
        package = agreements.agreed(source, mapped_sources.opened(source, path))
        return Incoming(package, source.key, needed.get(package.layout.name, {}), data).standing() is not None
    except (SchakelError, OSError):
        return False


def taken_in(actor: Person | None, run: Run, landed: Landed, data: Path, message: str = "") -> Run:
    """Close a run with what came in, and let the findings of its source follow it: both, or neither."""
    with transaction.atomic():
        done = runs.close_with(actor, run, landed, data, message)
        cases.follow(actor, done, landed.judgement)
    return done


def _before(source: Source, name: str, delivered: str, standing: Landed | None) -> Run | None:
    """The last run, when it already says what comes of this file and nobody asks for it again or answered it."""
    last: Run | None = source.runs.finished().first()
    if last is None or not delivered or (last.delivered, last.file_name) != (delivered, name):
        return None
    if source.runs.waiting().exists() or low_counts.answered(source, last.started_at):
        return None
    outcomes = GOOD if standing else ("stopped", "failed")
    return last if last.state in outcomes else None


def _killed_too_often(source: Source, delivered: str) -> bool:
    """Whether this very delivery was at work each of the last times that a reading was killed; nobody asks now."""
    last = list(source.runs.finished()[:STRIKES])
    killed = [run for run in last if run.state == "interrupted" and run.delivered == delivered]
    return len(killed) == STRIKES and not source.runs.waiting().exists()


def _set_aside() -> str:
    return _(
        "Schakel stopte drie keer onverwacht terwijl het dit bestand las, misschien door te weinig geheugen. Het "
        "bestand is opzijgezet zodat de andere bronnen doorgaan; wat er stond bleef staan. Kijk in het logboek van de "
        "server en lees de bron daarna opnieuw."
    )


def _sentence(error: Exception) -> str:
    if isinstance(error, SchakelError):
        return str(error)
    text = _("De server kon dit niet lezen of bewaren (%(error)s). Wat er stond bleef staan; kijk of de schijf vol is.")
    return text % {"error": outline(error)}


def _print_of(path: Path, mapping: int) -> str:
    """Which file this is, when it cannot even be opened; empty when it is gone."""
    try:
        facts = path.stat()
    except OSError:
        return ""
    return content_hash(["unreadable", __version__, path.name, facts.st_size, facts.st_mtime_ns, mapping])
