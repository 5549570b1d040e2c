"""The school model: the canonical tables that every source is mapped to, as declared in `school_model.csv`.

A data element is written `table.column`. Dates are inclusive at both ends; a missing value is NULL, never zero.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal, cast

from schakel.lib.errors import Unknown
from schakel.lib.text import gettext as _

_FILE = Path(__file__).with_name("school_model.csv")

# Amounts, hours and fractions are exact decimals: sums do not depend on the order in which rows are read.
_DUCKDB = {
    "text": "VARCHAR",
    "enum": "VARCHAR",
    "date": "DATE",
    "time": "TIME",
    "datetime": "TIMESTAMP",
    "integer": "INTEGER",
    "decimal": "DECIMAL(18,4)",
    "boolean": "BOOLEAN",
}


@dataclass(frozen=True)
class Column:
    """One column: its DuckDB type, its unit, what it refers to, and whether it comes along with its table (law 1)."""

    table: str
    name: str
    type: str
    unit: str
    nullable: bool
    key: bool
    ref: str | None
    structural: bool
    vocabulary: tuple[str, ...] = ()

    @property
    def element(self) -> str:
        """The name of the data element, `table.column`."""
        return f"{self.table}.{self.name}"


@dataclass(frozen=True)
class Table:
    """One table of the school model; `origin` says whether sources fill it or the product itself."""

    name: str
    origin: Literal["source", "register"]
    columns: dict[str, Column] = field(default_factory=dict)

    @property
    def structural(self) -> tuple[str, ...]:
        """The columns that come along as soon as the table is wanted, in the order of the model."""
        return tuple(name for name, column in self.columns.items() if column.structural)

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns that together identify a row."""
        return tuple(name for name, column in self.columns.items() if column.key)


@cache
def school_model() -> MappingProxyType[str, Table]:
    """Every table by name, in the order of the file. Read once; the mapping cannot be changed."""
    tables: dict[str, Table] = {}
    with _FILE.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            origin = cast(Literal["source", "register"], row["origin"])
            table = tables.setdefault(row["table"], Table(row["table"], origin))
            table.columns[row["column"]] = _column(row)
    return MappingProxyType(tables)


def element(name: str) -> Column:
    """The column that an element names. Raises `Unknown` for a name that is not in the model."""
    table, _dot, column = name.partition(".")
    found = school_model().get(table)
    if found is None or column not in found.columns:
        raise Unknown(_("Het schoolmodel kent geen gegeven %(name)s.") % {"name": name}, "unknown-element")
    return found.columns[column]


def wanted(elements: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Law 1: per table that any element names, its structural columns and the named ones, in the model's order.

    Raises `Unknown` for an element that is not in the model.
    """
    named: dict[str, set[str]] = {}
    for column in map(element, elements):
        named.setdefault(column.table, set()).add(column.name)
    return {
        table.name: tuple(c for c in table.columns if table.columns[c].structural or c in named[table.name])
        for table in school_model().values()
        if table.name in named
    }


def _column(row: dict[str, str]) -> Column:
    kind, _colon, words = row["type"].partition(":")
    return Column(
        table=row["table"],
        name=row["column"],
        type=_DUCKDB[kind.partition("(")[0]],
        unit=row["unit"],
        nullable=row["nullable"] == "yes",
        key="PK" in row["key"].split(),
        ref=row["ref"] or None,
        structural=row["structural"] == "yes",
        vocabulary=tuple(words.strip().split("/")) if words else (),
    )
