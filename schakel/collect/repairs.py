"""What is done about the rows in which something is wrong, once a file has been read.

Each rule is asked apart, of those rows only. Then the repairs: a row is refused, its duplicates are, and what refers to
a refused row is refused with it (or loses the value where that is optional). Parents come before children, so this runs
on through the package; only within one file (an org under a refused org) does it go one step and no further.
"""

from functools import cache

from schakel.collect import conditions
from schakel.collect.examined import HASHED, Examination, Examined, dropped_table, gone_table, text_cell
from schakel.collect.findings import Finding
from schakel.collect.layouts import Field
from schakel.collect.no_data import at_the_end
from schakel.collect.passes import FilePass
from schakel.collect.references import References
from schakel.collect.rules import rule as rule_of
from schakel.collect.written_cells import insert
from schakel.engine.duck import literal, quoted
from schakel.lib.text import masked
from schakel.lib.text import number as number_of

LEFT_OUT = "left-out"
SAID_AGAIN = "said-again"
TOTAL_ROW = "total-row"
COUNTED = 2_000_000  # keys that are counted at once, to bound the memory


class Repairs:
    """The findings and repairs of one file that has been read."""

    def __init__(self, done: Examination, read: FilePass, each: Examined) -> None:
        self.done, self.con, self.read, self.each = done, done.con, read, each
        self.name, self.table = each.file.name, quoted(each.file.name)
        self.dropped = dropped_table(self.name)
        self._sentence = cache(self._worded)
        self._told: set[tuple[str, str, int]] = set()  # of a wide overview, whose cells share their row

    def run(self) -> None:
        """Tell everything, refuse what must be refused, make the keys that the files to come refer to."""
        self._no_data()
        self._left_out()
        self._broken_rows()
        References(self.done, self.each, self.tell, self.drop).run()
        refs = [(f, f.ref.file) for f, _c in self.read.kept_fields() if f.ref and f.type == "reference"]
        for known, parent in refs:
            if parent != self.name and parent in self.done.files:
                self._orphans(known, parent)
        self._duplicates()
        self._gone()
        for known, parent in refs:
            if parent == self.name:
                self._orphans(known, parent)

    def tell(self, rule: str, column: str, row: int, action: str, value: object, expected: str = "") -> None:
        column, line = self.each.header_of(row, column), self.each.line(row, column)
        if self._is_told(rule, column, line):
            return
        grave, default, message = self._sentence(rule, column, expected)
        self.read.told.append(
            Finding(self.each.label_of(row), line, column, rule, grave, action or default, message, masked(value), row)
        )

    def _is_told(self, rule: str, column: str, line: int) -> bool:
        """Whether the same cell was told of already: in a wide overview one cell is part of many rows."""
        if not (self.each.part.origin and self.each.part.origin.heads):
            return False
        before = (rule, column, line) in self._told
        self._told.add((rule, column, line))
        return before

    def _worded(self, rule: str, column: str, expected: str) -> tuple[str, str, str]:
        found = rule_of(rule)
        return found.severity, found.answer, found.sentence({"column": column, "expected": expected})

    def _no_data(self) -> None:
        """Totals, headings and notes between and below the rows: no rows at all, so told together, in no quarantine."""
        shape = self.read.no_data
        if not shape or not self.read.tally.wrong:
            return
        asked = f"SELECT rowid, {_cells(shape.anywhere)} FROM {self.table} WHERE _text IS NOT NULL"
        maybe = dict(self.con.execute(f"{asked} AND ({_cells(shape.anywhere)} OR {_cells(shape.note)})").fetchall())
        rows = list(at_the_end(maybe, self.each.records.count, self.each.label_of))
        if rows:
            self.con.execute("CREATE OR REPLACE TEMP TABLE no_data (row BIGINT)")
            insert(self.con, "no_data", [(row,) for row in rows])
            self.drop(f"SELECT row, '{LEFT_OUT}', '', 0 FROM no_data")
            lines = {(self.each.label_of(row), self.each.line(row, "")) for row in rows}
            self.read.tell(TOTAL_ROW, found=number_of(len(lines)))

    def _left_out(self) -> None:
        """Rows that the mapping does not want: no mistake, so told together and in no quarantine."""
        for known, c in self.read.fields.values():
            if not known.leave_out:
                continue
            wanted = f"_text IS NOT NULL AND {conditions.left_out(known, _cells(c))}"
            self.drop(f"SELECT rowid, '{LEFT_OUT}', {literal(known.name)}, 0 FROM {self.table} WHERE {wanted}")
            own = f"rule = '{LEFT_OUT}' AND col = {literal(known.name)}"
            count = self.con.execute(f"SELECT count(*) FROM {self.dropped} WHERE {own}").fetchone()
            if count and count[0]:
                self.read.tell(LEFT_OUT, known.source, found=number_of(count[0]))

    def _not_left_out(self) -> str:
        """The rows that are still to be judged, as a condition on rowid."""
        if not self.read.no_data and not any(known.leave_out for known, _c in self.read.fields.values()):
            return "true"
        return f"rowid NOT IN (SELECT row FROM {self.dropped} WHERE rule = '{LEFT_OUT}')"

    def _broken_rows(self) -> None:
        """What exactly is wrong in the rows in which something is wrong."""
        live = [(f, c, b) for f, c, b in self.read.breaches if not self._other_mode(b.rule)]
        if not live or not self.read.tally.wrong:
            return
        self.con.execute(
            f"CREATE OR REPLACE TEMP TABLE bad AS SELECT rowid AS row, _text FROM {self.table}"
            f" WHERE _text IS NOT NULL AND {self._not_left_out()}"
        )
        broken = ", ".join(f"CASE WHEN {_cells(b.sql)} THEN {n} END" for n, (_f, _c, b) in enumerate(live))
        self.con.execute(
            "CREATE OR REPLACE TEMP TABLE broken AS SELECT row, _text, n FROM"
            f" (SELECT row, _text, unnest([{broken}]) AS n FROM bad) WHERE n IS NOT NULL"
        )
        values = " ".join(f"WHEN {n} THEN {_cells(c)}" for n, (_f, c, _b) in enumerate(live))
        for row, n, value in self.con.execute(f"SELECT row, n, left(CASE n {values} END, 1000) FROM broken").fetchall():
            known, _c, breach = live[n]
            self.tell(breach.rule, known.source, row, breach.action, value, breach.expected)
        drops = [(n, b.rule, f.name) for n, (f, _c, b) in enumerate(live) if b.action == "drop row"]
        marks = ", ".join(f"({n}, {literal(rule)}, {literal(name)})" for n, rule, name in drops)
        if drops:
            self.drop(
                f"SELECT row, d.rule, d.col, 0 FROM broken JOIN (VALUES {marks}) AS d(n, rule, col) ON d.n = broken.n"
            )

    def _other_mode(self, rule: str) -> bool:
        return rule.partition("-")[0] in {"bulk", "delta"} and not rule.startswith(self.each.mode)

    def drop(self, rows: str) -> None:
        self.done.drop(self.name, rows)

    def _duplicates(self) -> None:
        """The same key again: the first row that is good otherwise stays. What only repeats it is no mistake."""
        if not self.read.tally.twice:
            return
        judged, number = self._not_left_out(), self.read.key
        self.con.execute("CREATE OR REPLACE TEMP TABLE twice (key UBIGINT)")
        parts = 1 + self.each.records.count // COUNTED
        for part in range(parts):
            keys = f"SELECT {number} FROM {self.table} WHERE {number} % {parts} = {part} AND {judged}"
            self.con.execute(f"INSERT INTO twice {keys} GROUP BY {number} HAVING count(*) > 1")
        if not self.con.execute("SELECT 1 FROM twice LIMIT 1").fetchone():
            return
        key = ", ".join(self.each.file.field(name).source for name in self.read.key_parts)
        again = (
            f"SELECT rowid AS row, rowid = min(rowid) FILTER (rowid NOT IN (SELECT row FROM {self.dropped}))"
            f" OVER (PARTITION BY {number}) AS kept, {self._same(number)} AS same FROM {self.table}"
            f" WHERE {number} IN (SELECT key FROM twice) AND {judged}"
            f" QUALIFY row_number() OVER (PARTITION BY {number} ORDER BY rowid) > 1"
        )
        self.con.execute(f"CREATE OR REPLACE TEMP TABLE again AS {again}")
        repeated = "same AND kept IS NOT true"
        for row, kept in self.con.execute(f"SELECT row, kept FROM again WHERE NOT ({repeated})").fetchall():
            self.tell("duplicate-key", key, row, "accept" if kept else "drop row", None)
        self.drop(f"SELECT row, 'duplicate-key', {literal(key)}, 0 FROM again WHERE kept IS NOT true AND NOT same")
        self.drop(f"SELECT row, '{LEFT_OUT}', {literal(key)}, 0 FROM again WHERE {repeated}")
        count = self.con.execute(f"SELECT count(*) FROM again WHERE {repeated}").fetchone()
        if count and count[0]:
            self.read.tell(SAID_AGAIN, key, found=number_of(count[0]))

    def _same(self, number: str) -> str:
        """Whether a good row says nothing but what the first good one with its key says, as SQL."""
        if not self.each.file.repeats:
            return "false"
        cells = ", ".join(quoted(known.name) for known, _c in self.read.kept_fields())
        refused = f"rowid IN (SELECT row FROM {self.dropped})"
        first = f"first_value(row({cells})) OVER (PARTITION BY {number} ORDER BY {refused}, rowid)"
        return f"NOT {refused} AND row({cells}) IS NOT DISTINCT FROM {first}"

    def _orphans(self, known: Field, parent: str) -> None:
        """Rows that refer to a row which was refused: refused with it, or without the value where it is optional."""
        if parent not in self.done.gone:
            return
        where = f"{quoted(known.name)} IN (SELECT key FROM {gone_table(parent)})"
        action = "drop row" if known.required and known.answer != "drop value" else "drop value"
        found = self.con.execute(f"SELECT rowid, {text_cell(known)} FROM {self.table} WHERE {where}").fetchall()
        for row, value in found:
            self.tell("reference-dropped", known.source, row, action, value, parent)
        if action == "drop row":
            self.drop(f"SELECT rowid, 'reference-dropped', {literal(known.name)}, 0 FROM {self.table} WHERE {where}")
        else:
            cells = (quoted(known.name), text_cell(known))
            self.done.rows[self.name].empty(self.con, cells, f"SELECT rowid AS row FROM {self.table} WHERE {where}")

    def _gone(self) -> None:
        """The keys of which no row is left."""
        key = self.each.file.key[0] if len(self.each.file.key) == 1 else ""
        known = self.each.columns.get(key)
        if not self.each.refused or known is None or known.type not in HASHED:
            return
        if not self.done.references_to(self.name):
            return
        here = f"SELECT {quoted(key)} AS key FROM {self.table} WHERE rowid"
        count = self.con.execute(
            f"CREATE TEMP TABLE {gone_table(self.name)} AS {here} IN (SELECT row FROM {self.dropped})"
            f" EXCEPT {here} NOT IN (SELECT row FROM {self.dropped})"
        ).fetchone()
        if count and count[0]:
            self.done.gone.add(self.name)


def _cells(sql: str) -> str:
    """The same condition over the kept text of a row instead of over the columns being read."""
    return conditions.CELL.sub(lambda m: f"_text[{int(m.group(1)) + 1}]", sql)
