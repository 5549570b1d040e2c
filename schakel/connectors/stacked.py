"""A workbook with the same table on each of its sheets (a school each, a month each), read as one table.

Which sheets belong to it is told by their headers: a sheet with other columns is no part of it. One that has at least
half of them, and was not there when somebody said what belongs to it, stops the file instead of being left out.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from schakel.collect.findings import Finding, finding
from schakel.collect.headers import numbered
from schakel.collect.listings import Entry
from schakel.connectors import headings
from schakel.connectors import wide as overview
from schakel.connectors.books import Book
from schakel.connectors.headings import Heading, Wide
from schakel.connectors.made_rows import SHEET, Made, as_it_is
from schakel.connectors.spreadsheets import Reading, cell_texts, refuse_more_than_held, sheet_findings
from schakel.connectors.unfolding import is_headed, unfolded
from schakel.lib.errors import Unreadable
from schakel.lib.text import gettext as _

_LOOK = 20  # rows in which the headers are looked for
_Head = tuple[str, int]  # a header in lower case, and how many columns before it are called the same


@dataclass
class Stacked:
    """The rows of all sheets that belong together, which sheets these are, and what is odd about them.

    Of wide overviews `headings` has what their columns are headed with, `beside` the headers as they stand there.
    """

    made: Made
    sheets: tuple[str, ...] = ()
    told: list[Finding] = field(default_factory=list)
    signs: int = 0
    headings: tuple[Heading, ...] = ()
    beside: tuple[str, ...] = ()


@dataclass(frozen=True)
class Written:
    """How every sheet is written: on which row the headers stand, and how they are headed where each is wide."""

    header_row: int = 1
    date_format: str = "%Y-%m-%d"
    decimal: str = "."
    wide: Wide | None = None


WRITTEN = Written()


@dataclass(frozen=True)
class _Table:
    """One sheet as a table: of a wide overview with a row for each filled cell."""

    sheet: Reading
    form: Written

    @cached_property
    def top(self) -> list[list[str]]:
        """The cells down to the header; empty for a sheet that ends above it."""
        rows = self.sheet.rows[: self.sheet.header_row]
        return self._cells(replace(self.sheet, rows=rows)) if len(rows) == self.sheet.header_row else []

    @cached_property
    def headers(self) -> tuple[str, ...]:
        """The headers that its rows have."""
        return self._made(self.top).headers if self.top else ()

    def made(self) -> Made:
        """All its rows."""
        return self._made(self._cells(self.sheet.table))

    def _cells(self, sheet: Reading) -> list[list[str]]:
        return cell_texts(sheet, self._day, self.form.decimal)

    @property
    def _day(self) -> str:
        return self.form.date_format.partition("|")[0].replace("%-", "%")

    def _made(self, cells: list[list[str]]) -> Made:
        at, lines, wide = self.sheet.header_row - 1, range(1, len(cells) + 1), self.form.wide
        if wide and is_headed(cells, at, wide):
            return unfolded(cells, lines, at, wide, self.sheet.label, self._day)
        return as_it_is(cells, lines, at)

    @cached_property
    def heads(self) -> list[_Head]:
        """Its headers; of two that are called alike each is one of its own."""
        seen, heads = Counter[str](), []
        for cell in self.headers:
            text = cell.casefold()
            heads.append((text, seen[text]))
            seen[text] += 1
        return heads

    @property
    def named(self) -> set[str]:
        """What its headers are called, each as one of its own."""
        return {text for text in numbered([text for text, _again in self.heads]) if text}


def stacked(
    entry: Entry, book: Book, form: Written = WRITTEN, wanted: Collection[str] = (), wished: Collection[str] = (),
    others: Collection[str] = (),
) -> Stacked:  # fmt: skip
    """The sheets that can be seen and have the `wanted` headers; without these the headers that most sheets share.

    A sheet may lack what is `wished`, which is told. `others` are sheets that are known to be no part of it. Raises
    Unreadable where no sheet has the headers, where one that is not known has only a part of them, and for more rows
    than can be held.
    """
    sheets = [_Table(each, form) for each in _readings(entry, book, form.header_row) if each.sheet not in others]
    needed = {each.casefold() for each in wanted} or _shared(sheets)
    within = [each for each in sheets if needed and needed <= each.named]
    if not within:
        raise Unreadable(_("In dit werkboek staat geen enkel bekend werkblad."), where=entry.name)
    if wanted:
        _refuse_nearly(sheets, needed)
    found = Stacked(Made(_headers(within)), tuple(each.sheet.sheet for each in within))
    left = [name for name in book.sheets if name not in found.sheets and name not in others]
    found.told = [finding("sheet-unknown", f"{entry.name}#{name}", found=name) for name in left]
    for each in within:
        lost = [head for head in wished if head.casefold() not in each.named]
        label = each.sheet.label
        found.told += [finding("header-missing-optional", label, head, row=form.header_row, found="-") for head in lost]
        read = {*needed, *(head.casefold() for head in wished)} if wanted and not form.wide else None
        found.told += sheet_findings(each.sheet, book, read)
        _add(found, each)
    return found


def head_row(entry: Entry, book: Book, here: int) -> int:
    """The row on which most sheets that can be seen have the same headers; `here` unless another has more of them."""
    sheets = _readings(entry, book, here)

    def agree(row: int) -> int:
        heads = [frozenset(_named(replace(each, header_row=row))) for each in sheets]
        return max((heads.count(head) for head in heads if len(head) > 1), default=0)

    rows: list[int] = [here, *range(1, _LOOK + 1)]
    return max(rows, key=agree)


def _readings(entry: Entry, book: Book, header_row: int) -> list[Reading]:
    """Every sheet that can be seen. Raises Unreadable for more cells than can be held at once."""
    refuse_more_than_held(book, book.visible)
    return [Reading.of(entry, book, name, header_row) for name in book.visible]


def _shared(sheets: Sequence[_Table]) -> set[str]:
    """The headers that most sheets have, of those with any."""
    sets = Counter(frozenset(named) for each in sheets if (named := each.named))
    return set(sets.most_common(1)[0][0]) if sets else set()


def _named(sheet: Reading) -> set[str]:
    return {text for cell in sheet.headers if (text := str(cell).strip().casefold())}


def _refuse_nearly(sheets: Sequence[_Table], needed: Collection[str]) -> None:
    for each in sheets:
        lost = sorted(set(needed) - each.named)
        if lost and 2 * len(lost) <= len(needed):
            text = _("Op het werkblad %(sheet)s ontbreekt %(columns)s, en op andere niet.")
            words = {"sheet": each.sheet.sheet, "columns": ", ".join(lost)}
            hint = _("Er is niets van bewaard. Herstel de kolomkoppen, of verberg het blad als het er niet bij hoort.")
            raise Unreadable(text % words, code="drift", where=each.sheet.label, hint=hint)


def _headers(sheets: Sequence[_Table]) -> tuple[str, ...]:
    """The headers of all sheets, as they are written where they come first, and before them the sheet itself."""
    found: dict[_Head, str] = {}
    for each in sheets:
        for head, text in zip(each.heads, each.headers, strict=True):
            if text:
                found.setdefault(head, text)
    return (SHEET, *found.values())


def _add(found: Stacked, table: _Table) -> None:
    """The rows of one sheet, each value under the header that it has there."""
    made, of_sheet = found.made, table.made()
    places, width = _places(made.headers), len(table.top[-1])
    found.told += [finding("ragged-row", table.sheet.label, row=line, expected=str(width)) for line in of_sheet.ragged]
    if table.form.wide:
        found.beside = found.beside or tuple(cell.strip() for cell in table.top[-1])
    if table.form.wide and table.form.wide.per in headings.KINDS:
        found.headings += overview.heads(table.top, len(table.top) - 1, table.form.wide.per)
    taken = [(at, places[head]) for at, head in enumerate(table.heads) if head[0]]
    rows = list[tuple[str, ...]]()
    for row in of_sheet.rows:
        values = [""] * len(made.headers)
        values[0] = table.sheet.sheet
        for at, place in taken:
            values[place] = row[at]
        rows.append(tuple(values))
    made.add(of_sheet, table.sheet.label, rows)
    if table.form.wide:
        found.signs += sum(len(cell) for row in rows for cell in row)
        overview.refuse_more(len(made.rows), found.signs, table.sheet.entry.name)


def _places(headers: Sequence[str]) -> dict[_Head, int]:
    seen, places = Counter[str](), dict[_Head, int]()
    for at, header in enumerate(headers[1:], 1):
        text = header.casefold()
        places[text, seen[text]] = at
        seen[text] += 1
    return places
