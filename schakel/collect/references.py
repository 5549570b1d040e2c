"""What refers to nothing: references resolved once a file and the files it refers to have been read.

Keys are compared as numbers (hashes of the text), which is several times as quick as comparing the text.
"""

from collections.abc import Callable
from typing import Protocol

from schakel.collect import conditions
from schakel.collect.examined import Examination, Examined, text_cell
from schakel.collect.layouts import Field, Reference
from schakel.engine.duck import literal, quoted


class Tell(Protocol):
    """How a finding about a row is noted."""

    def __call__(self, rule: str, column: str, row: int, action: str, value: object, expected: str = "") -> None: ...


class References:
    """The references of one file, resolved now that it and the files it refers to have been read."""

    def __init__(self, done: Examination, each: Examined, tell: Tell, drop: Callable[[str], None]) -> None:
        self.done, self.con, self.each, self.tell, self.drop = done, done.con, each, tell, drop
        self.table = quoted(each.file.name)

    def run(self) -> None:
        """Tell what refers to nothing or to the wrong kind, and drop the value or the row."""
        for known in self.each.columns.values():
            if not self.each.filled.get(known.name):
                continue
            if known.ref and known.type == "reference":
                self._one(known, known.ref)
            elif known.ref:
                self._several(known, known.ref)

    def _one(self, known: Field, ref: Reference) -> None:
        keys = self.done.known_keys(ref, any_kind=True)
        if not keys:
            self._malformed(known, f"NOT regexp_full_match({text_cell(known)}, '{conditions.IDENTIFIER}')")
            return
        cell, right = f"t.{quoted(known.name)}", self.done.known_keys(ref)
        stray = (
            f"SELECT t.rowid AS row, t.{text_cell(known)} AS value, {cell} AS key FROM {self.table} AS t"
            f" ANTI JOIN ({right}) AS p ON {cell} = p.k WHERE {cell} IS NOT NULL"
        )
        if not ref.kind:
            self._found("reference", known, ref.file, stray)
            return
        self.con.execute(f"CREATE OR REPLACE TEMP TABLE not_that_kind AS {stray}")
        for rule, expected, join in (("reference", ref.file, "ANTI"), ("reference-type", ref.kind, "SEMI")):
            self._found(rule, known, expected, f"FROM not_that_kind {join} JOIN ({keys}) AS p ON key = p.k")

    def _several(self, known: Field, ref: Reference) -> None:
        """A list of references: the items that refer to nothing are left out of it."""
        keys = self.done.known_keys(ref, any_kind=True)
        cell = quoted(known.name)
        if not keys:
            many = rf"({conditions.IDENTIFIER})(, ?{conditions.IDENTIFIER})*"
            self._malformed(known, f"NOT regexp_full_match({cell}, '{many}')")
            return
        whole = f"FROM {self.table} WHERE {cell} IS NOT NULL"
        items = f"SELECT rowid AS row, unnest(string_split({cell}, ',')) AS item, {cell} AS value {whole}"
        lost = f"SELECT i.row, i.item, i.value FROM ({items}) AS i ANTI JOIN ({keys}) AS p ON hash(trim(i.item)) = p.k"
        count = self.con.execute(f"CREATE OR REPLACE TEMP TABLE lost_items AS {lost}").fetchone()
        if not count or not count[0]:
            return
        self._found("reference", known, ref.file, "SELECT DISTINCT row, value FROM lost_items", repaired=True)
        alive = "list_filter(string_split(value, ','), lambda x: NOT list_contains(gone, x))"
        lists = "SELECT row, any_value(value) AS value, list(item) AS gone FROM lost_items GROUP BY row"
        left = f"SELECT row, nullif(array_to_string({alive}, ','), '') AS value FROM ({lists})"
        self.done.rows[self.each.file.name].put(self.con, cell, left)

    def _malformed(self, known: Field, wrong: str) -> None:
        """Where the file that is referred to is not here, at least the form can be judged."""
        text = text_cell(known)
        rows = f"SELECT rowid AS row, {text} AS value FROM {self.table}"
        self._found("identifier", known, "", f"{rows} WHERE {text} IS NOT NULL AND {wrong}")

    def _found(self, rule: str, known: Field, expected: str, rows: str, *, repaired: bool = False) -> None:
        """Tell of the rows that this SQL yields (row, value): asked once, for what is found is used twice."""
        count = self.con.execute(f"CREATE OR REPLACE TEMP TABLE astray AS {rows}").fetchone()
        if not count or not count[0]:
            return
        action = conditions.action(known, rule)
        for row, value in self.con.execute("SELECT row, value FROM astray").fetchall():
            self.tell(rule, known.source, row, action, value, expected)
        if action == "drop row":
            self.drop(f"SELECT row, {literal(rule)}, {literal(known.name)}, 0 FROM astray")
        elif action == "drop value" and not repaired:
            cells = (quoted(known.name), text_cell(known))
            self.done.rows[self.each.file.name].empty(self.con, cells, "SELECT row FROM astray")
