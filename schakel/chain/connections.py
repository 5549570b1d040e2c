"""What the rooms from access to chain bring into the graph: the things of the register and how they rest on each other.

One query per kind of thing and per way of resting, whatever their number.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from schakel.access.roles import Role
from schakel.chain import bonds
from schakel.chain.elements import DataElement, InformationObject, SourceOfRecord
from schakel.chain.goals import Activity, Goal, Process
from schakel.chain.graph import OF_NOUN, Edges, Node, Part, contributes
from schakel.chain.needs import MOVING, STATES, InformationNeed, NeedAudience, NeedElement
from schakel.chain.organisations import Organisation
from schakel.chain.responsibilities import Responsibility
from schakel.chain.systems import Link, System

SELF = "schakel"  # the system that stands for Schakel itself in the landscape
OVER = ("ended", "refused")
WAITING = tuple(state for state in STATES if state not in (*MOVING, *OVER))
# For a need in use things stop today; for one that waits, nothing does yet.
USED = ((MOVING, bonds.USES_ANSWER, bonds.LEARNS), (WAITING, bonds.WILL_USE_ANSWER, bonds.WAITS_FOR))


def rows(model: Any, *fields: str, **which: Any) -> Iterable[tuple[int, int | None]]:
    """Pairs of primary keys, always in the same order."""
    found: Iterable[tuple[int, int | None]] = model.objects.filter(**which).order_by("pk").values_list(*fields)
    return found


def things(kind: str, model: Any, *fields: str) -> Iterator[Node]:
    """A node for each row: primary key, key, Dutch name, English name, and a state where there is one."""
    return (Node(kind, *row) for row in model.objects.order_by("key").values_list("pk", "key", *fields))


@contributes
def goals() -> Iterator[Part]:
    """Goals, the goals they are made of, and who answers for them."""
    yield from things("goal", Goal, "nl", "en")
    yield Edges("goal", bonds.PART_OF_GOAL, "goal", rows(Goal, "parent", "pk", parent__isnull=False))
    yield Edges("goal", bonds.OWNED_BY, "role", rows(Goal, "pk", "owner_role"))


@contributes
def activities() -> Iterator[Part]:
    """Activities and processes: which goal they serve, and who does them."""
    yield from things("activity", Activity, "nl", "en")
    yield Edges("goal", bonds.SERVED_BY, "activity", rows(Activity, "goal", "pk", goal__isnull=False))
    yield Edges("activity", bonds.DONE_BY, "role", rows(Activity, "pk", "owner_role"))
    yield from things("process", Process, "nl", "en")
    yield Edges("process", bonds.CONSISTS_OF, "process", rows(Process, "parent", "pk", parent__isnull=False))
    yield Edges("process", bonds.CONSISTS_OF, "activity", rows(Activity, "process", "pk", process__isnull=False))


@contributes
def needs() -> Iterator[Part]:
    """Needs and what they help with. One that was refused or has ended stands there, tied to nothing."""
    yield from things("need", InformationNeed, "question", "question_en", "state")
    for states, used, reaches in USED:
        used_by = rows(InformationNeed, "activity", "pk", state__in=states, activity__isnull=False)
        yield Edges("activity", used, "need", used_by)
        yield Edges("role", reaches, "need", rows(NeedAudience, "role", "need", need__state__in=states))
    still = MOVING + WAITING
    yield Edges("need", bonds.OWNED_BY, "role", rows(InformationNeed, "pk", "owner_role", state__in=still))
    for demand, bond in (("required", bonds.NEEDS), ("wished", bonds.WISHES)):
        lines = rows(NeedElement, "need", "element", demand=demand, declined=False, need__state__in=still)
        yield Edges("need", bond, "element", lines)


@contributes
def elements() -> Iterator[Part]:
    """Elements, the objects they belong to, the systems they come from."""
    yield from things("object", InformationObject, "nl", "en")
    yield Edges("object", bonds.OWNED_BY, "role", rows(InformationObject, "pk", "owner_role"))
    yield from things("element", DataElement, "nl", "en")
    yield Edges("element", bonds.PART_OF_OBJECT, "object", rows(DataElement, "pk", "object"))
    yield Edges("element", bonds.COMES_FROM, "system", rows(SourceOfRecord, "element", "system"))


@contributes
def systems() -> Iterator[Part]:
    """Systems, and the links between them. A link holds on to both ends; the far end is fed by it."""
    yield from things("system", System, "name", "name_en")
    yield Edges("system", bonds.OWNED_BY, "role", rows(System, "pk", "owner_role"))
    ends = Link.objects.order_by("key").values_list("pk", "key", "from_system__name", "to_system__name")
    for pk, key, start, end in ends:
        yield Node("link", pk, key, f"{start} → {end}")
    yield Edges("link", bonds.JOINS, "system", rows(Link, "pk", "from_system"))
    yield Edges("link", bonds.JOINS, "system", rows(Link, "pk", "to_system"))
    yield Edges("system", bonds.IS_FED_BY, "link", rows(Link, "to_system", "pk"))
    yield Edges("link", bonds.OWNED_BY, "role", rows(Link, "pk", "owner_role"))


@contributes
def roles() -> Iterator[Part]:
    """Roles. Who holds them is counted (holders.py), never drawn one by one."""
    yield from things("role", Role, "nl", "en", "holder")


@contributes
def organisations() -> Iterator[Part]:
    """The board and its schools."""
    yield from things("organisation", Organisation, "name", "name", "sector")
    yield Edges("organisation", bonds.WITHIN, "organisation", rows(Organisation, "pk", "parent"))


_ANSWERED_FOR: dict[str, Any] = {
    "goal": Goal, "activity": Activity, "process": Process, "need": InformationNeed, "element": DataElement,
    "object": InformationObject, "system": System, "link": Link,
}  # fmt: skip


@contributes
def responsibilities() -> Iterator[Part]:
    """Who carries out a thing and who answers for it (RACI: R and A). On who is consulted or informed nothing rests."""
    for letter, bond in (("R", bonds.CARRIED_OUT_BY), ("A", bonds.ANSWERED_FOR_BY)):
        said = Responsibility.objects.filter(letter=letter).order_by("pk")
        by_kind: dict[str, list[tuple[str, int]]] = {}
        for noun, key, role in said.values_list("thing_kind", "thing_key", "role"):
            by_kind.setdefault(OF_NOUN.get(noun, ""), []).append((key, role))
        for kind in by_kind.keys() & _ANSWERED_FOR.keys():
            things = (
                _ANSWERED_FOR[kind].objects.exclude(state__in=OVER) if kind == "need" else _ANSWERED_FOR[kind].objects
            )
            keys = dict(things.order_by("pk").values_list("key", "pk"))
            yield Edges(kind, bond, "role", [(keys[key], role) for key, role in by_kind[kind] if key in keys])
