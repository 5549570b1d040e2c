"""The rows in which something was found, kept apart so that who repairs them can find them again at the source.

`<file>.found` beside the quarantine of a landing, in the parquet format: the needed columns as text, the way they were
written, and _row (the line), _column, _rule, _action and _value (masked). A row with two findings stands there twice.
Rows that came in stand here too; nothing stands here that the door did not let in (law 1). What was found in earlier
deliveries and this one says nothing of (carried.py) is here as well; _mark and _package say in which a row came, and of
a workbook that is read as a whole on which sheet.
"""

from collections import Counter
from collections.abc import Iterable
from functools import cache, partial
from pathlib import Path
from typing import Any

from schakel.collect.carried import Carried
from schakel.collect.causes import column_of
from schakel.collect.examined import Examination, Examined
from schakel.collect.findings import Finding
from schakel.collect.written_cells import APART, as_delivered, insert
from schakel.engine.duck import literal

SUFFIX = ".found"
MOST = 10_000  # rows of one cause that are kept: more is no list to repair by hand
_KEPT = "place BIGINT, line BIGINT, col VARCHAR, rule VARCHAR, action VARCHAR, value VARCHAR, package VARCHAR"


class FoundRows:
    """The writing of the rows with findings of one delivery, each with the mark and the name of that delivery."""

    def __init__(
        self, done: Examination, findings: Iterable[Finding], folder: Path, carried: Carried, mark: str
    ) -> None:
        self.done, self.con, self.folder, self.carried, self.mark = done, done.con, folder, carried, mark
        self.of_file: dict[str, list[Finding]] = {}
        self.rows = cache(self._rows)
        for found in findings:
            if found.row and (found.at >= 0 or found.action == "drop row"):
                self.of_file.setdefault(found.file, []).append(found)

    def write(self, name: str, kept: set[str]) -> None:
        """Write the rows of one file, set apart, if there are any; `kept` are the columns that the door lets in."""
        each, rows = self.done.files.get(name), self.rows(name)
        parts = [self._now(each, rows, kept)] if each and rows else []
        if earlier := self.carried.rows(name, SUFFIX):
            parts.append(earlier)
        if parts:
            path = literal(self.folder / (name + SUFFIX))
            self.con.execute(f"COPY ({' UNION ALL BY NAME '.join(parts)}) TO {path} (FORMAT parquet)")

    def _now(self, each: Examined, rows: list[tuple[Any, ...]], kept: set[str]) -> str:
        """SQL of what was found in this delivery."""
        self.con.execute(f"CREATE OR REPLACE TEMP TABLE found_rows ({_KEPT})")
        insert(self.con, "found_rows", rows)
        own = ["f.line AS _row", "f.col AS _column", "f.rule AS _rule", "f.action AS _action", "f.value AS _value"]
        own += [f"{literal(self.mark)} AS _mark", "f.package AS _package"]
        cells = as_delivered(self.done.needed.get(each.file.name, ()), each, kept)
        found = f"SELECT {', '.join([*cells, *own])} FROM found_rows AS f"
        rows_of = f"LEFT JOIN {APART} AS t ON t.rowid = f.place"
        return f"SELECT * FROM ({found} {rows_of} ORDER BY f.line, f.col)"

    def places(self, name: str) -> set[int]:
        """Where the rows of one file are, among those that were read."""
        return {row[0] for row in self.rows(name)}

    def _rows(self, name: str) -> list[tuple[Any, ...]]:
        """What was found in one file, a row for each cell and each rule."""
        each = self.done.files.get(name)
        if each is None:
            return []
        counted, rows, package = Counter[tuple[str, str]](), [], self.done.package.path.name
        named = cache(partial(column_of, self.done.layout, name))
        for f in (f for label in sorted(each.part.labels) for f in self.of_file.get(label, ())):
            column = named(f.column)
            counted[column, f.rule] += 1
            if counted[column, f.rule] <= MOST:
                of = package if f.file == each.part.label else f.file
                rows.append((f.at, f.row, column, f.rule, f.action, f.value, of))
        return rows
