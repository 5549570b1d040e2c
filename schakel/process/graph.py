"""What processing brings into the graph of the chain: through which source each element comes in, by the mappings."""

from collections.abc import Iterator

from schakel.chain import bonds
from schakel.chain.elements import DataElement
from schakel.chain.graph import Edges, Part, contributes
from schakel.collect.sources import Source
from schakel.process.mappings import elements_of


@contributes
def arrivals() -> Iterator[Part]:
    """An element rests on each source in use whose layout gives it a value."""
    number_of = dict(DataElement.objects.order_by("pk").values_list("key", "pk"))
    for source, layout in Source.objects.filter(active=True).order_by("pk").values_list("pk", "layout"):
        given = sorted(elements_of(layout) & number_of.keys())
        yield Edges("element", bonds.ARRIVES_BY, "source", [(number_of[key], source) for key in given])
