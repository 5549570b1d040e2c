"""Gaps in who answers for what: nobody or several accountable, accountable for one's own work, both sides of a control.

Roles that nobody holds are found where the roster can be read (distribute/gaps.py).
"""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as lazy

from schakel.access.asked import once
from schakel.chain.answerable import KINDS, Division, Side
from schakel.chain.controls import both_sides
from schakel.chain.gaps import Thing, rule
from schakel.chain.responsibilities import ASPECTS, Area
from schakel.lib.text import gettext as _


@rule(
    "accountable-not-one",
    "middle",
    lazy("Niet precies één rol eindverantwoordelijk"),
    lazy("Kies één rol met een A"),
    lazy("Is niemand of zijn er meer eindverantwoordelijk, dan spreekt niemand iemand aan en blijft werk liggen."),
    "responsibility.write",
)
def not_one_accountable() -> Iterator[Thing]:
    """A divided side without exactly one accountable role, or an area that nobody divided at all."""
    for thing, sides in _divided():
        wrong = [f"{_aspect(side)}: {_accountable(side)}" for side in sides if side and not side.one_accountable]
        if wrong or not any(sides):
            yield Thing(thing.noun(), thing.key, str(thing), detail="; ".join(wrong) or _("nog niet verdeeld"))


@rule(
    "accountable-alone",
    "middle",
    lazy("Eindverantwoordelijk voor eigen werk"),
    lazy("Geef de A of de R aan een ander"),
    lazy("Dezelfde rol voert als enige uit en staat ervoor in. Er kijkt dan niemand mee."),
    "responsibility.write",
)
def accountable_alone() -> Iterator[Thing]:
    """Nobody should answer for what he carries out alone."""
    for thing, sides in _divided():
        for side in sides:
            if side.aspect == "execution" and side.accountable_alone:
                yield Thing(thing.noun(), thing.key, str(thing), detail=str(side.letters["R"][0]))


@rule(
    "one-person-both-sides",
    "high",
    lazy("Eén persoon aan beide kanten van een controle"),
    lazy("Geef één van de rollen aan een ander"),
    lazy("Wie beide kanten in handen heeft, controleert zichzelf. Dan is er geen controle."),
    "role.assign",
)
def one_person_both_sides() -> Iterator[Thing]:
    """Someone who holds both sides of a control (controls.csv)."""
    for both in both_sides():
        words = {"one": both.one, "other": both.other}
        detail = f"{_('%(one)s en %(other)s') % words}. {both.control.nl}"
        yield Thing("control", f"{both.control.key}@{both.person.key}", both.person.name, detail=detail)


def _divided() -> list[tuple[Any, list[Side]]]:
    """Every area, and everything else that has a division of its own, with its sides."""
    return once("divided", lambda: list(_read()))


def _read() -> Iterator[tuple[Any, list[Side]]]:
    division = Division()
    keys: dict[str, set[str]] = {}
    for kind, key in division.places():
        keys.setdefault(kind, set()).add(key)
    for kind, known in KINDS.items():
        things = known.noun.objects.all()
        for thing in things if kind == Area.noun() else things.filter(key__in=keys.get(kind, ())):
            yield thing, [division.own(kind, thing.key, aspect) for aspect in ASPECTS]


def _accountable(side: Side) -> str:
    return ", ".join(str(role) for role in side.letters["A"]) or _("niemand")


def _aspect(side: Side) -> str:
    return {"content": _("inhoud"), "execution": _("uitvoering")}[side.aspect]
