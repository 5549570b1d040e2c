"""The rows that are set apart to be repaired, with their cells as they stand in what was delivered."""

from collections.abc import Iterable
from typing import Any

import duckdb

from schakel.collect.examined import Examined, dropped_table, text_cell
from schakel.collect.packages import PackageFile
from schakel.engine.duck import literal, quoted

APART = "set_apart"  # the rows of one file that are set apart


def meant(part: PackageFile, name: str, sql: str) -> str:
    """A value of a field as it is judged and kept: where it is a name for another, that other."""
    words = part.translated.get(name, {})
    if not words:
        return sql
    cases = " ".join(f"WHEN {literal(old)} THEN {literal(new)}" for old, new in words.items())
    return f"CASE {sql} {cases} ELSE {sql} END"


def decided(own: str, by: str, of: Iterable[str]) -> str:
    """A value of a field that another column decides about, for these values of its own and where it has none."""
    values = ", ".join(literal(each.lower()) for each in of)
    about = f"({own} IS NULL OR lower({own}) IN ({values}))" if values else f"{own} IS NULL"
    return f"CASE WHEN {by} IS NOT NULL AND {about} THEN {by} ELSE {own} END"


def as_delivered(needed: Iterable[str], each: Examined, kept: set[str]) -> list[str]:
    """SQL of the needed columns as text, the way they were written: what was wrong must be visible to who repairs it.

    A name for a school is its number here too, by which its rows find their way to it. The rows are read as `t`.
    """
    places = {n: c.place for n, c in each.head.by_field().items()}
    cells = []
    for name in sorted(needed):
        value = f"CAST(t.{text_cell(each.columns[name])} AS VARCHAR)" if name in kept else "CAST(NULL AS VARCHAR)"
        text = meant(each.part, name, f"t._text[{places[name] + 1}]") if name in places else ""
        text = f"coalesce({text}, {value})" if name in kept and text else value
        cells.append(f"{text} AS {quoted(name)}")
    return cells


def set_apart(con: duckdb.DuckDBPyConnection, name: str, places: Iterable[int]) -> None:
    """Take the refused rows of a file and those at these places from among the others, once for all to come."""
    con.execute(f"CREATE OR REPLACE TEMP TABLE places AS SELECT row FROM {dropped_table(name)}")
    insert(con, "places", [(place,) for place in places])
    rows = f"SELECT * FROM {quoted(name)} WHERE rowid IN (SELECT row FROM places)"
    con.execute(f"CREATE OR REPLACE TEMP TABLE {APART} AS {rows}")


def insert(con: duckdb.DuckDBPyConnection, table: str, rows: list[tuple[Any, ...]]) -> None:
    """Put rows in a table, column by column: one statement, however many rows."""
    if rows:
        columns = [list(column) for column in zip(*rows, strict=True)]
        con.execute(f"INSERT INTO {table} SELECT {', '.join('unnest(?)' for _column in columns)}", columns)
