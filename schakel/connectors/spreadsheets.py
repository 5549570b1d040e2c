"""A sheet of a workbook as comma-separated text, so that it meets the same checks as any other file."""

import csv
import datetime
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from schakel.collect.listings import Entry
from schakel.connectors.workbooks import Limits, look_inside
from schakel.lib.errors import Unreadable
from schakel.lib.text import gettext as _

MAX_PACKED = 100 * 2**20
MAX_UNPACKED = 1500 * 2**20
MAX_RATIO = 250
MAX_CELLS = 50_000_000
_LIMITS = Limits(MAX_PACKED, MAX_UNPACKED, rows=1_048_576, columns=16_384)  # what a sheet can hold
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True)
class SheetText(Entry):
    """A sheet that reads like a file: its content is made, not on disk."""

    on_disk: bool = False
    content: bytes = b""

    def chunks(self):  # type: ignore[no-untyped-def]
        """The text in one piece."""
        yield self.content


def workbook(entry: Entry) -> CalamineWorkbook:
    """Open a workbook with distrust. Raises Unreadable for what is damaged, locked or swells up."""
    _distrust(entry)
    try:
        return CalamineWorkbook.from_path(str(entry.disk))
    except (CalamineError, OSError, ValueError) as error:
        raise Unreadable(_("Dit werkboek is beschadigd of met een wachtwoord gesloten."), where=entry.name) from error


def _distrust(entry: Entry) -> None:
    if entry.size > MAX_PACKED:
        raise Unreadable(_("Dit werkboek is groter dan 100 MB."), where=entry.name)
    if entry.head(8).startswith(_OLD_EXCEL):
        hint = _("Bewaar het als .xlsx zonder wachtwoord.")
        raise Unreadable(_("Dit is een oud of versleuteld werkboek."), where=entry.name, hint=hint)
    try:
        with zipfile.ZipFile(entry.disk) as parts:
            size = sum(part.file_size for part in parts.infolist())
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise Unreadable(_("Dit is geen werkboek."), where=entry.name) from error
    if size > MAX_UNPACKED or (size > 50 * 2**20 and size > MAX_RATIO * max(entry.size, 1)):
        message = _("Dit werkboek zwelt bij het openen op tot een omvang die niet bij een levering past.")
        raise Unreadable(message, code="bomb", where=entry.name)
    for sheet in look_inside(Path(entry.disk).read_bytes(), entry.name, _LIMITS):
        if sheet.rows * sheet.columns > MAX_CELLS:
            raise Unreadable(_("Dit werkblad is te groot."), where=f"{entry.name}#{sheet.name}")


def sheet_text(
    entry: Entry, book: CalamineWorkbook, sheet: str, date_format: str, decimal: str, header_row: int = 1
) -> SheetText:
    """One sheet as text: line numbers are row numbers, dates and numbers are written as in the layout."""
    date_format = date_format.partition("|")[0]
    rows = _rows(entry, book, sheet)
    headers = rows[header_row - 1 : header_row]
    width = max((at + 1 for row in headers for at, cell in enumerate(row) if cell != ""), default=0)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for row in rows:
        filled = any(cell != "" for cell in row)
        writer.writerow([_written(cell, date_format, decimal) for cell in _cut(row, width)] if filled else [])
    content = out.getvalue().encode()
    return SheetText(f"{entry.name}#{sheet}", len(content), Path(entry.disk), content=content)


def cell_texts(entry: Entry, book: CalamineWorkbook, sheet: str) -> list[list[str]]:
    """The cells of a sheet as text, for who looks at it for the first time: ISO dates, a point in decimals."""
    return [[_written(cell, "%Y-%m-%d", ".") for cell in _cut(row, 0)] for row in _rows(entry, book, sheet)]


def _rows(entry: Entry, book: CalamineWorkbook, sheet: str) -> Sequence[Sequence[object]]:
    try:
        rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    except (CalamineError, ValueError) as error:
        raise Unreadable(_("Dit werkblad is niet te lezen."), where=f"{entry.name}#{sheet}") from error
    if sum(len(row) for row in rows) > MAX_CELLS:
        raise Unreadable(_("Dit werkblad is te groot."), where=f"{entry.name}#{sheet}")
    return rows


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
    return str(cell).replace("\r", "")
