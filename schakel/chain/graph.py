"""The chain as one graph: what rests on what, from a goal down to the systems and the people behind it.

Rooms above add their own things and bonds with `@contributes` (and `@ties` for people and schools, of which there are
too many to hold). An edge goes from what rests to what it rests on, and its bond says in words how.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from schakel.access.remembered import Remembered
from schakel.chain.bonds import Bond
from schakel.lib.errors import Unknown
from schakel.lib.text import gettext as _
from schakel.lib.text import language

# Each kind of thing with the noun under which gap lists and the audit trail know it, in the order of the chain.
KINDS = {
    "goal": "goal",
    "indicator": "indicator",
    "activity": "activity",
    "process": "process",
    "need": "informationneed",
    "product": "product",
    "element": "dataelement",
    "object": "informationobject",
    "source": "source",
    "link": "link",
    "system": "system",
    "role": "role",
    "organisation": "organisation",
    "person": "person",
}
OF_NOUN = {**{noun: kind for kind, noun in KINDS.items()}, **{kind: kind for kind in KINDS}}


class Node(NamedTuple):
    """One thing of the chain. `state`: of a need its state, of a school its sector, of a role what can hold it."""

    kind: str
    pk: int
    key: str
    nl: str
    en: str = ""
    state: str = ""

    @property
    def name(self) -> str:
        """How it is called, in the language of this moment."""
        return self.en if self.en and language() == "en" else self.nl


@dataclass(frozen=True)
class Edges:
    """Things of one kind that rest on things of another in the same way: rows of primary keys (upper, lower)."""

    kind: str
    bond: Bond
    other: str
    rows: Iterable[tuple[int, int | None]]


Part = Node | Edges
_CONTRIBUTIONS: list[Callable[[], Iterable[Part]]] = []
_LOOSE: dict[str, Callable[[str], Node | None]] = {}


def contributes(find: Callable[[], Iterable[Part]]) -> Callable[[], Iterable[Part]]:
    """Add things and edges to the graph: the function under it gives them, in a fixed number of queries."""
    _CONTRIBUTIONS.append(find)
    return find


def loose(kind: str) -> Callable[[Callable[[str], Node | None]], Callable[[str], Node | None]]:
    """Say how one thing is found of a kind that the graph does not hold (a person): by its key, or None."""

    def add(find: Callable[[str], Node | None]) -> Callable[[str], Node | None]:
        _LOOSE[kind] = find
        return find

    return add


@dataclass
class Graph:
    """All things by number, with per number what rests on it (`above`) and what it rests on (`below`)."""

    nodes: list[Node] = field(default_factory=list)
    above: list[list[tuple[int, Bond]]] = field(default_factory=list)
    below: list[list[tuple[int, Bond]]] = field(default_factory=list)
    numbers: dict[str, dict[int, int]] = field(default_factory=dict)  # kind -> primary key -> number
    named: dict[tuple[str, str], int] = field(default_factory=dict)
    kept: dict[str, Any] = field(default_factory=dict)  # what rooms above worked out from it, as long as it stands

    def add(self, node: Node) -> int:
        """Give a thing its number."""
        number = len(self.nodes)
        self.nodes.append(node)
        self.above.append([])
        self.below.append([])
        self.numbers.setdefault(node.kind, {})[node.pk] = number
        self.named[node.kind, node.key] = number
        return number

    def join(self, edges: Edges) -> None:
        """Draw edges between things that are there; what names nothing, or something unknown, is left out."""
        uppers, lowers, bond = self.numbers.get(edges.kind, {}), self.numbers.get(edges.other, {}), edges.bond
        above, below = self.above, self.below
        for upper_pk, lower_pk in edges.rows:
            upper, lower = uppers.get(upper_pk), lowers.get(lower_pk)  # type: ignore[arg-type]
            if upper is not None and lower is not None:
                above[lower].append((upper, bond))
                below[upper].append((lower, bond))

    def find(self, kind: str, key: str) -> int | None:
        """The number of a thing that the graph holds."""
        return self.named.get((kind, key))

    def of_kind(self, kind: str) -> Iterator[int]:
        """The numbers of all things of one kind."""
        return iter(self.numbers.get(kind, {}).values())

    def over(self, number: int, *kinds: str) -> list[int]:
        """Which things of these kinds rest directly on this one."""
        return [other for other, _bond in self.above[number] if self.nodes[other].kind in kinds]

    def under(self, number: int, *kinds: str) -> list[int]:
        """On which things of these kinds this one rests directly."""
        return [other for other, _bond in self.below[number] if self.nodes[other].kind in kinds]


class Tie(NamedTuple):
    """An edge that is looked up when a thing is asked for: another that rests on it, or on which it rests."""

    other: int
    bond: Bond
    rests: bool  # the other one rests on this one


_TIES: dict[str, list[Callable[[Graph, str], Iterable[Tie]]]] = {}


def ties(kind: str) -> Callable[[Callable[[Graph, str], Iterable[Tie]]], Callable[[Graph, str], Iterable[Tie]]]:
    """Add edges of one thing of a kind (by its key) that are only looked up when someone asks for that thing."""

    def add(find: Callable[[Graph, str], Iterable[Tie]]) -> Callable[[Graph, str], Iterable[Tie]]:
        _TIES.setdefault(kind, []).append(find)
        return find

    return add


@dataclass(frozen=True)
class Start:
    """A thing that a question begins with. `number` is None for one that the graph does not hold."""

    node: Node
    number: int | None
    above: tuple[tuple[int, Bond], ...] = ()
    below: tuple[tuple[int, Bond], ...] = ()


def build() -> Graph:
    """The whole graph, read from the register now."""
    made, edges = Graph(), list[Edges]()
    for find in _CONTRIBUTIONS:
        for part in find():
            if isinstance(part, Edges):
                edges.append(part)
            else:
                made.add(part)
    for each in edges:
        made.join(each)
    return made


_graph = Remembered(build)


def graph() -> Graph:
    """The graph as the register stands now; kept until something in the register changes."""
    return _graph.get()


def start(whole: Graph, kind: str, key: str) -> Start:
    """The thing with this key, with the edges that are looked up for it; Unknown when there is none."""
    number = whole.find(kind, key)
    node = whole.nodes[number] if number is not None else _LOOSE[kind](key) if kind in _LOOSE else None
    if node is None:
        raise Unknown(_("Dit staat niet in de keten: het bestaat niet, of heet anders."), code="unknown")
    found = [tie for find in _TIES.get(kind, ()) for tie in find(whole, key)]
    return Start(
        node,
        number,
        tuple((tie.other, tie.bond) for tie in found if tie.rests),
        tuple((tie.other, tie.bond) for tie in found if not tie.rests),
    )
