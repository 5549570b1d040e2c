"""From text to rows: DuckDB reads the file in one pass; rows it cannot read are findings, and every row knows its line.

The plain case costs nothing: as many lines as rows means that row and line number run together. Only a file with blank
lines, line breaks inside fields or stray quotes is walked through line by line.
"""

import csv
import io
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

import duckdb

from schakel.collect.findings import Finding, finding
from schakel.collect.headers import Header
from schakel.collect.listings import CHUNK
from schakel.collect.packages import PackageFile
from schakel.collect.streams import Buffer, Stream
from schakel.engine.duck import literal
from schakel.lib.errors import Unreadable
from schakel.lib.text import gettext as _

PIECE = 2**26  # bytes that are read at once of a text that is read in pieces
MAX_JOINED = 200  # lines that one quoted field may run over
_FORGET = "DROP TABLE IF EXISTS rejected; DROP TABLE IF EXISTS rejected_scan"
_REJECT = {"UNQUOTED VALUE": "open-quote", "LINE SIZE OVER MAXIMUM": "giant-field"}


@dataclass
class Lines:
    """Which line each read row (counted from 0) begins on."""

    first: int = 2
    rejected: list[int] = field(default_factory=list)
    jumps: list[tuple[int, int]] = field(default_factory=list)

    def of(self, row: int) -> int:
        """The line on which the row begins, the header being line 1."""
        return self.of_record(self.record(row))

    def record(self, row: int) -> int:
        """Which record of the text a row is: rows that could not be read count along."""
        record = row
        while (moved := row + bisect_right(self.rejected, record)) != record:
            record = moved
        return record

    def of_record(self, record: int) -> int:
        """The line on which a record of the text begins, readable or not."""
        at = bisect_right(self.jumps, (record, 2**62)) - 1
        start, line = self.jumps[at] if at >= 0 else (0, self.first)
        return line + record - start


@dataclass
class Records:
    """The outcome of reading: where the rows are, and the rows that could not be read."""

    count: int
    lines: Lines
    findings: list[Finding]

    @property
    def total(self) -> int:
        """All data rows of the file, readable or not."""
        return self.count + len({f.row for f in self.findings if f.action == "drop row"})


@dataclass(frozen=True)
class Scan:
    """A text as DuckDB reads it."""

    path: str
    delimiter: str
    width: int
    skip: int

    def sql(self, *, keep_rejects: bool = True) -> str:
        """The table function that yields cell0, cell1, ... as text; an empty cell is null."""
        names = ", ".join(f"'cell{place}': 'VARCHAR'" for place in range(self.width))
        rejects = "store_rejects = true, rejects_limit = 0, rejects_table = 'rejected', rejects_scan = 'rejected_scan'"
        return (
            f"read_csv({literal(self.path)}, columns = {{{names}}}, auto_detect = false, header = false, "
            f"skip = {self.skip}, delim = {literal(self.delimiter)}, quote = '\"', escape = '\"', "
            f"{rejects if keep_rejects else 'ignore_errors = true'})"
        )


class Create(Protocol):
    """What makes the table of a file out of what a table function yields, or adds to it; how many rows those were."""

    def __call__(self, scan: str, *, more: bool = False) -> int: ...


class Text:
    """A delivered text that can be read more than once; close it after use.

    It is read as it is, and only when that does not add up is it walked through line by line.
    """

    def __init__(self, stream: Stream, head: Header, part: PackageFile) -> None:
        self.stream, self.head, self.part = stream, head, part
        self._walked: _Walked | None = None
        self._expected = stream.facts.newlines + stream.facts.open_end - head.lines

    def scan(self) -> Scan:
        """The text as DuckDB reads it now."""
        if self._walked:
            return Scan(self._walked.buffer.path, self.part.format.delimiter, self.head.width, 0)
        return Scan(self.stream.buffer.path, self.part.format.delimiter, self.head.width, self.head.lines)

    def has_fewer_than(self, rows: int) -> bool:
        """Whether there are surely fewer rows, in whatever way its lines are read."""
        if self.stream.buffer.size > CHUNK:
            return False
        text = self.stream.buffer.content()
        ends = text.count(b"\n") + text.count(b"\r") - text.count(b"\r\n")
        return ends + 1 - self.head.lines < rows

    def read(self, con: duckdb.DuckDBPyConnection, create: Create) -> Records:
        """Read all rows: `create` is given the table function and makes the table. Raises Unreadable."""
        if self._walked is None and self.head.lines == 1:
            outcome = self._as_it_is(con, create)
            if outcome:
                return _records(outcome, Lines(), self.part, self.head, [])
        self._walked = self._walked or _walk(self.stream, self.head, self.part)
        outcome = _attempt(con, self.scan(), create)
        if outcome is None or outcome.total != self._walked.count:
            raise Unreadable(
                _("De aanhalingstekens of regels in dit bestand zijn niet te volgen."), where=self.part.label
            )
        return _records(outcome, Lines(0, [], self._walked.jumps), self.part, self.head, list(self._walked.findings))

    def _as_it_is(self, con: duckdb.DuckDBPyConnection, create: Create) -> "_Outcome | None":
        """Every line one row; None where that does not add up. A large text goes in pieces, to bound the memory."""
        if self.stream.buffer.size <= self.stream.buffer.at_once:
            outcome = _attempt(con, self.scan(), create)
            return outcome if outcome and outcome.adds_up(self._expected) else None
        whole, at = _Outcome(0, []), 0
        while piece := self.stream.buffer.piece(at, PIECE):
            outcome = self._piece(con, create, piece, first=at == 0)
            if outcome is None:
                return None
            whole, at = whole.and_then(outcome), at + len(piece)
        return whole if whole.adds_up(self._expected) else None

    def _piece(self, con: duckdb.DuckDBPyConnection, create: Create, piece: bytes, *, first: bool
               ) -> "_Outcome | None":  # fmt: skip
        """One piece: a cut inside quotes does not add up."""
        skip, buffer = self.head.lines if first else 0, Buffer()
        expected = piece.count(b"\n") + (not piece.endswith(b"\n")) - skip
        try:
            buffer.write(piece)
            scan = Scan(buffer.path, self.part.format.delimiter, self.head.width, skip)
            outcome = _attempt(con, scan, partial(create, more=not first))
        finally:
            buffer.close()
        return outcome if outcome and outcome.adds_up(expected) else None

    def close(self) -> None:
        """Let go of the memory."""
        if self._walked:
            self._walked.buffer.close()


@dataclass(frozen=True)
class _Outcome:
    count: int
    rejects: list[tuple[int, str]]

    @property
    def total(self) -> int:
        return self.count + len(self.rejects)

    def adds_up(self, expected: int) -> bool:
        """Whether every line is one row, read or rejected, and no quote runs on."""
        return self.total == expected and not any(kind == "UNQUOTED VALUE" for _record, kind in self.rejects)

    def and_then(self, other: "_Outcome") -> "_Outcome":
        """This and what was read after it."""
        later = [(self.total + record, kind) for record, kind in other.rejects]
        return _Outcome(self.count + other.count, self.rejects + later)


def _attempt(con: duckdb.DuckDBPyConnection, scan: Scan, create: Create) -> _Outcome | None:
    """The number of rows and the rejected records (counted from 0), or None when the text breaks the reader."""
    try:
        count = create(scan.sql())
    except (duckdb.InvalidInputException, duckdb.IOException):
        con.execute(_FORGET)
        return None
    if not con.execute("SELECT 1 FROM rejected LIMIT 1").fetchone():
        return _Outcome(count, [])
    rejects = con.execute("SELECT line, min(error_type::VARCHAR) FROM rejected GROUP BY line ORDER BY line").fetchall()
    con.execute(_FORGET)
    return _Outcome(count, [(line - 1 - scan.skip, kind) for line, kind in rejects])


def _records(outcome: _Outcome, lines: Lines, part: PackageFile, head: Header, findings: list[Finding]) -> Records:
    lines.rejected = [record for record, _kind in outcome.rejects]
    for record, kind in outcome.rejects:
        rule = _REJECT.get(kind, "ragged-row")
        line = part.origin.rows[record] if part.origin else lines.of_record(record)
        findings.append(finding(rule, part.label, row=line, expected=str(head.width)))
    return Records(outcome.count, lines, findings)


@dataclass
class _Walked:
    buffer: Buffer
    count: int = 0
    jumps: list[tuple[int, int]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def _walk(stream: Stream, head: Header, part: PackageFile) -> _Walked:
    """The text again without blank lines and without lines whose quotes cannot be followed."""
    walked, kept, follows = _Walked(Buffer()), list[bytes](), -1
    texts = stream.buffer.content().replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    for line, record in _joined(texts, head, part, walked.findings):
        if line != follows:
            walked.jumps.append((walked.count, line))
        walked.count += 1
        follows = line + 1
        kept.append(record)
    walked.buffer.write(b"\n".join([*kept, b""]))
    return walked


def _joined(
    texts: list[bytes], head: Header, part: PackageFile, findings: list[Finding]
) -> Iterator[tuple[int, bytes]]:
    """Line and text of each record. A line whose quote never closes is left out on its own, and told."""
    at = head.lines
    while at < len(texts):
        text, size = texts[at], 1
        if b'"' in text and text.count(b'"') % 2 and _opens(text, part.format.delimiter.encode()):
            text, size = _closed(texts, at, head.width, part.format.delimiter)
            findings.append(finding("line-break" if text else "open-quote", part.label, row=at + 1))
        if text and text.strip():
            yield at + 1, text
        at += size


def _opens(text: bytes, delimiter: bytes) -> bool:
    """Whether a quote begins a field; one in the middle of a bare field (5" wide) is an ordinary sign."""
    return text.startswith(b'"') or delimiter + b'"' in text


def _closed(texts: list[bytes], at: int, width: int, delimiter: str) -> tuple[bytes, int]:
    """The record that begins on this line with an open quote, if the following lines close it well."""
    quotes, joined = 0, list[bytes]()
    for text in texts[at : at + MAX_JOINED]:
        joined.append(text)
        quotes += text.count(b'"')
        if quotes % 2 == 0:
            record = b"\n".join(joined)
            return (record, len(joined)) if _fits(record, width, delimiter) else (b"", 1)
    return b"", 1


def _fits(record: bytes, width: int, delimiter: str) -> bool:
    try:
        rows = list(csv.reader(io.StringIO(record.decode(), newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        return False
    return len(rows) == 1 and len(rows[0]) == width
