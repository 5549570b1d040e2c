"""Where the gap rules say that the chain is broken, as the picture shows it: a dashed block, or a mark on a block."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from schakel.chain.gaps import Gap
from schakel.chain.graph import OF_NOUN, Graph
from schakel.lib.text import gettext as _
from schakel.portal.blocks import Hole
from schakel.portal.threads import systems_of

Found = tuple[str, Iterable[int], Iterable[int]]  # the layer where it is missing, what hangs above it, and below


@dataclass(frozen=True)
class Broken:
    """What is broken: the holes to draw, and the gaps of each thing that is there but not whole."""

    holes: Sequence[Hole]
    marks: dict[int, list[Gap]]
    gaps: Sequence[tuple[int, Gap]]  # every gap that is in the graph, with the number of its thing


def broken(whole: Graph, found: Iterable[Gap]) -> Broken:
    """The gaps as they show in the picture."""
    holes: dict[tuple[str, str], tuple[set[int], set[int]]] = {}
    marks: dict[int, list[Gap]] = {}
    placed = [(number, gap) for gap in found if (number := _number(whole, gap)) is not None]
    for number, gap in placed:
        digger = _HOLES.get(gap.rule.id)
        hole = digger(whole, number, gap) if digger else None
        if hole is None:
            marks.setdefault(number, []).append(gap)
            continue
        layer, above, below = hole
        ends = holes.setdefault((gap.rule.id, layer), (set(), set()))
        ends[0].update(above)
        ends[1].update(below)
    made = [Hole(rule, layer, frozenset(a), frozenset(b)) for (rule, layer), (a, b) in holes.items()]
    return Broken(made, marks, placed)


def missing_words(rule: str) -> str:
    """What a dashed block says."""
    return {
        "goal-without-activity": _("Geen activiteit"),
        "activity-without-goal": _("Geen doel"),
        "need-without-goal": _("Geen activiteit"),
        "need-without-source": _("Geen bron"),
        "element-without-source": _("Gewenst, geen bron"),
        "need-without-product": _("Geen overzicht"),
        "need-without-audience": _("Geen ontvanger"),
    }[rule]


def _number(whole: Graph, gap: Gap) -> int | None:
    return whole.find(OF_NOUN.get(gap.thing.kind, ""), gap.thing.key)


def _no_activity(_whole: Graph, number: int, _gap: Gap) -> Found:
    return "activity", [number], []


def _no_goal(_whole: Graph, number: int, _gap: Gap) -> Found:
    return "goal", [], [number]


def _need_without_activity(whole: Graph, number: int, _gap: Gap) -> Found | None:
    """A need whose activity lacks a goal is not broken itself: the activity is."""
    return None if whole.over(number, "activity") else ("activity", [], [number])


def _no_source(whole: Graph, number: int, gap: Gap) -> Found:
    elements = (whole.find("element", key.strip()) for key in gap.thing.detail.split(","))
    return "system", [n for n in elements if n is not None], whole.over(number, "product")


def _wished_without_source(_whole: Graph, number: int, _gap: Gap) -> Found:
    return "system", [number], []


def _no_product(whole: Graph, number: int, _gap: Gap) -> Found:
    systems = [s for element in whole.under(number, "element") for s in systems_of(whole, element)]
    return "product", systems, whole.over(number, "role")


def _no_audience(whole: Graph, number: int, _gap: Gap) -> Found:
    return "role", whole.over(number, "product"), []


_HOLES: dict[str, Callable[[Graph, int, Gap], Found | None]] = {
    "goal-without-activity": _no_activity,
    "activity-without-goal": _no_goal,
    "need-without-goal": _need_without_activity,
    "need-without-source": _no_source,
    "element-without-source": _wished_without_source,
    "need-without-product": _no_product,
    "need-without-audience": _no_audience,
}
