"""Whatever the address asks: what is shown is exactly a part of all rows, in order, a page at a time."""

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import parse_qsl

from hypothesis import given
from hypothesis import strategies as st

from schakel.portal import figures, tables
from schakel.portal.figures import Figure
from schakel.portal.parts import Action, Status
from schakel.portal.tables import Cell, Column, Filter, Row, Shown, Table

COLUMNS = [Column("name", "Naam"), Column("n", "Aantal", number=True), Column("do", "Actie", sorts=False)]
KINDS = ("po", "vo", "so")
names = st.sampled_from(["Bo", "an", "Ézé", "", "<b>", "bo", "5", "%"])
numbers = st.one_of(st.none(), st.integers(-3, 3))
kinds = st.sampled_from(KINDS)
Given = tuple[str, int | None, str]
some = st.lists(st.tuples(names, numbers, kinds), max_size=25)
orders = st.sampled_from(["", "name", "-name", "n", "-n", "do", "-do", "password", "--n", "n; DROP TABLE x"])


def made(rows: Sequence[Given], order: str = "", size: int = 4) -> Table:
    cells = [
        Row(
            {"id": Cell(order=place), "name": tables.words(name), "n": Cell(figures.figure(n), order=n)},
            {"soort": kind},
        )
        for place, (name, n, kind) in enumerate(rows)
    ]
    choices = Filter("soort", "Soort", [("", "Alles"), *((kind, kind) for kind in KINDS)])
    return Table(
        "Scholen", [Column("id", "Nr"), *COLUMNS], cells, order=order, search="x", filters=[choices], size=size
    )


def places(shown: Shown) -> list[int]:
    return [cells[0][1].order for cells in shown.rows]


def walked(table: Table, query: dict[str, str]) -> list[int]:
    """Every row, by following `Volgende rijen` to the end."""
    found, shown = [], tables.shown(table, query)
    for _page in range(50):
        found += places(shown)
        if not shown.after:
            return found
        shown = tables.shown(table, dict(parse_qsl(shown.after[1:], keep_blank_values=True)))
    raise AssertionError("the pages never end")


@given(some, st.sampled_from(["", *KINDS, "x", "PO"]), st.text(max_size=3), orders)
def test_what_is_shown_is_exactly_what_fits(rows: list[Given], kind: str, find: str, order: str) -> None:
    query = {"t-soort": kind, "t-zoek": find, "t-sorteer": order}
    known = kind if kind in KINDS else ""
    looked = find.strip().casefold()
    fitting = {
        place
        for place, (name, n, its) in enumerate(rows)
        if (not known or its == known) and any(looked in text.casefold() for text in (name, figures.figure(n).text))
    }
    found = walked(made(rows), query)
    assert sorted(found) == sorted(fitting)
    shown = tables.shown(made(rows), query)
    assert (shown.total, shown.found) == (len(rows), len(fitting))


@given(some, orders)
def test_pages_cut_one_order_in_pieces(rows: list[Given], order: str) -> None:
    """No row twice, none lost, and in the order of the table as a whole."""
    whole = tables.shown(made(rows, size=100), {"t-sorteer": order})
    assert walked(made(rows), {"t-sorteer": order}) == places(whole)


@given(some, st.sampled_from(["n", "-n", "name", "-name"]))
def test_turning_a_column_turns_what_is_known(rows: list[Given], order: str) -> None:
    def keys(asked: str) -> list[object]:
        cells = [
            dict((column.key, cell) for column, cell in row)
            for row in tables.shown(made(rows, size=100), {"t-sorteer": asked}).rows
        ]
        return [row[asked.removeprefix("-")].order for row in cells]

    there, back = keys(order), keys(order.removeprefix("-") if order.startswith("-") else f"-{order}")
    known = [key for key in there if key is not None]
    assert [key for key in back if key is not None] == known[::-1]
    assert there[len(known) :] == back[len(known) :] == [None] * (len(there) - len(known))


@given(some, st.sampled_from(["n", "-n"]))
def test_rows_that_are_equal_keep_their_order(rows: list[Given], order: str) -> None:
    found = places(tables.shown(made(rows, size=100), {"t-sorteer": order}))
    for first, second in zip(found, found[1:], strict=False):
        if rows[first][1] == rows[second][1]:
            assert first < second


@given(some, st.text(max_size=4), st.sampled_from(KINDS))
def test_the_links_of_a_table_keep_what_was_chosen(rows: list[Given], find: str, kind: str) -> None:
    query = {"t-zoek": find, "t-soort": kind}
    shown = tables.shown(made(rows), query)
    links = [shown.before, shown.after, *(heading.href for heading in shown.headings)]
    for link in filter(None, links):
        kept = dict(parse_qsl(link[1:], keep_blank_values=True))
        assert kept.get("t-zoek", "") == find.strip()
        assert kept.get("t-soort") == kind
        again = tables.shown(made(rows), kept)
        assert (again.find, again.filters[0].value, again.found) == (shown.find, kind, shown.found)


@given(some, st.one_of(st.integers(-5, 60).map(str), st.text(max_size=6), st.just("9" * 30)))
def test_any_place_is_a_page_that_exists(rows: list[Given], start: str) -> None:
    shown = tables.shown(made(rows), {"t-vanaf": start})
    assert len(shown.rows) <= 4
    assert shown.rows or not rows
    assert places(shown)[0] % 4 == 0 if shown.rows else True


@given(st.dictionaries(st.text(max_size=10), st.text(max_size=10), max_size=6))
def test_what_was_not_asked_of_this_table_never_comes_back_in_its_links(query: dict[str, str]) -> None:
    shown = tables.shown(made([("a", 1, "po")] * 9), query)
    for link in filter(None, [shown.after, *(heading.href for heading in shown.headings)]):
        assert {name for name, _value in parse_qsl(link[1:])} <= {"t-zoek", "t-sorteer", "t-vanaf", "t-soort"}


@given(some)
def test_two_tables_on_one_page_do_not_hear_each_other(rows: list[Given]) -> None:
    mine, query = made(rows), {"k-sorteer": "-n", "k-zoek": "zzz", "k-soort": "vo", "k-vanaf": "4"}
    assert places(tables.shown(mine, query)) == places(tables.shown(mine))


def test_a_hidden_figure_cannot_be_placed_by_sorting() -> None:
    """Sorted on its column a hidden figure stands at the end, whichever way."""
    hidden = Row({"id": Cell(order="h"), "n": Cell(figures.hidden())}, {"soort": "po"})
    rows = [Row({"id": Cell(order=n), "n": Cell(figures.figure(n), order=n)}, {"soort": "po"}) for n in (9, 1)]
    table = Table("x", [Column("id", "Nr"), *COLUMNS], [rows[0], hidden, rows[1]])
    for order in ("n", "-n"):
        assert [cells[0][1].order for cells in tables.shown(table, {"t-sorteer": order}).rows][-1] == "h"


def test_a_search_finds_words_and_states_but_no_addresses_and_no_buttons() -> None:
    cell = Cell(
        Figure("Zichtbaar"), note="erbij", href="/geheim", state=Status("Gestopt", "bad"), action=Action("Doe", "/x")
    )
    table = Table("x", COLUMNS, [Row({"name": cell})], search="x")
    for find, found in (("zichtbaar", 1), ("erbij", 1), ("gestopt", 1), ("geheim", 0), ("/x", 0), ("bad", 0)):
        assert tables.shown(table, {"t-zoek": find}).found == found, find


def test_a_row_without_a_cell_is_an_empty_place() -> None:
    shown = tables.shown(Table("x", COLUMNS, [Row({})]), {"t-sorteer": "n"})
    assert [cell for _column, cell in shown.rows[0]] == [Cell(), Cell(), Cell()]
    assert Cell().only_words
    assert not Cell(strong=True).only_words


@given(some, st.sampled_from(["", *KINDS]), st.text(max_size=2), orders, st.booleans())
def test_a_table_that_makes_its_cells_later_shows_the_same(
    rows: list[Given], kind: str, find: str, order: str, known: bool
) -> None:
    ready = made(rows)
    late = [
        tables.later(
            lambda row=row: row.cells,  # type: ignore[misc]
            row.tags,
            **({key: cell.order for key, cell in row.cells.items()} if known else {}),
        )
        for row in ready.rows
    ]
    query = {"t-soort": kind, "t-zoek": find, "t-sorteer": order}
    one, other = tables.shown(ready, query), tables.shown(replace(ready, rows=late), query)
    assert (other.rows, other.found, other.after) == (one.rows, one.found, one.after)
