"""Cells as they stand in what was delivered, and rows put in a table at once: for what is set apart to be repaired."""

from collections.abc import Iterable
from typing import Any

import duckdb

from schakel.collect.examined import Examined, text_cell
from schakel.engine.duck import quoted


def as_delivered(needed: Iterable[str], each: Examined, kept: set[str]) -> list[str]:
    """SQL of the needed columns as text, the way they were written: what was wrong must be visible to who repairs it.

    The rows are read as `t`.
    """
    places = {n: c.place for n, c in each.head.by_field().items()}
    cells = []
    for name in sorted(needed):
        value = f"CAST(t.{text_cell(each.columns[name])} AS VARCHAR)" if name in kept else "CAST(NULL AS VARCHAR)"
        text = f"coalesce(t._text[{places[name] + 1}], {value})" if name in kept and name in places else value
        cells.append(f"{text} AS {quoted(name)}")
    return cells


def insert(con: duckdb.DuckDBPyConnection, table: str, rows: list[tuple[Any, ...]]) -> None:
    """Put rows in a table, column by column: one statement, however many rows."""
    if rows:
        columns = [list(column) for column in zip(*rows, strict=True)]
        con.execute(f"INSERT INTO {table} SELECT {', '.join('unnest(?)' for _column in columns)}", columns)
