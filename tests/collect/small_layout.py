"""A layout of one small file, for tests of how one text or one cell is read."""

from pathlib import Path
from typing import Any

import duckdb

from schakel.collect.checks import check
from schakel.collect.findings import CheckReport
from schakel.collect.landing import Landed, land
from schakel.collect.layouts import Field, File, Layout
from schakel.collect.listings import listing
from schakel.collect.packages import Format, Package, PackageFile

KEY = Field("id", type="identifier", required=True)
TEXTS = (KEY, Field("a"), Field("b"))


def layout(*files: File) -> Layout:
    """A layout of these files."""
    return Layout("klein", "1", {file.name: file for file in files})


def package(folder: Path, content: bytes, fields: tuple[Field, ...] = TEXTS, form: Format | None = None) -> Package:
    """A delivery of one file `things.csv` with these bytes."""
    path = folder / "things.csv"
    path.write_bytes(content)
    found = listing(path)
    part = PackageFile("things", found.entries[0], "things.csv", "bulk", form or Format())
    return Package(path, layout(File("things", fields, ("id",))), found, {"things": part})


def packages(folder: Path, shape: Layout, contents: dict[str, str], mode: str = "bulk") -> Package:
    """A delivery of several files of one layout, by name."""
    for name, text in contents.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8", newline="")
    found = listing(folder)
    parts = {
        entry.name.removesuffix(".csv"): PackageFile(entry.name.removesuffix(".csv"), entry, entry.name, mode)
        for entry in found.entries
    }
    return Package(folder, shape, found, parts)


def checked(folder: Path, content: bytes, fields: tuple[Field, ...] = TEXTS, form: Format | None = None) -> CheckReport:
    """What a check of these bytes says."""
    return check(package(folder, content, fields, form))


def taken(folder: Path, content: bytes, fields: tuple[Field, ...] = TEXTS, form: Format | None = None) -> Landed:
    """These bytes taken in, every field of them needed."""
    needed = {"things": frozenset(field.name for field in fields)}
    return land(package(folder, content, fields, form), "klein", needed, folder / "data")


def rows(landed: Landed, columns: str = "*", name: str = "things") -> list[tuple[Any, ...]]:
    """The accepted rows, in the order of the file."""
    return duckdb.sql(f"SELECT {columns} FROM '{landed.folder}/{name}.parquet'").fetchall()


def told(report: CheckReport) -> list[tuple[int, str, str]]:
    """Row, column and rule of each finding."""
    return [(f.row, f.column, f.rule) for f in report.findings]
