"""Rows that were refused: how many per source for who keeps the links, the rows themselves for who repairs them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from schakel.access.changes import change
from schakel.access.people import Person
from schakel.collect import reports
from schakel.collect.layouts import Layout
from schakel.collect.reports import Refusals
from schakel.collect.runs import Run
from schakel.lib.text import gettext as _
from schakel.lib.text import ngettext
from schakel.operations import agreements
from schakel.portal import figures, tables
from schakel.portal.pages import source as one
from schakel.portal.pages import sources
from schakel.portal.pages.sources import source_name
from schakel.portal.pages.words import said
from schakel.portal.parts import Action, Empty, Fact, Head, Link
from schakel.portal.tables import Cell, Column, Filter, Row, Shown, Table

MOST = 2_000  # rows on one page: who has more first repairs these
_EMPTY = (None, "")
_OWN = ("_row", "_rule", "_column", "_reason", "_mark", "_package")


@dataclass(frozen=True)
class Quarantine:
    """How many rows wait, per source."""

    head: Head
    table: Shown | None
    empty: Empty | None


def page(query: Mapping[str, str]) -> Quarantine:
    """All quarantine, counted."""
    every = sources.read()
    held = [item for item in every if item.held]
    total = sum(item.held for item in held)
    if not held:
        told = _("Alle rijen zijn overgenomen.") if any(i.good for i in every) else _("Er is nog geen bron gelezen.")
        line = f"{told} {_('Hier komen rijen te staan die niet door een controle komen.')}"
        nothing = Empty(_("Geen quarantaine"), line, Action(_("Bekijk de bronnen"), "/bronnen"))
        return Quarantine(Head(_("Er staat niets in quarantaine")), None, nothing)
    text = ngettext("%(count)s rij staat in quarantaine", "%(count)s rijen staan in quarantaine", total)
    lede = _("Wat er staat is niet weg: wie de bron beheert herstelt het daar, en de volgende keer komt het binnen.")
    return Quarantine(Head(text % {"count": figures.number(total)}, lede=lede), tables.shown(_table(held), query), None)


def _table(held: Sequence[sources.Read]) -> Table:
    columns = [
        Column("source", _("Bron")),
        Column("rows", _("Rijen"), number=True),
        Column("when", _("Gelezen")),
        Column("who", _("Wie herstelt")),
        Column("look", _("Actie"), sorts=False, hidden_label=True),
    ]
    return Table(_("Quarantaine per bron"), columns, [_row(item) for item in held], order="-rows", middle=True)


def _row(item: sources.Read) -> Row:
    run = item.landed or Run()
    look = Action(_("Bekijk rijen"), f"/bronnen/{item.source.key}/quarantaine")
    return Row(
        {
            "source": tables.words(source_name(item.source), href=f"/bronnen/{item.source.key}"),
            "rows": Cell(figures.figure(run.rows_held), order=run.rows_held),
            "when": Cell(figures.Figure(figures.moment(run.started_at)), order=run.started_at.isoformat()),
            "who": tables.words(figures.capital(said(item.source.repairs_role)) or _("niemand toegewezen")),
            "look": Cell(action=look),
        }
    )


@dataclass(frozen=True)
class Rows:
    """The refused rows of one source."""

    head: Head
    table: Shown | None
    empty: Empty | None


def rows_page(person: Person, key: str, query: Mapping[str, str]) -> Rows:
    """The refused rows of one file of a source. Looking leaves a line in the log."""
    source = one.find(key)
    run = source.runs.exclude(folder="").first()
    folder = _folder(run) if run else None
    files = reports.quarantine_files(folder) if folder and folder.is_dir() else {}
    crumbs = [
        Link(_("Bronnen"), "/bronnen"),
        Link(source_name(source), f"/bronnen/{key}"),
        Link(_("Quarantaine"), f"/bronnen/{key}/quarantaine"),
    ]
    if folder is None or not files:
        nothing = Empty(
            _("Geen quarantaine"),
            _("Alle rijen zijn overgenomen."),
            Action(_("Terug naar de bron"), f"/bronnen/{key}"),
        )
        return Rows(Head(_("Er staat niets in quarantaine"), crumbs=crumbs), None, nothing)
    file = query.get("q-bestand", "")
    file = file if file in files else max(files, key=lambda name: files[name])
    found = reports.quarantined(folder, file, limit=MOST)
    with change(person, "quarantine.read", source, file=file, rows=len(found.rows)):
        pass
    layout = agreements.layout_of(source)
    return Rows(
        _rows_head(crumbs, file if len(layout.files) > 1 else "", found),
        tables.shown(_rows_table(files, found, _headers(layout, file)), {**query, "q-bestand": file}),
        None,
    )


def _headers(layout: Layout, file: str) -> dict[str, str]:
    """The columns of a file as who exports it knows them."""
    return {field.name: field.source for field in layout.files[file].fields} if file in layout.files else {}


def _folder(run: Run) -> Path:
    """The quarantine that belongs to a landing: same source, same digest."""
    landing = Path(settings.DATA) / run.folder
    return Path(settings.DATA) / "quarantine" / landing.parent.name / landing.name


def _rows_head(crumbs: Sequence[Link], file: str, found: Refusals) -> Head:
    words = {"count": figures.number(found.total), "file": file}
    text = ngettext("%(count)s rij wacht op herstel", "%(count)s rijen wachten op herstel", found.total)
    if file:
        text = ngettext(
            "%(count)s rij uit ‘%(file)s’ wacht op herstel",
            "%(count)s rijen uit ‘%(file)s’ wachten op herstel",
            found.total,
        )
    lede = _(
        "Met het regelnummer vindt u de rij in de bron terug. "
        "Waarden zijn afgeschermd: van deze rijen is nog niet bekend bij welke school ze horen."
    )
    if found.total > len(found.rows):
        lede += " " + _("Hier staan de eerste %(count)s.") % {"count": figures.number(len(found.rows))}
    return Head(text % words, lede=lede, crumbs=crumbs, facts=[Fact("shield", _("Dit bezoek staat in het logboek"))])


def _rows_table(files: Mapping[str, int], found: Refusals, headers: Mapping[str, str]) -> Table:
    columns = [
        Column("_row", _("Regel"), number=True),
        Column("_column", _("Kolom")),
        Column("_reason", _("Waarom"), wide=True),
    ]
    several = _of_several(found)
    if several:
        columns.insert(0, Column("_package", _("Levering")))
    read = [dict(zip(found.columns, values, strict=True)) for values in found.rows]
    named = dict.fromkeys((*(name for name in headers if name in found.columns), *found.columns))
    told = [name for name in named if name not in _OWN and any(row[name] not in _EMPTY for row in read)]
    columns += [Column(name, headers.get(name, name)) for name in told]
    choices = [(name, f"{name} ({figures.number(count)})") for name, count in files.items()]
    rows = [_refused(row, found.file, headers) for row in read]
    return Table(
        _("Rijen in quarantaine"),
        columns,
        rows,
        key="q",
        order="_package" if several else "_row",
        search=_("waarde of reden"),
        filters=[Filter("bestand", _("Bestand"), choices)] if len(choices) > 1 else [],
        private=True,
    )


def _of_several(found: Refusals) -> bool:
    """Whether rows came in more than one delivery, or on one of several sheets: a line alone does not say where."""
    at = found.columns.index("_package") if "_package" in found.columns else None
    of = {values[at] or "" for values in found.rows} if at is not None else set()
    return len(of) > 1 or any("#" in each for each in of)


def _refused(values: Mapping[str, Any], file: str, headers: Mapping[str, str]) -> Row:
    cells = {
        name: tables.words(str(value)) if value not in _EMPTY else Cell(figures.Figure("–", "none"))
        for name, value in values.items()
    }
    where = str(values["_column"] or "")
    cells["_column"] = tables.words(", ".join(headers.get(name, name) for name in where.split(", ")))
    number = values["_row"]
    cells["_row"] = Cell(figures.figure(number), order=number)
    return Row(cells, {"bestand": file})
