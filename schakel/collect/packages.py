"""A delivery as a connector recognised it: its layout, its files, and what was odd about how it was packed."""

from collections.abc import Mapping, Sequence
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
class Origin:
    """Where the rows of a text that a connector made stand in the delivered file.

    `rows` has the line of each row, `cells` per column the line of each value (0: not there), `columns` the first line.
    `heads` has, for a column that was made of many, the header of each value as it stands in the file. `labels` has how
    findings name what each row is of, such as one of several sheets; where there are none they name the file.
    """

    rows: Sequence[int]
    cells: Mapping[str, Sequence[int]] = field(default_factory=dict)
    columns: Mapping[str, int] = field(default_factory=dict)
    heads: Mapping[str, Sequence[str]] = field(default_factory=dict)
    labels: Sequence[str] = ()

    def line(self, record: int, column: str) -> int:
        """The line of one value, or of its row where the value is not there."""
        lines = self.cells.get(column, ())
        return (lines[record] if record < len(lines) else 0) or self.rows[record]

    def head(self, record: int, column: str) -> str:
        """The header of one value as it stands in the file."""
        heads = self.heads.get(column, ())
        return heads[record] if record < len(heads) else column


@dataclass(frozen=True)
class PackageFile:
    """One file of a package. `renamed` maps headers as delivered to headers of the layout (a declared near layout);
    `translated` maps their values before these are judged; `derived` names the columns a missing key is made from;
    `decided` names for a field the column that says what it is, and for which of its own values that does; `origin`
    says where the rows of a text that was made are."""

    name: str
    entry: Entry
    label: str
    mode: str = ""
    format: Format = field(default_factory=Format)
    renamed: dict[str, str] = field(default_factory=dict)
    translated: dict[str, dict[str, str]] = field(default_factory=dict)
    derived: dict[str, tuple[str, ...]] = field(default_factory=dict)
    decided: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    origin: Origin | None = None

    def made_of(self, header: str) -> set[str]:
        """The fields that are made of the column of this header, in whatever letter case."""
        folded = header.casefold()
        return {name for name, parts in self.derived.items() if folded in map(str.casefold, parts)}

    def decided_by(self, header: str) -> set[str]:
        """The fields about which the column of this header decides, in whatever letter case."""
        return {name for name, (by, _of) in self.decided.items() if by.casefold() == header.casefold()}

    @property
    def labels(self) -> frozenset[str]:
        """Every name that findings may call it by: the file, and each of the sheets that it was made of."""
        return frozenset({self.label, *(self.origin.labels if self.origin else ())})

    def head_line(self, header: str) -> int:
        """The line of a column as a whole: of its header, or of its first value where the text was made."""
        return self.origin.columns.get(header, 0) if self.origin else self.format.above + 1


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
