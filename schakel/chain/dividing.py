"""Dividing responsibilities: what a role answers for on one side of a thing. Each step is one recorded change."""

from collections.abc import Iterable
from typing import Any

from schakel.access.changes import change
from schakel.access.people import Person
from schakel.access.roles import Role
from schakel.chain.answerable import Division
from schakel.chain.responsibilities import ASPECTS, LETTERS, Area, Responsibility
from schakel.lib.errors import Refused
from schakel.lib.text import gettext as _


def give(actor: Person, role: Role, thing: Any, aspect: str, letters: Iterable[str]) -> bool:
    """Let a role hold exactly these letters on one side of a thing; none clears it. Returns whether anything changed.

    A thing that followed its area gets a division of its own, which begins as that of the area. Who takes the last
    letter away lets it follow its area again.
    """
    wanted = "".join(x for x in LETTERS if x in set(letters))
    _sound(role, aspect, letters)
    now = Division().of(thing, aspect)
    if now.of(role.key) == wanted:
        return False
    facts = {"role": role.key, "aspect": aspect, "was": now.of(role.key), "becomes": wanted, "began_as": now.area}
    with change(actor, "responsibility.write", thing, **facts):
        if now.area:
            _write(thing, aspect, {(r, x) for x in LETTERS for r in now.letters[x] if r != role})
        _here(thing).filter(aspect=aspect, role=role).exclude(letter__in=wanted).delete()
        _write(thing, aspect, {(role, x) for x in wanted if x not in now.of(role.key) or now.area})
    return True


def follow_area(actor: Person, thing: Any) -> bool:
    """Let a thing follow its area again, on both sides. Refused for an area: it follows nothing."""
    if isinstance(thing, Area):
        raise Refused(_("Een gebied volgt niets; verdeel het zelf."), code="area")
    gone = sorted(f"{r.aspect} {r.letter} {r.role.key}" for r in _here(thing).select_related("role"))
    if not gone:
        return False
    with change(actor, "responsibility.write", thing, gone=gone):
        _here(thing).delete()
    return True


def _sound(role: Role, aspect: str, letters: Iterable[str]) -> None:
    if aspect not in ASPECTS:
        raise Refused(_("Kies inhoud of uitvoering."), code="aspect")
    if set(letters) - set(LETTERS):
        raise Refused(_("Kies uit de letters R, A, C en I."), code="letter")
    if role.holder == "system":
        raise Refused(_("Een applicatie kan nergens voor aanspreekbaar zijn; kies een rol van mensen."), code="role")


def _here(thing: Any) -> Any:
    return Responsibility.objects.filter(thing_kind=thing.noun(), thing_key=thing.key)


def _write(thing: Any, aspect: str, pairs: Iterable[tuple[Role, str]]) -> None:
    Responsibility.objects.bulk_create(
        Responsibility(role=role, thing_kind=thing.noun(), thing_key=thing.key, aspect=aspect, letter=letter)
        for role, letter in sorted(pairs, key=lambda pair: (pair[0].key, pair[1]))
    )
