"""What reading any server over REST has in common: the provider's shape, and a list that changes under the walk."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from schakel.collect.providers import Access, Fetched, Offer, Told, Wish
from schakel.connectors.checkpoints import Checkpoint
from schakel.connectors.oneroster_pages import Page, Shifted
from schakel.connectors.rest_errors import ServerRefused
from schakel.lib.addresses import WEB
from schakel.lib.errors import SchakelError
from schakel.lib.outgoing import Outgoing

STARTS = 3  # of one list that changes while it is read


class Reading(Protocol):
    """One reading of a server."""

    def run(self, folder: Path) -> Fetched:
        """All lists, or what is left of them."""

    def offers(self) -> Iterable[Offer]:
        """What the server has of each list, by its first page."""


@dataclass(frozen=True)
class RestProvider:
    """A kind of server, by how one reading of it is made. Nothing waits at such a server to be settled."""

    reading: Callable[..., Reading]
    VERSIONS: Mapping[str, tuple[str, ...]]
    SCHEMES: tuple[str, ...] = WEB

    def fetch(self, access: Access, way: Outgoing, wish: Wish, folder: Path, told: Told) -> Fetched:
        """Fetch into a folder, going on where an earlier try broke off."""
        return self.reading(access, way, wish, told).run(folder)

    def probe(self, access: Access, way: Outgoing, wish: Wish) -> list[Offer]:
        """Look at the first page of each list; nothing is kept."""
        return list(self.reading(access, way, wish, lambda _file, _rows: None, hurried=True).offers())

    def settle(self, access: Access, way: Outgoing, until: str) -> None:
        """Nothing to do."""


def steadily(kept: Checkpoint, walk: Callable[[], None]) -> None:
    """Walk a list to its end; from its start again when it changed meanwhile. Raises Shifted when it keeps changing."""
    for start in range(1, STARTS + 1):
        try:
            walk()
            return
        except Shifted:
            kept.again()
            if start == STARTS:
                raise


def first_page(walk: Iterator[Page]) -> Page | SchakelError:
    """The first page of a list, or why there is none. What the server would say of every list is raised."""
    try:
        return next(walk)
    except ServerRefused as error:
        if error.status == 401 or error.retry:  # noqa: PLR2004 then the rest says the same
            raise
        return error
    except Shifted as error:
        return error
