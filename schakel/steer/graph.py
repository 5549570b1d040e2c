"""What steering brings into the graph of the chain: indicators, the goals they measure, the elements they count."""

from collections.abc import Iterator
from functools import cache

from schakel.chain import bonds
from schakel.chain.connections import rows, things
from schakel.chain.elements import DataElement
from schakel.chain.graph import Edges, Part, contributes
from schakel.steer.indicators import definitions
from schakel.steer.norms import Indicator


@contributes
def indicators() -> Iterator[Part]:
    """Indicators of the register. What they are computed from follows from the SQL of their definition."""
    yield from things("indicator", Indicator, "nl", "en")
    yield Edges("goal", bonds.MEASURED_BY, "indicator", rows(Indicator, "goal", "pk", goal__isnull=False))
    number_of = dict(DataElement.objects.order_by("pk").values_list("key", "pk"))
    for pk, key in Indicator.objects.order_by("pk").values_list("pk", "key"):
        counted = sorted(_counted().get(key, frozenset()) & number_of.keys())
        yield Edges("indicator", bonds.COMPUTED_FROM, "element", [(pk, number_of[element]) for element in counted])


@cache
def _counted() -> dict[str, frozenset[str]]:
    """The elements of each indicator that comes with Schakel: its SQL does not change while the program runs."""
    return {definition.key: definition.elements for definition in definitions()}
