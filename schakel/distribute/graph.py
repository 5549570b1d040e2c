"""What distributing brings into the graph of the chain: products, the need they answer, the roles that receive them."""

from collections.abc import Iterator

from schakel.chain import bonds
from schakel.chain.connections import WAITING, rows, things
from schakel.chain.graph import Edges, Part, contributes
from schakel.chain.needs import MOVING
from schakel.distribute.products import Product

STANDING = ((MOVING, bonds.ANSWERS, bonds.RECEIVES), (WAITING, bonds.WILL_ANSWER, bonds.WILL_RECEIVE))


@contributes
def products() -> Iterator[Part]:
    """Products in use. One whose need waits for its decision reaches nobody yet."""
    yield from things("product", Product, "nl", "en")
    for states, answers, receives in STANDING:
        which = {"active": True, "need__state__in": states}
        yield Edges("product", answers, "need", rows(Product, "pk", "need", **which))
        to = rows(Product, "need__audiences__role", "pk", need__audiences__isnull=False, **which)
        yield Edges("role", receives, "product", to)
