"""The readings of a source: each in one sentence, and one reading in detail."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from schakel.collect.runs import GOOD, STATES, Run
from schakel.collect.sources import Source
from schakel.lib import clock
from schakel.lib.errors import Unknown
from schakel.lib.text import gettext as _
from schakel.portal import figures, tables
from schakel.portal.pages import source as one
from schakel.portal.pages.sources import mapping_link, run_state, source_name, took
from schakel.portal.parts import Action, Fact, Head, Item, Link, Note
from schakel.portal.tables import Cell, Column, Filter, Row, Shown, Table

MOST = 500


@dataclass(frozen=True)
class RunsPage:
    """All readings of a source, newest first."""

    head: Head
    table: Shown


@dataclass(frozen=True)
class RunPage:
    """One reading in detail."""

    head: Head
    note: Note | None
    items: Sequence[Item]


def page(key: str, query: Mapping[str, str]) -> RunsPage:
    """The readings of the source with this key; Unknown when there is none."""
    source = one.find(key)
    found = list(source.runs.finished().select_related("source")[:MOST])
    missed = sum(run.state not in GOOD for run in found)
    words = {"name": source_name(source), "missed": figures.number(missed), "all": figures.number(len(found))}
    title = _("%(name)s kwam %(missed)s van de %(all)s keer niet binnen")
    if not missed:
        title = _("%(name)s is %(all)s keer gelezen en kwam elke keer binnen")
    if not found:
        title = _("%(name)s is nog niet gelezen")
    return RunsPage(Head(title % words, crumbs=_crumbs(source)), tables.shown(_table(found), query))


def one_page(key: str, number: int) -> RunPage:
    """One reading; Unknown when this source has none with this number."""
    source = one.find(key)
    run = source.runs.select_related("asked_by", "source").filter(pk=number).first()
    if run is None:
        raise Unknown(_("Deze keer bestaat niet."), code="unknown")
    facts = [Fact("clock", f"{figures.moment(run.started_at)}, {figures.seconds(took(run))}")]
    crumbs = [*_crumbs(source), Link(figures.moment(run.started_at), f"/bronnen/{key}/keren/{run.pk}")]
    actions = [Action(_("Bekijk de bevindingen"), f"/bronnen/{key}")] if _newest(source, run) else []
    head = Head(sentence(run), state=run_state(run), crumbs=crumbs, facts=facts, actions=actions)
    return RunPage(head, _note(run), items(run))


def sentence(run: Run) -> str:
    """What happened, in one sentence."""
    words = {
        "name": source_name(run.source), "rows": figures.number(run.rows_read), "took": figures.seconds(took(run)),
        "held": figures.number(run.rows_quarantined), "found": figures.number(run.findings),
    }  # fmt: skip
    if run.state == "good":
        return _("%(name)s: %(rows)s rijen gelezen in %(took)s, en elke rij kwam binnen") % words
    if run.state == "repaired" and run.rows_quarantined:
        return _("%(name)s: %(rows)s rijen gelezen in %(took)s, waarvan %(held)s in quarantaine") % words
    return {
        "repaired": _("%(name)s: %(rows)s rijen gelezen in %(took)s, met %(found)s bevindingen"),
        "unchanged": _("%(name)s: er was niets nieuws"),
        "stopped": _("%(name)s werd aan de deur tegengehouden; wat er stond bleef staan"),
        "failed": _("%(name)s kwam niet binnen; wat er stond bleef staan"),
        "interrupted": _("%(name)s: het lezen werd afgebroken; er is niets half bewaard"),
        "waiting": _("%(name)s wacht op de verwerker"),
        "running": _("%(name)s wordt nu gelezen"),
    }[run.state] % words


def items(run: Run) -> list[Item]:
    """Everything that is known of a reading."""
    counts = run.state in GOOD
    found = [
        (_("Bestand of server"), run.file_name),
        (_("Waarom toen"), _reason(run)),
        (_("Poging"), figures.number(run.attempt) if run.attempt > 1 else ""),
        (_("Opnieuw geprobeerd"), figures.coming(run.retry_at) if run.retry_at else ""),
        (_("Gelezen rijen"), figures.number(run.rows_read) if counts else ""),
        (_("In quarantaine"), figures.number(run.rows_quarantined) if counts else ""),
        (_("Bevindingen"), figures.number(run.findings) if counts else ""),
        (_("Kolommen buiten de deur"), figures.number(run.columns_dropped) if counts else ""),
        (_("Voldoet aan de standaard"), _yes(run.conformant)),
        (_("Bruikbaar"), _yes(run.usable)),
        (_("Versie van de indeling"), run.layout_version),
    ]
    return [Item(term, text) for term, text in found if text]


def _reason(run: Run) -> str:
    if run.asked_by:
        return _("%(name)s vroeg erom") % {"name": run.asked_by.name}
    if run.planned_for:
        return _("gepland: %(moment)s") % {"moment": figures.moment(run.planned_for)}
    return _("er was iets nieuws, of het was tijd om te kijken")


def _note(run: Run) -> Note | None:
    if run.state in GOOD or not run.message:
        return Note(run.message) if run.message else None
    again = ""
    if run.retry_at and run.retry_at > clock.now():
        again = " " + _("Schakel probeert het %(moment)s opnieuw.") % {"moment": figures.coming(run.retry_at)}
    return Note(run.message + again, "bad", link=mapping_link(run.source))


def _newest(source: Source, run: Run) -> bool:
    last = source.runs.finished().first()
    return last is not None and last.pk == run.pk and bool(run.folder)


def _crumbs(source: Source) -> list[Link]:
    return [
        Link(_("Bronnen"), "/bronnen"),
        Link(source_name(source), f"/bronnen/{source.key}"),
        Link(_("Alle keren"), f"/bronnen/{source.key}/keren"),
    ]


def _yes(value: bool | None) -> str:
    return "" if value is None else _("ja") if value else _("nee")


def _table(found: Sequence[Run]) -> Table:
    columns = [
        Column("when", _("Wanneer")),
        Column("state", _("Hoe ging het")),
        Column("told", _("In één zin"), wide=True, sorts=False),
        Column("rows", _("Rijen"), number=True),
        Column("findings", _("Bevindingen"), number=True),
        Column("took", _("Duur"), number=True),
    ]
    states = [("", _("Alle standen")), *((state, run_state(Run(state=state)).word) for state in STATES)]
    return Table(
        _("Alle keren"),
        columns,
        [_row(run) for run in found],
        key="r",
        order="-when",
        filters=[Filter("stand", _("Stand"), states)],
        size=50,
        empty=_("Deze bron is nog niet gelezen."),
    )


def _row(run: Run) -> Row:
    state, counts = run_state(run), run.state in GOOD
    return Row(
        {
            "when": Cell(
                figures.Figure(figures.moment(run.started_at)),
                order=run.started_at.isoformat(),
                href=f"/bronnen/{run.source.key}/keren/{run.pk}",
            ),
            "state": Cell(state=state, order=state.word),
            "told": tables.words(_told(run)),
            "rows": Cell(figures.figure(run.rows_read if counts else None), order=run.rows_read if counts else None),
            "findings": Cell(figures.figure(run.findings if counts else None), order=run.findings if counts else None),
            "took": Cell(figures.Figure(figures.seconds(took(run))), order=took(run)),
        },
        {"stand": run.state},
    )


def _told(run: Run) -> str:
    """The sentence without the name of the source, which stands above the table."""
    if run.message and run.state not in GOOD:
        return run.message
    text = sentence(run).removeprefix(source_name(run.source)).lstrip(": ")
    return figures.capital(text) + "."
