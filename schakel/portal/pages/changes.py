"""Wijzigingen: what must be set up, configured or adapted, by state and by day; and one change with its buttons."""

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from schakel.access.people import Person
from schakel.access.permissions import decide
from schakel.chain import realising
from schakel.chain.consultation import Meeting
from schakel.chain.needs import InformationNeed
from schakel.chain.realising import KINDS, OPEN, Change
from schakel.chain.systems import System
from schakel.lib import clock
from schakel.lib.errors import Unknown
from schakel.lib.text import gettext as _
from schakel.lib.text import ngettext
from schakel.portal import figures, tables
from schakel.portal.pages.words import question, said
from schakel.portal.parts import Action, Door, Doors, Head, Item, Link, Note, Status, Tone, Why
from schakel.portal.tables import Cell, Column, Filter, Row, Shown, Table

MOST_A_STATE = 12
DECEMBER = 12


@dataclass(frozen=True)
class Lane:
    """One state with its changes."""

    title: str
    count: str
    doors: Doors | None


@dataclass(frozen=True)
class ChangesPage:
    """The board by state, with the same as a table."""

    head: Head
    lanes: Sequence[Lane]
    table: Shown
    may_add: bool
    kinds: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class ChangePage:
    """One change."""

    head: Head
    facts: Why
    waits: Doors | None
    note: Note | None
    steps: Sequence[Action]
    may: bool
    address: str
    people: Sequence[tuple[int, str, bool]]
    due: str
    effort: str
    remark: str
    others: Sequence[tuple[int, str]]


@dataclass(frozen=True)
class Day:
    """One day of the calendar."""

    number: int
    iso: str
    today: bool
    items: Sequence[Link]


@dataclass(frozen=True)
class CalendarPage:
    """A month of what is due: changes, reviews, contracts, meetings."""

    head: Head
    weekdays: Sequence[str]
    weeks: Sequence[Sequence[Day | None]]
    listed: Sequence[tuple[str, Sequence[Link]]]
    before: Link
    after: Link


def state_word(state: str) -> str:
    """The state of a change in words."""
    return {
        "proposed": _("Voorgesteld"),
        "planned": _("Gepland"),
        "doing": _("In uitvoering"),
        "done": _("Klaar"),
        "dropped": _("Vervallen"),
    }[state]


def kind_word(kind: str) -> str:
    """What kind of change it is."""
    return {
        "link": _("koppeling maken"),
        "column": _("kolom toevoegen"),
        "source": _("bron aanwijzen"),
        "product": _("overzicht maken"),
        "person": _("iemand aanwijzen"),
        "agreement": _("overeenkomst sluiten"),
        "configuration": _("instellen"),
        "other": _("overig"),
    }[kind]


_TONES: dict[str, tuple[Tone, str]] = {
    "proposed": ("unk", ""),
    "planned": ("info", "calendar"),
    "doing": ("now", ""),
    "done": ("ok", ""),
    "dropped": ("no", ""),
}


def state_of(item: Change) -> Status:
    """The state of a change as a chip; late is said too."""
    if item.state in OPEN and item.due_on and item.due_on < clock.today():
        return Status(_("Te laat"), "bad", "clock")
    tone, shape = _TONES[item.state]
    return Status(state_word(item.state), tone, shape)


def who(item: Change) -> str:
    """Who does it: a person, else a role, else nobody yet."""
    return item.owner.name if item.owner else said(item.owner_role) or _("nog niemand")


def page(person: Person, query: Mapping[str, str]) -> ChangesPage:
    """All changes."""
    found = list(Change.objects.select_related("owner", "owner_role", "need"))
    return ChangesPage(
        head=_head(found),
        lanes=[_lane(state, [c for c in found if c.state == state]) for state in OPEN],
        table=tables.shown(table(found), query),
        may_add=decide(person, "change.write").allowed,
        kinds=[(kind, figures.capital(kind_word(kind))) for kind in KINDS],
    )


def _head(found: Sequence[Change]) -> Head:
    open_ = [c for c in found if c.state in OPEN]
    late = [c for c in open_ if c.due_on and c.due_on < clock.today()]
    lede = _(
        "Voorgesteld door de beoordeling van behoeften, of uit overleg. Klaar blijkt waar het kan uit de stroom zelf."
    )
    actions = [Action(_("Bekijk kalender"), "/wijzigingen/kalender", icon="calendar")]
    if not open_:
        return Head(_("Er hoeft nu niets gewijzigd te worden"), lede=lede, actions=actions)
    text = ngettext("%(n)s wijziging staat open", "%(n)s wijzigingen staan open", len(open_))
    tail = _(", %(late)s te laat") % {"late": figures.counted(len(late))} if late else ""
    return Head(figures.capital(text % {"n": figures.counted(len(open_))}) + tail, lede=lede, actions=actions)


def _lane(state: str, found: Sequence[Change]) -> Lane:
    doors = [_door(item) for item in found[:MOST_A_STATE]]
    return Lane(state_word(state), figures.number(len(found)), Doors(doors) if doors else None)


def _door(item: Change) -> Door:
    parts = [who(item)]
    if item.due_on:
        parts.append(_("vóór %(day)s") % {"day": figures.day(item.due_on)})
    if item.effort_hours:
        parts.append(_("%(n)s uur") % {"n": figures.number(float(item.effort_hours))})
    late = state_of(item) if item.due_on and item.due_on < clock.today() and item.state in OPEN else None
    return Door(f"{item.number} {item.title}", " · ".join(parts), f"/wijzigingen/{item.pk}", late)


def table(found: Sequence[Change]) -> Table:
    """Changes as rows."""
    columns = [
        Column("what", _("Wijziging")),
        Column("state", _("Stand")),
        Column("who", _("Wie")),
        Column("due", _("Uiterlijk"), number=True),
        Column("effort", _("Uren"), number=True),
        Column("need", _("Voor welke behoefte")),
    ]
    states = [("", _("Alle standen")), *((s, state_word(s)) for s in realising.STATES)]
    return Table(
        _("Wijzigingen"), columns, [_row(item) for item in found], search=_("wat, wie of nummer"),
        filters=[Filter("stand", _("Stand"), states)], exports=[Link(_("Spreadsheet"), "/wijzigingen.xlsx")],
        empty=_("Nog niets. Zodra een behoefte beoordeeld is staat hier wat ervoor nodig is."),
    )  # fmt: skip


def _row(item: Change) -> Row:
    effort = Cell(figures.unknown()) if item.effort_hours is None else _amount(float(item.effort_hours))
    due = Cell(figures.unknown()) if item.due_on is None else _when(item.due_on)
    need = tables.words(question(item.need), href=f"/behoeften/{item.need.key}") if item.need else tables.words("")
    return Row(
        {
            "what": tables.words(
                item.title, href=f"/wijzigingen/{item.pk}", note=f"{item.number} · {kind_word(item.kind)}"
            ),
            "state": Cell(state=state_of(item), order=realising.STATES.index(item.state)),
            "who": tables.words(who(item)),
            "due": due,
            "effort": effort,
            "need": need,
        },
        {"stand": item.state},
    )


def _amount(value: float) -> Cell:
    return Cell(figures.Figure(figures.number(value)), order=value)


def _when(day: date) -> Cell:
    return Cell(figures.Figure(figures.day(day)), order=day.isoformat())


def find(number: int) -> Change:
    """The change with this number; Unknown when there is none."""
    related = ("owner", "owner_role", "need", "resolution__meeting__consultation")
    item = Change.objects.select_related(*related).filter(pk=number).first()
    if item is None:
        raise Unknown(_("Deze wijziging bestaat niet."), code="unknown")
    return item


def one(person: Person, number: int) -> ChangePage:
    """The page of one change."""
    item = find(number)
    may = decide(person, "change.write").allowed and item.state in OPEN
    waits = realising.waiting_for(item)
    others = Change.objects.filter(state__in=OPEN).exclude(pk=item.pk).order_by("pk")
    return ChangePage(
        head=Head(
            item.title, kicker=f"{item.number} · {figures.capital(kind_word(item.kind))}", state=state_of(item),
            crumbs=[Link(_("Wijzigingen"), "/wijzigingen"), Link(item.number, f"/wijzigingen/{item.pk}")],
        ),
        facts=_facts(item),
        waits=Doors([_door(other) for other in waits]) if waits else None,
        note=_note(item),
        steps=_steps(item, bool(waits)) if may else [],
        may=may,
        address=f"/wijzigingen/{item.pk}",
        people=[(p.pk, p.name, item.owner_id == p.pk) for p in Person.objects.filter(is_active=True)] if may else [],
        due=item.due_on.isoformat() if item.due_on else "",
        effort="" if item.effort_hours is None else figures.number(float(item.effort_hours)),
        remark=item.note,
        others=[(o.pk, f"{o.number} {o.title}") for o in others] if may else [],
    )  # fmt: skip


def _facts(item: Change) -> Why:
    items = [
        Item(_("Wie"), who(item)),
        Item(_("Uiterlijk"), figures.full_day(item.due_on) if item.due_on else _("nog geen dag gekozen")),
    ]
    if item.need:
        items.append(Item(_("Voor"), question(item.need), Link(_("Lees de behoefte"), f"/behoeften/{item.need.key}")))
    if item.resolution:
        meeting = item.resolution.meeting
        link = Link(_("Lees het verslag"), f"/overleg/{meeting.consultation.key}/{meeting.day.isoformat()}")
        items.append(Item(_("Besloten in"), f"{said(meeting.consultation)}, {figures.day(meeting.day)}", link))
    if item.note:
        items.append(Item(_("Opmerking"), item.note))
    return Why(_("Over deze wijziging"), items)


def _note(item: Change) -> Note | None:
    if item.state == "dropped":
        return Note(_("Vervallen: %(reason)s") % {"reason": item.dropped_reason})
    if item.seen_done_at:
        words = {"day": figures.full_day(item.seen_done_at)}
        return Note(_("Schakel zag op %(day)s in de stroom dat dit klaar is.") % words, "ok")
    return None


def _steps(item: Change, waits: bool) -> list[Action]:
    if waits:
        return []
    address = f"/wijzigingen/{item.pk}"
    begin = Action(_("Begin eraan"), f"{address}/beginnen", post=True, main=True)
    done = Action(_("Meld klaar"), f"{address}/klaar", post=True, main=item.state == "doing")
    return [done] if item.state == "doing" else [begin, done]


def month(chosen: str) -> CalendarPage:
    """The calendar of a month written as 2026-12; this month when it is not one."""
    first = _month(chosen)
    due = _due(first.year, first.month)
    weeks = [
        [_day(first, number, due) if number else None for number in week]
        for week in calendar.Calendar().monthdayscalendar(first.year, first.month)
    ]
    before = date(first.year - (first.month == 1), DECEMBER if first.month == 1 else first.month - 1, 1)
    after = date(first.year + (first.month == DECEMBER), 1 if first.month == DECEMBER else first.month + 1, 1)
    crumbs = [Link(_("Wijzigingen"), "/wijzigingen"), Link(_("Kalender"), "/wijzigingen/kalender")]
    lede = _("Wijzigingen, herzieningen, contracten en overleg, elk op zijn dag.")
    return CalendarPage(
        head=Head(_month_title(first, sum(len(links) for links in due.values())), lede=lede, crumbs=crumbs),
        weekdays=[_("ma"), _("di"), _("wo"), _("do"), _("vr"), _("za"), _("zo")],
        weeks=weeks,
        listed=[(figures.full_day(day), links) for day, links in sorted(due.items())],
        before=Link(_named_month(before), f"/wijzigingen/kalender?maand={before:%Y-%m}"),
        after=Link(_named_month(after), f"/wijzigingen/kalender?maand={after:%Y-%m}"),
    )  # fmt: skip


def _named_month(day: date) -> str:
    return f"{figures.month(day, short=False)} {day.year}"


def _month_title(first: date, count: int) -> str:
    """How much is due in a month, as a finding."""
    if not count:
        return _("In %(month)s staat nog niets") % {"month": _named_month(first)}
    text = ngettext("%(n)s ding staat in %(month)s", "%(n)s dingen staan in %(month)s", count)
    return figures.capital(text % {"n": figures.counted(count), "month": _named_month(first)})


def _month(chosen: str) -> date:
    try:
        year, number = chosen.split("-")
        return date(int(year), int(number), 1)
    except ValueError:
        return clock.today().replace(day=1)


def _day(first: date, number: int, due: Mapping[date, Sequence[Link]]) -> Day:
    day = first.replace(day=number)
    return Day(number, day.isoformat(), day == clock.today(), due.get(day, ()))


def _due(year: int, number: int) -> dict[date, list[Link]]:
    """Everything that is due in a month, by day."""
    found: dict[date, list[Link]] = {}

    def note(day: date | None, label: str, href: str) -> None:
        if day is not None:
            found.setdefault(day, []).append(Link(label, href))

    for item in Change.objects.filter(state__in=OPEN, due_on__year=year, due_on__month=number):
        note(item.due_on, f"{item.number} {item.title}", f"/wijzigingen/{item.pk}")
    reviewed = InformationNeed.objects.filter(state__in=("live", "under_review"))
    for need in reviewed.filter(review_on__year=year, review_on__month=number):
        note(need.review_on, _("Herzie %(number)s") % {"number": need.number}, f"/behoeften/{need.key}")
    ends = {
        "contract_until": _("Contract %(name)s loopt af"),
        "agreement_until": _("Verwerkersovereenkomst %(name)s loopt af"),
    }
    for field, text in ends.items():
        for system in System.objects.filter(**{f"{field}__year": year, f"{field}__month": number}):
            note(getattr(system, field), text % {"name": system.name}, "")
    for meeting in Meeting.objects.filter(day__year=year, day__month=number).select_related("consultation"):
        note(meeting.day, said(meeting.consultation), f"/overleg/{meeting.consultation.key}/{meeting.day.isoformat()}")
    return found
