"""Overleg: which meetings return, the agenda drawn from the graph, minutes as decisions, actions as changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from schakel.access.people import Person
from schakel.access.permissions import decide
from schakel.chain.consultation import Consultation, Meeting, Resolution
from schakel.chain.meetings import next_day, takes_part
from schakel.lib import clock
from schakel.lib.errors import Refused, Unknown
from schakel.lib.text import gettext as _
from schakel.lib.text import ngettext
from schakel.operations import agenda
from schakel.operations.agenda import Line, Point
from schakel.portal import figures
from schakel.portal.pages import goals
from schakel.portal.pages.changes import state_of, who
from schakel.portal.pages.words import said
from schakel.portal.parts import Action, Door, Doors, Fact, Head, Link, Status

_PAGES = {
    "informationneed": "/behoeften/%s", "gap": "/hiaten/%s", "change": "/wijzigingen/%s", "source": "/bronnen/%s",
    "indicator": "/bestuur",
}  # fmt: skip


@dataclass(frozen=True)
class Consultations:
    """The page of all consultations, under the three levels."""

    head: Head
    levels: Sequence[tuple[str, Doors]]


@dataclass(frozen=True)
class Shown:
    """A point of the agenda as it is drawn."""

    number: int
    title: str
    lines: Sequence[Link]
    more: str


@dataclass(frozen=True)
class Resolved:
    """A resolution with the actions that came out of it."""

    text: str
    about: Link | None
    by: str
    number: int
    actions: Doors | None


@dataclass(frozen=True)
class Sitting:
    """One meeting: agenda, resolutions, minutes, and the forms while it is open."""

    head: Head
    points: Sequence[Shown]
    resolutions: Sequence[Resolved]
    minutes: str
    may: bool
    address: str
    things: Sequence[tuple[str, str]]
    people: Sequence[tuple[int, str]]
    others: Doors | None
    empty: str


def level_word(level: str) -> str:
    """A level in words, with what it is about."""
    return {
        "strategic": _("Strategisch: richting en besluiten"),
        "tactical": _("Tactisch: vraag en aanbod"),
        "operational": _("Operationeel: het werk van de week"),
    }[level]


def rhythm_word(rhythm: str) -> str:
    """How often."""
    return {
        "weekly": _("elke week"), "fortnightly": _("elke twee weken"), "monthly": _("elke maand"),
        "quarterly": _("elk kwartaal"), "yearly": _("elk jaar"),
    }[rhythm]  # fmt: skip


def page(person: Person) -> Consultations:
    """All consultations, those of this person marked."""
    found = list(Consultation.objects.filter(active=True).select_related("chair_role").prefetch_related("roles__role"))
    levels = []
    for level in ("strategic", "tactical", "operational"):
        doors = [_door(person, c) for c in found if c.level == level]
        if doors:
            levels.append((level_word(level), Doors(doors)))
    mine = sum(1 for c in found if takes_part(person, c))
    text = ngettext("U zit in %(n)s overleg", "U zit in %(n)s overleggen", mine)
    title = text % {"n": figures.counted(mine)} if mine else _("Overleg over informatie")
    lede = _(
        "De agenda tekent zichzelf uit de keten: wat wacht, wat ontbreekt, wat te laat is. "
        "Wat u besluit wordt een wijziging."
    )
    return Consultations(Head(title, lede=lede), levels)


def _door(person: Person, consultation: Consultation) -> Door:
    day = coming(consultation)
    points = len(agenda.draw(consultation))
    text = ngettext("%(n)s agendapunt", "%(n)s agendapunten", points) % {"n": figures.number(points)}
    text = text if points else _("Nu geen agendapunten")
    line = f"{figures.capital(rhythm_word(consultation.rhythm))}, {_('de volgende op')} {figures.day(day)}. {text}."
    state = Status(_("U doet mee"), "now", "users", fill=False) if takes_part(person, consultation) else None
    return Door(said(consultation), line, f"/overleg/{consultation.key}/{day.isoformat()}", state)


def coming(consultation: Consultation) -> date:
    """The first sitting that was not held yet, or the day on which the next one falls."""
    planned = consultation.meetings.filter(held_at=None, day__gte=clock.today()).order_by("day").first()
    return planned.day if planned else max(next_day(consultation), clock.today())


def find(key: str) -> Consultation:
    """The consultation with this key; Unknown when there is none."""
    found = Consultation.objects.select_related("chair_role").filter(key=key).first()
    if found is None:
        raise Unknown(_("Dit overleg bestaat niet."), code="unknown")
    return found


def day_of(text: str) -> date:
    """The day in an address; Unknown when it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Unknown(_("Dit overleg bestaat niet."), code="unknown") from error


def points_of(person: Person, consultation: Consultation, meeting: Meeting | None) -> list[Point]:
    """The agenda: as it was kept when it was held, else as the graph draws it now for this reader."""
    if meeting and meeting.held_at:
        return agenda.read(meeting.agenda)
    return agenda.draw(consultation, _red(person) if consultation.level == "strategic" else ())


def _red(person: Person) -> list[Line]:
    """Indicators that do not meet their norm, as this person received them; nothing for who may not see them."""
    try:
        states = goals.received(person).states
    except Refused:
        return []
    return [
        Line(f"{said(s.goal)}: {said(s.indicator)} {s.written(s.total.last).text}", "indicator", s.indicator.key)
        for s in states
        if s.met is False
    ]


def sitting(person: Person, key: str, day: str) -> Sitting:
    """The page of one sitting, held or not."""
    consultation, moment = find(key), day_of(day)
    meeting = consultation.meetings.filter(day=moment).first()
    points = points_of(person, consultation, meeting)
    held = bool(meeting and meeting.held_at)
    may = not held and decide(person, "consultation.write").allowed
    resolutions = meeting.resolutions.select_related("written_by").prefetch_related("changes__owner") if meeting else ()
    return Sitting(
        head=_head(consultation, moment, meeting, points),
        points=[_shown(number, point) for number, point in enumerate(points, 1)],
        resolutions=[_resolved(r, points) for r in resolutions],
        minutes=meeting.minutes if meeting else "",
        may=may,
        address=f"/overleg/{key}/{moment.isoformat()}",
        things=[(f"{x.kind}:{x.key}", x.text) for p in points for x in p.lines if x.kind] if may else [],
        people=list(Person.objects.filter(is_active=True).values_list("pk", "name")) if may else [],
        others=_others(consultation, moment),
        empty=_("Er is nu niets dat aandacht vraagt. U kunt het overleg overslaan, of zelf een besluit vastleggen."),
    )


def _head(consultation: Consultation, day: date, meeting: Meeting | None, points: Sequence[Point]) -> Head:
    held = bool(meeting and meeting.held_at)
    seats = ", ".join(said(seat.role) for seat in consultation.roles.select_related("role"))
    chair = said(consultation.chair_role) or _("nog niemand")
    facts = [
        Fact("calendar", f"{figures.full_day(day)}, {rhythm_word(consultation.rhythm)}"),
        Fact("user", _("voorzitter: %(role)s") % {"role": chair}),
        Fact("users", seats or _("nog geen deelnemers")),
    ]
    asks = ngettext("%(n)s punt vraagt aandacht", "%(n)s punten vragen aandacht", len(points))
    stood = ngettext("%(n)s punt stond op de agenda", "%(n)s punten stonden op de agenda", len(points))
    count = stood if held else asks
    title = _("Verslag van %(name)s") if held else _("Agenda van %(name)s")
    state = Status(_("Afgesloten"), "ok") if held else Status(_("Komt nog"), "info", "calendar")
    pdf = f"/overleg/{consultation.key}/{day.isoformat()}.pdf"
    return Head(
        title % {"name": said(consultation)},
        lede=figures.capital(count % {"n": figures.counted(len(points))}) + "." if points else "",
        kicker=level_word(consultation.level), state=state, facts=facts, crumbs=[Link(_("Overleg"), "/overleg")],
        actions=[Action(_("Maak PDF"), pdf, icon="file")],
    )  # fmt: skip


def _shown(number: int, point: Point) -> Shown:
    more = _("en nog %(n)s") % {"n": figures.number(point.more)} if point.more else ""
    return Shown(number, point.title, [Link(line.text, address(line.kind, line.key)) for line in point.lines], more)


def address(kind: str, key: str) -> str:
    """The page of a thing on an agenda; empty when it has none."""
    return _PAGES[kind] % quote(key, safe=":@.-_") if kind in _PAGES and "%s" in _PAGES[kind] else _PAGES.get(kind, "")


def _resolved(resolution: Resolution, points: Sequence[Point]) -> Resolved:
    actions = [
        Door(f"{item.number} {item.title}", who(item), f"/wijzigingen/{item.pk}", state_of(item))
        for item in resolution.changes.all()
    ]
    href = address(resolution.about_kind, resolution.about_key)
    about = Link(_about(resolution, points), href) if href else None
    by = f"{resolution.written_by.name}, {figures.day(resolution.at)}"
    return Resolved(resolution.text, about, by, resolution.pk, Doors(actions) if actions else None)


def _about(resolution: Resolution, points: Sequence[Point]) -> str:
    """What a resolution is about, as it stood on the agenda."""
    thing = (resolution.about_kind, resolution.about_key)
    named = (line.text for point in points for line in point.lines if (line.kind, line.key) == thing)
    return next(named, _("Waarover het gaat"))


def _others(consultation: Consultation, day: date) -> Doors | None:
    found = consultation.meetings.exclude(day=day).order_by("-day")[:8]
    doors = [
        Door(
            figures.full_day(m.day),
            _("Afgesloten, met verslag") if m.held_at else _("Gepland"),
            f"/overleg/{consultation.key}/{m.day.isoformat()}",
        )
        for m in found
    ]
    return Doors(doors) if doors else None
