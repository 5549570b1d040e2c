"""Who answers for what: a row is a role, a thing and a side of it; its letters are what a file changes."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from schakel.access.people import Person
from schakel.access.roles import Role
from schakel.chain.responsibilities import Responsibility, answer_for
from schakel.kits.exchange import codes
from schakel.kits.exchange.columns import Column, of_model, said
from schakel.kits.exchange.nouns import Fields, Finder, Known, Noun, Remarks
from schakel.kits.exchange.people import BETWEEN
from schakel.lib.text import gettext as _

# The kinds of thing that a role can answer for, as the register calls them -> the noun.
KINDS = {
    "area": "areas", "process": "processes", "informationneed": "needs", "system": "systems", "link": "links",
    "dataelement": "elements", "goal": "goals", "policy": "policies",
}  # fmt: skip


@dataclass(frozen=True)
class Answer:
    """All letters of one role on one side of one thing."""

    role: str
    thing_kind: str
    thing_key: str
    aspect: str
    letters: tuple[str, ...]


@dataclass(frozen=True)
class Responsibilities(Noun):
    """The RACI matrix, a cell a row."""

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """Kind, thing, side and role together are the key."""
        kind, aspect = (of_model(self.key, Responsibility, name) for name in ("thing_kind", "aspect"))
        kind = replace(kind, kind="choice", choices=codes.said("responsibilities.thing_kind"))
        thing = of_model(self.key, Responsibility, "thing_key")
        role = of_model(self.key, Responsibility, "role", "roles")
        return (kind, thing, aspect, role, said(self.key, "letters", "letters"))

    def things(self) -> Iterable[Any]:
        """One answer for each role and side of a thing."""
        found: dict[tuple[str, str, str, str], list[str]] = {}
        for each in Responsibility.objects.select_related("role"):
            place = (each.role.key, each.thing_kind, each.thing_key, each.aspect)
            found.setdefault(place, []).append(each.letter)
        return [Answer(*place, letters=tuple(x for x in "RACI" if x in found[place])) for place in sorted(found)]

    def key_of(self, thing: Any) -> str:
        """The thing, the side, the role."""
        return self.key_from(self.standing(thing))

    def key_from(self, fields: Fields) -> str:
        """The same, from a row."""
        return BETWEEN.join(str(fields[name]) for name in ("thing_kind", "thing_key", "aspect", "role"))

    def remarks(self, said_now: Fields, standing: Fields | None, known: Known) -> Remarks:
        """The thing exists, and the role is one of people."""
        kind = said_now.get("thing_kind", "")
        if standing is None and said_now.get("thing_key", "") not in known(KINDS.get(kind, "")):
            reason = _("Er is hier niets met deze sleutel.")
            yield "thing_key", reason, _("Neem de sleutel over uit het blad van dat onderwerp.")
        fresh = set(said_now.get("letters") or ()) - set((standing or {}).get("letters", ()))
        if fresh and Role.objects.filter(key=said_now.get("role"), holder="system").exists():
            yield "role", _("Een applicatie kan nergens voor aanspreekbaar zijn."), _("Kies een rol van mensen.")

    def standing(self, thing: Any) -> Fields:
        """Its parts and its letters."""
        return {**thing.__dict__}

    def find(self, key: str) -> Any:
        """The answer that this key names."""
        return next(each for each in self.things() if self.key_of(each) == key)

    def write(self, actor: Person, key: str, changed: Fields, standing: Fields | None, find: Finder) -> None:
        """Give the role these letters on this side of the thing."""
        row = {**(standing or {}), **changed}
        letters = row.get("letters", ())
        answer_for(actor, find("roles", row["role"]), row["thing_kind"], row["thing_key"], row["aspect"], letters)


RESPONSIBILITIES = Responsibilities(
    "responsibilities", Responsibility, "responsibility.write", (), {"role": "roles"}, named_by=()
)
