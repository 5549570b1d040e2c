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


def effect(case: Case) -> Effect:
    """The estimated effect: what uses this column, or anything of the row where whole rows did not come in."""
    elements = _elements(case)
    whole = graph()
    starts = [start(whole, "element", key) for key in sorted(elements) if whole.find("element", key) is not None]
    reached = impact(whole, *starts)
    nodes = {kind: tuple(hit.node for hit in reached.of_kind(kind)) for kind in ("need", "product", "indicator")}
    share = case.refused / case.read if case.read else None
    return Effect(tuple(sorted(elements)), nodes["need"], nodes["product"], nodes["indicator"], share)


def _elements(case: Case) -> frozenset[str]:
    known = {c.element for t in school_model().values() if t.origin == "source" for c in t.columns.values()}
    needed, layout = needed_elements() & known, case.source.layout
    if case.action == "stop":
        return resting_on(needed, layout)
    if case.action == "drop row" or case.rule in OF_A_FILE:
        return resting_on(needed, layout, case.file)
    return resting_on(needed, layout, case.file, case.field) if case.field else frozenset()
