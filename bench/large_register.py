"""A register as large as the largest boards will make: bulk rows in one recorded change, the same for the same seed.

Nothing in it is real, and nothing in it is approved: it is a graph to measure on, not a board to work with.
"""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from schakel.access.changes import change
from schakel.access.people import Person
from schakel.access.roles import Role, RoleAssignment
from schakel.chain.elements import DataElement, InformationObject, SourceOfRecord
from schakel.chain.goals import Activity, Goal, Process
from schakel.chain.needs import InformationNeed, NeedAudience, NeedElement
from schakel.chain.organisations import Organisation
from schakel.chain.systems import Link, System
from schakel.collect.sources import Source
from schakel.distribute.products import Product
from schakel.steer.norms import Indicator

DAY = date(2026, 8, 1)
STATES = ("live",) * 7 + ("approved", "asked", "ended")
SCOPES = ("own_pupils", "own_groups", "own_school", "board")


@dataclass(frozen=True)
class Size:
    """How much of everything."""

    needs: int = 2000
    systems: int = 500
    people: int = 100_000
    schools: int = 80
    roles: int = 40
    goals: int = 60
    activities: int = 400
    objects: int = 40
    elements: int = 400
    links: int = 900
    indicators: int = 150


def fill(actor: Person, size: Size = Size(), seed: int = 1) -> None:
    """Fill an otherwise empty register, in one change with its line in the trail."""
    chance = random.Random(seed)
    with change(actor, "kit.load", large=size.needs):
        schools = _schools(size)
        roles = _made(Role, (_role(n) for n in range(size.roles)))
        _people(chance, size, roles, schools)
        needs = _demand(chance, size, actor, roles)
        systems = _supply(chance, size, roles)
        elements = _elements(chance, size, roles, systems)
        _lines(chance, needs, elements, roles)
        _made(Product, (_product(n, need) for n, need in enumerate(needs)))


def _made(model: Any, rows: Iterable[Any]) -> list[Any]:
    return list(model.objects.bulk_create(rows, batch_size=1000))


def _role(n: int) -> Role:
    return Role(key=f"bench_role_{n}", nl=f"rol {n}", en=f"role {n}", side="use")


def _schools(size: Size) -> list[Organisation]:
    board = _made(Organisation, [Organisation(key="bench-board", name="Groot bestuur", level="board")])[0]
    rows = (
        Organisation(key=f"bench-school-{n}", name=f"School {n}", level="school", sector="po", parent=board)
        for n in range(size.schools)
    )
    return _made(Organisation, rows)


def _people(chance: random.Random, size: Size, roles: list[Role], schools: list[Organisation]) -> None:
    people = _made(
        Person, (Person(email=f"mens{n}@bench.example", name=f"Mens {n}", password="!") for n in range(size.people))
    )
    _made(
        RoleAssignment,
        (
            RoleAssignment(
                person=person,
                role=chance.choice(roles),
                organisation_key=chance.choice(schools).key if chance.random() < 0.95 else "",
                start=DAY,
            )
            for person in people
        ),
    )


def _demand(chance: random.Random, size: Size, actor: Person, roles: list[Role]) -> list[InformationNeed]:
    goals = _made(
        Goal,
        (Goal(key=f"bench-g{n}", nl=f"Doel {n}", owner_role=chance.choice(roles)) for n in range(size.goals)),
    )
    processes = _made(Process, (Process(key=f"bench-p{n}", nl=f"Proces {n}") for n in range(60)))
    activities = _made(
        Activity,
        (
            Activity(
                key=f"bench-a{n}",
                nl=f"Activiteit {n}",
                goal=chance.choice(goals),
                process=chance.choice(processes),
                owner_role=chance.choice(roles),
            )
            for n in range(size.activities)
        ),
    )
    _made(
        Indicator,
        (
            Indicator(
                key=f"bench-i{n}", nl=f"Indicator {n}", en=f"Indicator {n}", definition="-", unit="%",
                direction="lower", level="school", goal=chance.choice(goals),
            )
            for n in range(size.indicators)
        ),
    )  # fmt: skip
    return _made(
        InformationNeed,
        (
            InformationNeed(
                key=f"bench-n{n}", role=chance.choice(roles), question=f"Vraag {n} over het werk van elke dag?",
                decision="Besluit", rhythm="elke week", activity=chance.choice(activities), level="school",
                owner_role=chance.choice(roles), requester=actor, state=chance.choice(STATES),
            )
            for n in range(size.needs)
        ),
    )  # fmt: skip


def _supply(chance: random.Random, size: Size, roles: list[Role]) -> list[System]:
    systems = _made(
        System,
        (
            System(
                key=f"bench-s{n}", name=f"Applicatie {n}", owner_role=chance.choice(roles), component=f"Soort {n % 40}"
            )
            for n in range(size.systems)
        ),
    )
    ends = [chance.sample(systems, 2) for _n in range(size.links)]
    _made(
        Link,
        (
            Link(key=f"bench-l{n}", from_system=start, to_system=end, owner_role=chance.choice(roles))
            for n, (start, end) in enumerate(ends)
        ),
    )
    _made(
        Source,
        (
            Source(key=f"bench-b{n}", name=f"Bron {n}", system=system, layout=f"bench{n}", pattern="*.csv",
                   owner_role=chance.choice(roles))
            for n, system in enumerate(systems)
        ),
    )  # fmt: skip
    return systems


def _elements(chance: random.Random, size: Size, roles: list[Role], systems: list[System]) -> list[DataElement]:
    objects = _made(
        InformationObject,
        (
            InformationObject(key=f"bench_o{n}", nl=f"object {n}", en=f"object {n}", owner_role=chance.choice(roles))
            for n in range(size.objects)
        ),
    )
    elements = _made(
        DataElement,
        (
            DataElement(
                key=f"bench_o{n % size.objects}.e{n}", object=objects[n % size.objects], nl=f"gegeven {n}",
                en=f"element {n}", type="text",
            )
            for n in range(size.elements)
        ),
    )  # fmt: skip
    _made(
        SourceOfRecord,
        (
            SourceOfRecord(key=f"{element.key}@{system.key}", element=element, system=system)
            for element in elements
            for system in chance.sample(systems, 2 if chance.random() < 0.05 else 1)
        ),
    )
    return elements


def _lines(chance: random.Random, needs: list[InformationNeed], elements: list[DataElement], roles: list[Role]) -> None:
    _made(
        NeedElement,
        (
            NeedElement(
                need=need, element=element, demand="required" if chance.random() < 0.8 else "wished", reason="werk"
            )
            for need in needs
            for element in chance.sample(elements, chance.randint(4, 12))
        ),
    )
    _made(
        NeedAudience,
        (
            NeedAudience(need=need, role=role, scope=chance.choice(SCOPES))
            for need in needs
            for role in chance.sample(roles, chance.randint(1, 4))
        ),
    )


def _product(n: int, need: InformationNeed) -> Product:
    return Product(key=f"bench-v{n}", need=need, nl=f"Overzicht {n}", shape="table", sql="SELECT 1 AS een")
