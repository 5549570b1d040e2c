"""The rows in which something was found, kept apart so that who repairs them can find them again at the source.

`<file>.found` beside the quarantine of a landing, in the parquet format: the needed columns as text, the way they were
written, and _row (the line), _column, _rule, _action and _value (masked). A row with two findings stands there twice.
Rows that came in stand here too; nothing stands here that the door did not let in (law 1).
"""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from schakel.collect.causes import column_of
from schakel.collect.examined import Examination, Examined
from schakel.collect.findings import Finding
from schakel.collect.quarantine import as_delivered, insert
from schakel.engine.duck import literal, quoted

SUFFIX = ".found"
MOST = 10_000  # rows of one cause that are kept: more is no list to repair by hand
_KEPT = "place BIGINT, line BIGINT, col VARCHAR, rule VARCHAR, action VARCHAR, value VARCHAR"


class FoundRows:
    """The writing of the rows with findings of one delivery."""

    def __init__(self, done: Examination, findings: Iterable[Finding], folder: Path) -> None:
        self.done, self.con, self.folder = done, done.con, folder
        self.of_file: dict[str, list[Finding]] = {}
        for found in findings:
            if found.row and (found.at >= 0 or found.action == "drop row"):
                self.of_file.setdefault(found.file, []).append(found)

    def write(self, each: Examined, kept: set[str]) -> None:
        """Write the rows of one file, if there are any; `kept` are the columns that the door lets in."""
        rows = self._rows(each)
        if not rows:
            return
        name = each.file.name
        self.con.execute(f"CREATE OR REPLACE TEMP TABLE found_rows ({_KEPT})")
        insert(self.con, "found_rows", rows)
        cells = as_delivered(self.done.needed.get(name, ()), each, kept)
        path = self.folder / (name + SUFFIX)
        own = "f.line AS _row, f.col AS _column, f.rule AS _rule, f.action AS _action, f.value AS _value"
        self.con.execute(
            f"COPY (SELECT {', '.join([*cells, own])} FROM found_rows AS f LEFT JOIN {quoted(name)} AS t"
            f" ON t.rowid = f.place ORDER BY f.line, f.col) TO {literal(path)} (FORMAT parquet)"
        )

    def _rows(self, each: Examined) -> list[tuple[Any, ...]]:
        counted, rows = Counter[tuple[str, str]](), []
        for f in self.of_file.get(each.part.label, ()):
            column = column_of(self.done.layout, each.file.name, f.column)
            counted[column, f.rule] += 1
            if counted[column, f.rule] <= MOST:
                rows.append((f.at, f.row, column, f.rule, f.action, f.value))
        return rows
