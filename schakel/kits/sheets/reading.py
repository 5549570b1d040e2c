"""A file of sheets as offers to the register: every cell with its address, every cell that cannot be taken with why."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from schakel.access.people import Person
from schakel.access.permissions import decide
from schakel.kits.exchange.columns import Column
from schakel.kits.exchange.needs import AUDIENCE, ELEMENT
from schakel.kits.exchange.nouns import Fields
from schakel.kits.exchange.offers import Fault, Offered, Offers, Place
from schakel.kits.exchange.register import NOUNS, Standing
from schakel.kits.exchange.taking import Read
from schakel.kits.exchange.values import BadValue, read, written
from schakel.kits.exchange.words import LANGUAGES
from schakel.kits.sheets import guide
from schakel.kits.sheets.cells import inward, outward
from schakel.kits.sheets.content import line_fields
from schakel.kits.sheets.grids import Grid, grids
from schakel.kits.sheets.headers import Header, fitting, header, place
from schakel.kits.sheets.layouts import ALL, SHEETS, Sheet, chosen
from schakel.lib.errors import Unreadable
from schakel.lib.identifiers import is_bsn
from schakel.lib.text import gettext as _
from schakel.lib.text import language, masked, ngettext, spoken

_SHOWN = 80  # signs of a value in a report
_NOT_FIELDS = ("key", "gone")


def reader(actor: Person, content: bytes, name: str, only: str = ALL) -> Read:
    """How this file is read against the register, now and when it is confirmed. Raises Unreadable when it cannot be."""
    sheets = _paired(grids(content, name), name, only)

    def offers(standing: Standing) -> Offers:
        return _Reading(actor, standing, hashlib.sha256(content).hexdigest()).of(sheets)

    return offers


@dataclass(frozen=True)
class _Row:
    """A row with something in it: its cells by column."""

    sheet: Sheet
    grid: Grid
    number: int
    columns: dict[int, Column]

    def cell(self, number: int) -> Any:
        return inward(self.grid.cell(self.number, number))

    def at(self, number: int) -> Place:
        return place(self.sheet.title(language()), self.number, number, self._shown(number))

    def _shown(self, number: int) -> str:
        text, column = str(self.grid.cell(self.number, number)), self.columns[number]
        if self.sheet.about_people or column.to == "people" or is_bsn(text):
            return masked(text)
        return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


@dataclass
class _Reading:
    """Reads sheets one after the other: first which keys they bring, then what they say."""

    actor: Person
    standing: Standing
    digest: str
    offers: Offers = field(init=False)
    found: dict[tuple[str, str], Offered] = field(default_factory=dict)
    other_states: int = 0
    spoilt: set[tuple[str, str]] = field(default_factory=set)  # their own row has a fault; their lines wait for it

    def __post_init__(self) -> None:
        self.offers = Offers(self.digest)

    def of(self, sheets: list[tuple[Sheet, Grid] | str]) -> Offers:
        rows: list[_Row] = []
        for pair in sheets:
            if isinstance(pair, str):
                self.offers.notes.append(pair)
            else:
                rows += self._rows(*pair)
        for row in rows:
            self._announce(row)
        seen: dict[tuple[str, ...], int] = {}
        for row in rows:
            self._take(row, seen)
        if self.other_states:
            self.offers.notes.append(_states(self.other_states))
        self.offers.offered = [each for place, each in self.found.items() if place not in self.spoilt]
        return self.offers

    def _rows(self, sheet: Sheet, grid: Grid) -> list[_Row]:
        decision = decide(self.actor, sheet.read)
        if not decision.allowed:
            at = Place(sheet.title(language()), sheet=sheet.title(language()))
            self.offers.faults.append(Fault(at, decision.reason, _("Vraag het aan wie dit mag.")))
            return []
        top = header(grid, sheet)
        self.offers.faults += top.faults
        self.offers.notes += top.notes
        if not top.usable(sheet):
            return []
        wrong = set(self._merged(sheet, grid, top))
        computed = sum(1 for row, _column in grid.inside.formulas if row > top.row)
        if computed:
            self.offers.notes.append(_computed(sheet, computed))
        numbers = range(top.row + 1, len(grid.rows) + 1)
        rows = (_Row(sheet, grid, number, top.columns) for number in numbers if number not in wrong)
        return [row for row in rows if any(not _blank(row.cell(n)) for n in top.columns)]

    def _merged(self, sheet: Sheet, grid: Grid, top: Header) -> Iterator[int]:
        for (first, left), (last, right) in grid.inside.merged:
            if last < top.row or not any(left <= number <= right for number in top.columns):
                continue
            corner = place(sheet.title(language()), first, left, "")
            reason = _("Hier zijn cellen samengevoegd, tot en met rij %(row)s.") % {"row": last}
            self._fault(corner, reason, _("Splits de cellen en vul elke cel zelf."))
            yield from range(first, last + 1)

    def _announce(self, row: _Row) -> None:
        """Let the other rows point at what this row brings, also when something else in it is wrong."""
        noun = NOUNS[row.sheet.noun]
        if row.sheet.keys != ("key",):
            return
        said: dict[str, Any] = {}
        for number, column in row.columns.items():
            if column.name == "key" or column.name in noun.named_by:
                try:
                    said[column.name] = read(column, row.cell(number))
                except BadValue:
                    continue
        if said.get("key"):
            self.standing.offer(noun.key, said["key"], [said.get(name, "") for name in noun.named_by])

    def _take(self, row: _Row, seen: dict[tuple[str, ...], int]) -> None:
        before = len(self.offers.faults)
        by_name = {column.name: number for number, column in row.columns.items()}
        keys = {name: self._value(row, by_name[name], None) for name in row.sheet.keys}
        if len(self.offers.faults) > before:
            self._rest_only_for_faults(row, by_name)
            return
        mark = (row.sheet.key, *(str(value) for value in keys.values()))
        if mark in seen:
            reason = _("Deze sleutel staat ook al in rij %(row)s.") % {"row": seen[mark]}
            self._fault(row.at(by_name[row.sheet.keys[0]]), reason, _("Houd één van de rijen."))
            return
        seen[mark] = row.number
        fields, was = dict(keys), self._was(row.sheet, keys)
        for name, number in by_name.items():
            fixed_and_empty = row.columns[number].fixed and _blank(row.cell(number))
            if name not in keys and not fixed_and_empty:
                fields[name] = self._value(row, number, was)
        self._leave_fixed(row, fields, was)
        if len(self.offers.faults) == before:
            self._offer(row, fields, was, {name: row.at(number) for name, number in by_name.items()})
        elif row.sheet.keys == ("key",):
            self.spoilt.add((row.sheet.noun, keys["key"]))

    def _leave_fixed(self, row: _Row, fields: Fields, was: Fields | None) -> None:
        """What a file shows and does not change: it may be old, so that it differs is told and no fault."""
        for column in row.columns.values():
            if column.fixed and column.name in fields:
                said = fields.pop(column.name)
                self.other_states += was is not None and said is not None and said != was[column.name]

    def _rest_only_for_faults(self, row: _Row, by_name: dict[str, int]) -> None:
        for name, number in by_name.items():
            if name not in row.sheet.keys:
                self._value(row, number, None)

    def _was(self, sheet: Sheet, keys: Fields) -> Fields | None:
        """What the register says about the thing of a row, as the fields of its sheet."""
        if sheet.noun == "needs" and sheet.key != "needs":
            standing = self.standing.fields("needs", keys["need"]) or {}
            name = _line_name(sheet, keys)
            return line_fields(keys["need"], name, standing[name]) if name in standing else None
        return self.standing.fields(sheet.noun, NOUNS[sheet.noun].key_from(keys))

    def _value(self, row: _Row, number: int, was: Fields | None) -> Any:
        column, cell = row.columns[number], row.cell(number)
        if was is not None and column.name in was and _as_written(row, number, column, was[column.name]):
            return was[column.name]
        try:
            if (row.number, number) in row.grid.inside.without_value:
                raise BadValue(_("Deze formule heeft geen uitkomst."), _("Typ de waarde zelf in de cel."))
            value = read(column, cell)
            if column.kind == "ref" and value:
                return self.standing.key(column.to, value)
            if column.kind == "refs":
                return tuple(sorted(self.standing.key(column.to, each) for each in value))
            return value
        except BadValue as bad:
            self._fault(row.at(number), bad.reason, bad.hint)
            return None

    def _offer(self, row: _Row, fields: Fields, was: Fields | None, places: dict[str, Place]) -> None:
        sheet = row.sheet
        if sheet.noun == "needs" and sheet.key != "needs":
            self._offer_line(row, fields, was, places)
            return
        key = NOUNS[sheet.noun].key_from(fields)
        offered = self._offered(sheet.noun, key, places[sheet.keys[0]])
        offered.fields |= {name: value for name, value in fields.items() if name not in _NOT_FIELDS}
        offered.places |= places

    def _offer_line(self, row: _Row, fields: Fields, was: Fields | None, places: dict[str, Place]) -> None:
        name = _line_name(row.sheet, fields)
        line: Any = None
        if not fields.get("gone"):
            line = True if row.sheet.key == "need_audience" else self._line(row, {**(was or {}), **fields})
            if line is None:
                return
        offered = self._offered("needs", fields["need"], places["need"])
        offered.fields[name] = line
        offered.places[name] = places[row.sheet.keys[1]]

    def _line(self, row: _Row, fields: Fields) -> Any:
        for column in row.sheet.columns:
            if column.required and column.name not in fields:
                reason = _("Voor iets nieuws ontbreekt ‘%(header)s’.") % {"header": column.header(language())}
                self._fault(row.at(next(iter(row.columns))), reason, _("Voeg die kolom toe en vul haar."))
                return None
        return tuple(fields.get(name) or "" for name in ("demand", "reason", "reason_en", "declined_reason"))

    def _offered(self, noun: str, key: str, at: Place) -> Offered:
        return self.found.setdefault((noun, key), Offered(noun, key, at))

    def _fault(self, at: Place, reason: str, hint: str) -> None:
        self.offers.faults.append(Fault(at, reason, hint))


def _computed(sheet: Sheet, count: int) -> str:
    text = ngettext(
        "Blad ‘%(sheet)s’: van %(n)s formule is alleen de uitkomst gelezen.",
        "Blad ‘%(sheet)s’: van %(n)s formules is alleen de uitkomst gelezen.",
        count,
    )
    return text % {"sheet": sheet.title(language()), "n": count}


def _states(count: int) -> str:
    text = ngettext(
        "Van %(n)s behoefte is de stand in het bestand een andere dan hier. Die wijzigt niet via een bestand: "
        "daar hoort een besluit bij.",
        "Van %(n)s behoeften is de stand in het bestand een andere dan hier. Die wijzigt niet via een bestand: "
        "daar hoort een besluit bij.",
        count,
    )
    return text % {"n": count}


def _line_name(sheet: Sheet, keys: Fields) -> str:
    if sheet.key == "need_elements":
        return f"{ELEMENT}{keys['element']}"
    return f"{AUDIENCE}{keys['receiver']}:{keys['scope']}"


def _as_written(row: _Row, number: int, column: Column, value: Any) -> bool:
    """Whether a cell says exactly what the register would write there: then nothing was edited, blanks and all."""
    cell = row.grid.cell(row.number, number)
    if not isinstance(cell, str):
        return False
    cell = cell.replace("\r\n", "\n").replace("\r", "\n")
    return any(cell == (outward(written(column, value, tongue)) or "") for tongue in LANGUAGES)


def _blank(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _paired(found: list[Grid], name: str, only: str) -> list[tuple[Sheet, Grid] | str]:
    """Each grid with its sheet, or a note on why it is left aside. Raises Unreadable when none is known."""
    wanted = chosen(only)
    filled = [grid for grid in found if grid.first()]
    if not filled:
        raise Unreadable(_("Er staat niets in dit bestand."), code="empty", where=name)
    if len(filled) == 1 and _titled(filled[0], wanted) is None:
        sheet = fitting(filled[0], wanted)
        if sheet is not None:
            return [(sheet, filled[0])]
    pairs: list[tuple[Sheet, Grid] | str] = []
    for grid in filled:
        sheet = _titled(grid, wanted)
        if sheet is not None:
            pairs.append((sheet, grid))
        elif not _ours(grid.title):
            pairs.append(_("Blad ‘%(sheet)s’ is overgeslagen.") % {"sheet": grid.title})
    if all(isinstance(pair, str) for pair in pairs):
        titles = ", ".join(sheet.title(language()) for sheet in wanted)
        hint = _("Schakel leest de bladen: %(titles)s.") % {"titles": titles}
        raise Unreadable(_("Schakel herkent geen enkel blad in dit bestand."), code="sheet", where=name, hint=hint)
    return pairs


def _titled(grid: Grid, sheets: list[Sheet]) -> Sheet | None:
    title = grid.title.strip().casefold()
    return next((sheet for sheet in sheets if title in [said.casefold() for said in sheet.titles]), None)


def _ours(title: str) -> bool:
    """The guide, the lists, and sheets of another group are not worth a note."""
    known = {said for sheet in SHEETS.values() for said in sheet.titles}
    for tongue in LANGUAGES:
        with spoken(tongue):
            known |= {guide.title(), guide.lists_title()}
    return title.strip() in known
