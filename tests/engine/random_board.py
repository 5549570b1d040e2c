"""The tables of the school model filled at random, with keys that are unique and references that are found."""

import random
from datetime import date, timedelta

import duckdb

from schakel.engine.duck import quoted
from schakel.process.model import Column, Table, school_model

ROWS = 24


def filled(con: duckdb.DuckDBPyConnection, seed: int) -> None:
    """Create and fill every table; the same seed gives the same rows."""
    source = random.Random(seed)
    for table in school_model().values():
        names = ", ".join(f"{quoted(c.name)} {c.type}" for c in table.columns.values())
        con.execute(f"CREATE OR REPLACE TABLE {quoted(table.name)} ({names})")
        rows = {tuple(row[key] for key in table.keys): row for row in (_row(table, n, source) for n in range(ROWS))}
        marks = ", ".join(f"({', '.join('?' * len(table.columns))})" for _row in rows)
        values = [row[name] for row in rows.values() for name in table.columns]
        con.execute(f"INSERT INTO {quoted(table.name)} VALUES {marks}", values)


def _row(table: Table, number: int, source: random.Random) -> dict[str, object]:
    alone = len(table.keys) == 1
    return {name: _cell(column, number if alone else -1, source) for name, column in table.columns.items()}


def _cell(column: Column, number: int, source: random.Random) -> object:
    """A key counts up, a reference points at a key that is there, anything else is one of a few values or nothing."""
    if column.ref:
        table, _dot, _column = column.ref.partition(".")
        return _key(column.type, source.randrange(ROWS), table)
    if column.key and number >= 0:
        return _key(column.type, number, column.table)
    if column.nullable and source.random() < 0.2:
        return None
    if column.vocabulary:
        return source.choice(column.vocabulary)
    return _value(column.type, source)


def _key(kind: str, number: int, table: str) -> object:
    return f"{table[:3]}{number}" if kind == "VARCHAR" else number


def _value(kind: str, source: random.Random) -> object:
    if kind == "DATE":
        return date(2026, 11, 1) + timedelta(source.randrange(-60, 60))
    if kind == "VARCHAR":
        return source.choice(["a", "b", "c", "Jansen"])
    if kind == "BOOLEAN":
        return source.random() < 0.5
    return {"TIME": "08:30:00", "TIMESTAMP": "2026-11-23 08:30:00"}.get(kind, source.randrange(0, 9))
