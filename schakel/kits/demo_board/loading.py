"""Rows made in Python and SQL kept in files, both brought into DuckDB in one go."""

import json
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

import duckdb

_SQL = Path(__file__).parent / "sql"


@cache
def sql(name: str) -> str:
    """The SQL in the file of that name."""
    return (_SQL / f"{name}.sql").read_text(encoding="utf-8")


def run(con: duckdb.DuckDBPyConnection, *names: str, **variables: object) -> None:
    """Run the SQL in these files, one after the other; `variables` are what `getvariable` finds in it from now on."""
    for variable, value in variables.items():
        con.execute(f"SET VARIABLE {variable} = $1", [value])
    for name in names:
        con.execute(sql(name))


def load(con: duckdb.DuckDBPyConnection, table: str, columns: str, rows: Iterable[Sequence[object]]) -> None:
    """Create a table from rows. `columns` reads `name TYPE; name TYPE`; dates come as dates.

    The rows travel as one JSON text: far quicker than one by one.
    """
    types = dict(part.split(" ", 1) for part in columns.split("; "))
    text = json.dumps([dict(zip(types, row, strict=True)) for row in rows], default=str)
    shape = json.dumps([types])
    con.execute(
        f"CREATE TABLE {table} AS SELECT unnest(from_json($rows, '{shape}'), recursive := true)", {"rows": text}
    )
