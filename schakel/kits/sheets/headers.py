"""The header of a sheet, held against the columns that Schakel knows: which is which, and what is odd about it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from schakel.kits.exchange.columns import Column
from schakel.kits.exchange.offers import Fault, Place
from schakel.kits.sheets.grids import Grid
from schakel.kits.sheets.layouts import Sheet
from schakel.lib.identifiers import FORBIDDEN_NAME
from schakel.lib.text import gettext as _
from schakel.lib.text import language

_LIKE = 0.78
_BLANKS = " \t\r\n\u00a0\u200b\ufeff*:"


@dataclass
class Header:
    """Which column stands where: number of the column -> the column; on which row the header stands."""

    row: int
    columns: dict[int, Column] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def usable(self, sheet: Sheet) -> bool:
        """Whether the rows can be read: the columns that say which thing it is are there."""
        return set(sheet.keys) <= {column.name for column in self.columns.values()}


def header(grid: Grid, sheet: Sheet) -> Header:
    """Match the first filled row of a grid to the columns of a sheet."""
    found = Header(grid.first())
    names = {number: _plain(cell) for number, cell in enumerate(grid.rows[found.row - 1], 1)} if found.row else {}
    unknown: list[int] = []
    for number, name in names.items():
        column = _known(name, sheet.columns)
        if column is None:
            unknown.append(number)
        elif column in found.columns.values():
            reason = _("Deze kolom staat er twee keer.")
            found.faults.append(_fault(sheet, found.row, number, name, reason, _("Haal een van beide weg.")))
        else:
            found.columns[number] = column
    found.faults += _strange(sheet, found, {number: names[number] for number in unknown if names[number]})
    found.faults += _missing_keys(sheet, found)
    found.notes += _absent(sheet, found)
    return found


def fitting(grid: Grid, sheets: Sequence[Sheet]) -> Sheet | None:
    """The sheet that these headers are of, when there is one that fits best."""
    row = grid.first()
    names = {_plain(cell) for cell in grid.rows[row - 1]} if row else set()

    def score(sheet: Sheet) -> float:
        known = {column.name for name in names if (column := _known(name, sheet.columns))}
        if not set(sheet.keys) <= known or known == {"key"}:  # a key alone is the key of anything
            return 0.0
        return len(known) / len(sheet.columns) + len(known) / max(len(names), 1)

    ranked = sorted(sheets, key=score, reverse=True)
    best = ranked[0] if ranked else None
    if best is None or score(best) == 0 or (len(ranked) > 1 and score(ranked[1]) == score(best)):
        return None
    return best


def _known(name: str, columns: Sequence[Column]) -> Column | None:
    wanted = name.casefold()
    return next((column for column in columns if wanted in _names(column)), None)


def _names(column: Column) -> tuple[str, ...]:
    return (*(_plain(header).casefold() for header in column.headers), column.name.casefold())


def _plain(cell: object) -> str:
    return " ".join(str(cell).strip(_BLANKS).split())


def _strange(sheet: Sheet, found: Header, unknown: dict[int, str]) -> Iterator[Fault]:
    """Columns that Schakel does not know: one that must never come, one with a typing error, and the rest."""
    absent = [column for column in sheet.columns if column not in found.columns.values()]
    extra = []
    for number, name in unknown.items():
        if FORBIDDEN_NAME.search(name):
            reason = _("Een burgerservicenummer of onderwijsnummer komt Schakel nooit in.")
            yield _fault(sheet, found.row, number, name, reason, _("Haal de kolom uit het bestand."))
            continue
        meant = _meant(name, absent)
        if meant:
            reason = _("Schakel kent deze kolom niet.")
            hint = _("Bedoelt u ‘%(header)s’? Zet die naam erboven.") % {"header": meant.header(language())}
            yield _fault(sheet, found.row, number, name, reason, hint)
        else:
            extra.append(name)
    if extra:
        text = _("Blad ‘%(sheet)s’: niet gelezen, want Schakel kent ze niet: %(names)s.")
        found.notes.append(text % {"sheet": sheet.title(language()), "names": ", ".join(extra)})


def _meant(name: str, absent: Sequence[Column]) -> Column | None:
    names = {known: column for column in absent for known in _names(column)}
    near = get_close_matches(name.casefold(), names, 1, _LIKE)
    return names[near[0]] if near else None


def _missing_keys(sheet: Sheet, found: Header) -> Iterator[Fault]:
    if found.usable(sheet) or found.faults:
        return
    there = {column.name for column in found.columns.values()}
    missing = [c.header(language()) for c in sheet.columns if c.name in sheet.keys and c.name not in there]
    reason = _("Dit blad heeft geen kolom ‘%(names)s’; daarmee weet Schakel niet om welk ding een rij gaat.")
    hint = _("Zet de koppen in de eerste rij, zoals in een bestand dat u hier ophaalt.")
    yield _fault(sheet, max(found.row, 1), 1, "", reason % {"names": "’, ‘".join(missing)}, hint)


def _absent(sheet: Sheet, found: Header) -> Iterator[str]:
    there = set(map(id, found.columns.values()))
    absent = [c.header(language()) for c in sheet.columns if id(c) not in there and c.name not in ("gone", "state")]
    if absent and found.usable(sheet):
        text = _("Blad ‘%(sheet)s’ heeft deze kolommen niet; wat er staat blijft zo: %(names)s.")
        yield text % {"sheet": sheet.title(language()), "names": ", ".join(absent)}


def _fault(sheet: Sheet, row: int, number: int, value: str, reason: str, hint: str) -> Fault:
    return Fault(place(sheet.title(language()), row, number, value), reason, hint)


def place(title: str, row: int, column: int, value: str) -> Place:
    """A cell by its address."""
    letters, rest = "", column
    while rest:
        rest, digit = divmod(rest - 1, 26)
        letters = chr(65 + digit) + letters
    return Place(f"{title}!{letters}{row}", value, title, row, column)
