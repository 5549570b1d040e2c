"""The register as a workbook to edit, or one sheet of it as CSV. Who may read a noun gets its sheet."""

import csv
import io
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from schakel.access.changes import allowed, change
from schakel.access.people import Person
from schakel.access.permissions import decide
from schakel.kits.exchange.columns import Column
from schakel.kits.exchange.register import Standing
from schakel.kits.exchange.values import written
from schakel.kits.sheets import guide
from schakel.kits.sheets.cells import outward
from schakel.kits.sheets.content import names_of, rows
from schakel.kits.sheets.layouts import ALL, Sheet, chosen
from schakel.lib.text import gettext as _
from schakel.lib.text import language

_ROOM = 500  # empty rows below the last one in which the lists work too
_WIDTHS = {"yes": 12, "whole": 12, "amount": 14, "day": 14, "choice": 18, "ref": 24, "key": 22, "letters": 16}
_SHORT = 120  # signs that fit in a narrow column
_OPTIONS = {
    "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True,
    "default_date_format": "dd-mm-yyyy",
}  # fmt: skip


def workbook(actor: Person, name: str = ALL) -> bytes:
    """An XLSX file with a sheet for each noun asked for that this person may read, lists to choose from, a guide.

    Raises Refused when none of it may be read, Unknown for a name that is no noun.
    """
    sheets, left_out = _readable(actor, name)
    standing = Standing()
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, _OPTIONS) as book:
        made = _Book(book, standing)
        for sheet in sheets:
            made.add(sheet)
        made.lists()
        made.guide(sheets, left_out)
    return stream.getvalue()


def csv_text(actor: Person, key: str) -> bytes:
    """One sheet as CSV, the way Excel in the Netherlands opens it: UTF-8 with a byte order mark, semicolons."""
    sheet = chosen(key)[0]
    allowed(actor, sheet.read)
    _log(actor, [sheet])
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow([column.header(language()) for column in sheet.columns])
    writer.writerows([_csv(cell) for cell in row] for row in rows(sheet, Standing(), language()))
    return b"\xef\xbb\xbf" + stream.getvalue().encode("utf-8", "replace")


def _readable(actor: Person, name: str) -> tuple[list[Sheet], list[Sheet]]:
    wanted = chosen(name)
    sheets = [sheet for sheet in wanted if decide(actor, sheet.read).allowed]
    if not sheets:
        allowed(actor, wanted[0].read)
    _log(actor, sheets)
    return sheets, [sheet for sheet in wanted if sheet not in sheets]


def _log(actor: Person, sheets: Sequence[Sheet]) -> None:
    """Who takes people out by file leaves a line in the log."""
    personal = [sheet for sheet in sheets if sheet.about_people]
    if personal:
        with change(actor, personal[0].read, exported=[sheet.key for sheet in personal]):
            pass


def _csv(cell: Any) -> str:
    if isinstance(cell, Decimal):
        return str(cell).replace(".", ",")
    return cell.isoformat() if isinstance(cell, date) else "" if cell is None else str(cell)


class _Book:
    """A workbook in the making: its formats, its sheets, and the lists that they point at."""

    def __init__(self, book: Any, standing: Standing) -> None:
        self.book, self.standing = book, standing
        top = {"valign": "top", "text_wrap": True}
        self.bold = book.add_format({"bold": True, "bottom": 1, **top})
        self.text = book.add_format({"num_format": "@", **top})
        self.quiet = book.add_format({"num_format": "@", "font_color": "#5a6764", **top})
        self.day = book.add_format({"num_format": "dd-mm-yyyy", **top})
        self.number = book.add_format(top)
        self._lists: dict[tuple[str, tuple[str, ...]], list[str]] = {}

    def add(self, sheet: Sheet) -> None:
        """One sheet: header, rows, and a list to choose from where there is one."""
        page = self.book.add_worksheet(sheet.title(language()))
        page.freeze_panes(1, 1)
        last = 0
        for place, column in enumerate(sheet.columns):
            page.set_column(place, place, _width(column), self._format(column))
            page.write_string(0, place, column.header(language()), self.bold)
        for last, row in enumerate(rows(sheet, self.standing, language()), start=1):
            for place, cell in enumerate(row):
                self._cell(page, (last, place), cell, self._format(sheet.columns[place]))
        page.autofilter(0, 0, max(last, 1), len(sheet.columns) - 1)
        for place, column in enumerate(sheet.columns):
            self._choose(page, place, column, last + _ROOM)

    def lists(self) -> None:
        """The sheet with what can be chosen, each list with the names beside the keys."""
        page = self.book.add_worksheet(guide.lists_title())
        for number, ((title, keys), names) in enumerate(self._lists.items()):
            page.set_column(2 * number, 2 * number + 1, 26)
            page.write_string(0, 2 * number, title, self.bold)
            for row, (key, name) in enumerate(zip(keys, names, strict=True), start=1):
                page.write_string(row, 2 * number, outward(key))
                page.write_string(row, 2 * number + 1, outward(name))

    def guide(self, sheets: Sequence[Sheet], left_out: Sequence[Sheet]) -> None:
        """A short page on how to edit this and bring it back."""
        page = self.book.add_worksheet(guide.title())
        page.set_column(0, 0, 32, self.text)
        page.set_column(1, 1, 96, self.text)
        for row, (term, words) in enumerate(guide.lines(sheets, left_out)):
            page.write_string(row, 0, term, self.bold if not words else self.text)
            page.write_string(row, 1, words, self.text)

    def _format(self, column: Column) -> Any:
        if column.fixed:
            return self.quiet
        return {"day": self.day, "whole": self.number, "amount": self.number}.get(column.kind, self.text)

    def _cell(self, page: Any, at: tuple[int, int], cell: Any, kind: Any) -> None:
        if isinstance(cell, str):
            page.write_string(*at, cell, kind)
        elif isinstance(cell, date):
            page.write_datetime(*at, cell, kind)
        elif cell is not None:
            page.write_number(*at, float(cell), kind)

    def _choose(self, page: Any, place: int, column: Column, last: int) -> None:
        """A list; what is not on it can still be typed where it points at another sheet."""
        listed = self._list(column)
        if listed is None:
            return
        page.data_validation(
            1, place, last, place,
            {
                "validate": "list", "source": listed, "error_type": "warning" if column.to else "stop",
                "error_title": _("Niet op de lijst"), "error_message": _("Kies uit de lijst."),
            },
        )  # fmt: skip

    def _list(self, column: Column) -> str | None:
        if column.kind == "yes":
            keys, names = [written(column, value, language()) for value in (True, False)], ["", ""]
            title = _("Ja of nee")
        elif column.kind == "choice" and not column.fixed:
            keys = [column.word(code, language()) for code in column.choices]
            names, title = list(column.choices), column.header(language())
        elif column.kind == "ref" and column.to != "people":
            pairs = names_of(column.to, self.standing)
            keys, names = [key for key, _name in pairs], [name for _key, name in pairs]
            title = guide.noun_title(column.to)
        else:
            return None
        if not keys:
            return None
        listed = (title, tuple(keys))
        self._lists.setdefault(listed, names)
        letter = xl_col_to_name(2 * list(self._lists).index(listed), col_abs=True)
        return f"='{guide.lists_title()}'!{letter}$2:{letter}${len(keys) + 1}"


def _width(column: Column) -> int:
    return _WIDTHS.get(column.kind, 24 if column.longest and column.longest <= _SHORT else 40)
