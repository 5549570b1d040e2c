"""One pass over a delivery: every file is read once, each row is held against its rules while it is read.

A row in which nothing is wrong leaves nothing behind but what is needed. Of a row in which something is wrong the whole
text is kept in memory until it is known what; so a wrong date never hides a broken reference. References are resolved
while reading, because the keys of a parent file have become a type by then. Repairs run on through the package: what
refers to a refused row is refused too. Nothing here writes to disk.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field

import duckdb

from schakel.collect import conditions, door
from schakel.collect.conditions import Breach, Keys
from schakel.collect.findings import CheckReport, Finding, finding
from schakel.collect.headers import EXTRA, Column, Header, header
from schakel.collect.layouts import Field, File, Layout, Meaning
from schakel.collect.packages import Package, PackageFile
from schakel.collect.records import Records, Scan, load
from schakel.collect.streams import Stream, read
from schakel.engine.duck import literal, quoted, worker

Needed = Mapping[str, frozenset[str]]
Progress = Callable[[str, int], None]


@dataclass
class Examined:
    """One file after reading: its rows are in the table of its name, its refused rows in `dropped_<name>`."""

    part: PackageFile
    file: File
    head: Header
    records: Records
    mode: str
    decisions: list[door.Decision]
    columns: dict[str, Field]


@dataclass
class Examination:
    """A package that has been read and checked, its rows still in memory. Close it after use."""

    package: Package
    con: duckdb.DuckDBPyConnection
    files: dict[str, Examined] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    @property
    def report(self) -> CheckReport:
        """The verdicts and every finding."""
        rows = {each.part.label: each.records.total for each in self.files.values()}
        return CheckReport.of(self.package.layout.name, self.package.layout.version, rows, self.findings)

    def close(self) -> None:
        """Let go of the rows."""
        self.con.close()


def examine(package: Package, needed: Needed, *, earlier: Mapping[str, str] | None = None,
            progress: Progress | None = None) -> Examination:  # fmt: skip
    """Read and check a package, keeping in memory only the needed columns (and what the rules themselves use).

    `earlier` gives, per file, SQL that yields the keys of the previous landing (a delta may refer to those).
    Raises Unreadable for a file whose text cannot be followed at all.
    """
    con = worker(memory="4GB")
    con.execute("SET preserve_insertion_order = true; SET temp_directory = ''; SET disabled_optimizers = 'in_clause,type_pushdown'")
    for macro in door.MACROS:
        con.execute(macro)
    done = Examination(package, con, findings=list(package.findings))
    try:
        _Examiner(done, needed, earlier or {}, progress).run()
    except BaseException:
        con.close()
        raise
    return done


class _Examiner:
    def __init__(self, done: Examination, needed: Needed, earlier: Mapping[str, str], progress: Progress | None):
        self.done, self.con, self.layout = done, done.con, done.package.layout
        self.needed, self.earlier, self.progress = needed, earlier, progress
        self.keys: dict[tuple[str, str, str], str] = {}
        self.parts = done.package.files

    def run(self) -> None:
        """Every file once, parents first; the next one is unpacked while this one is checked."""
        order = self.layout.order(self.parts)
        with ThreadPoolExecutor(1) as unpacking:
            ahead: Future[Stream] | None = unpacking.submit(self._read, order[0]) if order else None
            for at, name in enumerate(order):
                stream = ahead.result() if ahead else self._read(name)
                ahead = unpacking.submit(self._read, order[at + 1]) if at + 1 < len(order) else None
                try:
                    _FilePass(self, name, stream).run()
                except BaseException:
                    with suppress(Exception):  # noqa: BLE001 the first error is the one to tell
                        ahead and ahead.result().buffer.close()
                    raise
                finally:
                    stream.buffer.close()
        self._missing_parents()
        self._meanings()

    def _read(self, name: str) -> Stream:
        part = self.parts[name]

        def told(size: int) -> None:
            if self.progress:
                self.progress(part.label, size)

        return read(part.entry, part.format.encoding, part.format.delimiter if part.format.trimmed else "", told)

    def _missing_parents(self) -> None:
        """Files that others refer to and that are neither here nor known from before."""
        if any(each.mode == "delta" for each in self.done.files.values()):
            return
        for name in sorted({p for each in self.done.files for p in self.layout.parents(each)} - set(self.done.files)):
            if any(self._refers(each, name) for each in self.done.files.values()):
                self.done.findings.append(finding("file-missing", f"{name}.csv", expected=f"{name}.csv"))

    def _refers(self, each: Examined, parent: str) -> bool:
        refs = [quoted(f.name) for f in each.columns.values() if f.ref and f.ref.file == parent]
        if not refs:
            return False
        sql = f"SELECT 1 FROM {quoted(each.file.name)} WHERE {' OR '.join(f'{r} IS NOT NULL' for r in refs)} LIMIT 1"
        return self.con.execute(sql).fetchone() is not None

    def _meanings(self) -> None:
        for meaning in self.layout.meanings:
            if all(name in self.done.files and column in self.done.files[name].columns for name, column in meaning.uses):
                self._meaning(meaning)

    def _meaning(self, meaning: Meaning) -> None:
        each = self.done.files[meaning.file]
        found = self.con.execute(meaning.sql).fetchall()
        for row, value in found:
            self.done.findings.append(
                finding(
                    meaning.rule, each.part.label, meaning.column, row=each.records.lines.of(row), action=meaning.answer,
                    value=value, expected=meaning.expected,
                )  # fmt: skip
            )
        if found and meaning.answer == "drop row":
            rows = f"SELECT row, {literal(meaning.rule)}, {literal(meaning.column)}, 0 FROM ({meaning.sql}) AS m(row, value)"
            self.con.execute(f"INSERT INTO {quoted('dropped_' + meaning.file)} {rows}")

    def known_columns(self, name: str) -> set[str]:
        """The columns of a file that rules over several files or columns use."""
        return {column for meaning in self.layout.meanings for file, column in meaning.uses if file == name}

    def is_parent(self, name: str) -> bool:
        """Whether another file of this package refers to this one."""
        return any(name in self.layout.parents(other) for other in self.parts)


class _FilePass:
    """The reading of one file."""

    def __init__(self, examiner: _Examiner, name: str, stream: Stream) -> None:
        self.all, self.con, self.stream, self.name = examiner, examiner.con, stream, name
        self.part = examiner.parts[name]
        self.file = examiner.layout.files[name]
        self.told: list[Finding] = []
        self.table = quoted(name)

    def run(self) -> None:
        """Read, decide, report; afterwards the table and the list of refused rows are there."""
        self._text_findings()
        self.head = header(self.stream, self.part, self.file, standard=self.all.layout.standard)
        self.told += self.head.findings
        self.fields = self._delivered()
        self._own_keys_first()
        self.keys = Keys(self.all.keys)
        self.breaches = self._all_breaches()
        resolved = {n for n, (f, _c) in self.fields.items() if f.ref and self.keys.of(f.ref)}
        self.numbers = door.tested(self.head.columns, resolved)
        self.records = load(self.con, self.stream, self.head, self.part, self._create)
        self.mode = self._mode()
        self._settle()

    def _text_findings(self) -> None:
        facts = self.stream.facts
        if facts.encoding:
            declared = self.part.format.encoding
            self._tell("encoding", row=facts.first_odd, expected=declared, found=facts.encoding)
        for row in facts.nul_rows:
            self._tell("nul-byte", row=row)

    def _tell(self, rule: str, column: str = "", **words: object) -> None:
        self.told.append(finding(rule, self.part.label, column, **words))  # type: ignore[arg-type]

    def _delivered(self) -> dict[str, tuple[Field, str]]:
        """The fields at hand with the SQL of their text: own columns of the sender count as text."""
        found = {}
        for column in self.head.columns:
            known = column.field or (Field(column.header) if column.header.startswith(EXTRA) else None)
            if known and not known.secret:
                found[known.name] = (known, self._cell(column, known))
        for name, parts in self.part.derived.items():
            places = [c.sql for c in self.head.columns if c.header in parts]
            if name not in found and len(places) == len(parts):
                found[name] = (self.file.field(name), f"concat_ws('.', {', '.join(places)})")
        return found

    def _cell(self, column: Column, known: Field) -> str:
        trim = self.part.format.trimmed and self.stream.facts.padded
        c = f"nullif(trim({column.sql}), '')" if trim else column.sql
        words = self.part.translated.get(known.name, {})
        if not words:
            return c
        cases = " ".join(f"WHEN {literal(old)} THEN {literal(new)}" for old, new in words.items())
        return f"CASE {c} {cases} ELSE {c} END"

    def _own_keys_first(self) -> None:
        """A file that refers to itself has its keys read beforehand."""
        for column in sorted({f.ref.column for f, _c in self.fields.values() if f.ref and f.ref.file == self.name}):
            if column in self.fields:
                scan = Scan(self.stream.buffer.path, self.part.format.delimiter, self.head.width, self.head.lines)
                self._key_type(column, "", f"SELECT {self.fields[column][1]} FROM {scan.sql(keep_rejects=False)}")

    def _key_type(self, column: str, where: str, keys: str) -> None:
        """Make a type of the keys that these rows have, so that a reference is resolved by casting to it."""
        known = (self.name, column, where)
        name = f"key_{self.name}_{column}" + (f"_{len(self.all.keys)}" if where else "")
        earlier = self.all.earlier.get(self.name)
        before = f" UNION ALL {earlier}" if earlier and not where else ""
        self.con.execute(
            f"CREATE TYPE {quoted(name)} AS ENUM (SELECT DISTINCT CAST(k AS VARCHAR) FROM ({keys}{before}) AS t(k) WHERE k IS NOT NULL)"
        )
        self.all.keys[known] = name

    def _all_breaches(self) -> list[tuple[Field, str, Breach]]:
        keys = Keys(self.all.keys)
        return [
            (f, c, b) for f, c in self.fields.values() if not f.delta_only for b in conditions.breaches(f, c, keys)
        ] + [(f, c, b) for f, c in self.fields.values() if f.delta_only for b in self._status_breaches(f, c)]

    def _status_breaches(self, known: Field, c: str) -> list[Breach]:
        found = conditions.breaches(known, c, self.keys)
        first = known.vocabulary != ()
        if self.part.mode == "delta":
            return [
                *found,
                Breach("delta-status", f"{c} IS NULL", "drop row")
                if first
                else Breach("delta-moment", f"{c} IS NULL", "accept"),
            ]
        deleted = [Breach("bulk-deleted", f"coalesce({c} = 'tobedeleted', false)", "drop row")] if first else []
        return [*found, *deleted, Breach("bulk-status", f"({c} IS NOT NULL AND {c} <> 'tobedeleted')", "accept")]

    def _create(self, scan: str) -> None:
        """The one pass: what is kept, the key, the masks, and the text of rows in which something is wrong."""
        wrong = " OR ".join(filter(None, self._suspicions())) or "false"
        cells = ", ".join(f"cell{place}" for place in range(self.head.width))
        kept = [f"{self._kept(f, c)} AS {quoted(f.name)}" for f, c in self._kept_fields()]
        masks = [f"{sql} AS {name}" for name, sql in self.numbers.sql().items()]
        own = [f"CASE WHEN {wrong} THEN [{cells}] END AS _text", *self._key_hash(), *self._status(), *masks]
        source = f"(SELECT {', '.join(['*', *self.keys.casts()])} FROM {scan})"
        self.con.execute(f"CREATE OR REPLACE TEMP TABLE loaded AS SELECT {', '.join([*kept, *own])} FROM {source}")

    def _suspicions(self) -> list[str]:
        keys = self.keys
        status = [b.sql for f, _c, b in self.breaches if f.delta_only]
        return [conditions.suspect(f, c, keys) for f, c in self.fields.values() if not f.delta_only] + status

    def _kept(self, known: Field, c: str) -> str:
        if known.name in self.file.key and known.type == "identifier":
            own = self.all.keys.get((self.name, known.name, ""))
            return f"CAST({c} AS {quoted(own)})" if own else c
        return conditions.stored_value(known, c, self.keys)

    def _kept_fields(self) -> list[tuple[Field, str]]:
        needed = self.all.needed.get(self.name, frozenset()) | self.all.known_columns(self.name)
        if self.all.is_parent(self.name) or self.name in self.all.needed:
            needed |= set(self.file.key) | self._referred_columns()
        return [(f, c) for f, c in self.fields.values() if f.name in needed or (f.ref and f.type == "reference")]

    def _referred_columns(self) -> set[str]:
        layout = self.all.layout
        refs = [
            f.ref for other in self.all.parts for f in layout.files[other].fields if f.ref and f.ref.file == self.name
        ]
        return {r.column for r in refs} | {"type" for r in refs if r.kind}

    def _key_hash(self) -> list[str]:
        parts = [self.fields[name][1] for name in self.file.key if name in self.fields]
        return [f"hash({', '.join(parts)}) AS _key"] if len(parts) == len(self.file.key) and parts else ["NULL AS _key"]

    def _status(self) -> list[str]:
        status = next((c for f, c in self.fields.values() if f.delta_only and f.vocabulary), None)
        return [f"CAST({status} AS VARCHAR) AS _status"] if status else ["CAST(NULL AS VARCHAR) AS _status"]

    def _mode(self) -> str:
        """Bulk or delta: what the content says wins over what the manifest says."""
        declared = self.part.mode or "bulk"
        if not any(f.delta_only for f, _c in self.fields.values()) or not self.records.count:
            return declared
        counted = self.con.execute("SELECT count(_status), count(*) FROM loaded").fetchone() or (0, 0)
        found = {counted[1]: "delta", 0: "bulk"}.get(counted[0], declared)
        if found != declared:
            self._tell("manifest-disagrees", expected=declared, found=found)
        return found

    def _settle(self) -> None:
        """After the pass: findings, refused rows, keys for the files to come."""
        scan = Scan(self.stream.buffer.path, self.part.format.delimiter, self.head.width, self.head.lines)
        suspects = {c.place for c in self.numbers.suspects(self.con, scan.sql(keep_rejects=False))}
        self.con.execute(f"ALTER TABLE loaded RENAME TO {self.table}")
        self.con.execute(
            f"CREATE TEMP TABLE {quoted('dropped_' + self.name)} (row BIGINT, rule VARCHAR, col VARCHAR, line BIGINT)"
        )
        decisions = [self._decide(column, suspects) for column in self.head.columns]
        self._door_findings(decisions, suspects)
        if not self.records.total:
            self._tell("file-empty")
        self.told += self.records.findings
        self._row_findings()
        self._duplicates()
        self._orphans()
        self._keys_for_children()
        columns = {f.name: f for f, _c in self._kept_fields()}
        self.all.done.files[self.name] = Examined(
            self.part, self.file, self.head, self.records, self.mode, decisions, columns
        )
        self.all.done.findings += self.told

    def _decide(self, column: Column, suspects: set[int]) -> door.Decision:
        return door.decision(self.name, column, self.all.needed.get(self.name, frozenset()), suspects)

    def _door_findings(self, decisions: list[door.Decision], suspects: set[int]) -> None:
        for column, decided in zip(self.head.columns, decisions, strict=True):
            if decided.decision != door.REFUSE:
                continue
            if column.place in suspects:
                key = column.field is not None and column.field.name in self.file.key
                self._tell("bsn-key" if key else "bsn-values", column.header, row=1)
            elif column.field is not None and column.field.secret:
                if self._filled(column):
                    self._tell("password", column.header, row=1)
            else:
                self._tell("bsn-name", column.header, row=1)

    def _filled(self, column: Column) -> bool:
        scan = Scan(self.stream.buffer.path, self.part.format.delimiter, self.head.width, self.head.lines)
        sql = f"SELECT 1 FROM {scan.sql(keep_rejects=False)} WHERE {column.sql} IS NOT NULL LIMIT 1"
        return self.con.execute(sql).fetchone() is not None

    def _row_findings(self) -> None:
        """What exactly is wrong in the rows in which something is wrong; each rule apart."""
        live = [(f, c, b) for f, c, b in self.breaches if not self._other_mode(b.rule)]
        if not live or not self.con.execute(f"SELECT 1 FROM {self.table} WHERE _text IS NOT NULL LIMIT 1").fetchone():
            return
        cells = ", ".join(["rowid AS row", "_text", *(_cells(cast) for cast in self.keys.casts())])
        self.con.execute(f"CREATE OR REPLACE TEMP TABLE bad AS SELECT {cells} FROM {self.table} WHERE _text IS NOT NULL")
        broken = ", ".join(f"CASE WHEN {_cells(b.sql)} THEN {n} END" for n, (_f, _c, b) in enumerate(live))
        self.con.execute(
            "CREATE OR REPLACE TEMP TABLE broken AS SELECT row, _text, n FROM"
            f" (SELECT row, _text, unnest([{broken}]) AS n FROM bad) WHERE n IS NOT NULL"
        )
        values = " ".join(f"WHEN {n} THEN {_cells(c)}" for n, (_f, c, _b) in enumerate(live))
        for row, n, value in self.con.execute(f"SELECT row, n, left(CASE n {values} END, 1000) FROM broken").fetchall():
            known, _c, breach = live[n]
            self._row(breach.rule, known.source, row, breach.action, value, breach.expected)
        drops = [(n, b.rule, f.name) for n, (f, _c, b) in enumerate(live) if b.action == "drop row"]
        if drops:
            marks = ", ".join(f"({n}, {literal(rule)}, {literal(name)})" for n, rule, name in drops)
            self._drop(f"SELECT row, d.rule, d.col, 0 FROM broken JOIN (VALUES {marks}) AS d(n, rule, col) ON d.n = broken.n")

    def _other_mode(self, rule: str) -> bool:
        return rule.split("-")[0] in {"bulk", "delta"} and not rule.startswith(self.mode)

    def _row(self, rule: str, column: str, row: int, action: str, value: object, expected: str = "") -> None:
        line = self.records.lines.of(row)
        self._tell(rule, column, row=line, action=action, value=value, expected=expected)

    def _drop(self, rows: str) -> None:
        self.con.execute(f"INSERT INTO {quoted('dropped_' + self.name)} {rows}")

    def _duplicates(self) -> None:
        """The same key again: the first row stays."""
        key = ", ".join(self.file.field(n).source for n in self.file.key)
        again = (
            f"SELECT rowid FROM {self.table} WHERE _key IN (SELECT _key FROM {self.table} WHERE _key IS NOT NULL"
            f" GROUP BY _key HAVING count(*) > 1) QUALIFY row_number() OVER (PARTITION BY _key ORDER BY rowid) > 1"
        )
        rows = [row for (row,) in self.con.execute(again).fetchall()] if self._has_duplicates() else []
        for row in rows:
            self._row("duplicate-key", key, row, "drop row", None)
        if rows:
            self._drop(
                f"SELECT rowid, 'duplicate-key', {literal(key)}, 0 FROM {self.table} WHERE rowid IN ({', '.join(map(str, rows))})"
            )

    def _has_duplicates(self) -> bool:
        found = self.con.execute(f"SELECT count(_key) > count(DISTINCT _key) FROM {self.table}").fetchone()
        return bool(found and found[0])

    def _orphans(self) -> None:
        """Rows that refer to a row which was refused: refused with it, or without the value where it is optional."""
        for known, _c in self._kept_fields():
            if known.ref and known.type == "reference" and known.ref.file in self.all.done.files:
                self._orphans_of(known)

    def _orphans_of(self, known: Field) -> None:
        gone = quoted(f"gone_{known.ref.file}") if known.ref else ""
        if not gone or not self.con.execute(f"SELECT 1 FROM {gone} LIMIT 1").fetchone():
            return
        column = quoted(known.name)
        found = f"FROM {self.table} WHERE CAST({column} AS VARCHAR) IN (SELECT key FROM {gone})"
        action = "drop row" if known.required else "drop value"
        for row, value in self.con.execute(f"SELECT rowid, CAST({column} AS VARCHAR) {found}").fetchall():
            self._row("reference-dropped", known.source, row, action, value, known.ref.file if known.ref else "")
        if action == "drop row":
            self._drop(f"SELECT rowid, 'reference-dropped', {literal(known.name)}, 0 {found}")
        else:
            self.con.execute(
                f"UPDATE {self.table} SET {column} = NULL WHERE CAST({column} AS VARCHAR) IN (SELECT key FROM {gone})"
            )

    def _keys_for_children(self) -> None:
        key = self.file.key[0] if self.file.key else ""
        dropped, gone = quoted("dropped_" + self.name), quoted("gone_" + self.name)
        kept = {f.name for f, _c in self._kept_fields()}
        if key in kept and len(self.file.key) == 1:
            self.con.execute(
                f"CREATE TEMP TABLE {gone} AS SELECT DISTINCT CAST({quoted(key)} AS VARCHAR) AS key FROM {self.table} WHERE rowid IN"
                f" (SELECT row FROM {dropped}) AND CAST({quoted(key)} AS VARCHAR) NOT IN (SELECT CAST({quoted(key)} AS VARCHAR)"
                f" FROM {self.table} WHERE rowid NOT IN (SELECT row FROM {dropped}) AND {quoted(key)} IS NOT NULL)"
            )
        else:
            self.con.execute(f"CREATE TEMP TABLE {gone} (key VARCHAR)")
        if self.mode == "delta" and self.name not in self.all.earlier:
            return  # a delta may refer to what was delivered before, and that is not known here
        for column, where in sorted(self._wanted_keys()):
            if column not in kept:
                continue
            if (self.name, column, where) not in self.all.keys:
                clause = f" WHERE {where}" if where else ""
                self._key_type(column, where, f"SELECT CAST({quoted(column)} AS VARCHAR) FROM {self.table}{clause}")

    def _wanted_keys(self) -> set[tuple[str, str]]:
        layout: Layout = self.all.layout
        refs = [f.ref for other in self.all.parts if other != self.name for f in layout.files[other].fields if f.ref]
        found = {(r.column, where) for r in refs if r.file == self.name for where in ("", r.where)}
        return found


def _cells(sql: str) -> str:
    """The same condition over the kept text of a row instead of over the columns being read."""
    return conditions.CELL.sub(lambda m: f"_text[{int(m.group(1)) + 1}]", sql)
