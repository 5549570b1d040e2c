"""A workbook with the same table on each of its sheets (a school each, a month each), read as one table.

Which sheets belong to it is told by their headers: a sheet with other columns is no part of it. One that has at least
half of them, and was not there when somebody said what belongs to it, stops the file instead of being left out.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace

from schakel.collect.findings import Finding, finding
from schakel.collect.listings import Entry
from schakel.connectors.books import Book
from schakel.connectors.made_rows import SHEET, Made
from schakel.connectors.spreadsheets import Reading, cell_texts, sheet_findings
from schakel.lib.errors import Unreadable
from schakel.lib.text import gettext as _
from schakel.lib.text import number

MAX_CELLS = 5_000_000  # of all sheets together, empty ones counted: they are all held at once
_LOOK = 20  # rows in which the headers are looked for
_Head = tuple[str, int]  # a header in lower case, and how many columns before it are called the same


@dataclass
class Stacked:
    """The rows of all sheets that belong together, which sheets these are, and what is odd about them."""

    made: Made
    sheets: tuple[str, ...] = ()
    told: list[Finding] = field(default_factory=list)


def stacked(
    entry: Entry, book: Book, header_row: int = 1, wanted: Collection[str] = (), wished: Collection[str] = (),
    others: Collection[str] = (), date_format: str = "%Y-%m-%d", decimal: str = ".",
) -> Stacked:  # fmt: skip
    """The sheets that can be seen and have the `wanted` headers; without these the headers that most sheets share.

    A sheet may lack what is `wished`, which is told. `others` are sheets that are known to be no part of it. Raises
    Unreadable where no sheet has the headers, where one that is not known has only a part of them, and for more rows
    than can be held.
    """
    sheets = [each for each in _readings(entry, book, header_row) if each.sheet not in others]
    needed = {each.casefold() for each in wanted} or _shared(sheets)
    within = [each for each in sheets if needed and needed <= _named(each)]
    if not within:
        raise Unreadable(_("In dit werkboek staat geen enkel bekend werkblad."), where=entry.name)
    if wanted:
        _refuse_nearly(sheets, needed)
    found = Stacked(Made(_headers(within)), tuple(each.sheet for each in within))
    left = [name for name in book.sheets if name not in found.sheets and name not in others]
    found.told = [finding("sheet-unknown", f"{entry.name}#{name}", found=name) for name in left]
    for each in within:
        lost = [head for head in wished if head.casefold() not in _named(each)]
        found.told += [finding("header-missing-optional", each.label, head, row=header_row, found="-") for head in lost]
        read = {*needed, *(head.casefold() for head in wished)} if wanted else None
        found.told += sheet_findings(each, book, read)
        _add(found, each, date_format.partition("|")[0].replace("%-", "%"), decimal)
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
    inside = [each for name, each in book.inside.items() if name in book.visible]
    if sum(each.rows * each.columns for each in inside) > MAX_CELLS:
        text = _("Dit werkboek is te groot om als geheel te lezen: op de bladen samen mogen %(n)s cellen liggen.")
        hint = _("Verwijder wat ver buiten de tabellen staat, ook opmaak, of kies één werkblad.")
        raise Unreadable(text % {"n": number(MAX_CELLS)}, code="size", where=entry.name, hint=hint)
    return [Reading.of(entry, book, name, header_row) for name in book.visible]


def _shared(sheets: Sequence[Reading]) -> set[str]:
    """The headers that most sheets have, of those with any."""
    sets = Counter(frozenset(named) for each in sheets if (named := _named(each)))
    return set(sets.most_common(1)[0][0]) if sets else set()


def _named(sheet: Reading) -> set[str]:
    return {text for text, _again in _heads(sheet) if text}


def _heads(sheet: Reading) -> list[_Head]:
    """The headers of a sheet; of two that are called alike each is one of its own."""
    seen, heads = Counter[str](), []
    for cell in sheet.headers:
        text = str(cell).strip().casefold()
        heads.append((text, seen[text]))
        seen[text] += 1
    while heads and not heads[-1][0]:
        heads.pop()
    return heads


def _refuse_nearly(sheets: Sequence[Reading], needed: Collection[str]) -> None:
    for each in sheets:
        lost = sorted(set(needed) - _named(each))
        if lost and 2 * len(lost) <= len(needed):
            text = _("Op het werkblad %(sheet)s ontbreekt %(columns)s, en op andere niet.")
            words = {"sheet": each.sheet, "columns": ", ".join(lost)}
            hint = _("Er is niets van bewaard. Herstel de kolomkoppen, of verberg het blad als het er niet bij hoort.")
            raise Unreadable(text % words, code="drift", where=each.label, hint=hint)


def _headers(sheets: Sequence[Reading]) -> tuple[str, ...]:
    """The headers of all sheets, as they are written where they come first, and before them the sheet itself."""
    found: dict[_Head, str] = {}
    for each in sheets:
        for head, cell in zip(_heads(each), each.headers, strict=False):
            if head[0]:
                found.setdefault(head, str(cell).strip())
    return (SHEET, *found.values())


def _add(found: Stacked, sheet: Reading, date_format: str, decimal: str) -> None:
    """The rows of one sheet, each value under the header that it has there."""
    made, heads = found.made, _heads(sheet)
    places = _places(made.headers)
    for line, row in _below(cell_texts(sheet, date_format, decimal), sheet.header_row):
        if any(cell.strip() for cell in row[len(heads) :]):
            found.told.append(finding("ragged-row", sheet.label, row=line, expected=str(len(heads))))
            continue
        values = [""] * len(made.headers)
        values[0] = sheet.sheet
        for head, cell in zip(heads, row, strict=False):
            if head[0]:
                values[places[head]] = cell.strip()
        made.rows.append(tuple(values))
        made.lines.append(line)
        made.labels.append(sheet.label)


def _places(headers: Sequence[str]) -> dict[_Head, int]:
    seen, places = Counter[str](), dict[_Head, int]()
    for at, header in enumerate(headers[1:], 1):
        text = header.casefold()
        places[text, seen[text]] = at
        seen[text] += 1
    return places


def _below(cells: Sequence[Sequence[str]], header_row: int) -> Iterator[tuple[int, Sequence[str]]]:
    """The rows below the header with anything in them, each with its line."""
    for line, row in enumerate(cells[header_row:], header_row + 1):
        if any(cell.strip() for cell in row):
            yield line, row
