"""The rows that earlier deliveries set apart and that this one says nothing of: they are as wrong as they were.

A full delivery says something of every row. A delta does of the rows that it names by their key, and one that tells of
a period of that period alone. `_mark` and `_package` say of each row set apart in which delivery it came.
"""

from collections.abc import Sequence
from pathlib import Path

from schakel.collect.examined import Examination, Examined
from schakel.collect.parts import Part, marks_of
from schakel.collect.written_cells import as_delivered
from schakel.engine.duck import literal, quoted


class Carried:
    """What stays of the rows in `before`, the quarantine that this delivery is put with; None where it replaces all."""

    def __init__(self, done: Examination, before: Path | None, parts: Sequence[Part] = ()) -> None:
        self.done, self.con, self.before, self.parts = done, done.con, before, parts

    def rows(self, name: str, suffix: str) -> str:
        """SQL of the rows of a file that stay, in its needed columns and those of our own; empty where none does."""
        path = self.before / f"{name}{suffix}" if self.before else None
        if path is None or not path.exists():
            return ""
        source = f"read_parquet({literal(path)})"
        described = self.con.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
        there = {column for column, *_type in described}
        wanted = self.done.needed.get(name, frozenset())
        columns = ", ".join(f"b.{quoted(c)}" for c in sorted(there) if c in wanted or c.startswith("_"))
        sql = f"SELECT {columns} FROM {source} AS b {self._unsaid(name, there)}"
        return sql if self.con.execute(f"SELECT 1 FROM ({sql}) LIMIT 1").fetchone() else ""

    def _unsaid(self, name: str, there: set[str]) -> str:
        """SQL that leaves out the rows of which this delivery does say something."""
        each, file = self.done.files.get(name), self.done.layout.files[name]
        if file.covers:
            marks = ", ".join(map(literal, marks_of(self.parts, name)))
            return f"WHERE b._mark IN ({marks})" if marks and "_mark" in there else "WHERE false"
        if each is None:
            return ""
        if each.mode != "delta":
            return "WHERE false"
        return self._unnamed(each) if set(file.key) <= there else ""

    def _unnamed(self, each: Examined) -> str:
        keys = each.file.key
        kept = set(keys) & set(each.columns)
        named = f"SELECT {', '.join(as_delivered(keys, each, kept))} FROM {quoted(each.file.name)} AS t"
        return f"ANTI JOIN ({named}) AS n ON {' AND '.join(f'trim(b.{quoted(k)}) = trim(n.{quoted(k)})' for k in keys)}"
