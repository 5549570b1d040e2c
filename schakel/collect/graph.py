"""What collecting brings into the graph of the chain: sources, the systems they read and the links they travel over."""

from collections.abc import Iterator

from schakel.chain import bonds
from schakel.chain.connections import SELF, rows, things
from schakel.chain.graph import Edges, Part, contributes
from schakel.chain.systems import Link
from schakel.collect.sources import Source


@contributes
def sources() -> Iterator[Part]:
    """Sources in use, who looks after them and who repairs what is wrong in them.

    A source travels over the links from its system to Schakel itself.
    """
    yield from things("source", Source, "name", "name_en")
    yield Edges("source", bonds.READS, "system", rows(Source, "pk", "system", active=True))
    yield Edges("source", bonds.OWNED_BY, "role", rows(Source, "pk", "owner_role", active=True))
    yield Edges("source", bonds.REPAIRED_BY, "role", rows(Source, "pk", "repairs_role", active=True))
    arriving = Link.objects.filter(to_system__key=SELF, from_system__sources__active=True).order_by("pk")
    yield Edges("source", bonds.TRAVELS_OVER, "link", arriving.values_list("from_system__sources", "pk"))
