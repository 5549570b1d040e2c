"""Tables that sort and filter by their address: the server does it, so it works without script and can be shared."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, ClassVar
from urllib.parse import urlencode

from schakel.portal.figures import Figure
from schakel.portal.parts import Action, Link, Part, Status

PAGE = 100
Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Column:
    """A column: what it is called, whether it counts (right-aligned), sorts, or may go on a phone."""

    key: str
    label: str
    number: bool = False
    sorts: bool = True
    optional: bool = False
    hidden_label: bool = False
    wide: bool = False


@dataclass(frozen=True)
class Cell:
    """What stands in one place of a table. `order` is what it sorts by; unknown sorts last."""

    figure: Figure | None = None
    order: Any = None
    note: str = ""
    href: str = ""
    state: Status | None = None
    chart: Part | None = None
    action: Action | None = None
    strong: bool = False

    @property
    def only_words(self) -> bool:
        """Whether there is nothing in it but a figure."""
        return not (self.note or self.href or self.state or self.chart or self.action or self.strong)

    @property
    def text(self) -> str:
        """The words that a search looks in."""
        return " ".join(t for t in (self.figure.text if self.figure else "", self.note, self.word) if t)

    @property
    def word(self) -> str:
        """The word of its state."""
        return self.state.word if self.state else ""


def words(value: str, **more: Any) -> Cell:
    """A cell with plain words."""
    return Cell(Figure(value), order=value.casefold(), **more)


@dataclass(frozen=True)
class Row:
    """A row: its cells by column key, and the values its filters look at.

    `orders` is what it sorts by, for columns of which that is known without making its cells.
    """

    cells: Mapping[str, Cell]
    tags: Mapping[str, str] = field(default_factory=dict)
    orders: Mapping[str, Any] = field(default_factory=dict)

    def order(self, key: str) -> Any:
        """What it sorts by in a column."""
        return self.orders[key] if key in self.orders else self.cells.get(key, Cell()).order


class _Later(Mapping[str, Cell]):
    """Cells that are made when someone looks at them."""

    def __init__(self, make: Callable[[], Mapping[str, Cell]]) -> None:
        self._make = make

    @cached_property
    def _cells(self) -> Mapping[str, Cell]:
        return self._make()

    def __getitem__(self, key: str) -> Cell:
        return self._cells[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._cells)

    def __len__(self) -> int:
        return len(self._cells)


def later(make: Callable[[], Mapping[str, Cell]], tags: Mapping[str, str] | None = None, **orders: Any) -> Row:
    """A row whose cells are only made when it is drawn, or searched, or sorted by a column that `orders` lacks."""
    return Row(_Later(make), tags or {}, orders)


@dataclass(frozen=True)
class Filter:
    """A choice above the table: `options` are (value, words); the first one is `everything`, with an empty value."""

    key: str
    label: str
    options: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Table:
    """A table as a page gives it. `key` keeps the addresses of two tables on one page apart.

    A `private` table holds people: what someone looks for in it is sent in a form, and never stands in an address.
    """

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    key: str = "t"
    order: str = ""
    search: str = ""
    filters: Sequence[Filter] = ()
    exports: Sequence[Link] = ()
    work: bool = False
    middle: bool = False
    empty: str = ""
    size: int = PAGE
    private: bool = False


@dataclass(frozen=True)
class Heading:
    """A column as it is drawn: with its direction, the address that turns it, and the order which that asks for."""

    column: Column
    direction: str
    href: str
    order: str = ""


@dataclass(frozen=True)
class Chosen:
    """A filter as it is drawn: with what was chosen."""

    filter: Filter
    value: str

    @property
    def name(self) -> str:
        """Its name in the address."""
        return self.filter.key


@dataclass(frozen=True)
class Shown(Part):
    """A table as it is drawn now."""

    template: ClassVar[str] = "table"
    table: Table
    rows: Sequence[Sequence[tuple[Column, Cell]]]
    headings: Sequence[Heading]
    filters: Sequence[Chosen]
    find: str
    kept: Sequence[tuple[str, str]]
    total: int
    found: int
    before: str = ""
    after: str = ""
    earlier: int = 0  # the first row of the page before, and of the page after; for a table that has no addresses
    later: int = 0
    state: Sequence[tuple[str, str]] = ()  # what the address says about this table, and what it must not forget

    def from_row(self, start: int) -> str:
        """The address of the same table, from another row on."""
        return address([*self.state, (_name(self.table, "vanaf"), str(start))])

    @property
    def sorts(self) -> bool:
        """Whether anything above the table can be chosen."""
        return bool(self.table.search or self.filters or self.table.exports)

    @property
    def first(self) -> str:
        """The key of the first column: it names the row."""
        return self.table.columns[0].key


def shown(table: Table, query: Mapping[str, str] | None = None, keep: Pairs = ()) -> Shown:
    """The table as the address asks for it: searched, filtered, sorted, one page of it.

    `keep` is what else stands in the address and must not be forgotten when someone sorts or filters.
    """
    asked = dict(query or {})
    chosen = {f.key: _allowed(f, asked.get(_name(table, f.key), "")) for f in table.filters}
    find = asked.get(_name(table, "zoek"), "").strip()
    order = _order(table, asked.get(_name(table, "sorteer"), ""))
    rows = _sorted([r for r in table.rows if _fits(r, chosen, find)], order)
    page = start_of(asked.get(_name(table, "vanaf"), ""), len(rows), table.size)
    state = _state(table, chosen, find, order)
    whole = Shown(
        table=table,
        rows=[[(c, row.cells.get(c.key, Cell())) for c in table.columns] for row in rows[page : page + table.size]],
        headings=[_heading(table, c, order, state, keep) for c in table.columns],
        filters=[Chosen(replace(f, key=_name(table, f.key)), chosen[f.key]) for f in table.filters],
        find=find,
        kept=[*keep, *((k, v) for k, v in state.items() if k == _name(table, "sorteer"))],
        total=len(table.rows),
        found=len(rows),
        state=[*keep, *state.items()],
    )
    return paged(whole, page, len(rows))


def paged(whole: Shown, start: int, total: int) -> Shown:
    """With the way to the page before and the page after the one that starts here."""
    size = whole.table.size
    earlier, later = max(start - size, 0), start + size
    before = whole.from_row(earlier) if start else ""
    after = whole.from_row(later) if later < total else ""
    return replace(whole, before=before, after=after, earlier=earlier, later=later)


def _name(table: Table, key: str) -> str:
    return f"{table.key}-{key}"


def _allowed(choice: Filter, value: str) -> str:
    return value if value in {v for v, _words in choice.options} else ""


def _order(table: Table, asked: str) -> str:
    known = {c.key for c in table.columns if c.sorts}
    return asked if asked.removeprefix("-") in known else table.order


def _fits(row: Row, chosen: Mapping[str, str], find: str) -> bool:
    if any(value and row.tags.get(key) != value for key, value in chosen.items()):
        return False
    return not find or any(find.casefold() in cell.text.casefold() for cell in row.cells.values())


def _sorted(rows: list[Row], order: str) -> list[Row]:
    """Sorted with what is unknown at the end, whichever way."""
    key = order.removeprefix("-")
    if not key:
        return rows
    known = [r for r in rows if r.order(key) is not None]
    rest = [r for r in rows if r.order(key) is None]
    try:
        known.sort(key=lambda r: r.order(key), reverse=order.startswith("-"))
    except TypeError:  # a column that mixes words and numbers sorts as words
        known.sort(key=lambda r: str(r.order(key)), reverse=order.startswith("-"))
    return known + rest


def start_of(asked: str, total: int, size: int) -> int:
    """The first row of the page that an address asks for; the first page when it asks for nothing sensible."""
    start = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 0  # noqa: PLR2004
    return start - start % size if start < total else 0


def _state(table: Table, chosen: Mapping[str, str], find: str, order: str) -> dict[str, str]:
    state = {_name(table, k): v for k, v in chosen.items() if v}
    if find and not table.private:
        state[_name(table, "zoek")] = find
    if order and order != table.order:
        state[_name(table, "sorteer")] = order
    return state


def _heading(table: Table, column: Column, order: str, state: Mapping[str, str], keep: Pairs) -> Heading:
    if not column.sorts:
        return Heading(column, "", "")
    now = {column.key: "ascending", f"-{column.key}": "descending"}.get(order, "")
    turned = {"ascending": f"-{column.key}", "descending": column.key}
    first = f"-{column.key}" if column.number else column.key
    becomes = turned.get(now, first)
    asked = {**state, _name(table, "sorteer"): becomes}
    return Heading(column, now, address([*keep, *asked.items()]), becomes)


def asked(address: Mapping[str, str], form: Mapping[str, str]) -> dict[str, str]:
    """What a page with a private table was asked: what its form says, over what its address may say.

    Words to look for in an address are not followed: they would stay behind in histories and logs.
    """
    return {name: value for name, value in address.items() if not name.endswith("-zoek")} | dict(form)


def address(pairs: Pairs) -> str:
    """The address of the same page with these words behind it."""
    return "?" + urlencode(list(pairs))
