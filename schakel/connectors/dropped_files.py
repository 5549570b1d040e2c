"""A file of any vendor, looked at for the first time: how it is written, and its cells as text with their line.

Nothing is kept here and nothing is guessed silently: what could not be decided stays empty in the form, to be asked.
"""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from schakel.collect.headers import numbered
from schakel.collect.listings import WORKBOOKS, Entry
from schakel.connectors import wide as overview
from schakel.connectors.headings import Heading, Wide
from schakel.connectors.made_rows import ALL
from schakel.connectors.unfolding import unfolded
from schakel.connectors.written_values import Decimals, date_form, decimal_sign, looks_like_value
from schakel.lib.cells import unwrapped
from schakel.lib.errors import Unreadable
from schakel.lib.text import gettext as _

ENCODINGS = ("utf-8", "utf-8-sig", "cp1252", "utf-16")
DELIMITERS = (";", ",", "\t", "|")
MAX_COLUMNS = 500
_LOOK = 60  # lines from which delimiter and header row are recognised


@dataclass(frozen=True)
class Form:
    """How a file is written. `header_row` counts lines from 1; `date` or `decimal` is empty while undecided.

    `wide` is what each column of a wide overview stands for (date, week, lesson, named), `order` how day and month
    stand in its headers, `school_year` the years that these leave out; named ones are between `after` and `before`.
    `period` is what a file tells of where it does not tell all (`collect/coverage.py`), `years` for how many school
    years that is kept.
    """

    kind: str = "csv"
    encoding: str = "utf-8"
    delimiter: str = ","
    sheet: str = ""
    header_row: int = 1
    decimal: str = ""
    date: str = ""
    wide: str = ""
    order: str = ""
    school_year: str = ""
    after: str = ""
    before: str = ""
    period: str = ""
    years: str = "3"

    @property
    def headed(self) -> Wide:
        """How the columns of a wide overview are headed."""
        return Wide(self.wide, self.order, self.school_year, self.after, self.before)

    def words(self) -> dict[str, str]:
        """As it lies in a session and in a declaration."""
        return {name: str(value) for name, value in vars(self).items()}


class Sheets(NamedTuple):
    """The sheets of a workbook, which of them nobody sees who opens it, and which are read as one."""

    names: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    together: tuple[str, ...] = ()
    heads: tuple[Heading, ...] = ()  # of those, where each is a wide overview: what their columns are headed with
    beside: tuple[str, ...] = ()
    decimals: Decimals | None = None  # the sign of decimals in the texts of what is read; numbers need none


Read = tuple[Form, list[list[str]], list[int], Sheets]


@dataclass(frozen=True)
class Dropped:
    """A file as it was read under a form. `lines` holds the line of each row, `dated` whether there are dates."""

    form: Form
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    sheets: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    undecided: tuple[str, ...] = ()
    dates: str = ""  # how its dates are written, or most probably are, where that is asked
    other_dates: tuple[str, ...] = ()  # how they may be written as well
    decimals_differ: str = ""  # which cells have another sign of decimals than each other
    heads: tuple[Heading, ...] = ()  # of a wide overview: what its columns are headed with
    beside: tuple[str, ...] = ()  # of an overview with named columns: all its headers as they stand there
    together: tuple[str, ...] = ()  # of a workbook that is read as a whole: the sheets with these columns

    @property
    def other_sheets(self) -> tuple[str, ...]:
        """Of a workbook that is read as a whole: the sheets with other columns, which are no part of it."""
        visible = [name for name in self.sheets if name not in self.hidden]
        return tuple(name for name in visible if name not in self.together) if self.together else ()

    @property
    def unsaid(self) -> tuple[str, ...]:
        """What must still be said about the headers of a wide overview: school_year, order, after."""
        if self.form.wide in overview.BETWEEN:
            return () if overview.between(self.beside, self.form.headed)[0] else ("after",)
        return overview.missing(self.heads, self.form.headed) if self.form.wide else ()

    def column(self, place: int) -> list[str]:
        """The values of one column, stripped of filler blanks; short rows give an empty value."""
        return [row[place].strip() if place < len(row) else "" for row in self.rows]


def look(path: Path, name: str, wanted: Form | None = None) -> Dropped:
    """Recognise a file, or read it as `wanted` says. Raises Unreadable with what to do about it."""
    book = name.casefold().endswith(WORKBOOKS)
    form, cells, lines, sheets = _book(path, name, wanted) if book else _text(path.read_bytes(), name, wanted)
    at = next((at for at, line in enumerate(lines) if line >= form.header_row), None)
    if at is None:
        raise Unreadable(_("Die koprij is er niet: het bestand heeft minder regels."), where=name)
    parted = _table(form, cells, lines, at, sheets) if sheets.together else _parted(form, cells, lines, at, name)
    return _decided(parted, sheets, name, decide=wanted is None)


def _headed(form: Form, cells: list[list[str]], lines: Sequence[int], name: str, *, said: bool) -> Form:
    """Where the headers stand, and whether many of them are days, weeks or lessons; unless it was said.

    Raises Unreadable for a file with nothing in it.
    """
    if not any(any(cell.strip() for cell in row) for row in cells):
        raise Unreadable(_("Dit bestand is leeg."), where=name)
    if said:
        return form
    wide = overview.header_at(cells[:_LOOK])
    if wide is None:
        return replace(form, header_row=lines[_header_at(cells)])
    return replace(form, header_row=lines[wide[0]], wide=wide[1].per, order=wide[1].order)


def _parted(form: Form, cells: list[list[str]], lines: list[int], at: int, name: str) -> Dropped:
    """Headers and rows; of a wide overview a row per filled cell."""
    if len(cells[at]) > MAX_COLUMNS:
        raise Unreadable(_("Dit bestand heeft meer dan 500 kolommen."), where=name)
    headers = tuple(cell.strip() for cell in cells[at])
    if form.wide in overview.BETWEEN and overview.between(headers, form.headed)[0]:
        made = unfolded(cells, lines, at, form.headed, name)
        return Dropped(form, made.headers, tuple(made.rows), tuple(made.lines), beside=headers)
    if form.wide and form.wide not in overview.BETWEEN:
        made = overview.long(cells, lines, at, form.headed, name)
        return Dropped(
            form, made.headers, tuple(made.rows), tuple(made.lines), heads=overview.heads(cells, at, form.wide)
        )
    beside = headers if form.wide else ()  # nobody has said yet between which columns the named ones are
    return _table(form, cells, lines, at, Sheets(beside=beside))


def _table(form: Form, cells: list[list[str]], lines: list[int], at: int, sheets: Sheets) -> Dropped:
    """Headers and rows as they stand there, or as they were made of all sheets together."""
    headers = tuple(cell.strip() for cell in cells[at])
    body = [(row, line) for row, line in zip(cells[at + 1 :], lines[at + 1 :], strict=True) if any(map(str.strip, row))]
    rows, numbers = tuple(tuple(row) for row, _line in body), tuple(line for _row, line in body)
    return Dropped(form, headers, rows, numbers, heads=sheets.heads, beside=sheets.beside)


def _decided(found: Dropped, sheets: Sheets, name: str, *, decide: bool) -> Dropped:
    form, headers = found.form, tuple(numbered(found.headers))
    columns = {h or str(p + 1): found.column(p) for p, h in enumerate(headers)}
    dates = date_form(columns, found.lines, name)
    decimals = sheets.decimals or decimal_sign(columns, found.lines)
    undecided = (*(("date",) if dates.asked else ()), *(("decimal",) if not decimals.sign else ()))
    if decide or not form.date:
        form = replace(form, date="" if dates.asked else dates.form)
    if decide:
        form = replace(form, decimal=decimals.sign)
    seen = replace(found, form=form, headers=headers, undecided=undecided, decimals_differ=decimals.told)
    seen = replace(seen, dates=dates.form, other_dates=dates.others)
    return replace(seen, sheets=sheets.names, hidden=sheets.hidden, together=sheets.together)


def _text(content: bytes, name: str, wanted: Form | None) -> Read:
    encoding = wanted.encoding if wanted else encoding_of(content, name)
    text = _decoded(content, encoding, name)
    delimiter = wanted.delimiter if wanted else delimiter_of(text)
    cells, lines = _cells(text, delimiter, name)
    form = replace(wanted or Form(), encoding=encoding, delimiter=delimiter)
    return _headed(form, cells, lines, name, said=wanted is not None), cells, lines, Sheets()


def _decoded(content: bytes, encoding: str, name: str) -> str:
    try:
        return content.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError as error:
        message = _("Regel %(line)s past niet bij de tekenset %(encoding)s.")
        words = {"line": content[: error.start].count(b"\n") + 1, "encoding": encoding}
        raise Unreadable(message % words, where=name, hint=_("Kies een andere tekenset.")) from error


def text_cells(content: bytes, encoding: str, delimiter: str, name: str) -> tuple[list[list[str]], list[int]]:
    """The cells of a text with the line of each row. Raises Unreadable where these cannot be followed."""
    return _cells(_decoded(content, encoding, name), delimiter, name)


def encoding_of(content: bytes, name: str = "") -> str:
    """The character set, from the mark at the start or from the bytes. Raises Unreadable for what is no text."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if content.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if b"\0" in content[:4096] or content.startswith((b"PK\x03\x04", b"\x89PNG", b"%PDF", b"\xd0\xcf\x11\xe0")):
        hint = _("Bewaar het als CSV (UTF-8) of als .xlsx of .ods, met die naam.")
        raise Unreadable(_("Dit is geen tekstbestand en geen werkboek dat Schakel leest."), where=name, hint=hint)
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def delimiter_of(text: str) -> str:
    """The sign that parts the first lines into the most cells in equal rows.

    One that parts no row but those that another parts too stands within cells: the comma of names and decimals.
    """
    start = "\n".join(text.splitlines()[:_LOOK])
    equal = {sign: _equal_rows(start, sign) for sign in DELIMITERS}
    signs = [sign for sign in DELIMITERS if not any(equal[sign].keys() < other.keys() for other in equal.values())]
    return max(signs, key=lambda sign: sum(equal[sign].values()))


def _equal_rows(start: str, sign: str) -> dict[int, int]:
    """The rows, by the line on which they end, that have as many cells as most with more than one, and how many."""
    reader = csv.reader(io.StringIO(start), delimiter=sign)
    try:
        widths = dict((reader.line_num, len(row)) for row in reader if len(row) > 1)
    except csv.Error:
        return {}
    usual = Counter(widths.values()).most_common(1)
    return {line: width for line, width in widths.items() if width == usual[0][0]}


def _cells(text: str, delimiter: str, name: str) -> tuple[list[list[str]], list[int]]:
    reader = csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=delimiter)
    cells, lines, begins = [], [], 1
    try:
        for row in reader:
            cells.append([unwrapped(cell) for cell in row])
            lines.append(begins)
            begins = reader.line_num + 1
    except csv.Error as error:
        message = _("Regel %(line)s is niet te volgen: een aanhalingsteken gaat open en niet dicht.")
        raise Unreadable(message % {"line": begins}, where=name) from error
    return cells, lines


def _header_at(cells: Sequence[Sequence[str]]) -> int:
    """The first row that is as filled as the rows below it and holds names, not values."""
    begin = next(at for at, row in enumerate(cells) if any(cell.strip() for cell in row))
    start = cells[begin : begin + _LOOK]
    filled = [sum(1 for cell in row if cell.strip()) for row in start]
    counts = Counter(n for n in filled if n > 1) or Counter(filter(None, filled))  # a title is one cell
    usual = counts.most_common(1)[0][0]
    full = (at for at, n in enumerate(filled) if n >= usual)
    named = (at for at in full if not any(looks_like_value(cell) for cell in start[at]))
    return begin + next(named, 0)


def _book(path: Path, name: str, wanted: Form | None) -> Read:
    from schakel.connectors.spreadsheets import Reading, cell_texts, decimals_in_texts, refuse_more_than_held, workbook
    from schakel.connectors.stacked import Written, head_row, stacked

    entry = Entry(name, path.stat().st_size, path)
    book = workbook(entry)
    sheets, hidden = book.sheets, tuple(s for s in book.sheets if s not in book.visible)
    kind = name.casefold().rpartition(".")[2]
    if wanted and wanted.sheet == ALL:
        row = wanted.header_row if wanted.wide else head_row(entry, book, wanted.header_row)
        decimal = wanted.decimal or ","
        whole = stacked(entry, book, Written(row, decimal=decimal, wide=wanted.headed if wanted.wide else None))
        form = replace(wanted, kind=kind, encoding="utf-8", delimiter=",", header_row=row)
        cells = [list(each) for each in (whole.made.headers, *whole.made.rows)]
        seen = Sheets(sheets, hidden, whole.sheets, whole.headings, whole.beside, Decimals(wanted.decimal))
        return form, cells, [row, *whole.made.lines], seen
    sheet = wanted.sheet if wanted and wanted.sheet in sheets else next(iter(book.visible or sheets), "")
    if not sheet:
        raise Unreadable(_("Dit werkboek heeft geen werkblad."), where=name)
    refuse_more_than_held(book, [sheet])
    reading = Reading.of(entry, book, sheet)
    form = replace(wanted or Form(), kind=kind, sheet=sheet, encoding="utf-8", delimiter=",")
    lines = list(range(1, len(reading.rows) + 1))
    form = _headed(form, cell_texts(reading, decimal=","), lines, name, said=wanted is not None)
    table = replace(reading, header_row=form.header_row).table
    decimals = decimals_in_texts(table)
    cells = cell_texts(table, decimal=form.decimal or decimals.sign or ",")
    return form, cells, lines, Sheets(sheets, hidden, decimals=decimals)
