"""Finding the connector that knows a delivery. The core names none: they announce themselves as entry points.

A connector is a module with `RANK` (lower is asked first) and `recognised(listing) -> Package | None`. It may have
`known_layout(name, version) -> Layout | None`: what it would expect of a delivery that did not come yet.
"""

from collections.abc import Callable
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import Protocol, cast

from schakel.collect.layouts import Layout
from schakel.collect.listings import Listing, listing
from schakel.collect.packages import Package
from schakel.lib.errors import Unknown, Unreadable
from schakel.lib.text import gettext as _

GROUP = "schakel.connectors"


class Connector(Protocol):
    """What a connector module offers."""

    RANK: int

    def recognised(self, found: Listing) -> Package | None:
        """The package, or None when it is not of this kind. Raises Unreadable when it is, but cannot be read."""


@cache
def connectors() -> tuple[Connector, ...]:
    """All installed connectors, in the order in which they are asked."""
    loaded = [cast(Connector, point.load()) for point in entry_points(group=GROUP)]
    return tuple(sorted(loaded, key=lambda connector: connector.RANK))


def open_package(path: Path) -> Package:
    """The delivery at this path (zip, folder or file). Raises Unreadable when no connector knows it."""
    found = listing(Path(path))
    for connector in connectors():
        package = connector.recognised(found)
        if package is not None:
            return package
    raise Unreadable(
        _("Van deze levering is de vorm niet bekend."),
        code="unknown-layout",
        where=found.path.name,
        hint=_(
            "Schakel leest OneRoster (zip of map), EDEXML en UWLR (XML)"
            " en de bestanden waarvoor een vertaling is opgesteld."
        ),
    )


def known_layout(name: str, version: str = "") -> Layout:
    """The layout of this name, in this version or the newest. Raises Unknown when no connector has it."""
    for connector in connectors():
        known: Callable[[str, str], Layout | None] | None = getattr(connector, "known_layout", None)
        found = known(name, version) if known else None
        if found is not None:
            return found
    raise Unknown(_("Deze indeling kent Schakel niet."), where=name)
