"""The flow, from files in the inbox to a published snapshot. One path for real use, the demo and the schedule.

inbox -> collect (what no approved need names stays outside) -> publish (school model, indicators) -> forget
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from schakel.access.asked import looking
from schakel.access.changes import allowed, change
from schakel.access.people import Person
from schakel.chain import gap_history, realising, reviewing
from schakel.chain.approvals import needed_elements
from schakel.collect import plans, runs
from schakel.collect.connections import connection_of
from schakel.collect.connectors import open_package
from schakel.collect.examination import Progress
from schakel.collect.landing import Landed, latest
from schakel.collect.packages import Package
from schakel.collect.runs import Busy, Run
from schakel.collect.sources import Source, only_one
from schakel.lib import clock
from schakel.lib.errors import Unknown
from schakel.lib.file_names import order
from schakel.lib.text import gettext as _
from schakel.operations import (
    brought,
    fetchings,
    forgetting,
    mapped_sources,
    matched,
    pruning,
    publications,
    readings,
    rounds,
    watch,
)
from schakel.operations.forgetting import Going
from schakel.operations.progress import Teller
from schakel.operations.readings import Reading
from schakel.process import mappings, matching, snapshots
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


def files_of(source: Source) -> list[Path]:
    """The files of a source in the inbox, and those that were brought, in the order of their names."""
    shown = [path for path in inbox().iterdir() if not path.name.startswith(".")]
    there = [path for path in [*shown, *brought.files(data_folder(), source.key)] if source.takes(path.name)]
    return sorted(there, key=lambda path: order(path.name))


def newest_file(source: Source) -> Path | None:
    """The last of those files."""
    return next(reversed(files_of(source)), None)


def files_to_read(source: Source) -> list[Path]:
    """What a reading takes from the inbox: the last file; where each tells of a period, all that are not in, in order.

    When nothing is left to read that is the last file again, so that the run says so.
    """
    files = files_of(source)
    if not mapped_sources.coverage_of(source):
        return files[-1:]
    needed = mappings.columns_for(collectable())
    return [path for path in files if not readings.is_in(source, path, needed, data_folder())] or files[-1:]


def source_for(package: Package) -> Source:
    """The source whose layout this package has; of several (schools on EDEXML) the one by its name. Raises Unknown."""
    found = Source.objects.filter(layout=package.layout.name, active=True)
    if not found:
        text = _("Geen enkele bron levert de indeling '%(layout)s'. Voeg eerst een bron toe.")
        raise Unknown(text % {"layout": package.layout.name}, code="no-source", where=package.path.name)
    return only_one(found, package.path.name)


def collectable() -> frozenset[str]:
    """The needed elements that the school model knows; the others stand on the gap list as a need without a source."""
    known = {column.element for table in school_model().values() for column in table.columns.values()}
    return needed_elements() & known


def collect(
    actor: Person | None, path: Path, source: Source | None = None, progress: Progress | None = None
) -> tuple[Run, Landed | None]:
    """Read one file or folder: check it, let in only what approved needs name, keep a run with both verdicts.

    A file that cannot be read gives a failed run with the reason; what landed before stays as it was. Raises
    Unreadable or Unknown for a file of which no source is known, and Busy when another machine reads this source.
    """
    allowed(actor, "source.collect")
    package = None
    source = source or mapped_sources.source_of(path)
    if source is None:
        package = open_package(path)
        source = source_for(package)
    with rounds.alone(data_folder()) as teller:
        reading = Reading(actor, data_folder(), mappings.columns_for(collectable()), teller)
        return _taken(reading, source, path, package, progress)


def collect_from_server(actor: Person | None, source: Source) -> tuple[Run | None, Landed | None]:
    """Read a source that is a server, now: the run, and what stands. None for a run that another machine does."""
    allowed(actor, "source.collect")
    with rounds.alone(data_folder()) as teller:
        reading = Reading(actor, data_folder(), mappings.columns_for(collectable()), teller)
        fetched = fetchings.fetching(reading, source)
        run = fetched.read(now=True) if fetched else reading.in_vain(source)
        return run, latest(data_folder(), source.key) if run and run.state in runs.GOOD else None


def publish(actor: Person | None, tell: Tell = _silent, *, anew: bool = False) -> Snapshot | None:
    """Build the school model and the indicators from what landed, and switch to it in one step.

    None when nothing has landed yet. Unchanged input gives the current snapshot back. `anew`: figures of earlier
    periods that can no longer be computed are let go (else they stay, see steer/history.py).
    """
    allowed(actor, "snapshot.publish")
    with rounds.alone(data_folder()) as teller:
        return _publish(actor, collectable(), tell, teller, anew=anew)


def run_all(actor: Person | None, sources: Iterable[Source] | None = None, tell: Tell = _silent) -> Flowed:
    """One round: every source with a file, and whatever people asked for; publish; forget what no need names."""
    allowed(actor, "source.collect")
    allowed(actor, "snapshot.publish")
    with rounds.alone(data_folder()) as teller:
        reading = Reading(actor, data_folder(), mappings.columns_for(collectable()), teller)
        wanted = [*(Source.objects.filter(active=True) if sources is None else sources), *asked()]
        done = [run for source in {each.pk: each for each in wanted}.values() for run in _read(reading, source, tell)]
        elements = collectable()  # again: a need may have ended since
        teller.begin("forget")
        forgotten = _forget(actor, forgetting.superfluous(data_folder(), elements))
        snapshot = _publish(actor, elements, tell, teller)
        teller.begin("forget")
        forgotten += _forget(actor, forgetting.outdated(data_folder(), elements))
        fetchings.tidy(data_folder())
        brought.tidy(data_folder())
        pruning.prune(actor, data_folder())
        with looking():
            reviewing.look()
            gap_history.record()
            realising.look()
            watch.look()
        return Flowed(done, snapshot, forgotten)


def request(actor: Person, sources: Iterable[Source]) -> list[Run]:
    """Ask the worker to read these sources: the open run of each that has something to read, one a source.

    A run that was killed at work is closed first: nobody works at it any more, so it would never answer who asks.
    """
    allowed(actor, "source.collect")
    if Run.objects.running().exists():
        rounds.put_right(data_folder())
    return runs.ask(actor, [source for source in sources if connection_of(source) or newest_file(source) is not None])


def run_asked(tell: Tell = _silent) -> Flowed | None:
    """A round for what people asked for, and nothing else; None when nobody asked."""
    return run_all(None, [], tell) if asked() else None


def asked() -> list[Source]:
    """The sources that somebody asked to be read, the first who asked first."""
    return [run.source for run in Run.objects.waiting().select_related("source").order_by("asked_at", "source__name")]


def soonest() -> float | None:
    """Seconds to the first moment at which a source is due by its schedule or tried again; None when there is none."""
    moment = plans.soonest(list(Source.objects.filter(active=True)))
    return max((moment - clock.now()).total_seconds(), 0.0) if moment else None


def standing_landings() -> list[Landed]:
    """The last good landing of each source, read back from disk."""
    found = (latest(data_folder(), key) for key in Source.objects.filter(active=True).values_list("key", flat=True))
    return [landed for landed in found if landed is not None]


def _read(reading: Reading, source: Source, tell: Tell) -> Iterator[Run]:
    """One source in a round; nothing when it is not due, has nothing to read, or another machine reads it.

    A file that does not come in holds up those after it, which may replace what it tells of.
    """
    with suppress(Busy):
        fetched = fetchings.fetching(reading, source)
        if fetched is not None:
            tell(source.name)
            yield from _there(fetched.read())
            return
        paths = files_to_read(source) if source.active else []
        if not paths:
            yield from _there(reading.in_vain(source))
            return
        plan = plans.due(source, file_name=paths[0].name)
        if plan is None and not source.runs.waiting().exists():
            return
        tell(source.name)
        for at, path in enumerate(paths):
            run, _landed = _taken(reading if at else reading.planned(plan), source, path)
            yield run
            if run.state not in runs.GOOD:
                return


def _taken(
    reading: Reading, source: Source, path: Path, package: Package | None = None, progress: Progress | None = None
) -> tuple[Run, Landed | None]:
    """The run of a file; one that somebody brought goes once it came in."""
    read = brought.mark(path)
    run, landed = reading.read(source, path, package, progress)
    if run.state in runs.GOOD:
        brought.let_go(data_folder(), source.key, path, read)
    return run, landed


def _there(run: Run | None) -> list[Run]:
    return [] if run is None else [run]


def _forget(actor: Person | None, going: Sequence[Going]) -> list[str]:
    """Remove what no need names any more. First the line that says what goes: nothing may go without one."""
    texts = [each.text for each in going]
    if texts:
        with change(actor, "snapshot.publish", forgotten=texts):
            pass
        forgetting.remove(going)
    return texts


def _publish(
    actor: Person | None, elements: frozenset[str], tell: Tell, teller: Teller, *, anew: bool = False
) -> Snapshot | None:
    landed = standing_landings()
    if not landed:
        return None
    teller.begin("publish", total=len(mappings.mappings_for(elements)))

    def told(table: str) -> None:
        teller.more(table)
        tell(table)

    known = tuple(definitions(by_indicator()))
    figures = Computing(known, clock.today(), anew=anew, delivered=runs.days_of_delivery())
    renames = matching.renames(landed, elements, matched.verdicts(), snapshots.keys_of(data_folder(), landed))
    snapshot = snapshots.build(data_folder(), landed, elements, [figures], told, renames)
    publications.account(actor, snapshot)
    return snapshot
