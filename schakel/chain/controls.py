"""Controls: pairs of sides that one person should not hold together. Which pairs, and why, stands in `controls.csv`."""

import csv
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from schakel.access.people import Person
from schakel.access.roles import RoleAssignment
from schakel.chain.answerable import Division
from schakel.chain.responsibilities import Area
from schakel.lib import clock


@dataclass(frozen=True)
class Control:
    """Two sides and the reason to keep them apart. A side is `role:<key>` or `area:<key>:<aspect>:<letter>`."""

    key: str
    one: str
    other: str
    nl: str
    en: str


@dataclass(frozen=True)
class Both:
    """A person who holds both sides of a control today, and by which roles."""

    control: Control
    person: Person
    one: str
    other: str


@cache
def controls() -> tuple[Control, ...]:
    """The declared pairs."""
    text = (Path(__file__).parent / "controls.csv").read_text(encoding="utf-8")
    return tuple(Control(**row) for row in csv.DictReader(text.splitlines()))


def roles_on(side: str, division: Division) -> dict[str, str]:
    """Key and name of the roles that stand on a side now; of a role by its key the name may be unknown."""
    kind, *rest = side.split(":")
    if kind == "role":
        return {rest[0]: rest[0]}
    key, aspect, letter = rest
    return {role.key: role.nl for role in division.own(Area.noun(), key, aspect).letters[letter]}


def both_sides() -> Iterator[Both]:
    """Everyone who holds both sides of a control today, by the roles in the register: only those give permissions."""
    division = Division()
    sides = [(c, roles_on(c.one, division), roles_on(c.other, division)) for c in controls()]
    held = _held({key for _control, one, other in sides for key in (*one, *other)})
    found = []
    for control, one, other in sides:
        for person, roles in held.items():
            here, there = sorted(set(one) & set(roles)), sorted(set(other) & set(roles))
            if here and there:
                found.append((control, person, roles[here[0]], roles[there[-1]]))
    people = Person.objects.in_bulk({person for _control, person, *_roles in found})
    for control, person, mine, theirs in found:
        yield Both(control, people[person], mine, theirs)


def _held(keys: Collection[str]) -> dict[int, dict[str, str]]:
    """Who with an open account holds any of these roles today: per person (its number) the roles, by key and name."""
    held: dict[int, dict[str, str]] = {}
    today = RoleAssignment.objects.on(clock.today()).filter(person__is_active=True, role__key__in=keys)
    for person, key, name in today.values_list("person", "role__key", "role__nl"):
        held.setdefault(person, {})[key] = name
    return held
