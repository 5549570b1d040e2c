"""Rows that were refused, kept apart so that who may can see what is wrong and have it repaired at the source.

One parquet file per delivered file: the needed columns as text, the way they were written, and _row (the line), _rule,
_column and _reason. A row that breaks two rules stands there twice.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb

from schakel.collect.examined import Examination, Examined, dropped_table, text_cell
from schakel.collect.repairs import LEFT_OUT
from schakel.collect.rules import rule
from schakel.engine.duck import literal, quoted

REFUSED = "refused"  # of dropped rows those that something is wrong with: row, rule, col, line


class Quarantine:
    """The writing of the refused rows of a package; `kept` are the columns that the door lets in."""

    def __init__(self, done: Examination, folder: Path) -> None:
        self.done, self.con, self.needed, self.folder = done, done.con, done.needed, folder

    def write(self, each: Examined, kept: set[str]) -> int:
        """Write the refused rows of one file with where, which rule and why; how many rows that are."""
        name = each.file.name
        path = self.folder / f"{name}.parquet"
        if not each.refused and not _unread(each):
            self._nothing(sorted(self.needed[name]), path)
            return 0
        wanted = f"SELECT * FROM {dropped_table(name)} WHERE rule <> {literal(LEFT_OUT)}"
        self.con.execute(f"CREATE OR REPLACE TEMP TABLE {REFUSED} AS {wanted}")
        self._lines(each)
        self._unread(each)
        cells = ", ".join(as_delivered(self.needed[name], each, kept))
        self.con.execute(
            f"COPY (SELECT {cells}, d.line AS _row, d.rule AS _rule, d.col AS _column, r.reason AS _reason"
            f" FROM {REFUSED} AS d"
            f" LEFT JOIN {quoted(name)} AS t ON t.rowid = d.row JOIN reasons AS r ON r.rule = d.rule AND r.col = d.col"
            f" ORDER BY d.line, d.col) TO {literal(path)} (FORMAT parquet)"
        )
        found = self.con.execute(f"SELECT count(DISTINCT (row, line)) FROM {REFUSED}").fetchone()
        return found[0] if found else 0

    def _nothing(self, columns: list[str], path: Path) -> None:
        """The file of a delivery of which no row was refused: the same columns, no rows."""
        types = {name: "VARCHAR" for name in columns} | {"_row": "BIGINT"}
        types |= dict.fromkeys(("_rule", "_column", "_reason"), "VARCHAR")
        cells = ", ".join(f"CAST(NULL AS {kind}) AS {quoted(name)}" for name, kind in types.items())
        self.con.execute(f"COPY (SELECT {cells} WHERE false) TO {literal(path)} (FORMAT parquet)")

    def _lines(self, each: Examined) -> None:
        """Give each refused row its line, and each pair of rule and column its sentence."""
        rows = self.con.execute(f"SELECT DISTINCT row FROM {REFUSED} WHERE row >= 0").fetchall()
        if rows:
            self.con.execute("CREATE OR REPLACE TEMP TABLE lines (row BIGINT, line BIGINT)")
            insert(self.con, "lines", [(row, each.line(row, "")) for (row,) in rows])
            self.con.execute(f"UPDATE {REFUSED} SET line = lines.line FROM lines WHERE lines.row = {REFUSED}.row")
        self.con.execute("CREATE OR REPLACE TEMP TABLE reasons (rule VARCHAR, col VARCHAR, reason VARCHAR)")

    def _unread(self, each: Examined) -> None:
        """Rows that could not even be read have no columns to keep, but they are counted and told."""
        insert(self.con, REFUSED, _unread(each))
        pairs = self.con.execute(f"SELECT DISTINCT rule, col FROM {REFUSED}").fetchall()
        sentences = {(f.rule, f.column): f.message for f in self.done.findings if f.file == each.part.label}
        named = {f.name: f.source for f in each.file.fields}
        insert(
            self.con,
            "reasons",
            [(r, c, sentences.get((r, named.get(c, c))) or rule(r).sentence({"column": c})) for r, c in pairs],
        )


def _unread(each: Examined) -> list[tuple[Any, ...]]:
    return [(-1, f.rule, "", f.row) for f in each.records.findings if f.action == "drop row"]


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
