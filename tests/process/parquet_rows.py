"""Rows as a parquet file: the same rows are made once."""

import tempfile
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from schakel.engine.duck import quoted

Rows = list[dict[str, Any]]


def write(path: Path, rows: Rows) -> None:
    """One parquet file; the type of a column follows from its first value that is there."""
    names = tuple(dict.fromkeys(name for row in rows for name in row))
    types = tuple(_type(next((row[n] for row in rows if row.get(n) is not None), None)) for n in names)
    path.write_bytes(_parquet(names, types, tuple(tuple(row.get(n) for n in names) for row in rows)))


@cache
def _parquet(names: tuple[str, ...], types: tuple[str, ...], rows: tuple[tuple[Any, ...], ...]) -> bytes:
    """The same rows are the same file: most boards share most of theirs, and a connection costs more than the rest."""
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as con:
        columns = ", ".join(f"{quoted(n)} {t}" for n, t in zip(names, types, strict=True))
        con.execute(f"CREATE TABLE t ({columns})")
        marks = ", ".join(f"({', '.join('?' * len(names))})" for _row in rows)
        if rows:
            con.execute(f"INSERT INTO t VALUES {marks}", [value for row in rows for value in row])
        con.execute(f"COPY t TO '{folder}/t.parquet' (FORMAT parquet)")
        return Path(folder, "t.parquet").read_bytes()


def _type(value: Any) -> str:
    return {int: "INTEGER", float: "DECIMAL(18,4)", date: "DATE", bool: "BOOLEAN"}.get(type(value), "VARCHAR")
