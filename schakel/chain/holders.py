"""Who holds which role where, counted: people are not read one by one to answer how many are hit, only once a change.

The register gives its own assignments; rooms above add a roll of their own (the roster) with `@roll`. Someone who
stands in both is counted once: each later roll leaves out whom the register already has.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from django.db.models import F, Q, QuerySet

from schakel.access.people import Person
from schakel.access.remembered import Remembered
from schakel.access.roles import Role, RoleAssignment
from schakel.lib import clock

ANYWHERE = ""  # a role for the whole board, not at one school


@dataclass(frozen=True, slots=True)
class Held:
    """So many people hold a role at an organisation (its key; `ANYWHERE` for the whole board)."""

    role: str
    organisation: str
    people: int


@dataclass(frozen=True)
class Who:
    """Everyone who holds one of these roles, wherever, and everyone with any role at one of these places."""

    roles: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.roles or self.places)


class Roll(Protocol):
    """A list of people with roles, that can count."""

    def held(self) -> Iterable[Held]:
        """How many people hold each role at each place today."""

    def totals(self) -> Iterable[tuple[str, int]]:
        """How many people hold each role today, each person once per role."""

    def people(self, who: Who) -> int:
        """How many different people these are."""

    def edition(self) -> str:
        """Changes when the answers may have changed otherwise than by a change of the register."""


_ROLLS: list[Roll] = []


def roll(make: Callable[[], Roll]) -> Callable[[], Roll]:
    """Add a roll of people."""
    _ROLLS.append(make())
    return make


def standing() -> QuerySet[RoleAssignment]:
    """The assignments of the register that hold today, of people whose account is open."""
    closed = Person.objects.filter(is_active=False).order_by().values("pk")
    found: QuerySet[RoleAssignment] = RoleAssignment.objects.on(clock.today()).exclude(person__in=closed)
    return found


def chosen(who: Who) -> QuerySet[Any]:
    """The assignments of the register that make someone one of these people."""
    numbers = list(Role.objects.filter(key__in=who.roles).values_list("pk", flat=True))
    return _walked().filter(Q(number__in=numbers) | Q(organisation_key__in=who.places))


def _walked() -> QuerySet[Any]:
    """Adding nothing to the number of the role keeps the database from jumping to each role: one walk is faster."""
    return standing().annotate(number=F("role_id") + 0)


Place = tuple[str, str]  # a role and where it is held


def _combine() -> dict[frozenset[Place], int]:
    """How many people hold exactly these roles at these places: most hold one, so there are far fewer than people."""
    key_of = dict(Role.objects.values_list("pk", "key"))
    held: dict[int, frozenset[Place]] = {}
    one: dict[tuple[int, str], frozenset[Place]] = {}
    for person, role, place in standing().order_by().values_list("person", "role", "organisation_key"):
        own = one.get((role, place)) or one.setdefault((role, place), frozenset({(key_of[role], place)}))
        held[person] = held[person] | own if person in held else own
    return Counter(held.values())


_combined = Remembered(_combine)


@roll
class Register:
    """The assignments that were typed or taken over into the register."""

    def held(self) -> Iterable[Held]:
        """How many people hold each role at each place today."""
        found: Counter[Place] = Counter()
        for places, people_ in _combined.get(clock.today()).items():
            found.update(dict.fromkeys(places, people_))
        return [Held(role, place, n) for (role, place), n in found.items()]

    def totals(self) -> Iterable[tuple[str, int]]:
        """How many people hold each role today, each person once per role."""
        found: Counter[str] = Counter()
        for places, people_ in _combined.get(clock.today()).items():
            found.update(dict.fromkeys({role for role, _place in places}, people_))
        return list(found.items())

    def people(self, who: Who) -> int:
        """How many different people these are."""
        return sum(
            people_
            for places, people_ in _combined.get(clock.today()).items()
            if any(role in who.roles or place in who.places for role, place in places)
        )

    def edition(self) -> str:
        """The register says itself when it changed."""
        return ""


@dataclass(frozen=True)
class Holders:
    """The counts of all roles: by role and place, and by role alone (each person once)."""

    at: dict[str, dict[str, int]]
    of_role: dict[str, int]

    def places_of(self, role: str) -> dict[str, int]:
        """How many people hold a role at each place."""
        return self.at.get(role, {})

    def roles_at(self, places: frozenset[str]) -> dict[str, int]:
        """How many people hold each role at these places."""
        counts = {role: sum(n for place, n in spread.items() if place in places) for role, spread in self.at.items()}
        return {role: count for role, count in counts.items() if count}


def _count() -> Holders:
    at: dict[str, dict[str, int]] = {}
    of_role: dict[str, int] = {}
    for each in _ROLLS:
        for item in each.held():
            spread = at.setdefault(item.role, {})
            spread[item.organisation] = spread.get(item.organisation, 0) + item.people
        for role, people_ in each.totals():
            of_role[role] = of_role.get(role, 0) + people_
    return Holders(at, of_role)


_holders = Remembered(_count)


def holders() -> Holders:
    """The counts as they stand today; kept until the register or another roll changes."""
    return _holders.get(clock.today(), *editions())


def editions() -> tuple[str, ...]:
    """Which edition of each roll is in use: what was counted or found by them holds as long as these stay the same."""
    return tuple(each.edition() for each in _ROLLS)


def people(who: Who) -> int:
    """How many different people these are."""
    return sum(each.people(who) for each in _ROLLS) if who else 0
