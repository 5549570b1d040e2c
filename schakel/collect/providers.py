"""Asking a server itself: what a connector that can do so offers. The core names no kind of server.

A connector module may have `provider(kind)`; it answers with a Provider, or with None for a kind it does not know. What
a provider fetches lies in a folder that the connector recognises like any other delivery, so that checks, door and
mappings are the same.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from schakel.collect.connectors import connectors
from schakel.lib.errors import Unknown
from schakel.lib.outgoing import Outgoing
from schakel.lib.text import gettext as _

Told = Callable[[str, int], None]  # (file, rows)
PACKAGE = "package"  # the folder in which a fetched delivery lies


@dataclass(frozen=True)
class Access:
    """Where a server is and who we are there."""

    address: str
    version: str
    method: str
    client: str
    secret: str = field(repr=False)
    token_address: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Wish:
    """What to ask for: per file the columns that approved needs name, and nothing else.

    `since` asks for what changed after that moment only; then `standing` is the folder with what landed before. `had`
    names the files of which rows landed before. `last` is what was said to be fetched the last time, also when
    everything has to be asked anew. `declared` is the mapping of the source and `pattern` the name of its files.
    """

    needed: Mapping[str, frozenset[str]]
    since: str = ""
    standing: Path | None = None
    had: frozenset[str] = frozenset()
    last: str = ""
    declared: Mapping[str, Any] = field(default_factory=dict)
    pattern: str = ""


@dataclass(frozen=True)
class Fetched:
    """What came of it. `until` is the moment, on the clock of the server, from which to ask the next time.

    `file` is set when one file was fetched as it is, and not a folder that the connector itself recognises; `more` when
    the next one waits already.
    """

    changed: bool
    until: str = ""
    file: str = ""
    more: bool = False


@dataclass(frozen=True)
class Offer:
    """What a server offers of one file, looked at in one page: the needed columns it has, and those it lacks."""

    file: str
    rows: int | None
    there: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    refused: str = ""


class Provider(Protocol):
    """A kind of server."""

    @property
    def VERSIONS(self) -> Mapping[str, tuple[str, ...]]:  # noqa: N802 a constant, where it can be
        """Per version the methods of signing in that it knows."""

    @property
    def SCHEMES(self) -> tuple[str, ...]:  # noqa: N802
        """With what its addresses begin, the usual one first."""

    def fetch(self, access: Access, way: Outgoing, wish: Wish, folder: Path, told: Told) -> Fetched:
        """Fetch into `folder / PACKAGE`, going on where an earlier try broke off. Raises SchakelError."""

    def probe(self, access: Access, way: Outgoing, wish: Wish) -> list[Offer]:
        """Look at one page of each file and keep nothing. Raises SchakelError when nothing can be asked at all."""

    def settle(self, access: Access, way: Outgoing, until: str) -> None:
        """What was fetched until here is in, and nothing of it has to wait at the server any more."""


def provider(kind: str) -> Provider:
    """The provider of a kind of server. Raises Unknown when no connector knows it."""
    for connector in connectors():
        known: Callable[[str], Provider | None] | None = getattr(connector, "provider", None)
        found = known(kind) if known else None
        if found is not None:
            return found
    raise Unknown(_("Dit soort server kent Schakel niet."), where=kind)
