"""A file as grids of cells: XLSX and ODS by their sheets, CSV as one. Read with distrust, and never kept.

CSV may be UTF-8 (with or without a byte order mark), UTF-16 or Windows-1252, with semicolons, commas or tabs.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from schakel.connectors.books import opened
from schakel.connectors.workbooks import Inside, Limits
from schakel.kits.sheets.layouts import MAX_COLUMNS, MAX_ROWS
from schakel.lib.errors import Unreadable
from schakel.lib.text import gettext as _
from schakel.lib.text import number

MAX_BYTES = 20 * 2**20
_LIMITS = Limits(packed=MAX_BYTES, unpacked=250 * 2**20, rows=MAX_ROWS, columns=MAX_COLUMNS)
_ZIP, _OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class Grid:
    """Rows of cells, the first being row 1; `inside` knows which are formulas or merged. No title: a CSV."""

    title: str
    rows: Sequence[Sequence[Any]]
    inside: Inside = field(default_factory=lambda: Inside(""))

    def cell(self, row: int, column: int) -> Any:
        """What stands there; an empty text where nothing stands."""
        cells = self.rows[row - 1] if row <= len(self.rows) else ()
        return cells[column - 1] if column <= len(cells) else ""

    def first(self) -> int:
        """The number of the first row with anything in it; 0 when there is none."""
        return next((n for n, row in enumerate(self.rows, 1) if any(cell not in ("", None) for cell in row)), 0)


def grids(content: bytes, name: str) -> list[Grid]:
    """The sheets of a file that was brought in. Raises Unreadable with a sentence on what to do."""
    if not content.strip(b"\0 \r\n\t\xef\xbb\xbf"):
        raise Unreadable(_("Dit bestand is leeg."), code="empty", where=name)
    if len(content) > MAX_BYTES:
        text = _("Dit bestand is te groot: ten hoogste %(n)s MB.")
        raise Unreadable(text % {"n": MAX_BYTES // 2**20}, code="size", where=name)
    if content.startswith(_OLD_EXCEL):
        hint = _("Bewaar het als .xlsx zonder wachtwoord.")
        raise Unreadable(_("Dit is een oud of versleuteld werkboek."), where=name, hint=hint)
    if content.startswith(_ZIP):
        return _workbook(content, name)
    return [Grid("", _csv(content, name))]


def _workbook(content: bytes, name: str) -> list[Grid]:
    book = opened(content, name, _LIMITS)
    return [Grid(each, book.rows(each), inside) for each, inside in book.inside.items() if each in book.sheets]


def _csv(content: bytes, name: str) -> list[list[str]]:
    text = _decoded(content, name)
    start = text[:10_000].partition("\n")[0]
    delimiter = max(";,\t", key=start.count)
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            rows.append(row)
            if len(rows) > MAX_ROWS or len(row) > MAX_COLUMNS:
                words = {"rows": number(MAX_ROWS), "columns": number(MAX_COLUMNS)}
                text = _("Dit blad is te groot: er passen %(rows)s rijen en %(columns)s kolommen.")
                raise Unreadable(text % words, code="size", where=name)
    except csv.Error as error:
        hint = _("Kijk of elk aanhalingsteken ook gesloten wordt.")
        where = _("%(name)s, rij %(row)s") % {"name": name, "row": len(rows) + 1}
        raise Unreadable(_("Deze rij is niet te lezen."), where=where, hint=hint) from error
    return rows


def _decoded(content: bytes, name: str) -> str:
    encodings = ("utf-16",) if content.startswith(_UTF16) else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    hint = _("Bewaar het als CSV UTF-8, of als .xlsx.")
    raise Unreadable(_("Dit bestand is geen rekenblad en ook geen leesbare tekst."), where=name, hint=hint)
