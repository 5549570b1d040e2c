"""What goes when a need ends: shown before it happens, from the same facts that make it happen (law 1).

Ending a need voids its approval at once, so nothing is delivered any more. The data that only it named goes at the next
round (operations.forgetting), which finds it in the same way as this list does.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from schakel.chain.approvals import InForce, in_force
from schakel.chain.needs import InformationNeed
from schakel.distribute.delivery import Delivery
from schakel.distribute.entitlement import current_snapshot
from schakel.distribute.products import Product
from schakel.distribute.query import opened
from schakel.distribute.sight import Seer, who_sees
from schakel.engine.duck import quoted
from schakel.lib import clock
from schakel.process import snapshots
from schakel.process.model import school_model, wanted

LOOKED_BACK = timedelta(days=365)


@dataclass(frozen=True)
class Going:
    """One data element that nobody needs any more, and how many values of it are stored now (None: no snapshot)."""

    element: str
    values: int | None


@dataclass(frozen=True)
class Loss:
    """One product that stops: who sees it today, and how often it was opened in the past year."""

    product: Product
    seers: tuple[Seer, ...]
    opened: int


@dataclass(frozen=True)
class Ending:
    """What ending a need takes away."""

    going: tuple[Going, ...]
    losses: tuple[Loss, ...]

    @property
    def values(self) -> int:
        """All stored values that go."""
        return sum(item.values or 0 for item in self.going)

    @property
    def people(self) -> int:
        """How many people lose something, each counted once."""
        return len({seer.email.lower() for loss in self.losses for seer in loss.seers})


def preview(need: InformationNeed) -> Ending:
    """What goes when this need ends now: elements that no other need in force names, and its products."""
    elements = gone(need, in_force(clock.today()))
    counts = _stored(elements)
    return Ending(tuple(Going(element, counts.get(element)) for element in sorted(elements)), losses(need))


def gone(need: InformationNeed, moving: Iterable[InForce]) -> frozenset[str]:
    """The columns that are kept for this need only, of all that may make data move now."""
    keys = {item.need.pk: item.need.element_keys() for item in moving}
    return _kept_for(keys.values()) - _kept_for(named for pk, named in keys.items() if pk != need.pk)


def losses(need: InformationNeed) -> tuple[Loss, ...]:
    """The products that stop when this need ends, with who sees them today."""
    products = Product.objects.filter(need=need, active=True).select_related("need")
    return tuple(_loss(product) for product in products)


def _kept_for(needs: Iterable[frozenset[str]]) -> frozenset[str]:
    """Every column that is kept for these needs: what they name, and what comes along with it (law 1)."""
    known = {column.element for table in school_model().values() for column in table.columns.values()}
    named = frozenset().union(*needs) & known
    return frozenset(f"{table}.{column}" for table, columns in wanted(named).items() for column in columns)


def _loss(product: Product) -> Loss:
    since = clock.now() - LOOKED_BACK
    opened = Delivery.objects.opened().filter(product=product, at__gte=since).count()
    return Loss(product, tuple(who_sees(product, clock.today())), opened)


def _stored(elements: Iterable[str]) -> dict[str, int]:
    """How many values of each element the current snapshot holds; nothing when there is no snapshot."""
    snapshot = current_snapshot()
    if snapshot is None or not snapshot.available:
        return {}
    counts: dict[str, int] = {}
    con = opened(snapshot.model).cursor
    for table, columns in _columns(snapshot, elements).items():
        counted = ", ".join(f"count({quoted(column)})" for column in columns)
        row = con.execute(f"SELECT {counted} FROM {quoted(table)}").fetchone() or ()
        counts |= {f"{table}.{column}": int(n) for column, n in zip(columns, row, strict=True)}
    return counts


def _columns(snapshot: snapshots.Snapshot, elements: Iterable[str]) -> dict[str, list[str]]:
    """The elements that are in the snapshot, as columns of its tables."""
    found: dict[str, list[str]] = {}
    for element in elements:
        table, _dot, column = element.partition(".")
        if column in snapshot.manifest["tables"].get(table, {}).get("columns", ()):
            found.setdefault(table, []).append(column)
    return found
