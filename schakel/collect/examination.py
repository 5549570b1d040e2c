"""One pass over a delivery: every file is read once, each row is held against its rules while it is read.

A row in which nothing is wrong leaves nothing behind but what is needed. Nothing here writes to disk.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor

from schakel.collect import door
from schakel.collect.examined import HASHED, Elsewhere, Examination, Examined, Needed, dropped_table, text_cell
from schakel.collect.findings import finding
from schakel.collect.layouts import Meaning
from schakel.collect.packages import Package, PackageFile
from schakel.collect.passes import FilePass
from schakel.collect.repairs import LEFT_OUT, Repairs
from schakel.collect.rules import rule
from schakel.collect.streams import Stream, read
from schakel.engine.duck import OutOfMemory, literal, quoted, worker
from schakel.lib.errors import Unreadable
from schakel.lib.text import gettext as _

Progress = Callable[[str, int], None]

# A row's line follows from its place, so order must hold: `in_clause` makes joins of word lists, and these lose it.
# `type_pushdown` moves a cast into the CSV reader, where a value that does not fit costs the whole row.
_SETTINGS = (
    "SET preserve_insertion_order = true",
    "SET temp_directory = ''",
    "SET disabled_optimizers = 'in_clause,type_pushdown'",
)


def examine(
    package: Package, needed: Needed, *, earlier: Mapping[str, str] | None = None, progress: Progress | None = None,
    elsewhere: Elsewhere | None = None,
) -> Examination:  # fmt: skip
    """Read and check a package, keeping in memory only the needed columns (and what the rules themselves use).

    `earlier` gives, per file, SQL that yields the keys of the previous landing (a delta may refer to those),
    `elsewhere` per column of another source SQL that yields its values, for the rules over several sources.
    Raises Unreadable for a file whose text cannot be followed at all.
    """
    con = worker(memory="4GB")
    for statement in (*_SETTINGS, door.QUICK):
        con.execute(statement)
    done = Examination(package, con, needed, earlier or {}, elsewhere or {}, findings=list(package.findings))
    try:
        _read_all(done, progress)
        _missing_parents(done)
        for meaning in package.layout.meanings:
            _judge(done, meaning)
    except OutOfMemory as error:
        done.close()
        text = _("Deze levering is te groot: zij past niet in het geheugen.")
        hint = _("Lever haar in delen, of laat kolommen weg die niemand nodig heeft.")
        raise Unreadable(text, code="size", where=package.path.name, hint=hint) from error
    except BaseException:
        done.close()
        raise
    return done


def _read_all(done: Examination, progress: Progress | None) -> None:
    """Every file once, parents first. While one is judged the next is read, and the one after that is unpacked."""
    parts = [done.package.files[name] for name in done.layout.order(done.package.files)]
    with ThreadPoolExecutor(1) as unpacking, ThreadPoolExecutor(1) as reading:
        ahead = _Ahead(done, parts, unpacking, progress)
        coming = reading.submit(ahead.read_next) if parts else None
        try:
            while coming:
                part, found = coming.result()
                coming = reading.submit(ahead.read_next) if ahead.left else None
                _judge_one(done, part, found)
        finally:
            if coming:
                coming.exception()
            ahead.let_go()


class _Ahead:
    """The files that are still to be read, in their order; one more than is read is being unpacked."""

    def __init__(
        self, done: Examination, parts: Sequence[PackageFile], unpacking: Executor, progress: Progress | None
    ) -> None:
        self.done, self.left, self.unpacking, self.progress = done, list(parts), unpacking, progress
        self.con, self.before = done.con.cursor(), set[str]()
        self.next: Future[Stream] | None = None

    def read_next(self) -> tuple[PackageFile, tuple[FilePass, Examined] | None]:
        """Read the next file; None in its place where it is empty."""
        part = self.left.pop(0)
        stream = (self.next or self._unpack(part)).result()
        self.next = self._unpack(self.left[0]) if self.left else None
        try:
            if stream.blank():
                return part, None
            reading = FilePass(self.done, part, stream, self.con, self.before)
            try:
                found = reading, reading.run()
            finally:
                reading.close()
        finally:
            stream.buffer.close()
        self.before.add(part.name)
        return part, found

    def _unpack(self, part: PackageFile) -> Future[Stream]:
        return self.unpacking.submit(_stream, part, self.progress)

    def let_go(self) -> None:
        """Close what was unpacked for nothing; an error in it is not the one to tell."""
        if self.next and not self.next.exception():
            self.next.result().buffer.close()
        self.con.close()


def _stream(part: PackageFile, progress: Progress | None) -> Stream:
    def told(size: int) -> None:
        if progress:
            progress(part.label, size)

    form = part.format
    return read(part.entry, form.encoding, form.delimiter if form.trimmed else "", told)


def _judge_one(done: Examination, part: PackageFile, found: tuple[FilePass, Examined] | None) -> None:
    if found is None:
        done.findings.append(finding("file-empty", part.label))
        return
    reading, each = found
    done.files[part.name] = each
    Repairs(done, reading, each).run()
    done.findings += reading.told


def _missing_parents(done: Examination) -> None:
    """Files that others refer to and that are neither here nor known from before."""
    if any(each.mode == "delta" for each in done.files.values()):
        return
    parents = {parent for name in done.files for parent in done.layout.parents(name)} - set(done.files)
    for name in sorted(parents):
        if any(_refers(done, each, name) for each in done.files.values()):
            done.findings.append(finding("file-missing", f"{name}.csv", expected=f"{name}.csv"))


def _refers(done: Examination, each: Examined, parent: str) -> bool:
    refs = [quoted(f.name) for f in each.columns.values() if f.ref and f.ref.file == parent]
    if not refs:
        return False
    filled = " OR ".join(f"{ref} IS NOT NULL" for ref in refs)
    return done.con.execute(f"SELECT 1 FROM {quoted(each.file.name)} WHERE {filled} LIMIT 1").fetchone() is not None


def _judge(done: Examination, meaning: Meaning) -> None:
    """A rule over several columns, files or sources, where all it uses was delivered."""
    sql = _asked(done, meaning)
    each = done.files.get(meaning.file)
    if not sql or each is None or not each.records.count:
        return
    left = f"SELECT row FROM {dropped_table(meaning.file)} WHERE rule = {literal(LEFT_OUT)}"
    some = each.part.format.trimmed or any(f.leave_out for f in each.file.fields)  # rows that are no data
    wanted = f"WHERE row NOT IN ({left})" if some else ""
    judged = f"SELECT * FROM ({sql}) AS m(row, value) {wanted}"
    answer = meaning.answer or rule(meaning.rule).answer
    if answer in {"drop row", "drop value"}:  # asked once, for what is found is used twice
        count = done.con.execute(f"CREATE OR REPLACE TEMP TABLE judged AS {judged}").fetchone()
        judged = "SELECT * FROM judged" if count and count[0] else ""
    found = done.con.execute(f"SELECT row, value FROM ({judged}) ORDER BY row").fetchall() if judged else []
    for row, value in found:
        line = each.line(row, meaning.column)
        words = {"row": line, "action": meaning.answer, "value": value, "expected": meaning.expected}
        told = finding(meaning.rule, each.label_of(row), each.header_of(row, meaning.column), **words)
        told.at = row
        done.findings.append(told)
    if found:
        _answer(done, meaning, answer)


def _answer(done: Examination, meaning: Meaning, answer: str) -> None:
    """Refuse the rows that were judged, or empty the value in them."""
    each = done.files[meaning.file]
    field = next((f for f in each.file.fields if f.source == meaning.column), None)
    if answer == "drop row":
        column = field.name if field else meaning.column
        done.drop(meaning.file, f"SELECT row, {literal(meaning.rule)}, {literal(column)}, 0 FROM judged")
    elif answer == "drop value" and field and field.name in each.columns:
        cells = {quoted(field.name), text_cell(field)} if field.type in HASHED else {quoted(field.name)}
        done.rows[meaning.file].empty(done.con, sorted(cells), "SELECT row FROM judged")


def _asked(done: Examination, meaning: Meaning) -> str:
    """The SQL of a rule; empty where something that it uses is not there."""
    if not all(name in done.files and column in done.files[name].columns for name, column in meaning.uses):
        return ""
    if not meaning.elsewhere:
        return meaning.sql
    known = [done.elsewhere[each] for each in meaning.elsewhere if each in done.elsewhere]
    return f"WITH elsewhere(k) AS ({' UNION ALL '.join(known)}) {meaning.sql}" if known else ""
