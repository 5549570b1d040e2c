"""A sheet of a workbook as comma-separated text, so that it meets the same checks as any other file."""

import csv
import datetime
import io
import re
import zipfile
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from pathlib import Path

from schakel.collect.findings import Finding, finding
from schakel.collect.headers import numbered
from schakel.collect.listings import Entry
from schakel.connectors import old_workbooks
from schakel.connectors.books import Book, opened, opened_old
from schakel.connectors.workbooks import Corner, Inside, Limits
from schakel.connectors.written_values import Decimals, decimal_sign
from schakel.lib.errors import Unreadable
from schakel.lib.text import gettext as _
from schakel.lib.text import number

MAX_PACKED = 100 * 2**20
MAX_OLD = 40 * 2**20
MAX_UNPACKED = 1500 * 2**20
MAX_RATIO = 250
MAX_CELLS = 20_000_000  # of a sheet, empty ones counted: some 900 MB while it is read
HELD = 5_000_000  # of all sheets that are held as text at once, empty ones counted
_SHOWN = 5  # rows that a finding about a whole sheet names
_OLD_LIMITS = Limits(MAX_OLD, MAX_OLD, rows=65_536, columns=256)
_DURATION = re.compile(r"PT([0-9]+)H([0-9]{1,2})M([0-9]{1,2})(?:[.,][0-9]+)?S")


@dataclass(frozen=True)
class SheetText(Entry):
    """A sheet that reads like a file: its content is made, not on disk."""

    on_disk: bool = False
    content: bytes = b""

    def chunks(self):  # type: ignore[no-untyped-def]
        """The text in one piece."""
        yield self.content


def workbook(entry: Entry) -> Book:
    """Open a workbook with distrust. Raises Unreadable for what is damaged, locked or swells up."""
    if entry.size > MAX_PACKED:
        raise Unreadable(_("Dit werkboek is groter dan 100 MB."), where=entry.name)
    content = entry.disk.read_bytes()
    if content.startswith(old_workbooks.MARK[:4]):
        return opened_old(content, entry.name, _OLD_LIMITS)
    _weighed(entry, content)
    limits = Limits(MAX_PACKED, MAX_UNPACKED, rows=1_048_576, columns=16_384, cells=MAX_CELLS)  # what a sheet can hold
    return opened(content, entry.name, limits)


def _weighed(entry: Entry, content: bytes) -> None:
    """Raises Unreadable for what is no workbook, or swells up."""
    if content[:512].lstrip()[:1] == b"<":
        hint = _("Open het in een rekenprogramma en bewaar het als .xlsx of .ods.")
        raise Unreadable(_("Dit bestand heet een werkboek en is een webpagina."), where=entry.name, hint=hint)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            size = sum(part.file_size for part in parts.infolist())
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise Unreadable(_("Dit is geen werkboek."), where=entry.name) from error
    if size > MAX_UNPACKED or (size > 50 * 2**20 and size > MAX_RATIO * max(entry.size, 1)):
        message = _("Dit werkboek zwelt bij het openen op tot een omvang die niet bij een levering past.")
        raise Unreadable(message, code="bomb", where=entry.name)


@dataclass(frozen=True)
class Reading:
    """One sheet as it is being read: its cells, and the row with its headers (counted from 1)."""

    entry: Entry
    sheet: str
    rows: Sequence[Sequence[object]]
    header_row: int = 1

    @classmethod
    def of(cls, entry: Entry, book: Book, sheet: str, header_row: int = 1) -> "Reading":
        """Read a sheet. Raises Unreadable for one that is damaged."""
        return cls(entry, sheet, book.rows(sheet), header_row)

    @property
    def label(self) -> str:
        """How findings name it."""
        return f"{self.entry.name}#{self.sheet}"

    @property
    def headers(self) -> Sequence[object]:
        """The cells of the row with the headers."""
        return self.rows[self.header_row - 1] if len(self.rows) >= self.header_row else ()

    @property
    def table(self) -> "Reading":
        """The sheet without what stands to the right of its headers; as it is where there are none."""
        width, first = self._width, self.header_row
        return replace(self, rows=[*self.rows[:first], *(row[:width] for row in self.rows[first:])]) if width else self

    @property
    def beside(self) -> list[int]:
        """The rows with something to the right of the table, where no column has a name."""
        rows, width = self.rows[self.header_row :] if self._width else (), self._width
        return [at for at, row in enumerate(rows, self.header_row + 1) if any(map(_is_filled, row[width:]))]

    @property
    def _width(self) -> int:
        return max((at for at, cell in enumerate(self.headers, 1) if _is_filled(cell)), default=0)


def refuse_more_than_held(book: Book, sheets: Collection[str]) -> None:
    """Raise Unreadable where these sheets have more cells than can be held as text at once."""
    inside = [each for name, each in book.inside.items() if name in sheets]
    if sum(each.rows * each.columns for each in inside) > HELD:
        text = _("Dit werkboek is te groot om als geheel te lezen: op wat gelezen wordt mogen %(n)s cellen liggen.")
        hint = _("Verwijder wat ver buiten de tabellen staat, ook opmaak, of neem er een deel van.")
        raise Unreadable(text % {"n": number(HELD)}, code="size", where=book.name, hint=hint)


def sheet_text(reading: Reading, date_format: str, decimal: str) -> SheetText:
    """One sheet as text: line numbers are row numbers, dates and numbers are written as in the layout."""
    date_format = date_format.partition("|")[0]
    width = len(_cut(reading.headers, 0))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for row in reading.table.rows:
        filled = any(cell != "" for cell in row)
        writer.writerow([_written(cell, date_format, decimal) for cell in _cut(row, width)] if filled else [])
    content = out.getvalue().encode()
    return SheetText(reading.label, len(content), Path(reading.entry.disk), content=content)


def cell_texts(reading: Reading, date_format: str = "%Y-%m-%d", decimal: str = ".") -> list[list[str]]:
    """The cells of a sheet as text; for who looks at it for the first time with ISO dates and a point in decimals."""
    return [[_written(cell, date_format, decimal) for cell in _cut(row, 0)] for row in reading.rows]


def decimals_in_texts(reading: Reading) -> Decimals:
    """The sign of decimals in the texts of a sheet; a cell with a number needs none."""
    rows = cell_texts(replace(reading, rows=reading.rows[reading.header_row :]), decimal="")
    columns = zip_longest(*(map(str.strip, row) for row in rows), fillvalue="")
    names = numbered([str(cell).strip() for cell in reading.headers])
    named = {name or str(at): values for at, (name, values) in enumerate(zip_longest(names, columns, fillvalue=""))}
    return decimal_sign(named, range(reading.header_row + 1, len(reading.rows) + 1))


def sheet_findings(reading: Reading, book: Book, columns: Collection[str] | None = None) -> list[Finding]:
    """What is odd about the cells of a sheet: no value where there should be one, cells made one, some beside the
    table, a hidden sheet.

    `columns` are the headers that matter, in lower case; None is all. Of cells made one the first alone has a value.
    """
    inside = book.inside.get(reading.sheet, Inside(reading.sheet))
    heads = {at: name for at, name in enumerate(numbered([str(cell).strip() for cell in reading.headers]), 1) if name}
    wanted = {at: head for at, head in heads.items() if columns is None or head.casefold() in columns}

    def within(corner: Corner) -> bool:
        return corner[0] > reading.header_row and corner[1] in wanted

    told = [] if reading.sheet in book.visible else [finding("sheet-hidden", reading.label, found=reading.sheet)]
    for row, column in sorted(filter(within, inside.without_value)):
        told.append(finding("cell-no-value", reading.label, wanted[column], row=row))
    for (row, column), last in sorted(inside.merged):
        if within((row, column)):
            told.append(finding("cell-merged", reading.label, wanted[column], row=row, found=str(last[0])))
    beside = [*map(str, reading.beside[: _SHOWN + 1])]
    if beside:
        rows = ", ".join([*beside[:_SHOWN], *("…" for _more in beside[_SHOWN:])])
        told.append(finding("cell-beside", reading.label, found=rows))
    return told


def _is_filled(cell: object) -> bool:
    return cell != "" and bool(str(cell).strip())


def _cut(row: Sequence[object], width: int) -> Sequence[object]:
    """Without the empty cells beyond the header, which are formatting and not content."""
    return row[: max([width, *(at + 1 for at, cell in enumerate(row) if cell != "")])]


def _written(cell: object, date_format: str, decimal: str) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell).replace(".", decimal)  # noqa: PLR2004
    if isinstance(cell, datetime.datetime):
        clock = "" if cell.time() == datetime.time() else f" {cell:%H:%M:%S}"
        return cell.strftime(date_format) + clock
    if isinstance(cell, datetime.date):
        return cell.strftime(date_format)
    if isinstance(cell, datetime.time):
        return f"{cell:%H:%M:%S}"
    if isinstance(cell, datetime.timedelta):
        return _clock(int(cell.total_seconds()))
    duration = _DURATION.fullmatch(str(cell))  # as an ODS writes it
    if duration:
        hours, minutes, seconds = map(int, duration.groups())
        return _clock(3600 * hours + 60 * minutes + seconds)
    return str(cell).replace("\r", "")


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
