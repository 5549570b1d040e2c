"""The blocks of the chain picture: one thing each, or a group with its count when there are too many to read."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from schakel.chain.graph import Graph
from schakel.portal.threads import LAYERS, Pair, Web

MOST = 12  # blocks in one layer: two rows of six

Owner = Callable[[Graph, int], int | None]


@dataclass(frozen=True, eq=False)
class Block:
    """One block. `owner` is the thing by which its members were taken together; `rest` holds whatever is left over."""

    layer: str
    members: tuple[int, ...]
    owner: int | None = None
    rest: bool = False
    state: str = ""  # on, off, sel, or empty
    missing: str = ""  # the rule that says what is missing here; then there are no members

    @property
    def single(self) -> bool:
        """Whether it stands for one thing."""
        return len(self.members) == 1


@dataclass(frozen=True, eq=False)
class Bond:
    """A line between two blocks of neighbouring layers."""

    upper: Block
    lower: Block
    state: str = ""  # on, gap, or empty


@dataclass
class Blocks:
    """All blocks per layer, and the lines between them."""

    layers: dict[str, list[Block]] = field(default_factory=lambda: {layer: [] for layer in LAYERS})
    lines: list[list[Bond]] = field(default_factory=lambda: [[] for _ in LAYERS[1:]])


@dataclass(frozen=True)
class Hole:
    """Something that is missing in a layer: by which rule, and the things above and below that hang on it."""

    rule: str
    layer: str
    above: frozenset[int] = frozenset()
    below: frozenset[int] = frozenset()


def blocks(whole: Graph, drawn: Web, on: Web | None, chosen: int | None, holes: Iterable[Hole] = ()) -> Blocks:
    """The picture of a web: with a chosen thing its path apart and the rest of each layer as one block."""
    made = Blocks()
    weight = _weights(drawn)
    for layer in LAYERS:
        numbers = sorted(drawn.layers[layer])
        lit = [n for n in numbers if on is not None and n in on.layers[layer]]
        made.layers[layer] = _layer(whole, layer, numbers, lit if on is not None else None, chosen, weight)
    place = {number: block for found in made.layers.values() for block in found for number in block.members}
    for gutter, pairs in enumerate(drawn.pairs):
        lit_pairs = on.pairs[gutter] if on is not None else set()
        made.lines[gutter] = _lines(pairs, lit_pairs, place)
    for hole in holes:
        _dig(made, hole, place, dimmed=on is not None)
    return made


def _weights(drawn: Web) -> dict[int, int]:
    """How many lines each thing has: the busiest keep a block of their own."""
    return Counter(number for pairs in drawn.pairs for pair in pairs for number in pair)


def _layer(
    whole: Graph, layer: str, numbers: Sequence[int], lit: Sequence[int] | None, chosen: int | None,
    weight: Mapping[int, int],
) -> list[Block]:  # fmt: skip
    if lit is None:
        return _fitted(whole, layer, numbers, MOST, weight, "")
    bright = set(lit)
    others = tuple(n for n in numbers if n not in bright)
    rest = [Block(layer, others, rest=len(others) > 1, state="off")] if others else []
    found = _fitted(whole, layer, [n for n in lit if n != chosen], MOST - 2, weight, "on")
    own = [Block(layer, (chosen,), state="sel")] if chosen is not None and chosen in lit else []
    return [*own, *found, *rest]


def _fitted(
    whole: Graph, layer: str, numbers: Sequence[int], room: int, weight: Mapping[int, int], state: str
) -> list[Block]:
    """The finest grouping that fits; when none does, the busiest groups and the rest together."""
    groups: list[Block] = [Block(layer, (n,), state=state) for n in numbers]
    for owner in _GROUPINGS[layer]:
        if len(groups) <= room:
            return groups
        groups = _grouped(whole, layer, numbers, owner, state)
    if len(groups) <= room:
        return groups
    groups.sort(key=lambda block: -sum(weight.get(n, 0) for n in block.members))
    rest = tuple(sorted(n for block in groups[room - 1 :] for n in block.members))
    return [*groups[: room - 1], Block(layer, rest, rest=True, state=state)]


def _grouped(whole: Graph, layer: str, numbers: Sequence[int], owner: Owner, state: str) -> list[Block]:
    found: dict[int | None, list[int]] = {}
    for number in numbers:
        found.setdefault(owner(whole, number), []).append(number)
    return [
        Block(layer, tuple(members), by, rest=by is None and len(members) > 1, state=state)
        for by, members in found.items()
    ]


def _first(numbers: Iterable[int]) -> int | None:
    return next(iter(numbers), None)


def _parent_goal(whole: Graph, number: int) -> int | None:
    """The goal at the top of which this one is a part."""
    seen = {number}
    while (parent := _first(n for n in whole.over(number, "goal") if n not in seen)) is not None:
        seen.add(parent)
        number = parent
    return number


def _goal_of_activity(whole: Graph, number: int) -> int | None:
    return _first(whole.over(number, "goal"))


def _activity_of_need(whole: Graph, number: int) -> int | None:
    return _first(whole.over(number, "activity"))


def _goal_of_need(whole: Graph, number: int) -> int | None:
    activity = _activity_of_need(whole, number)
    return None if activity is None else _goal_of_activity(whole, activity)


def _activity_of_product(whole: Graph, number: int) -> int | None:
    need = _first(whole.under(number, "need"))
    return None if need is None else _activity_of_need(whole, need)


def _goal_of_product(whole: Graph, number: int) -> int | None:
    need = _first(whole.under(number, "need"))
    return None if need is None else _goal_of_need(whole, need)


def _object_of(whole: Graph, number: int) -> int | None:
    return _first(whole.under(number, "object"))


def _system_of(whole: Graph, number: int) -> int | None:
    return _first(whole.under(number, "system"))


_GROUPINGS: dict[str, tuple[Owner, ...]] = {
    "goal": (_parent_goal,),
    "activity": (_goal_of_activity,),
    "need": (_activity_of_need, _goal_of_need),
    "element": (_object_of, _system_of),
    "system": (),
    "product": (_activity_of_product, _goal_of_product),
    "role": (),
}


def _lines(pairs: Iterable[Pair], lit: set[Pair], place: Mapping[int, Block]) -> list[Bond]:
    """One line between two blocks, however many pairs it stands for."""
    found: dict[tuple[Block, Block], str] = {}
    for pair in sorted(pairs):
        ends = (place.get(pair[0]), place.get(pair[1]))
        if ends[0] is not None and ends[1] is not None:
            state = "on" if pair in lit else ""
            found[ends[0], ends[1]] = found.get((ends[0], ends[1])) or state
    return [Bond(upper, lower, state) for (upper, lower), state in found.items()]


def _dig(made: Blocks, hole: Hole, place: Mapping[int, Block], *, dimmed: bool) -> None:
    """A dashed block where something is missing, with dashed lines to what hangs on it."""
    above = list(dict.fromkeys(place[n] for n in sorted(hole.above) if n in place))
    below = list(dict.fromkeys(place[n] for n in sorted(hole.below) if n in place))
    if dimmed:
        above, below = ([block for block in found if block.state != "off"] for found in (above, below))
    if not above and not below:
        return
    level = LAYERS.index(hole.layer)
    block = Block(hole.layer, (), missing=hole.rule)
    made.layers[hole.layer].append(block)
    if level:
        made.lines[level - 1] += [Bond(upper, block, "gap") for upper in above]
    if level < len(LAYERS) - 1:
        made.lines[level] += [Bond(block, lower, "gap") for lower in below]
