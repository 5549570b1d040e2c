"""A delivery as a connector recognised it: its layout, its files, and what was odd about how it was packed."""

from dataclasses import dataclass, field
from pathlib import Path

from schakel.collect.findings import Finding
from schakel.collect.layouts import Layout
from schakel.collect.listings import Entry, Listing


@dataclass(frozen=True)
class Format:
    """How a text file is written."""

    delimiter: str = ","
    encoding: str = "utf-8"
    trimmed: bool = False  # blanks around a value are filler, not content
    above: int = 0  # lines above the header: a title, a date of export


@dataclass(frozen=True)
class PackageFile:
    """One file of a package. `renamed` maps headers as delivered to headers of the layout (a declared near layout);
    `translated` maps their values; `derived` names the columns a missing key is made from."""

    name: str
    entry: Entry
    label: str
    mode: str = ""
    format: Format = field(default_factory=Format)
    renamed: dict[str, str] = field(default_factory=dict)
    translated: dict[str, dict[str, str]] = field(default_factory=dict)
    derived: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Package:
    """A recognised delivery. `absent` are files that the package itself says it does not bring."""

    path: Path
    layout: Layout
    listing: Listing
    files: dict[str, PackageFile]
    findings: tuple[Finding, ...] = ()
    absent: frozenset[str] = frozenset()

    def digest(self) -> str:
        """SHA-256 over the delivered bytes."""
        return self.listing.digest()
