"""The flow, from files in the inbox to a published snapshot. One path for real use, the demo and the schedule.

inbox -> collect (what no approved need names stays outside) -> publish (school model, indicators) -> forget
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from schakel.access.changes import allowed, change
from schakel.access.people import Person
from schakel.chain import gap_history
from schakel.chain.approvals import needed_elements
from schakel.collect.connectors import open_package
from schakel.collect.examination import Progress
from schakel.collect.landing import Landed, Stopped, land, latest
from schakel.collect.packages import Package
from schakel.collect.runs import Run
from schakel.collect.sources import Source
from schakel.lib import clock
from schakel.lib.errors import SchakelError, Unknown
from schakel.lib.text import gettext as _
from schakel.operations import forgetting, organisations
from schakel.process import mappings, snapshots
from schakel.process.model import school_model
from schakel.process.snapshots import Snapshot
from schakel.steer.indicators import Computing, definitions
from schakel.steer.norms import by_indicator

Tell = Callable[[str], None]


def _silent(_text: str) -> None:
    """Nobody watches."""


@dataclass(frozen=True)
class Flowed:
    """What one round did: the run of each source that had a file, and the snapshot that readers use now."""

    runs: list[Run]
    snapshot: Snapshot | None
    forgotten: list[str]


def data_folder() -> Path:
    """The folder with everything of this board."""
    return Path(settings.DATA)


def inbox() -> Path:
    """Where source systems leave their files."""
    folder = data_folder() / "inbox"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def newest_file(source: Source) -> Path | None:
    """The last file in the inbox that belongs to a source; names carry the date, so the last name wins."""
    return max(inbox().glob(source.pattern), key=lambda path: path.name, default=None)


def source_for(package: Package) -> Source:
    """The source whose layout this package has."""
    found = list(Source.objects.filter(layout=package.layout.name, active=True))
    if not found:
        text = _("Geen enkele bron levert de indeling '%(layout)s'. Voeg eerst een bron toe.")
        raise Unknown(text % {"layout": package.layout.name}, code="no-source", where=package.path.name)
    return found[0]


def collectable() -> frozenset[str]:
    """The needed elements that the school model knows; the others stand on the gap list as a need without a source."""
    known = {column.element for table in school_model().values() for column in table.columns.values()}
    return needed_elements() & known


def collect(
    actor: Person | None, path: Path, source: Source | None = None, progress: Progress | None = None
) -> tuple[Run, Landed | None]:
    """Read one file or folder: check it, let in only what approved needs name, keep a run with both verdicts.

    A file that cannot be read gives a failed run with the reason; what landed before stays as it was.
    """
    allowed(actor, "source.collect")
    package = open_package(path)
    source = source or source_for(package)
    run = Run(source=source, file_name=path.name)
    try:
        needed = mappings.columns_for(collectable()).get(package.layout.name, {})
        landed = land(package, source.key, needed, data_folder(), progress)
    except Stopped as error:
        _close(actor, run, "stopped", message=str(error), usable=False, conformant=False)
        return run, None
    except SchakelError as error:
        _close(actor, run, "failed", message=str(error))
        return run, None
    if landed.unchanged and (before := source.runs.filter(digest=landed.digest).first()):
        return before, landed  # the same file twice is once
    _close(actor, run, _state_of(landed), **_counts(landed))
    return run, landed


def publish(actor: Person | None, tell: Tell = _silent) -> Snapshot | None:
    """Build the school model and the indicators from what landed, and switch to it in one step.

    None when nothing has landed yet. Unchanged input gives the current snapshot back.
    """
    allowed(actor, "snapshot.publish")
    landed = standing_landings()
    if not landed:
        return None
    data = data_folder()
    before = snapshots.current(data)
    figures = Computing(tuple(definitions(by_indicator())), clock.today())
    snapshot = snapshots.build(data, landed, collectable(), [figures], tell)
    if before is None or before.id != snapshot.id:
        with change(actor, "snapshot.publish", snapshot=snapshot.id, input=snapshot.manifest["input"]):
            pass
        organisations.derive(actor, snapshot)
    return snapshot


def run_all(actor: Person | None, sources: Iterable[Source] | None = None, tell: Tell = _silent) -> Flowed:
    """One round: every source with a file, then publish, then forget what no need names any more."""
    runs = []
    for source in sources if sources is not None else Source.objects.filter(active=True):
        path = newest_file(source)
        if path is not None:
            tell(source.name)
            runs.append(_collect_or_fail(actor, path, source))
    snapshot = publish(actor, tell)
    forgotten = _forget(actor)
    gap_history.record()
    return Flowed(runs, snapshot, forgotten)


def _forget(actor: Person | None) -> list[str]:
    """Remove what no need names any more, with a line that says what went."""
    gone = forgetting.forget(data_folder(), collectable(), standing_landings())
    if gone:
        with change(actor, "snapshot.publish", forgotten=gone):
            pass
    return gone


def standing_landings() -> list[Landed]:
    """The last good landing of each source, read back from disk."""
    found = (latest(data_folder(), key) for key in Source.objects.filter(active=True).values_list("key", flat=True))
    return [landed for landed in found if landed is not None]


def _collect_or_fail(actor: Person | None, path: Path, source: Source) -> Run:
    try:
        return collect(actor, path, source)[0]
    except SchakelError as error:
        run = Run(source=source, file_name=path.name)
        _close(actor, run, "failed", message=str(error))
        return run


def _close(actor: Person | None, run: Run, state: str, **fields: Any) -> None:
    """Write the run with its outcome; the audit line names the source, never the content."""
    with change(actor, "source.collect", source=run.source.key, state=state) as log:
        run.state, run.finished_at = state, clock.now()
        for name, value in fields.items():
            setattr(run, name, value)
        run.save()
        log.about(run)


def _state_of(landed: Landed) -> str:
    return "good" if landed.report.conformant and not sum(landed.quarantined.values()) else "repaired"


def _counts(landed: Landed) -> dict[str, Any]:
    return {
        "digest": landed.digest,
        "layout_version": landed.version,
        "conformant": landed.report.conformant,
        "usable": landed.report.usable,
        "rows_read": sum(landed.report.rows.values()),
        "rows_quarantined": sum(landed.quarantined.values()),
        "columns_dropped": len(landed.columns_dropped),
        "findings": len(landed.report.findings),
        "folder": str(landed.folder.relative_to(data_folder())),
    }
