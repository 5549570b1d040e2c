"""Who answers for a thing: its own division of responsibilities, or that of the area that its kind belongs to."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from schakel.access.kept import Kept
from schakel.access.roles import Role
from schakel.chain.elements import DataElement
from schakel.chain.goals import Goal, Process
from schakel.chain.needs import InformationNeed
from schakel.chain.responsibilities import LETTERS, Area, Responsibility
from schakel.chain.systems import Link, System
from schakel.lib.errors import Unknown
from schakel.lib.text import gettext as _

# What a need asks of people changes along its life, and so does who answers for it.
_AREA_OF_STATE = {
    "asked": "need_assess",
    "assessed": "need_approve",
    "approved": "need_realise",
    "being_realised": "need_realise",
    "under_review": "need_approve",
    "live": "product",
    "ended": "retention",
    "refused": "need_ask",
}


@dataclass(frozen=True)
class Kind:
    """A kind of thing that can have a division of its own: its table, and the area that it follows when it has none."""

    noun: type[Any]
    area: Callable[[Any], str]


KINDS: dict[str, Kind] = {}


def answers_in(noun: type[Kept], area: str | Callable[[Any], str]) -> None:
    """Let things of this kind be divided; rooms above add their own kinds."""
    KINDS[noun.noun()] = Kind(noun, area if callable(area) else lambda _thing: area)


answers_in(Area, lambda area: str(area.key))
answers_in(Goal, "goal")
answers_in(Process, "process")
answers_in(InformationNeed, lambda need: _AREA_OF_STATE[need.state])
answers_in(DataElement, "data_element")
answers_in(System, "system_run")
answers_in(Link, "link")


def thing_at(kind: str, key: str) -> Any:
    """The thing of this kind with this key; Unknown when there is none."""
    known = KINDS.get(kind)
    thing = known.noun.objects.filter(key=key).first() if known else None
    if thing is None:
        raise Unknown(_("Dit onderdeel bestaat niet, of heet anders."), code="unknown")
    return thing


def area_key(thing: Kept) -> str:
    """The key of the area that a thing follows as long as it has no division of its own."""
    return KINDS[thing.noun()].area(thing)


@dataclass(frozen=True)
class Side:
    """One aspect of a thing: per letter the roles. `area` is the area they come from, empty when they are its own."""

    aspect: str
    letters: Mapping[str, tuple[Role, ...]]
    area: str = ""

    def __bool__(self) -> bool:
        """Whether anybody has a letter."""
        return any(self.letters.values())

    def of(self, role_key: str) -> str:
        """The letters of one role, in the order R, A, C, I."""
        return "".join(x for x in LETTERS if any(role.key == role_key for role in self.letters[x]))

    @property
    def one_accountable(self) -> bool:
        """Whether exactly one role is accountable."""
        return len(self.letters["A"]) == 1

    @property
    def accountable_alone(self) -> bool:
        """Whether the only one who does it is also the one accountable for it."""
        doing = self.letters["R"]
        return len(doing) == 1 and doing[0] in self.letters["A"]


class Division:
    """All responsibilities, read once."""

    def __init__(self) -> None:
        self._held: dict[tuple[str, str, str], dict[str, list[Role]]] = {}
        for row in Responsibility.objects.select_related("role").order_by("role__key"):
            place = (row.thing_kind, row.thing_key, row.aspect)
            self._held.setdefault(place, {x: [] for x in LETTERS})[row.letter].append(row.role)

    def own(self, kind: str, key: str, aspect: str, area: str = "") -> Side:
        """What was written for exactly this thing."""
        held = self._held.get((kind, key, aspect), {})
        return Side(aspect, {x: tuple(held.get(x, ())) for x in LETTERS}, area)

    def of(self, thing: Any, aspect: str) -> Side:
        """Who answers for this aspect: its own division, or else that of its area."""
        own = self.own(thing.noun(), thing.key, aspect)
        if own or isinstance(thing, Area):
            return own
        area = area_key(thing)
        return self.own(Area.noun(), area, aspect, area)

    def places(self) -> Iterator[tuple[str, str]]:
        """Kind and key of everything that has a division of its own."""
        yield from dict.fromkeys((kind, key) for kind, key, _aspect in self._held)

    def of_role(self, role_key: str) -> Iterator[tuple[str, str, str, str]]:
        """Kind, key, aspect and letter of everything that a role answers for by a division of its own."""
        for (kind, key, aspect), held in self._held.items():
            for letter, roles in held.items():
                if any(role.key == role_key for role in roles):
                    yield kind, key, aspect, letter
