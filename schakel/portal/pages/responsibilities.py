"""Verantwoordelijkheden: things down, roles across, letters in the cells; what is wrong is marked where it is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from schakel.access.people import Person
from schakel.access.permissions import decide
from schakel.access.roles import Role
from schakel.chain.answerable import KINDS, Division, Side
from schakel.chain.controls import Both, Control, both_sides, controls, roles_on
from schakel.chain.responsibilities import ASPECTS, LETTERS, Area
from schakel.lib.text import gettext as _
from schakel.lib.text import language, ngettext
from schakel.portal import figures
from schakel.portal.pages import answering
from schakel.portal.pages.words import said
from schakel.portal.parts import Check, Checks, Empty, Head, Status


@dataclass(frozen=True)
class RoleColumn:
    """A role across the top."""

    key: str
    name: str
    chosen: bool = False


@dataclass(frozen=True)
class Line:
    """One side of a thing: what is wrong with it, and per role its letters."""

    id: str
    thing: Any
    side: Side
    cells: Sequence[tuple[RoleColumn, str]]

    @property
    def name(self) -> str:
        """The thing."""
        return answering.name_of(self.thing)

    @property
    def aspect(self) -> str:
        """Which side of it."""
        return answering.aspect_word(self.side.aspect)

    @property
    def href(self) -> str:
        """Where the whole thing is read."""
        return answering.page_of(self.thing.noun(), self.thing.key)

    @property
    def edit(self) -> str:
        """Where a cell is changed, without the role."""
        return f"{self.href}/{self.side.aspect}"

    @property
    def trouble(self) -> Status | None:
        """What is wrong, as a shape with a word."""
        return answering.trouble(self.side)


@dataclass(frozen=True)
class Group:
    """The lines of one kind."""

    name: str
    lines: Sequence[Line]


@dataclass(frozen=True)
class Choice:
    """A filter above the matrix: its name in the address, its label, and what can be chosen."""

    name: str
    label: str
    value: str
    options: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Matrix:
    """The page."""

    head: Head
    sides: Sequence[tuple[str, int]]
    roles: Sequence[RoleColumn]
    groups: Sequence[Group]
    choices: Sequence[Choice]
    letters: Sequence[tuple[str, str]]
    edits: bool
    back: str
    empty: Empty | None
    none_fit: bool
    controls: Checks


def page(person: Person, query: Mapping[str, str]) -> Matrix:
    """The matrix as the address asks for it."""
    division = Division()
    every = lines(division)
    roles = occurring(division)
    chosen = _chosen(query, roles)
    shown = [line for line in every if _fits(line, chosen)]
    held = list(both_sides())
    columns = [RoleColumn(role.key, said(role), role.key == chosen["rol"]) for role in roles]
    return Matrix(
        head=_head(every),
        sides=_sides(roles),
        roles=columns,
        groups=_groups(_filled(shown, columns)),
        choices=_choices(chosen, roles),
        letters=[(letter, answering.letter_word(letter)) for letter in LETTERS],
        edits=decide(person, "responsibility.write").allowed,
        back=urlencode({name: value for name, value in chosen.items() if value}),
        empty=None if every else _nothing(),
        none_fit=bool(every) and not shown,
        controls=Checks([_control(c, division, held) for c in controls()]),
    )


def lines(division: Division) -> list[Line]:
    """Every side of every area, and of what is divided apart, in the order of the matrix."""
    apart = dict.fromkeys(place for place in division.places() if place[0] != Area.noun())
    things = [*Area.objects.all(), *_things(apart)]
    things.sort(key=lambda thing: (_order(answering.group_of(thing)), answering.name_of(thing).casefold()))
    found = [(thing, division.own(thing.noun(), thing.key, aspect)) for thing in things for aspect in ASPECTS]
    return [
        Line(f"rij-{thing.noun()}-{thing.pk}-{side.aspect}", thing, side, ())
        for thing, side in found
        if side or side.aspect == ASPECTS[0]
    ]


def _things(places: Iterable[tuple[str, str]]) -> list[Any]:
    keys: dict[str, list[str]] = {}
    for kind, key in places:
        keys.setdefault(kind, []).append(key)
    return [thing for kind in keys if kind in KINDS for thing in KINDS[kind].noun.objects.filter(key__in=keys[kind])]


def _order(group: str) -> int:
    known = (*answering.AREA_KINDS, "apart")
    return known.index(group) if group in known else len(known)


def occurring(division: Division) -> list[Role]:
    """The roles that have a letter anywhere: direction first, then demand, supply and use."""
    held = {role for kind, key in division.places() for aspect in ASPECTS
            for roles in division.own(kind, key, aspect).letters.values() for role in roles}  # fmt: skip
    return sorted(held, key=lambda role: (answering.SIDES.index(role.side), role.nl))


def _sides(roles: Sequence[Role]) -> list[tuple[str, int]]:
    counted = [(side, sum(1 for role in roles if role.side == side)) for side in answering.SIDES]
    return [(answering.side_word(side), count) for side, count in counted if count]


def _chosen(query: Mapping[str, str], roles: Sequence[Role]) -> dict[str, str]:
    """What the address asks for, as far as it exists."""
    known = {
        "soort": (*answering.AREA_KINDS, "apart"),
        "rol": tuple(role.key for role in roles),
        "kant": ASPECTS,
        "alleen": ("knelpunten",),
    }
    return {name: query.get(name, "") if query.get(name) in values else "" for name, values in known.items()}


def _fits(line: Line, chosen: Mapping[str, str]) -> bool:
    return (
        (not chosen["soort"] or answering.group_of(line.thing) == chosen["soort"])
        and (not chosen["rol"] or bool(line.side.of(chosen["rol"])))
        and (not chosen["kant"] or line.side.aspect == chosen["kant"])
        and (not chosen["alleen"] or line.trouble is not None or not line.side)
    )


def _filled(found: Sequence[Line], columns: Sequence[RoleColumn]) -> list[Line]:
    return [
        Line(line.id, line.thing, line.side, [(column, line.side.of(column.key)) for column in columns])
        for line in found
    ]


def _groups(found: Sequence[Line]) -> list[Group]:
    groups: dict[str, list[Line]] = {}
    for line in found:
        groups.setdefault(answering.group_of(line.thing), []).append(line)
    return [Group(answering.kind_word(kind), of) for kind, of in groups.items()]


def _choices(chosen: Mapping[str, str], roles: Sequence[Role]) -> list[Choice]:
    kinds = [(kind, answering.kind_word(kind)) for kind in (*answering.AREA_KINDS, "apart")]
    by_name = sorted(((role.key, said(role)) for role in roles), key=lambda pair: pair[1].casefold())
    sides = [(aspect, answering.aspect_word(aspect)) for aspect in ASPECTS]
    return [
        Choice("soort", _("Soort"), chosen["soort"], [("", _("Alle soorten")), *kinds]),
        Choice("rol", _("Rol"), chosen["rol"], [("", _("Alle rollen")), *by_name]),
        Choice("kant", _("Kant"), chosen["kant"], [("", _("inhoud en uitvoering")), *sides]),
        Choice("alleen", _("Toon"), chosen["alleen"], [("", _("alles")), ("knelpunten", _("alleen knelpunten"))]),
    ]


def _head(every: Sequence[Line]) -> Head:
    lede = _(
        "Wie voert uit, wie is eindverantwoordelijk, wie denkt mee en wie hoort ervan. Inhoud en uitvoering apart."
    )
    if not every:
        return Head(_("Nog niets is verdeeld"), lede=lede)
    wrong = sum(1 for line in every if (line.side and not line.side.one_accountable) or not line.side)
    text = ngettext(
        "Op %(count)s plek is niet precies één rol eindverantwoordelijk",
        "Op %(count)s plekken is niet precies één rol eindverantwoordelijk",
        wrong,
    )
    sound = _("Overal is precies één rol eindverantwoordelijk")
    return Head(text % {"count": figures.counted(wrong)} if wrong else sound, lede=lede)


def _nothing() -> Empty:
    return Empty(
        _("Er is nog geen gebied verdeeld"),
        _(
            "Een startpakket brengt gebieden met hun verdeling mee. U kunt ook bij één behoefte beginnen: "
            "open haar en kies wie waarvoor aanspreekbaar is."
        ),
    )


def _control(control: Control, division: Division, held: Sequence[Both]) -> Check:
    """Whether somebody holds both sides today."""
    why = control.en if language() == "en" else control.nl
    names = sorted({both.person.name for both in held if both.control == control})
    one, other = (", ".join(_role_names(roles_on(side, division))) for side in (control.one, control.other))
    if not one or not other:
        return Check("unk", _("Nog niet te zeggen: een van beide kanten is niet verdeeld."), why)
    apart = _("%(one)s tegenover %(other)s") % {"one": one, "other": other}
    if names:
        text = _("%(names)s zit aan beide kanten: %(apart)s")
        return Check("bad", text % {"names": ", ".join(names), "apart": apart}, why)
    return Check("ok", _("Gescheiden: %(apart)s") % {"apart": apart}, why)


def _role_names(keys: Iterable[str]) -> list[str]:
    return sorted(said(role) for role in Role.objects.filter(key__in=list(keys)))


def sheet() -> tuple[list[str], list[list[str]]]:
    """The whole matrix as a spreadsheet: its header and its rows."""
    division = Division()
    roles = occurring(division)
    header = [_("Soort"), _("Onderdeel"), _("Kant"), *(said(role) for role in roles)]
    rows = [
        [answering.kind_word(answering.group_of(line.thing)), line.name, line.aspect,
         *(line.side.of(role.key) for role in roles)]
        for line in lines(division)
    ]  # fmt: skip
    return header, rows
