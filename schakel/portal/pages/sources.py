"""All sources in one table: last reading, rows, findings, quarantine, freshness, who uses them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from schakel.access.people import Person
from schakel.access.permissions import decide
from schakel.chain.approvals import in_force
from schakel.chain.elements import SourceOfRecord
from schakel.collect import plans
from schakel.collect.holidays import Calendar, calendar
from schakel.collect.runs import GOOD, OPEN, RECENT, STATES, Run, delivered, with_recent
from schakel.collect.sources import Source
from schakel.lib.text import gettext as _
from schakel.lib.text import ngettext, worded
from schakel.portal import figures, tables
from schakel.portal.parts import Action, Event, Head, Link, Status
from schakel.portal.tables import Cell, Column, Filter, Row, Shown, Table


@dataclass(frozen=True)
class Read:
    """A source with its last run, the last that brought anything in, what it holds now, and the needs resting on it."""

    source: Source
    last: Run | None
    good: Run | None
    needs: int
    landed: Run | None = None
    open: Run | None = None
    days: Calendar | None = None

    @property
    def held(self) -> int:
        """How many rows wait in quarantine: a later reading that brought nothing in changes nothing about them."""
        return self.landed.rows_held if self.landed else 0

    @property
    def late(self) -> bool:
        """Whether the last good reading is older than agreed, or there is none."""
        return plans.is_late(self.source, self.good, self.days)

    @property
    def stuck(self) -> bool:
        """Whether the last reading brought nothing in."""
        return self.last is not None and self.last.state not in GOOD


@dataclass(frozen=True)
class Sources:
    """The page with all sources."""

    head: Head
    table: Shown
    off: Sequence[Link]


def page(query: Mapping[str, str], person: Person | None = None) -> Sources:
    """All sources."""
    found = read()
    ways_in = [
        Action(_("Sluit een bron aan"), "/bronnen/aansluiten", icon="plug"),
        Action(_("Vertaal een bestand van een ander pakket"), "/vertalingen"),
    ]
    may = person is not None and decide(person, "source.write").allowed
    shown = replace(head(found), actions=[*(ways_in if may else []), Action(_("Vrije dagen"), "/vrije-dagen")])
    off = [Link(source_name(each), f"/bronnen/{each.key}") for each in Source.objects.filter(active=False)]
    return Sources(shown, tables.shown(table(found), query), off)


def mapping_action(person: Person, source: Source) -> list[Action]:
    """The way to the mapping screen, for who may make a mapping of the files of this source."""
    own = source.layout != "oneroster" or source.mappings.exists()
    may = own and decide(person, "source.write").allowed
    return [Action(_("Vertaal een bestand"), f"/vertalingen?bron={source.key}")] if may else []


def mapping_link(source: Source) -> Link | None:
    """The way to the next version, where a source has a mapping of its own."""
    text = _("Maak de volgende versie van de vertaling")
    return Link(text, f"/vertalingen?bron={source.key}") if source.mappings.exists() else None


def read() -> list[Read]:
    """Every active source with its runs and who uses it, in a fixed number of queries."""
    uses = _uses()
    found = Source.objects.filter(active=True)
    whole = found.select_related("system", "owner_role", "repairs_role", "connection")
    days = cache(calendar)
    return [
        _read(s, runs, uses.get(s.system_id, 0), days(s.region) if s.not_in_holidays else None)
        for s, runs in with_recent(whole)
    ]


def _read(source: Source, every: Sequence[Run], needs: int, days: Calendar | None) -> Read:
    runs = [run for run in every if run.state not in OPEN]
    landed = next((run for run in runs if run.folder), None) or _landed(source, runs)
    open_ = next((run for run in every if run.state in OPEN), None)
    good = delivered(source, runs, served=hasattr(source, "connection"))
    return Read(source, runs[0] if runs else None, good, needs, landed, open_, days)


def _landed(source: Source, recent: Sequence[Run]) -> Run | None:
    """The run that brought in what the source holds, where it lies further back than the recent ones."""
    if len(recent) < RECENT:
        return None
    found: Run | None = source.runs.finished().exclude(folder="").first()
    return found


def _uses() -> dict[int, int]:
    """How many needs in force take an element of each system."""
    systems: dict[int, set[int]] = {}
    for element, system in SourceOfRecord.objects.values_list("element", "system"):
        systems.setdefault(element, set()).add(system)
    counts: Counter[int] = Counter()
    for item in in_force():
        taken = [systems.get(line.element_id, set()) for line in item.need.elements.all() if not line.declined]
        counts.update(set().union(*taken))
    return counts


def head(found: Sequence[Read]) -> Head:
    """What is the case with the sources."""
    wrong = [item for item in found if item.stuck or item.late]
    fresh = len(found) - len(wrong)
    words = {"fresh": figures.number(fresh), "total": figures.number(len(found))}
    lede = _("%(fresh)s van de %(total)s bronnen zijn vers.") % words
    if not found:
        return Head(
            _("Er is nog geen bron aangesloten"), lede=_("Zonder bron kan geen enkele behoefte worden vervuld.")
        )
    if not wrong:
        return Head(_("Alle bronnen zijn vers"), lede=_held(found))
    return Head(_finding(wrong), lede=f"{lede} {_hit(wrong)}")


def _held(found: Sequence[Read]) -> str:
    """How many rows wait for repair, while all sources are fresh."""
    rows = sum(item.held for item in found)
    if not rows:
        return _("Alle %(count)s zijn gelezen zoals afgesproken, en elke rij kwam binnen.") % {"count": len(found)}
    text = ngettext(
        "%(rows)s rij wacht op herstel bij de bron.", "%(rows)s rijen wachten op herstel bij de bron.", rows
    )
    return text % {"rows": figures.number(rows)}


def _finding(wrong: Sequence[Read]) -> str:
    if len(wrong) > 1:
        return figures.capital(_("%(count)s bronnen staan stil") % {"count": figures.counted(len(wrong))})
    item = wrong[0]
    name = source_name(item.source)
    if item.good is None:
        return _("Eén bron is nog niet gelezen: %(name)s") % {"name": name}
    if item.late:
        words = {"name": name, "age": figures.age(item.good.started_at)}
        return _("Eén bron staat stil: %(name)s levert al %(age)s niet") % words
    return _("Eén bron is gestopt: %(name)s") % {"name": name}


def _hit(wrong: Sequence[Read]) -> str:
    needs = sum(item.needs for item in wrong)
    text = ngettext("%(count)s behoefte rust daarop.", "%(count)s behoeften rusten daarop.", needs)
    return text % {"count": figures.number(needs)} if needs else ""


def source_name(source: Source) -> str:
    """A source's name in the language of the page."""
    return worded(source, "name")


def run_state(run: Run | None) -> Status:
    """How a reading went."""
    if run is None:
        return Status(_("Nog niet gelezen"), "unk")
    return {
        "waiting": Status(_("Wacht"), "now"),
        "running": Status(_("Bezig"), "now"),
        "good": Status(_("Goed"), "ok"),
        "repaired": Status(_("Met reparaties"), "warn"),
        "unchanged": Status(_("Ongewijzigd"), "ok"),
        "stopped": Status(_("Gestopt"), "bad"),
        "failed": Status(_("Mislukt"), "bad"),
        "interrupted": Status(_("Afgebroken"), "warn"),
    }[run.state]


def run_event(run: Run) -> Event:
    """A reading in the list of the last ones."""
    state = run_state(run)
    line = run.message
    if not line and run.state == "unchanged":
        line = _("niets te doen")
    elif not line and run.state in GOOD:
        rows = ngettext("%(count)s rij", "%(count)s rijen", run.rows_read)
        text = _("%(count)s in quarantaine") if run.rows_quarantined else rows
        line = text % {"count": figures.number(run.rows_quarantined or run.rows_read)}
    if run.state in GOOD and run.finished_at:
        line = _("%(what)s, %(seconds)s") % {"what": line.rstrip("."), "seconds": figures.seconds(took(run))}
    shown = Status(state.word, state.tone, fill=False)
    return Event(figures.day(run.started_at), line=line, state=shown, href=f"/bronnen/{run.source.key}/keren/{run.pk}")


def took(run: Run) -> float:
    """How many seconds a reading took; 0 while it is not over."""
    return (run.finished_at - run.started_at).total_seconds() if run.finished_at else 0.0


def table(found: Sequence[Read]) -> Table:
    """Sources as rows."""
    columns = [
        Column("source", _("Bron")),
        Column("last", _("Laatste keer gelezen")),
        Column("rows", _("Rijen"), number=True),
        Column("findings", _("Bevindingen"), number=True),
        Column("quarantine", _("Quarantaine"), number=True),
        Column("fresh", _("Versheid")),
        Column("needs", _("Gebruikt door"), number=True),
    ]
    states = [("", _("Alle standen")), ("none", _("Nog niet gelezen"))]
    states += [(state, run_state(Run(state=state)).word) for state in STATES]
    return Table(
        _("Bronnen"),
        columns,
        [_row(item) for item in found],
        order="fresh",
        search=_("bron of applicatie"),
        filters=[Filter("stand", _("Stand"), states)],
        exports=[Link(_("Spreadsheet"), "/bronnen.xlsx")],
        empty=_("Er is nog geen bron aangesloten. Een startpakket brengt er zeven mee."),
    )


def _row(item: Read) -> Row:
    source, run, shown = item.source, item.last, item.open or item.last
    state = run_state(shown)
    told = run if run and run.state in GOOD else None  # of a file that did not come in nothing was counted
    counts = {
        "rows": told.rows_read if told else None,
        "findings": told.findings if told else None,
        "quarantine": item.held if told or item.landed else None,
    }
    note = ", ".join(t for t in (worded(source.system, "name"), source.rhythm) if t)
    needs = ngettext("%(count)s behoefte", "%(count)s behoeften", item.needs) % {"count": figures.number(item.needs)}
    return Row(
        {
            "source": tables.words(source_name(source), href=f"/bronnen/{source.key}", note=note),
            "last": Cell(state=state, order=state.word),
            **{key: Cell(figures.figure(value), order=value) for key, value in counts.items()},
            "fresh": _fresh(item),
            "needs": Cell(figures.Figure(needs), order=item.needs),
        },
        {"stand": shown.state if shown else "none"},
    )


def _fresh(item: Read) -> Cell:
    """Stale first, then unread, then fresh."""
    if item.good is None:
        return Cell(state=Status(_("onbekend"), "unk", fill=False), order=(0, ""))
    moment = item.good.started_at
    if item.late:
        state = Status(_("%(age)s oud") % {"age": figures.age(moment)}, "bad", fill=False)
        return Cell(state=state, note=figures.moment(moment), order=(0, moment.isoformat()))
    return Cell(state=Status(_("vers"), "ok", fill=False), note=figures.moment(moment), order=(1, moment.isoformat()))
