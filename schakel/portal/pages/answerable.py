"""Who answers for one thing, in sentences; and the small form in which one cell of the matrix is changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from schakel.access.people import Person
from schakel.access.permissions import decide
from schakel.access.register import by_key
from schakel.access.roles import Role, RoleAssignment
from schakel.chain.answerable import Division, Side, thing_at
from schakel.chain.responsibilities import ASPECTS, LETTERS, Area
from schakel.lib import clock
from schakel.lib.errors import Unknown
from schakel.lib.text import gettext as _
from schakel.portal.pages import answering
from schakel.portal.pages.kinds import listed
from schakel.portal.pages.words import said
from schakel.portal.parts import Action, Check, Checks, Door, Doors, Head, Link

# What can be chosen for one role; two letters only where that is usual.
SETS = ("", "R", "A", "RA", "C", "I")


@dataclass(frozen=True)
class Aspect:
    """One side of the thing: the roles by letter with the people who hold them, what is wrong, whence it is known."""

    name: str
    key: str
    letters: Sequence[tuple[str, str, Sequence[tuple[str, str, str]]]]
    checks: Checks | None
    area: Link | None


@dataclass(frozen=True)
class Option:
    """Something that can be chosen."""

    value: str
    label: str
    chosen: bool = False


@dataclass(frozen=True)
class Answerable:
    """The page of one thing."""

    head: Head
    aspects: Sequence[Aspect]
    save: str
    roles: Sequence[Option]
    sides: Sequence[Option]
    sets: Sequence[Option]
    release: str
    ways: Doors


@dataclass(frozen=True)
class OneCell:
    """One role, one side, one thing: which letters."""

    head: Head
    save: str
    role: str
    aspect: str
    label: str
    sets: Sequence[Option]
    back: str


def page(person: Person, kind: str, key: str) -> Answerable:
    """Who answers for this thing; Unknown when there is none."""
    thing, division = thing_at(kind, key), Division()
    sides = [division.of(thing, aspect) for aspect in ASPECTS]
    may = decide(person, "responsibility.write").allowed
    address = answering.page_of(kind, key)
    apart = not isinstance(thing, Area) and any(side and not side.area for side in sides)
    return Answerable(
        head=_head(thing, sides),
        aspects=[_aspect(side) for side in sides],
        save=f"{address}/opslaan" if may else "",
        roles=_roles(),
        sides=[Option(aspect, answering.aspect_word(aspect)) for aspect in ASPECTS],
        sets=sets(""),
        release=f"{address}/terug" if may and apart else "",
        ways=_ways(thing),
    )


def cell(kind: str, key: str, aspect: str, role_key: str, back: str) -> OneCell:
    """The small form behind one cell."""
    if aspect not in ASPECTS:
        raise Unknown(_("Dit onderdeel heeft twee kanten: inhoud en uitvoering."), code="unknown")
    thing, role = thing_at(kind, key), by_key(Role, role_key)
    now = Division().of(thing, aspect).of(role.key)
    words = {"role": said(role), "thing": answering.name_of(thing), "aspect": answering.aspect_word(aspect)}
    address = answering.page_of(kind, key)
    return OneCell(
        head=Head(
            _("Wat vraagt dit van de %(role)s?") % words,
            lede=_("%(thing)s: %(aspect)s.") % words,
            crumbs=[_matrix(), Link(answering.name_of(thing), address)],
        ),
        save=f"{address}/opslaan",
        role=role.key,
        aspect=aspect,
        label=_("%(role)s, %(thing)s, %(aspect)s") % words,
        sets=sets(now),
        back=back,
    )


def sets(now: str) -> list[Option]:
    """The sets of letters to choose from, with the one that holds now."""
    known = SETS if now in SETS else (*SETS, now)
    return [Option(value, _set_words(value), value == now) for value in known]


def _set_words(value: str) -> str:
    words = listed([answering.letter_word(letter) for letter in value])
    return f"{value} – {words}" if value else _("geen letter")


def _matrix() -> Link:
    return Link(_("Verantwoordelijkheden"), "/verantwoordelijkheden")


def _head(thing: Any, sides: Sequence[Side]) -> Head:
    crumbs = [_matrix(), Link(answering.name_of(thing), answering.page_of(thing.noun(), thing.key))]
    accountable = {aspect: _names(side.letters["A"]) for aspect, side in zip(ASPECTS, sides, strict=True)}
    words = {"content": accountable["content"], "execution": accountable["execution"]}
    if words["content"] and words["execution"]:
        lede = _("Eindverantwoordelijk voor de inhoud: %(content)s. Voor de uitvoering: %(execution)s.") % words
    elif any(words.values()):
        lede = _("Eindverantwoordelijk: %(one)s.") % {"one": words["content"] or words["execution"]}
    else:
        lede = _("Niemand is eindverantwoordelijk.")
    kicker = answering.thing_word(thing.noun()).capitalize()
    own = answering.own_page(thing.noun(), thing.key)
    actions = [Action(_("Open de behoefte"), own)] if own else []
    return Head(answering.name_of(thing), lede=lede, kicker=kicker, crumbs=crumbs, actions=actions)


def _names(roles: Sequence[Role]) -> str:
    return ", ".join(said(role) for role in roles)


def _aspect(side: Side) -> Aspect:
    people = _holders(role for roles in side.letters.values() for role in roles)
    letters = [
        (x, answering.letter_word(x), [(said(r), f"/rollen/{r.key}", people.get(r.key, "")) for r in side.letters[x]])
        for x in LETTERS
    ]
    area = Area.objects.filter(key=side.area).first() if side.area and side else None
    link = Link(answering.name_of(area), answering.page_of(area.noun(), area.key)) if area else None
    return Aspect(answering.aspect_word(side.aspect), side.aspect, letters, _checks(side), link)


def _holders(roles: Any) -> dict[str, str]:
    """Who holds each role today according to the register, by name."""
    keys = {role.key for role in roles}
    held: dict[str, list[str]] = {}
    today = RoleAssignment.objects.on(clock.today()).filter(role__key__in=keys, person__is_active=True)
    for key, name in today.order_by("person__name").values_list("role__key", "person__name").distinct():
        held.setdefault(key, []).append(name)
    return {key: ", ".join(names) for key, names in held.items()}


def _checks(side: Side) -> Checks | None:
    if not side:
        return Checks([Check("unk", _("Nog niet verdeeld"), _("Kies hieronder wie uitvoert en wie ervoor instaat."))])
    found = []
    if not side.letters["A"]:
        found.append(Check("bad", _("Niemand is eindverantwoordelijk"), _("Kies één rol met een A.")))
    elif not side.one_accountable:
        found.append(
            Check("bad", _("Meer dan één rol is eindverantwoordelijk"), _("Laat de A bij één rol; de ander denkt mee."))
        )
    if side.aspect == "execution" and side.accountable_alone:
        found.append(Check("warn", _("Eindverantwoordelijk voor eigen werk"), _("Geef de A of de R aan een ander.")))
    return Checks(found) if found else None


def _roles() -> list[Option]:
    return [Option(role.key, said(role)) for role in Role.objects.exclude(holder="system").order_by("nl")]


def _ways(thing: Any) -> Doors:
    group = answering.group_of(thing)
    return Doors(
        [
            Door(
                _("De hele verdeling"),
                _("Alle onderdelen en rollen naast elkaar."),
                f"/verantwoordelijkheden?soort={group}" if isinstance(thing, Area) else "/verantwoordelijkheden",
            )
        ]
    )
