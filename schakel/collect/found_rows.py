"""The rows in which something was found, kept apart so that who repairs them can find them again at the source.

`<file>.found` beside the quarantine of a landing, in the parquet format: the needed columns as text, the way they were
written, and _row (the line), _column, _rule, _action and _value (masked). A row with two findings stands there twice.
Rows that came in stand here too; nothing stands here that the door did not let in (law 1). Where a delivery tells of a
period, those of earlier deliveries of which a period stands are here as well: _mark and _package say of which.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from schakel.collect.causes import column_of
from schakel.collect.examined import Examination, Examined
from schakel.collect.findings import Finding
from schakel.collect.parts import Part, marks_of
from schakel.collect.quarantine import as_delivered, insert
from schakel.engine.duck import literal, quoted

SUFFIX = ".found"
MOST = 10_000  # rows of one cause that are kept: more is no list to repair by hand
_KEPT = "place BIGINT, line BIGINT, col VARCHAR, rule VARCHAR, action VARCHAR, value VARCHAR"


class FoundRows:
    """The writing of the rows with findings of one delivery."""

    def __init__(
        self, done: Examination, findings: Iterable[Finding], folder: Path, parts: Sequence[Part] = (),
        before: Path | None = None,
    ) -> None:  # fmt: skip
        self.done, self.con, self.folder, self.parts, self.before = done, done.con, folder, parts, before
        self.of_file: dict[str, list[Finding]] = {}
        for found in findings:
            if found.row and (found.at >= 0 or found.action == "drop row"):
                self.of_file.setdefault(found.file, []).append(found)

    def write(self, each: Examined, kept: set[str]) -> None:
        """Write the rows of one file, if there are any; `kept` are the columns that the door lets in."""
        rows, name = self._rows(each), each.file.name
        earlier = self._earlier(name)
        if not rows and not earlier:
            return
        self.con.execute(f"CREATE OR REPLACE TEMP TABLE found_rows ({_KEPT})")
        insert(self.con, "found_rows", rows)
        cells = as_delivered(self.done.needed.get(name, ()), each, kept)
        path = self.folder / (name + SUFFIX)
        own = ["f.line AS _row", "f.col AS _column", "f.rule AS _rule", "f.action AS _action", "f.value AS _value"]
        if self.parts:
            own += [f"{literal(self.parts[-1].mark)} AS _mark", f"{literal(self.parts[-1].package)} AS _package"]
        now = (
            f"SELECT {', '.join([*cells, *own])} FROM found_rows AS f LEFT JOIN {quoted(name)} AS t"
            " ON t.rowid = f.place ORDER BY f.line, f.col"
        )
        self.con.execute(f"COPY (SELECT * FROM ({now}) {earlier}) TO {literal(path)} (FORMAT parquet)")

    def _earlier(self, name: str) -> str:
        """SQL that adds the rows of deliveries before of which a period stands; empty where there are none."""
        path, marks = (self.before / (name + SUFFIX)) if self.before else None, marks_of(self.parts[:-1], name)
        if path is None or not path.exists() or not marks:
            return ""
        wanted = set(self.done.needed.get(name, ()))
        described = self.con.execute(f"DESCRIBE SELECT * FROM read_parquet({literal(path)})").fetchall()
        there = [quoted(column) for column, *_type in described if column in wanted or column.startswith("_")]
        kept = f"FROM read_parquet({literal(path)}) WHERE _mark IN ({', '.join(map(literal, marks))})"
        if "_mark" not in {column for column, *_type in described} or not self._any(kept):
            return ""
        return f"UNION ALL BY NAME SELECT {', '.join(there)} {kept}"

    def _any(self, rows: str) -> bool:
        return self.con.execute(f"SELECT 1 {rows} LIMIT 1").fetchone() is not None

    def _rows(self, each: Examined) -> list[tuple[Any, ...]]:
        counted, rows = Counter[tuple[str, str]](), []
        for f in self.of_file.get(each.part.label, ()):
            column = column_of(self.done.layout, each.file.name, f.column)
            counted[column, f.rule] += 1
            if counted[column, f.rule] <= MOST:
                rows.append((f.at, f.row, column, f.rule, f.action, f.value))
        return rows
