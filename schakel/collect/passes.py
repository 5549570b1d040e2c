"""The one pass over a file: what is needed is kept, and of a row in which something is wrong the whole text, in memory.

Keys and references are kept as numbers (hashes), which are quick to join on once the file is read.
"""

from functools import cached_property

import duckdb

from schakel.collect import conditions, door
from schakel.collect.conditions import Breach
from schakel.collect.examined import HASHED, Examination, Examined, dropped_table, hashed, text_cell
from schakel.collect.findings import Finding, finding
from schakel.collect.headers import EXTRA, Column, header
from schakel.collect.held_rows import HeldRows
from schakel.collect.layouts import Field
from schakel.collect.no_data import NoData, no_data
from schakel.collect.other_forms import as_kept
from schakel.collect.packages import PackageFile
from schakel.collect.records import Text
from schakel.collect.streams import Stream
from schakel.collect.tallies import tallied
from schakel.collect.written_cells import decided, meant
from schakel.engine.duck import quoted
from schakel.lib.cells import unwrapped_sql


class FilePass:
    """The reading of one file of a package, over a connection of its own; afterwards its rows are there.

    `before` names the files that were read before it. Close it after use.
    """

    def __init__(
        self, done: Examination, part: PackageFile, stream: Stream, con: duckdb.DuckDBPyConnection, before: set[str]
    ) -> None:
        self.done, self.con, self.part, self.stream, self.name = done, con, part, stream, part.name
        self.before = before
        self.file = done.layout.files[part.name]
        self.told: list[Finding] = []
        self.head = header(stream, part, self.file, standard=done.layout.standard)
        self.text = Text(stream, self.head, part)
        self.fields = self._delivered()

    def run(self) -> Examined:
        """Read the file and decide on its columns. Raises Unreadable."""
        self._text_findings()
        self.told += self.head.findings
        self.breaches = self._all_breaches()
        resolved = {n for n, (f, _c) in self.fields.items() if f.ref and self._tested_elsewhere(f.ref.file)}
        few = self.text.has_fewer_than(door.LEAST_NUMBERS)  # then nothing can be told of its numbers
        self.numbers = door.tested([] if few else self.head.columns, resolved)
        self.rows = self.done.rows[self.name] = HeldRows(self.name, self._numbered())
        self.records = self.text.read(self.con, self._create)
        self.rows.show(self.con)
        refs = [f.name for f, _c in self.kept_fields() if f.ref]
        self.tally = tallied(self.con, self.name, self.records.count, self.key, refs, self.numbers.counts())
        mode = self._mode()
        decisions = self._decisions()
        self.con.execute(
            f"CREATE TABLE {dropped_table(self.name)} (row BIGINT, rule VARCHAR, col VARCHAR, line BIGINT)"
        )
        self.told += self.records.findings
        if not self.records.total and self.part.origin is None:
            self.tell("file-empty")
        kept = {f.name: f for f, _c in self.kept_fields()}
        return Examined(self.part, self.file, self.head, self.records, mode, decisions, kept, self.tally.filled)

    def close(self) -> None:
        """Let go of the text."""
        self.text.close()

    def tell(self, rule: str, column: str = "", **words: object) -> None:
        """Note a finding in this file."""
        self.told.append(finding(rule, self.part.label, column, **words))  # type: ignore[arg-type]

    def kept_fields(self) -> list[tuple[Field, str]]:
        """The fields to keep in memory, with the SQL of their text."""
        used = self.done.used(self.name)
        return [(f, c) for f, c in self.fields.values() if f.name in used or f.ref]

    def _text_findings(self) -> None:
        facts, declared = self.stream.facts, self.part.format.encoding
        if facts.encoding:
            self.tell("encoding", row=facts.first_odd, expected=declared, found=facts.encoding)
        for row in facts.nul_rows:
            self.tell("nul-byte", row=row)

    def _delivered(self) -> dict[str, tuple[Field, str]]:
        """The fields at hand with the SQL of their text: own columns of the sender count as text."""
        found = dict[str, tuple[Field, str]]()
        for column in self.head.columns:
            known = column.field or (Field(column.header) if column.header.startswith(EXTRA) else None)
            if known and not known.secret and not known.forbidden:
                found.setdefault(known.name, (known, as_kept(known, meant(self.part, known.name, column.sql))))
        for name, parts in self.part.derived.items():
            places = [c.sql for c in self.head.columns if name in self.part.made_of(c.header)]
            if name not in found and len(places) == len(parts):
                text = places[0] if len(places) == 1 else f"nullif(concat_ws('.', {', '.join(places)}), '')"
                known = self.file.field(name)
                found[name] = (known, as_kept(known, meant(self.part, name, text)))
        for column in self.head.columns:
            for name in self.part.decided_by(column.header) & found.keys():
                known, own = found[name]
                found[name] = known, decided(own, column.sql, self.part.decided[name][1])
        return found

    def _cells(self, scan: str) -> str:
        """The cells to read from, without filler blanks and the like where the format has them."""
        if not (self.part.format.trimmed and self.stream.facts.dressed):
            return scan
        bare = ", ".join(f"{unwrapped_sql(c.sql)} AS {c.sql}" for c in self.head.columns)
        return f"(SELECT {bare} FROM {scan})"

    def _tested_elsewhere(self, parent: str) -> bool:
        """Whether the values of a reference are held against the eleven-test in the file they refer to."""
        return parent in self.before or parent == self.name

    def _all_breaches(self) -> list[tuple[Field, str, Breach]]:
        found = [(f, c, b) for f, c in self._judged() for b in conditions.breaches(f, c)]
        status = [(f, c) for f, c in self.fields.values() if f.delta_only]
        return found + [
            (f, c, b) for f, c in status for mode in ("bulk", "delta") for b in conditions.status_breaches(f, c, mode)
        ]

    def _judged(self) -> list[tuple[Field, str]]:
        """The fields whose values are judged. Of a file of people's own no column that may be empty and nobody asks."""
        used = self.done.used(self.name) if self.part.format.trimmed and self.done.needed else self.fields.keys()
        return [(f, c) for f, c in self.fields.values() if f.required or f.leave_out or f.name in used]

    def _create(self, scan: str, *, more: bool = False) -> int:
        """The pass: what is kept, the key, the masks, and the text of rows in which something is wrong."""
        kept = [sql for f, c in self.kept_fields() for sql in self._kept(f, c)]
        masks = [f"{sql} AS {name}" for name, sql in self.numbers.sql().items()]
        wrong = " OR ".join(filter(None, self._suspicions())) or "false"
        cells = ", ".join(column.sql for column in self.head.columns)
        own = [
            f"CASE WHEN {wrong} THEN [{cells}] END AS _text",
            *([self._key_hash()] if self.key == "_key" else []),
            self._status(),
            self._moment(),
            *masks,
        ]
        if not more:
            self.rows.close()  # what was read in a way that did not add up
        return self.rows.add(self.con, self._once(", ".join([*kept, *own]), self._cells(scan)))

    def _once(self, columns: str, scan: str) -> str:
        """The SQL of these columns, with each value that is kept in its own type worked out once for each row."""
        values = [conditions.kept_value(f, c) for f, c in self.kept_fields() if f.type in conditions.TYPED]
        names = {value: f"value{at}" for at, value in enumerate(dict.fromkeys(values))}
        for value, name in names.items():
            columns = columns.replace(value, name)
        made = "".join(f", {value} AS {name}" for value, name in names.items())
        return f"SELECT {columns} FROM (SELECT *{made} FROM {scan})"

    @cached_property
    def no_data(self) -> NoData:
        """The rows in and below a list that are none of it, as people's own files have them."""
        if not self.part.format.trimmed:
            return NoData()
        beside = 1 if self.part.origin and self.part.origin.labels else 0  # the name of the sheet
        return no_data(self.file, self.fields, self.head.columns, beside)

    def _suspicions(self) -> list[str]:
        mode = self.part.mode or "bulk"
        status = [
            b.sql for f, c in self.fields.values() if f.delta_only for b in conditions.status_breaches(f, c, mode)
        ]
        left_out = [conditions.left_out(f, c) for f, c in self.fields.values() if f.leave_out]
        wrong = [conditions.suspect(f, c) for f, c in self._judged()]
        return [*wrong, *status, *left_out, self.no_data.suspect]

    def _kept(self, known: Field, c: str) -> list[str]:
        if known.type not in HASHED:
            return [f"{conditions.stored_value(known, c)} AS {quoted(known.name)}"]
        if known.type == "reference":  # many rows refer to the same: what they have in common is numbered when asked
            return [f"{c} AS {text_cell(known)}"]
        number = f"{hashed(c)} AS {quoted(known.name)}"
        needed = known.name in self.done.needed.get(self.name, ())
        return [number, f"{c} AS {text_cell(known)}"] if needed else [number]

    def _numbered(self) -> dict[str, str]:
        """The references, as numbers to join on: the column of each and its SQL."""
        refs = (f for f, _c in self.kept_fields() if f.type == "reference")
        return {quoted(f.name): hashed(text_cell(f)) for f in refs}

    @cached_property
    def key(self) -> str:
        """The column that holds the key as a number: that of the field itself, where one field is the key."""
        kept = {f.name for f, _c in self.kept_fields() if f.type == "identifier"}
        return quoted(self.file.key[0]) if len(self.file.key) == 1 and set(self.file.key) <= kept else "_key"

    @property
    def key_parts(self) -> list[str]:
        """The fields that the key of this file is made of: without those that a file may lack and this one lacks."""
        return [name for name in self.file.key if name in self.fields or not self.file.field(name).tolerated]

    def _key_hash(self) -> str:
        """The key as a number; null where a part that must be there is empty."""
        parts = [self.fields[name] for name in self.key_parts if name in self.fields]
        if not parts or len(parts) < len(self.key_parts):
            return "CAST(NULL AS UBIGINT) AS _key"
        filled = " AND ".join(f"{c} IS NOT NULL" for f, c in parts if f.required or len(parts) == 1) or "true"
        return f"CASE WHEN {filled} THEN hash({', '.join(c for _f, c in parts)}) END AS _key"

    def _status(self) -> str:
        """The word that says whether a row is deleted, in any letter case: so it is read, and so it is obeyed."""
        status = next((c for f, c in self.fields.values() if f.delta_only and f.vocabulary), "NULL")
        return f"lower(CAST({status} AS VARCHAR)) AS _status"

    def _moment(self) -> str:
        moment = next((c for f, c in self.fields.values() if f.delta_only and not f.vocabulary), "NULL")
        return f"{moment} IS NOT NULL AS _moment"

    def _mode(self) -> str:
        """Bulk or delta: what the content says wins over what the manifest says.

        Where it does not say it plainly the manifest counts: a delta taken for bulk would empty the rest of the file.
        """
        declared = self.part.mode or "bulk"
        if not any(f.delta_only for f, _c in self.fields.values()) or not self.records.count:
            return declared
        filled, moments = self.tally.status, self.tally.moments
        found = "delta" if filled == self.records.count else "bulk" if not filled and not moments else declared
        if found != declared:
            self.tell("manifest-disagrees", expected=declared, found=found)
        return found

    def _decisions(self) -> list[door.Decision]:
        """What the door decides about each column, with a finding for what it refuses."""
        suspects = {c.place for c in self.numbers.suspects(self.con, self._cells_again, self.tally.numbers)}
        needed = self.done.needed.get(self.name, frozenset())
        needed |= {c.header for c in self.head.columns if self.part.decided_by(c.header) & needed}
        told = [door.decision(self.name, column, needed, suspects) for column in self.head.columns]
        for column, each in zip(self.head.columns, told, strict=True):
            if each.decision == door.REFUSE:
                self._refusal(column, suspects)
        return told

    def _cells_again(self) -> str:
        return self._cells(self.text.scan().sql(keep_rejects=False))

    def _refusal(self, column: Column, suspects: set[int]) -> None:
        row, barred = self.part.head_line(column.header), column.field.forbidden if column.field else ""
        if column.place in suspects:
            key = column.field is not None and column.field.name in self.file.key
            self.tell("bsn-key" if key else "bsn-values", column.header, row=row)
        elif door.forbidden(column):
            self.tell("bsn-name", column.header, row=row)
        elif self._filled(column):
            self.tell(barred or "password", column.header, row=row)

    def _filled(self, column: Column) -> bool:
        scan = self.text.scan().sql(keep_rejects=False)
        return self.con.execute(f"SELECT 1 FROM {scan} WHERE {column.sql} IS NOT NULL LIMIT 1").fetchone() is not None
