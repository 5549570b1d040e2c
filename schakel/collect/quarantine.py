"""Rows that were refused, kept apart so that who may can see what is wrong and have it repaired at the source.

One parquet file per delivered file: the needed columns as text, the way they were written, and _row (the line), _rule,
_column and _reason. A row that breaks two rules stands there twice. What earlier deliveries refused and this one says
nothing of (carried.py) is here as well; _mark and _package say in which delivery a row came, and of a workbook that is
read as a whole on which sheet.
"""

from pathlib import Path
from typing import Any

from schakel.collect.carried import Carried
from schakel.collect.examined import Examination, Examined, dropped_table
from schakel.collect.repairs import LEFT_OUT
from schakel.collect.rules import rule
from schakel.collect.written_cells import APART, as_delivered, insert
from schakel.engine.duck import literal, quoted

REFUSED = "refused"  # of dropped rows those that something is wrong with: row, rule, col, line


class Quarantine:
    """The writing of the refused rows of a package, each with the mark and the name of the delivery that it came in."""

    def __init__(self, done: Examination, folder: Path, carried: Carried, mark: str) -> None:
        self.done, self.con, self.needed, self.folder = done, done.con, done.needed, folder
        self.carried, self.mark = carried, mark

    def write(self, name: str, kept: set[str]) -> tuple[int, int]:
        """Write the refused rows of one file, set apart, with rule and reason; `kept` are the columns that may come in.

        Gives how many rows of this delivery that are, and how many of earlier ones.
        """
        each, earlier = self.done.files.get(name), self.carried.rows(name, ".parquet")
        if each is None and not earlier:
            return 0, 0
        now, fresh = self._nothing(name), 0
        if each is not None and (each.refused or _unread(each)):
            now, fresh = self._refused(each, kept)
        both = f"{now} UNION ALL BY NAME {earlier}" if earlier else now
        path = literal(self.folder / f"{name}.parquet")
        self.con.execute(f"COPY ({both}) TO {path} (FORMAT parquet)")
        return fresh, self._stayed(earlier) if earlier else 0

    def _refused(self, each: Examined, kept: set[str]) -> tuple[str, int]:
        """SQL of what is refused of this delivery, and of how many rows."""
        name = each.file.name
        wanted = f"SELECT * FROM {dropped_table(name)} WHERE rule <> {literal(LEFT_OUT)}"
        self.con.execute(f"CREATE OR REPLACE TEMP TABLE {REFUSED} AS {wanted}")
        self._lines(each)
        self._unread(each)
        cells = ", ".join(as_delivered(self.needed[name], each, kept))
        package = literal(self.done.package.path.name)
        rows = (
            f"SELECT {cells}, d.line AS _row, d.rule AS _rule, d.col AS _column, r.reason AS _reason,"
            f" {literal(self.mark)} AS _mark, coalesce(l.label, {package}) AS _package FROM {REFUSED} AS d"
            f" LEFT JOIN {APART} AS t ON t.rowid = d.row LEFT JOIN lines AS l ON l.row = d.row"
            " JOIN reasons AS r ON r.rule = d.rule AND r.col = d.col ORDER BY d.line, d.col"
        )
        return f"SELECT * FROM ({rows})", self._count(f"SELECT count(DISTINCT (row, line)) FROM {REFUSED}")

    def _nothing(self, name: str) -> str:
        """SQL of a delivery of which no row was refused: the same columns, no rows."""
        types = {column: "VARCHAR" for column in sorted(self.needed[name])} | {"_row": "BIGINT"}
        types |= dict.fromkeys(("_rule", "_column", "_reason", "_mark", "_package"), "VARCHAR")
        cells = ", ".join(f"CAST(NULL AS {kind}) AS {quoted(column)}" for column, kind in types.items())
        return f"SELECT {cells} WHERE false"

    def _stayed(self, earlier: str) -> int:
        """How many rows of earlier deliveries: their quarantine may be from before the marks were kept."""
        marked = f"SELECT CAST(NULL AS VARCHAR) AS _mark WHERE false UNION ALL BY NAME {earlier}"
        return self._count(f"SELECT count(DISTINCT (_mark, _row)) FROM ({marked})")

    def _count(self, sql: str) -> int:
        return int((self.con.execute(sql).fetchone() or (0,))[0])

    def _lines(self, each: Examined) -> None:
        """Give each refused row its line, and each pair of rule and column its sentence."""
        rows = self.con.execute(f"SELECT DISTINCT row FROM {REFUSED} WHERE row >= 0").fetchall()
        self.con.execute("CREATE OR REPLACE TEMP TABLE lines (row BIGINT, line BIGINT, label VARCHAR)")
        if rows:
            insert(self.con, "lines", [(row, each.line(row, ""), self._of(each, row)) for (row,) in rows])
            self.con.execute(f"UPDATE {REFUSED} SET line = lines.line FROM lines WHERE lines.row = {REFUSED}.row")
        self.con.execute("CREATE OR REPLACE TEMP TABLE reasons (rule VARCHAR, col VARCHAR, reason VARCHAR)")

    def _of(self, each: Examined, row: int) -> str:
        """What a row is of: the package, or one of the sheets that it was made of."""
        label = each.label_of(row)
        return self.done.package.path.name if label == each.part.label else label

    def _unread(self, each: Examined) -> None:
        """Rows that could not even be read have no columns to keep, but they are counted and told."""
        insert(self.con, REFUSED, _unread(each))
        pairs = self.con.execute(f"SELECT DISTINCT rule, col FROM {REFUSED}").fetchall()
        sentences = {(f.rule, f.column): f.message for f in self.done.findings if f.file in each.part.labels}
        named = {f.name: f.source for f in each.file.fields}
        insert(
            self.con,
            "reasons",
            [(r, c, sentences.get((r, named.get(c, c))) or rule(r).sentence({"column": c})) for r, c in pairs],
        )


def _unread(each: Examined) -> list[tuple[Any, ...]]:
    return [(-1, f.rule, "", f.row) for f in each.records.findings if f.action == "drop row"]
