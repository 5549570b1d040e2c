"""Dividing responsibilities in the matrix: what a role answers for on one side of a thing, beginning as its area."""

from collections.abc import Iterable
from typing import Any

from schakel.access.people import Person
from schakel.access.roles import Role
from schakel.chain.answerable import Division
from schakel.chain.responsibilities import ASPECTS, Area, answer_for, divide_all, sound
from schakel.lib.errors import Refused
from schakel.lib.text import gettext as _


def give(actor: Person, role: Role, thing: Any, aspect: str, letters: Iterable[str]) -> bool:
    """Let a role hold exactly these letters on one side of a thing; none clears it. Returns whether anything changed.

    A thing that followed its area gets a division of its own, which begins as that of the area. Who takes the last
    letter away lets it follow its area again.
    """
    sound(aspect, letters, [role] if letters else ())
    now = Division().of(thing, aspect)
    if set(now.of(role.key)) == set(letters):
        return False
    began = {"began_as": now.area}
    return answer_for(actor, role, thing.noun(), thing.key, aspect, letters, now.letters, began)


def follow_area(actor: Person, thing: Any) -> bool:
    """Let a thing follow its area again, on both sides. Refused for an area: it follows nothing."""
    if isinstance(thing, Area):
        raise Refused(_("Een gebied volgt niets; verdeel het zelf."), code="area")
    return divide_all(actor, thing.noun(), thing.key, {aspect: {} for aspect in ASPECTS})
