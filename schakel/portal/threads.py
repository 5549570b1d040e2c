"""What of the chain is drawn: the threads that run from goal to person through each need, chosen and filtered."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from schakel.chain.attachments import places_within
from schakel.chain.graph import Graph, Start, start
from schakel.chain.holders import holders
from schakel.chain.impact import foundation, impact

LAYERS = ("goal", "activity", "need", "element", "system", "product", "role")
ENDED = ("ended", "refused")
Pair = tuple[int, int]


@dataclass(frozen=True)
class Filters:
    """What someone wants to see: one goal, one role, one school, one system; empty is everything."""

    goal: str = ""
    role: str = ""
    school: str = ""
    system: str = ""

    def __bool__(self) -> bool:
        return bool(self.goal or self.role or self.school or self.system)


@dataclass
class Web:
    """Per layer the things (by number), and between each two layers the pairs that hang together."""

    layers: dict[str, set[int]] = field(default_factory=lambda: {layer: set() for layer in LAYERS})
    pairs: list[set[Pair]] = field(default_factory=lambda: [set() for _ in LAYERS[1:]])

    def everything(self) -> set[int]:
        """All numbers."""
        return {number for numbers in self.layers.values() for number in numbers}


Only = Mapping[str, set[int]]  # a layer that is held to these things


def web(whole: Graph, needs: Iterable[int], only: Only | None = None) -> Web:
    """The threads through these needs, in each layer of `only` with nothing but what is named there."""
    drawn, held = Web(), dict(only or {})

    def kept(layer: str, numbers: Iterable[int]) -> list[int]:
        return [n for n in dict.fromkeys(numbers) if layer not in held or n in held[layer]]

    @cache
    def systems(element: int) -> list[int]:
        return kept("system", systems_of(whole, element))

    for need in needs:
        drawn.layers["need"].add(need)
        for activity in kept("activity", whole.over(need, "activity")):
            _draw(drawn, 0, [(goal, activity) for goal in kept("goal", whole.over(activity, "goal"))])
            _draw(drawn, 1, [(activity, need)])
        elements = kept("element", whole.under(need, "element"))
        _draw(drawn, 2, [(need, element) for element in elements])
        products = kept("product", whole.over(need, "product"))
        drawn.layers["product"].update(products)
        found = {system for element in elements for system in systems(element)}
        _draw(drawn, 4, [(system, product) for system in found for product in products])
        for product in products:
            _draw(drawn, 5, [(product, role) for role in kept("role", whole.over(product, "role"))])
        drawn.layers["role"].update(kept("role", whole.over(need, "role")))
    for element in tuple(drawn.layers["element"]):  # many needs ask for the same one
        _draw(drawn, 3, [(element, system) for system in systems(element)])
    return drawn


def systems_of(whole: Graph, element: int) -> list[int]:
    """Where an element comes from: its source of record, and the systems whose export it comes in with."""
    by_way_of = [system for source in whole.under(element, "source") for system in whole.under(source, "system")]
    return list(dict.fromkeys([*whole.under(element, "system"), *by_way_of]))


def _draw(drawn: Web, gutter: int, pairs: Sequence[Pair]) -> None:
    drawn.pairs[gutter].update(pairs)
    drawn.layers[LAYERS[gutter]].update([upper for upper, _lower in pairs])
    drawn.layers[LAYERS[gutter + 1]].update([lower for _upper, lower in pairs])


def all_threads(whole: Graph) -> Web:
    """The whole chain: every open need, and the goals and activities that no need helps with."""
    drawn = web(whole, _open(whole))
    for activity in whole.of_kind("activity"):
        drawn.layers["activity"].add(activity)
        _draw(drawn, 0, [(goal, activity) for goal in whole.over(activity, "goal")])
    drawn.layers["goal"].update(whole.of_kind("goal"))
    return drawn


def _all_threads(whole: Graph) -> Web:
    """The same, worked out once for a graph, for each picture begins with it; a copy, for a picture adds to it."""
    known: Web | None = whole.kept.get("threads")
    if known is None:
        known = whole.kept["threads"] = all_threads(whole)
    return Web({layer: set(found) for layer, found in known.layers.items()}, [set(pairs) for pairs in known.pairs])


def filtered(whole: Graph, asked: Filters) -> Web:
    """The threads that pass through everything that was asked for; Unknown when it does not exist."""
    if not asked:
        return _all_threads(whole)
    needs, only = set(_open(whole)), dict[str, set[int]]()
    if asked.goal:
        goal = start(whole, "goal", asked.goal)
        needs &= set(foundation(whole, goal).hits)
        only["goal"] = {goal.number or 0} | {hit.number for hit in foundation(whole, goal).of_kind("goal")}
    if asked.role:
        role = start(whole, "role", asked.role).number or 0
        needs &= set(whole.under(role, "need"))
        only["role"] = {role}
    if asked.school:
        roles = roles_at(whole, asked.school)
        needs &= {need for role in roles for need in whole.under(role, "need")}
        only["role"] = only.get("role", roles) & roles
    if asked.system:
        system = start(whole, "system", asked.system).number or 0
        sources = whole.over(system, "source")
        elements = {e for thing in (system, *sources) for e in whole.over(thing, "element")}
        needs &= {need for element in elements for need in whole.over(element, "need")}
        only |= {"system": {system}, "element": elements}
    drawn = web(whole, sorted(needs), only)
    drawn.layers["goal"].update(only.get("goal", ()))
    return drawn


def roles_at(whole: Graph, school: str) -> set[int]:
    """The roles that have people at a school; Unknown when it does not exist."""
    here = places_within(start(whole, "organisation", school).node.key)
    present = holders().roles_at(here)
    return {number for number in whole.of_kind("role") if whole.nodes[number].key in present}


def through(whole: Graph, chosen: Start) -> Web:
    """The threads that run through one thing: what rests on it, what it rests on, and the ends of those threads."""
    around = {chosen.number} | set(impact(whole, chosen).hits) | set(foundation(whole, chosen).hits)
    by_kind: dict[str, set[int]] = {kind: set() for kind in LAYERS}
    for number in around - {None}:
        by_kind.setdefault(whole.nodes[number or 0].kind, set()).add(number or 0)
    kind = chosen.node.kind
    only = {layer: by_kind[layer] for layer in _HELD.get(kind, ())}
    if kind in LAYERS and chosen.number is not None:
        only[kind] = {chosen.number}
    drawn = web(whole, sorted(n for n in by_kind["need"] if whole.nodes[n].state not in ENDED), only)
    drawn.layers.update({layer: drawn.layers[layer] | found for layer, found in only.items()})
    return drawn


# The layers in which only what hangs together with the chosen thing itself is on its path.
_HELD = {
    "element": ("element",),
    "object": ("element",),
    "system": ("element",),
    "source": ("element",),
    "link": ("element",),
    "process": ("activity",),
    "person": ("role",),
    "organisation": ("role",),
}


def _open(whole: Graph) -> list[int]:
    return [number for number in whole.of_kind("need") if whole.nodes[number].state not in ENDED]
