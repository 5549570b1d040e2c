"""A package while it is being read: its files in memory, the keys they gave, the findings so far."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import duckdb

from schakel.collect import door
from schakel.collect.findings import CheckReport, Finding
from schakel.collect.headers import Header
from schakel.collect.held_rows import HeldRows
from schakel.collect.layouts import Field, File, Layout, Reference
from schakel.collect.packages import Package, PackageFile
from schakel.collect.records import Records
from schakel.engine.duck import literal, quoted

Needed = Mapping[str, frozenset[str]]
Elsewhere = Mapping[tuple[str, str, str], str]  # (layout, file, column) of another source -> SQL of its values


@dataclass
class Examined:
    """One file after reading: its rows are in the table of its name, its refused rows in `dropped_<name>`.

    `columns` are the fields that were kept in memory: needed ones, and those that rules over several files use.
    `filled` counts per reference the rows that have it, `refused` the lines in `dropped_<name>`: where there is none,
    none is looked for.
    """

    part: PackageFile
    file: File
    head: Header
    records: Records
    mode: str
    decisions: list[door.Decision]
    columns: dict[str, Field]
    filled: Mapping[str, int] = field(default_factory=dict)
    refused: int = 0

    def line(self, row: int, column: str) -> int:
        """The line of a row that was read (counted from 0); where a connector knows it, of the value in this column."""
        origin = self.part.origin
        return origin.line(self.records.lines.record(row), column) if origin else self.records.lines.of(row)

    def label_of(self, row: int) -> str:
        """How findings name what a row that was read is of: the file, or one of the sheets that it was made of."""
        origin = self.part.origin
        return origin.labels[self.records.lines.record(row)] if origin and origin.labels else self.part.label

    def header_of(self, row: int, column: str) -> str:
        """The header above the value of a row that was read, as it stands in the delivered file."""
        origin = self.part.origin
        return origin.head(self.records.lines.record(row), column) if origin and origin.heads else column


@dataclass
class Examination:
    """A package that is being read or has been read and checked, its rows still in memory. Close it after use."""

    package: Package
    con: duckdb.DuckDBPyConnection
    needed: Needed
    earlier: Mapping[str, str] = field(default_factory=dict)
    elsewhere: Elsewhere = field(default_factory=dict)
    files: dict[str, Examined] = field(default_factory=dict)
    rows: dict[str, HeldRows] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)  # the files that have a `gone_<name>`

    @property
    def layout(self) -> Layout:
        """The layout of the package."""
        return self.package.layout

    @property
    def report(self) -> CheckReport:
        """The verdicts and every finding."""
        rows = {each.part.label: each.records.total for each in self.files.values()}
        return CheckReport.of(self.layout.name, self.layout.version, rows, self.findings)

    def references_to(self, name: str) -> list[Reference]:
        """Every reference to a file from the files of this package."""
        fields = [f for other in self.package.files for f in self.layout.files[other].fields]
        return [f.ref for f in fields if f.ref and f.ref.file == name]

    def used(self, name: str) -> set[str]:
        """The columns of a file that are needed, or used by references to it or by rules over several columns."""
        refs = self.references_to(name)
        found = set(self.needed.get(name, frozenset())) | {"type" for r in refs if r.kind}
        found |= {column for meaning in self.layout.meanings for file, column in meaning.uses if file == name}
        return found | set(self.layout.files[name].key) if refs or name in self.needed else found

    def known_keys(self, ref: Reference, *, any_kind: bool = False) -> str:
        """SQL of the keys (as numbers, k) that a reference may have; empty where these cannot be known.

        The numbers are 64-bit hashes: that two different keys share one happens once in millions of large packages.
        """
        each = self.files.get(ref.file)
        earlier = self.earlier.get(ref.file, "")
        if each is None or each.file.key[0] not in each.columns or (each.mode == "delta" and not earlier):
            return ""
        kind = f" WHERE type = {literal(ref.kind)}" if ref.kind and not any_kind and "type" in each.columns else ""
        before = f" UNION ALL SELECT hash(k) FROM ({earlier}) AS e(k)" if earlier else ""
        return f"SELECT {quoted(each.file.key[0])} AS k FROM {quoted(ref.file)}{kind}{before}"

    def drop(self, name: str, rows: str) -> None:
        """Refuse these rows (SQL of row, rule, col, line) of a file."""
        added = self.con.execute(f"INSERT INTO {dropped_table(name)} {rows}").fetchone()
        self.files[name].refused += added[0] if added else 0

    def close(self) -> None:
        """Let go of the rows."""
        for held in self.rows.values():
            held.close()
        self.con.close()


HASHED = ("identifier", "reference")  # kept as a number to join on, and as text where that is needed


def text_cell(field: Field) -> str:
    """The column that holds the value itself of a field that was kept."""
    return quoted(f"text {field.name}") if field.type in HASHED else quoted(field.name)


def hashed(text: str) -> str:
    """SQL of the number of a text; null where there is none."""
    return f"CASE WHEN {text} IS NOT NULL THEN hash({text}) END"


def dropped_table(name: str) -> str:
    """The table of the refused rows of a file: row, rule, col, line."""
    return quoted(f"dropped_{name}")


def gone_table(name: str) -> str:
    """The table of the keys of a file of which every row was refused: key. Only there when there are any."""
    return quoted(f"gone_{name}")
