"""A package while it is being read: its files in memory, the keys they gave, the findings so far."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import duckdb

from schakel.collect import door
from schakel.collect.findings import CheckReport, Finding
from schakel.collect.headers import Header
from schakel.collect.layouts import Field, File, Layout, Reference
from schakel.collect.packages import Package, PackageFile
from schakel.collect.records import Records
from schakel.engine.duck import quoted

Needed = Mapping[str, frozenset[str]]


@dataclass
class Examined:
    """One file after reading: its rows are in the table of its name, its refused rows in `dropped_<name>`.

    `columns` are the fields that were kept in memory: needed ones, and those that rules over several files use.
    """

    part: PackageFile
    file: File
    head: Header
    records: Records
    mode: str
    decisions: list[door.Decision]
    columns: dict[str, Field]


@dataclass
class Examination:
    """A package that is being read or has been read and checked, its rows still in memory. Close it after use."""

    package: Package
    con: duckdb.DuckDBPyConnection
    needed: Needed
    earlier: Mapping[str, str] = field(default_factory=dict)
    files: dict[str, Examined] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    keys: dict[tuple[str, str, str], str] = field(default_factory=dict)

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
        found = set(self.needed.get(name, frozenset())) | {r.column for r in refs} | {"type" for r in refs if r.kind}
        found |= {column for meaning in self.layout.meanings for file, column in meaning.uses if file == name}
        return found | set(self.layout.files[name].key) if refs or name in self.needed else found

    def key_type(self, name: str, column: str, where: str, keys: str) -> None:
        """Make an enum of the keys that this SQL yields (and of earlier ones): a cast to it resolves a reference."""
        title = f"key_{len(self.keys)}"
        before = f" UNION ALL {self.earlier[name]}" if name in self.earlier else ""
        self.con.execute(
            f"CREATE TYPE {quoted(title)} AS ENUM (SELECT DISTINCT CAST(k AS VARCHAR) FROM ({keys}{before}) AS t(k)"
            " WHERE k IS NOT NULL)"
        )
        self.keys[name, column, where] = title

    def close(self) -> None:
        """Let go of the rows."""
        self.con.close()


def dropped_table(name: str) -> str:
    """The table of the refused rows of a file: row, rule, col, line."""
    return quoted(f"dropped_{name}")


def gone_table(name: str) -> str:
    """The table of the keys of a file of which every row was refused: key."""
    return quoted(f"gone_{name}")
