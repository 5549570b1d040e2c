"""Days without school: national, per region, and the board's own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from schakel.access.people import Person
from schakel.access.permissions import decide
from schakel.collect import holidays
from schakel.collect.holidays import FreeDay, Period
from schakel.lib import clock
from schakel.lib.text import gettext as _
from schakel.lib.text import language
from schakel.portal import figures, tables
from schakel.portal.parts import Action, Head, Link, Note
from schakel.portal.tables import Cell, Column, Filter, Row, Shown, Table

NOTHING = Cell()


@dataclass(frozen=True)
class FreeDays:
    """The page; the form is there for who may change sources."""

    head: Head
    note: Note | None
    table: Shown
    may: bool
    values: Mapping[str, str]


def page(
    person: Person, query: Mapping[str, str], *, given: Mapping[str, str] | None = None, wrong: str = ""
) -> FreeDays:
    """What is free from today on; `given` is what was filled in and could not be kept."""
    may = decide(person, "source.write").allowed
    return FreeDays(
        head=_head(),
        note=Note(wrong, "bad", _("Niet bewaard.")) if wrong else None,
        table=tables.shown(_table(may), query),
        may=may,
        values=given or {"name": "", "first": "", "last": ""},
    )


def _head() -> Head:
    until = holidays.known_until()
    title = _("De schoolvakanties zijn bekend tot en met %(day)s") % {"day": figures.full_day(until)}
    if until < clock.today():
        title = _("De schoolvakanties van nu zijn niet bekend")
    lede = _(
        "Bronnen die niet in de vakantie worden gelezen slaan deze dagen over. Wijkt uw bestuur af, voeg dat dan toe."
    )
    return Head(title, lede=lede, crumbs=[Link(_("Bronnen"), "/bronnen"), Link(_("Vrije dagen"), "/vrije-dagen")])


def _table(may: bool) -> Table:
    columns = [
        Column("name", _("Vrij")),
        Column("first", _("Eerste dag")),
        Column("last", _("Laatste dag")),
        Column("where", _("Waar")),
        Column("act", _("Actie"), sorts=False, hidden_label=True),
    ]
    places = [("", _("Overal")), *((region, region) for region in holidays.REGIONS), ("own", _("eigen bestuur"))]
    return Table(
        _("Vrije dagen"),
        columns,
        [*map(_row, _published()), *(_own_row(free, may) for free in _own())],
        key="d",
        order="first",
        filters=[Filter("waar", _("Waar"), places)],
        size=50,
        empty=_("Er is geen vrije dag bekend die nog komt."),
    )


def _published() -> list[Period]:
    """National holidays of this year and the next, and the school holidays that are not over."""
    today = clock.today()
    national = [
        Period(day, day, name, holidays.ENGLISH[name], source="Algemene termijnenwet, art. 3")
        for year in (today.year, today.year + 1)
        for day, name in holidays.national(year).items()
    ]
    return [period for period in [*national, *holidays.school_holidays()] if period.last >= today]


def _own() -> Sequence[FreeDay]:
    return list(FreeDay.objects.filter(last__gte=clock.today() - timedelta(days=31)))


def _row(period: Period) -> Row:
    name = period.en if language() == "en" and period.en else period.nl
    cells = _cells(period.first, period.last, tables.words(name, note=period.source), period.region or _("overal"))
    return Row(cells, {"waar": period.region})


def _own_row(free: FreeDay, may: bool) -> Row:
    drop = Action(_("Haal weg"), f"/vrije-dagen/{free.pk}/weggooien", post=True, small=True) if may else None
    cells = _cells(free.first, free.last, tables.words(free.name), _("eigen bestuur"), Cell(action=drop))
    return Row(cells, {"waar": "own"})


def _cells(first: date, last: date, name: Cell, where: str, act: Cell = NOTHING) -> dict[str, Cell]:
    return {"name": name, "first": _day(first), "last": _day(last), "where": tables.words(where), "act": act}


def _day(day: date) -> Cell:
    return Cell(figures.Figure(figures.full_day(day)), order=day.isoformat())
