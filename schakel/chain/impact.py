"""If this fails or leaves, who and what is hit? And what does this rest on? The same graph, read in two directions.

A path goes on over bonds that carry; one that does not carry can only be the end that is hit: who receives an overview
is hit when a source stops, the rest of that person's work is not. So A is hit by B exactly when B is what A rests on.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from schakel.chain.bonds import Bond
from schakel.chain.graph import Graph, Node, Start
from schakel.chain.holders import ANYWHERE, Who
from schakel.lib.text import gettext as _

Way = tuple[int, Bond]  # from which thing it was reached, over which bond
Neighbours = Callable[[int], Iterable[Way]]
OUTSIDE = -1  # the number of a start that the graph does not hold


@dataclass(frozen=True)
class Leg:
    """One step of an explanation: `upper` rests on `lower`."""

    upper: Node
    bond: Bond
    lower: Node

    @property
    def text(self) -> str:
        """What is said of the upper one."""
        return str(self.bond.down) % {"it": f"‘{self.lower.name}’"}


@dataclass(frozen=True)
class Hit:
    """A thing that was reached. Firm: over at least one path where every bond is. `causes`: which starts reach it."""

    number: int
    node: Node
    firm: bool
    causes: tuple[int, ...]


@dataclass(frozen=True)
class Ways:
    """How each thing was reached from one start: over bonds that carry (`on`), or as the end of a path (`ends`)."""

    on: dict[int, Way]
    ends: dict[int, Way]

    def back(self, number: int) -> Iterator[tuple[int, Bond, int]]:
        """The steps from a thing back to the start."""
        way = self.on.get(number) or self.ends[number]
        while way is not None:
            yield number, way[1], way[0]
            number = way[0]
            way = self.on.get(number)  # type: ignore[assignment]

    def __contains__(self, number: int) -> bool:
        return number in self.on or number in self.ends


@dataclass(frozen=True)
class Reached:
    """What one or more starts reach, upwards (what they hit) or downwards (what they rest on)."""

    whole: Graph
    starts: tuple[Start, ...]
    up: bool
    firmly: tuple[Ways, ...]
    anyhow: tuple[Ways, ...]

    @cached_property
    def hits(self) -> dict[int, Hit]:
        """Everything that is reached, but for the starts themselves, by number."""
        own = {start.number for start in self.starts}
        causes: dict[int, list[int]] = {}
        for place, ways in enumerate(self.anyhow):
            for number in {**ways.on, **ways.ends}:
                if number not in own:
                    causes.setdefault(number, []).append(place)
        firm = {number for ways in self.firmly for number in (*ways.on, *ways.ends)}
        return {n: Hit(n, self.whole.nodes[n], n in firm, tuple(places)) for n, places in causes.items()}

    def of_kind(self, *kinds: str) -> list[Hit]:
        """The hits of these kinds, the firm ones first, then by name."""
        found = [hit for hit in self.hits.values() if hit.node.kind in kinds]
        return sorted(found, key=lambda hit: (not hit.firm, hit.node.name.casefold()))

    def legs(self, hit: Hit, cause: int | None = None) -> list[Leg]:
        """A shortest path that explains a hit, from what rests down to what it rests on; a firm one where there is."""
        place = hit.causes[0] if cause is None else cause
        if cause is None and hit.firm:
            place = next(p for p in hit.causes if hit.number in self.firmly[p])
        ways = self.firmly[place] if hit.number in self.firmly[place] else self.anyhow[place]
        steps = [(self._node(a, place), bond, self._node(b, place)) for a, bond, b in ways.back(hit.number)]
        if self.up:
            return [Leg(upper, bond, lower) for upper, bond, lower in steps]
        return [Leg(upper, bond, lower) for lower, bond, upper in reversed(steps)]

    def _node(self, number: int, place: int) -> Node:
        return self.starts[place].node if number == OUTSIDE else self.whole.nodes[number]

    def who(self, *, firm: bool) -> Who:
        """The people who are hit: who receive something, who hold a role that goes, who work at a place that goes."""
        receiving = {
            self.whole.nodes[number].key
            for ways in (self.firmly if firm else self.anyhow)
            for number, (_from, bond) in ways.ends.items()
            if bond.reaches_people
        }
        leaving = {start.node.key for start in self.starts if start.node.kind == "role"}
        return Who(frozenset(receiving | leaving), self.places)

    @cached_property
    def places(self) -> frozenset[str]:
        """The organisations that go, those within them included; the whole board when the board itself goes."""
        starts = [start for start in self.starts if start.node.kind == "organisation"]
        within = {hit.node.key for hit in self.hits.values() if hit.node.kind == "organisation"}
        whole = {ANYWHERE for start in starts if not start.node.state and start.number is not None and self._top(start)}
        return frozenset({start.node.key for start in starts} | within | whole) if starts and self.up else frozenset()

    def _top(self, start: Start) -> bool:
        return not self.whole.under(start.number or 0, "organisation")


def said(legs: Sequence[Leg]) -> str:
    """A path in plain words, said of its first thing."""
    return _("; dat ").join(leg.text for leg in legs)


def impact(whole: Graph, *starts: Start) -> Reached:
    """What is hit when these fail or leave."""
    return _reached(whole, starts, _upwards, up=True)


def foundation(whole: Graph, *starts: Start) -> Reached:
    """What these rest on."""
    return _reached(whole, starts, _downwards, up=False)


def _reached(whole: Graph, starts: tuple[Start, ...], walk: Callable[..., Ways], *, up: bool) -> Reached:
    firmly = tuple(walk(whole, start, firm=True) for start in starts)
    return Reached(whole, starts, up, firmly, tuple(walk(whole, start, firm=False) for start in starts))


def _origin(start: Start) -> int:
    return OUTSIDE if start.number is None else start.number


def _upwards(whole: Graph, start: Start, *, firm: bool) -> Ways:
    """Everything that rests on the start: on and on over bonds that carry, one step over those that do not."""
    origin, on, ends = _origin(start), dict[int, Way](), dict[int, Way]()
    first = [*start.above, *(whole.above[origin] if origin >= 0 else ())]
    waiting = deque([origin])
    while waiting:
        number = waiting.popleft()
        for other, bond in first if number == origin else whole.above[number]:
            if other == origin or (firm and not bond.firm):
                continue
            if not bond.carries:
                ends.setdefault(other, (number, bond))
            elif other not in on:
                on[other] = (number, bond)
                waiting.append(other)
    return Ways(on, ends)


def _downwards(whole: Graph, start: Start, *, firm: bool) -> Ways:
    """Everything that the start rests on: the first step over any bond, then on and on over bonds that carry.

    Whoever holds a role stands in its place: from there any bond counts as a first step too.
    """
    origin, on = _origin(start), dict[int, Way]()
    first = [*start.below, *(whole.below[origin] if origin >= 0 else ())]
    waiting = deque([(origin, True)])
    while waiting:
        number, fresh = waiting.popleft()
        for other, bond in first if number == origin else whole.below[number]:
            if other == origin or other in on or (firm and not bond.firm) or not (fresh or bond.carries):
                continue
            on[other] = (number, bond)
            waiting.append((other, fresh and bond.in_place_of))
    return Ways(on, {})
