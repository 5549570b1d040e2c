"""Workbooks as people make them: written by hand for a test, or an export that was edited."""

import csv
import io

import xlsxwriter
from python_calamine import CalamineWorkbook


def book(**sheets):
    """An XLSX file with these sheets, each a list of rows; a text that begins with = is a formula with its outcome."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_urls": False}) as made:
        day = made.add_format({"num_format": "dd-mm-yyyy"})
        for title, rows in sheets.items():
            page = made.add_worksheet(title.replace("_", " "))
            for row, cells in enumerate(rows):
                for place, cell in enumerate(cells):
                    _write(page, row, place, cell, day)
    return stream.getvalue()


def _write(page, row, place, cell, day):
    if isinstance(cell, tuple):
        page.write_formula(row, place, cell[0], None, cell[1])
    elif isinstance(cell, str):
        page.write_string(row, place, cell)
    elif hasattr(cell, "year"):
        page.write_datetime(row, place, cell, day)
    elif isinstance(cell, bool):
        page.write_boolean(row, place, cell)
    elif cell is not None:
        page.write_number(row, place, cell)


def sheets_of(content):
    """The cells of an exported workbook: title -> rows."""
    opened = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: opened.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in opened.sheet_names}


def edited(content, sheet, key, column, value):
    """The same workbook in which someone changed one cell, found by its row's first cell and its header."""
    sheets = sheets_of(content)
    rows = sheets[sheet]
    place = rows[0].index(column)
    row = next(row for row in rows[1:] if row[0] == key)
    row[place] = value
    return book(**sheets)


def as_csv(rows, delimiter=";", encoding="utf-8"):
    """Rows as CSV."""
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter).writerows(rows)
    return stream.getvalue().encode(encoding)
