"""What a finding spoils, as far as can be said: which elements, needs, overviews and indicators rest on that column."""

from dataclasses import dataclass

from schakel.chain.approvals import needed_elements
from schakel.chain.graph import Node, graph, start
from schakel.chain.impact import impact
from schakel.collect.cases import Case
from schakel.process.model import school_model
from schakel.process.resting import resting_on

OF_A_FILE = ("file-missing", "file-empty")


@dataclass(frozen=True)
class Effect:
    """What may be wrong, and the share of the rows that did not come in (None: nothing was read)."""

    elements: tuple[str, ...]
    needs: tuple[Node, ...]
    products: tuple[Node, ...]
    indicators: tuple[Node, ...]
    share: float | None

    def __bool__(self) -> bool:
        return bool(self.needs or self.products or self.indicators)


class Effects:
    """The effects of several findings: what rests on the same elements is looked up once."""

    def __init__(self) -> None:
        known = {c.element for t in school_model().values() if t.origin == "source" for c in t.columns.values()}
        self.needed = needed_elements() & known
        self._hit: dict[frozenset[str], dict[str, tuple[Node, ...]]] = {}

    def of(self, case: Case) -> Effect:
        """The estimated effect: what uses this column, or anything of the row where whole rows did not come in."""
        elements = self._elements(case)
        hit = self._hit.get(elements)
        if hit is None:
            hit = self._hit[elements] = _resting(elements)
        share = case.refused / case.read if case.read else None
        return Effect(tuple(sorted(elements)), hit["need"], hit["product"], hit["indicator"], share)

    def _elements(self, case: Case) -> frozenset[str]:
        layout = case.source.layout
        if case.action == "stop":
            return resting_on(self.needed, layout)
        if case.action == "drop row" or case.rule in OF_A_FILE:
            return resting_on(self.needed, layout, case.file)
        return resting_on(self.needed, layout, case.file, case.field) if case.field else frozenset()


def effect(case: Case) -> Effect:
    """The estimated effect of one finding."""
    return Effects().of(case)


def _resting(elements: frozenset[str]) -> dict[str, tuple[Node, ...]]:
    whole = graph()
    starts = [start(whole, "element", key) for key in sorted(elements) if whole.find("element", key) is not None]
    reached = impact(whole, *starts)
    return {kind: tuple(hit.node for hit in reached.of_kind(kind)) for kind in ("need", "product", "indicator")}
