"""Rows as a file: CSV and XLSX for people, JSON for programs. The same cells in each, hidden ones marked as hidden.

CSV is written the way Excel in the Netherlands opens it: UTF-8 with a byte order mark, semicolons, decimal commas. A
text that a spreadsheet would take for a formula gets an apostrophe before it (OWASP, CSV injection); numbers stay so.
An unknown value is empty, never 0; a hidden one says so.
"""

import csv
import io
import json
import math
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import xlsxwriter

from schakel.engine.hidden import Hidden

Rows = Iterable[Sequence[Any]]
# A cell that begins so, also after white space or a quote, is a formula to some spreadsheet program.
_FORMULA = re.compile(r"^[\s\"'\u200b\ufeff\u00ad]*[=+\-@|%\t\r\n\uff0b\uff0d\uff1d\uff20]")
_NOT_PRINTED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_MOST_ROWS = 1_048_575  # of an XLSX sheet, below the header
_MOST_SIGNS = 32_767  # in an XLSX cell
_MOST_OF_TITLE = 31  # of a sheet
_FIRST_YEAR = 1900  # that a spreadsheet can hold as a date; an earlier day is written as a text
_EXACT = 10**15  # a spreadsheet keeps fifteen digits; a longer whole number is written as a text


def to_csv(columns: Sequence[str], rows: Rows) -> bytes:
    """UTF-8 with BOM, `;` between cells, CRLF, days as YYYY-MM-DD, a comma as the decimal sign."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow([_safe(name) for name in columns])
    writer.writerows([_csv_cell(value) for value in row] for row in rows)
    return b"\xef\xbb\xbf" + stream.getvalue().encode("utf-8", "replace")


def to_xlsx(columns: Sequence[str], rows: Rows, sheet: str = "Schakel") -> bytes:
    """One sheet with a header that stays in view. Text is written as text: it never becomes a formula or a link."""
    stream = io.BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "dd-mm-yyyy",
    }
    with xlsxwriter.Workbook(stream, options) as book:
        title = re.sub(r"[\[\]:*?/\\'\s]", " ", _xlsx_text(sheet, _MOST_OF_TITLE)).strip()
        page = book.add_worksheet(title or "Schakel")
        page.freeze_panes(1, 0)
        bold = book.add_format({"bold": True})
        for place, name in enumerate(columns):
            page.write_string(0, place, _xlsx_text(name), bold)
        for number, row in enumerate(rows, start=1):
            if number > _MOST_ROWS:
                raise ValueError("more rows than a sheet can hold")
            for place, value in enumerate(row):
                _write(page, number, place, value)
    return stream.getvalue()


def to_json(columns: Sequence[str], rows: Rows) -> bytes:
    """A list of objects. Decimals are numbers, days ISO texts, unknown is null, hidden is `{"hidden": "< 5"}`."""
    things = [dict(zip(columns, map(_json_cell, row), strict=True)) for row in rows]
    return json.dumps(things, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode("utf-8", "replace")


def is_formula(text: str) -> bool:
    """Whether some spreadsheet program would take this text for a formula."""
    return _FORMULA.match(text) is not None


def printable(text: str) -> str:
    """The text without signs that a sheet cannot hold."""
    return _NOT_PRINTED.sub("", text)


def _safe(text: str) -> str:
    text = printable(text)
    return f"'{text}" if _FORMULA.match(text) else text


def _csv_cell(value: Any) -> str:
    if _unknown(value):
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Decimal | float):
        return _plain(value).replace(".", ",")
    if isinstance(value, Hidden):
        return str(value)
    return value.isoformat() if isinstance(value, date | time) else _safe(str(value))


def _unknown(value: Any) -> bool:
    if isinstance(value, Decimal):
        return not value.is_finite()
    return value is None or (isinstance(value, float) and not math.isfinite(value))


def _plain(value: Decimal | float) -> str:
    text = f"{value:f}" if isinstance(value, Decimal) else format(Decimal(repr(value)), "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def _write(page: Any, row: int, place: int, value: Any) -> None:
    if _unknown(value):
        return
    if isinstance(value, bool):
        page.write_boolean(row, place, value)
    elif isinstance(value, float | Decimal) or (isinstance(value, int) and abs(value) < _EXACT):
        page.write_number(row, place, float(value) + 0.0)  # minus zero is zero
    elif isinstance(value, datetime) and value.year >= _FIRST_YEAR:
        page.write_datetime(row, place, value.replace(tzinfo=None))
    elif isinstance(value, date) and value.year >= _FIRST_YEAR:
        page.write_datetime(row, place, value)
    else:
        page.write_string(row, place, _xlsx_text(value.isoformat() if isinstance(value, date | time) else str(value)))


def _xlsx_text(text: str, most: int = _MOST_SIGNS) -> str:
    """What may stand in a workbook; it counts an emoji as two signs."""
    return printable(text).encode("utf-16-le", "replace")[: 2 * most].decode("utf-16-le", "ignore")


def _json_cell(value: Any) -> Any:
    if isinstance(value, Hidden):
        return {"hidden": str(value)}
    if _unknown(value):
        return None
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, date | time):
        return value.isoformat()
    return value if isinstance(value, bool | int | float | str) else str(value)
