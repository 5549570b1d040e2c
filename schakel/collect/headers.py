"""The header of a delivered file, held against the layout: which column is which, and what is odd about it."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from schakel.collect.findings import Finding, finding
from schakel.collect.layouts import Field, File
from schakel.collect.packages import PackageFile
from schakel.collect.streams import Stream
from schakel.lib.cells import unwrapped
from schakel.lib.errors import Unreadable
from schakel.lib.identifiers import forbidden_name
from schakel.lib.text import gettext as _

MAX_COLUMNS = 500
MAX_HEADER = 2**17
EXTRA = "metadata."


@dataclass(frozen=True)
class Column:
    """A delivered column: its place, its header, and the field it is (None when the layout does not know it)."""

    place: int
    header: str
    field: Field | None

    @property
    def sql(self) -> str:
        """Its name while reading."""
        return f"cell{self.place}"


@dataclass
class Header:
    """The columns of a file and the number of lines above the first data row."""

    columns: list[Column]
    lines: int
    findings: list[Finding] = field(default_factory=list)

    @property
    def width(self) -> int:
        """The number of fields in a row."""
        return len(self.columns)

    def by_field(self) -> dict[str, Column]:
        """The delivered columns that are fields of the layout, by name."""
        return {c.field.name: c for c in self.columns if c.field}


def numbered(names: Sequence[str]) -> list[str]:
    """The names of columns, each of its own: a second «Score» is «Score (2)», in whatever letter case."""
    seen, found = Counter[str](), []
    for name in names:
        seen[name.casefold()] += 1
        times = seen[name.casefold()]
        found.append(f"{name} ({times})" if name and times > 1 else name)
    return found


def header(stream: Stream, part: PackageFile, file: File, *, standard: bool) -> Header:
    """Read and match the header. Raises Unreadable where there is none or it is absurd."""
    names, lines = _names(stream, part)
    if len(names) > MAX_COLUMNS:
        raise Unreadable(_("Dit bestand heeft meer dan 500 kolommen."), where=part.label)
    matched = _Matching(part, file, standard)
    own = numbered(names)  # as somebody who chose one of several columns of one name called it
    columns = [matched.column(at, own[at] if matched.knows(own[at]) else name) for at, name in enumerate(names)]
    found = [*matched.findings, *_absent(columns, part, file, standard)]
    if standard:
        found += _order(columns, part, file)
    return Header(columns, lines, found)


def _names(stream: Stream, part: PackageFile) -> tuple[list[str], int]:
    start = stream.buffer.start(MAX_HEADER)
    reader = csv.reader(io.StringIO(start.decode("utf-8-sig", "replace"), newline=""), delimiter=part.format.delimiter)
    try:
        for row in reader:
            if reader.line_num > part.format.above and any(cell.strip() for cell in row):
                lines = reader.line_num
                if len(start) == MAX_HEADER and next(reader, None) is None:  # it goes on beyond what was read
                    break
                return [(unwrapped(cell) if part.format.trimmed else cell).strip() for cell in row], lines
    except csv.Error as error:
        raise Unreadable(_("De koptekst van dit bestand is niet te lezen."), where=part.label) from error
    if start.strip():
        raise Unreadable(_("De koptekst van dit bestand is niet te lezen."), where=part.label)
    raise Unreadable(_("Dit bestand is leeg: het heeft zelfs geen koptekst."), where=part.label)


class _Matching:
    """Matches headers to fields one by one, remembering what was taken."""

    def __init__(self, part: PackageFile, file: File, standard: bool) -> None:
        self.part, self.standard, self.passed_over = part, standard, [p.casefold() for p in file.passed_over]
        brought = [f for f in file.fields if not f.constant]
        self.exact = {name: f for f in brought for name in (*f.also, f.source) if name}
        self.loose = {name.casefold(): f for name, f in self.exact.items()}
        self.taken: set[str] = set()
        self.seen: set[str] = set()
        self.findings: list[Finding] = []

    def knows(self, name: str) -> bool:
        """Whether a name is that of a field, or of a column that somebody left unread."""
        return name.casefold() in self.loose or self._is_passed_over(name)

    def column(self, place: int, name: str) -> Column:
        """The column of this header, with a finding where the header is not as it should be."""
        known = self._field(name)
        if name in self.seen or (known and known.name in self.taken):
            self._tell("header-duplicate", name)
            known = None
        elif known is None:
            self._unknown(name)
        self.seen.add(name)
        if known:
            self.taken.add(known.name)
        return Column(place, name, known)

    def _field(self, name: str) -> Field | None:
        if name in self.part.renamed:
            meant = self.part.renamed[name]
            self._tell("column-renamed", meant, found=name)
            return self.exact.get(meant)
        if name in self.exact:
            return self.exact[name]
        known = self.loose.get(name.casefold())
        if known and not any(name != other and self.exact.get(other) is known for other in self.seen):
            self._tell("header-case", known.source, found=name)
        return known

    def _unknown(self, name: str) -> None:
        own = self.standard and name.startswith(EXTRA) and len(name) > len(EXTRA)
        if own or forbidden_name(name):  # the door has a finding of its own for those
            return
        if self._is_passed_over(name):
            return
        self._tell("header-unknown" if self.standard else "column-unknown", name)

    def _is_passed_over(self, name: str) -> bool:
        return any(fnmatchcase(name.casefold(), pattern) for pattern in self.passed_over)

    def _tell(self, rule: str, column: str, **words: str) -> None:
        self.findings.append(finding(rule, self.part.label, column, row=self.part.head_line(column), **words))


def _absent(columns: list[Column], part: PackageFile, file: File, standard: bool) -> Iterable[Finding]:
    present = {c.field.name for c in columns if c.field}
    strange = ", ".join(c.header for c in columns if c.field is None and c.header) or "-"
    for each in file.fields:
        if each.name in present or each.tolerated or each.constant:
            continue
        if each.name in part.derived:
            made = ", ".join(part.derived[each.name])
            yield finding("key-derived", part.label, each.source, row=1, expected=made)
        else:
            yield finding(_absence(each, file, standard), part.label, each.source, row=1, found=strange)


def _absence(each: Field, file: File, standard: bool) -> str:
    if each.required and not standard:
        return "header-renamed"
    if each.name in file.key:
        return "header-missing-key"
    return "header-missing" if each.required else "header-missing-optional"


def _order(columns: list[Column], part: PackageFile, file: File) -> Iterable[Finding]:
    places = {name: at for at, name in enumerate(file.names)}
    known = [places[c.field.name] for c in columns if c.field]
    if known != sorted(known):
        yield finding("header-order", part.label, row=1)
    last = max((c.place for c in columns if c.field), default=-1)
    early = next((c for c in columns if c.field is None and c.place < last and c.header.startswith(EXTRA)), None)
    if early:
        yield finding("metadata-position", part.label, early.header, row=1)
