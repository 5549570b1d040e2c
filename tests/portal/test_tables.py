"""Tables sort, search and filter by their address, and never trust it."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.portal import figures, tables
from schakel.portal.parts import Link, Status
from schakel.portal.tables import Cell, Column, Filter, Row, Table

COLUMNS = [Column("name", "Naam"), Column("n", "Aantal", number=True), Column("do", "Actie", sorts=False)]


def row(name: str, n: int | None, kind: str = "po") -> Row:
    return Row({"name": tables.words(name), "n": Cell(figures.figure(n), order=n)}, {"soort": kind})


def table(*rows: Row, order: str = "", size: int = tables.PAGE) -> Table:
    kinds = Filter("soort", "Soort", [("", "Alles"), ("po", "po"), ("vo", "vo")])
    return Table("Scholen", COLUMNS, rows, order=order, search="school", filters=[kinds], size=size)


def names(shown: tables.Shown) -> list[str]:
    return [cells[0][1].figure.text for cells in shown.rows if cells[0][1].figure]


SCHOOLS = (row("De Kiem", None), row("Het Baken", 3, "vo"), row("De Vlonder", 12))


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, ["De Kiem", "Het Baken", "De Vlonder"]),
        ({"t-sorteer": "n"}, ["Het Baken", "De Vlonder", "De Kiem"]),
        ({"t-sorteer": "-n"}, ["De Vlonder", "Het Baken", "De Kiem"]),
        ({"t-sorteer": "name"}, ["De Kiem", "De Vlonder", "Het Baken"]),
        ({"t-sorteer": "do"}, ["De Kiem", "Het Baken", "De Vlonder"]),
        ({"t-sorteer": "password"}, ["De Kiem", "Het Baken", "De Vlonder"]),
        ({"t-zoek": "BAK"}, ["Het Baken"]),
        ({"t-zoek": "nergens"}, []),
        ({"t-soort": "vo"}, ["Het Baken"]),
        ({"t-soort": "'; drop table"}, ["De Kiem", "Het Baken", "De Vlonder"]),
        ({"t-soort": "po", "t-zoek": "vlon"}, ["De Vlonder"]),
        ({"t-vanaf": "99999999999999999999"}, ["De Kiem", "Het Baken", "De Vlonder"]),
        ({"t-vanaf": "-5"}, ["De Kiem", "Het Baken", "De Vlonder"]),
        ({"t-vanaf": "²"}, ["De Kiem", "Het Baken", "De Vlonder"]),
        ({"ander-sorteer": "n"}, ["De Kiem", "Het Baken", "De Vlonder"]),
    ],
)
def test_the_address_decides(asked: dict[str, str], expected: list[str]) -> None:
    assert names(tables.shown(table(*SCHOOLS), asked)) == expected


def test_the_direction_of_a_column_and_the_way_to_turn_it() -> None:
    shown = tables.shown(table(*SCHOOLS), {"t-sorteer": "-n", "t-zoek": "e"})
    by_key = {h.column.key: h for h in shown.headings}
    assert by_key["n"].direction == "descending"
    assert by_key["n"].href == "?t-zoek=e&t-sorteer=n"
    assert by_key["name"].direction == ""
    assert by_key["name"].href.endswith("t-sorteer=name")
    assert by_key["do"].href == ""


def test_a_column_of_figures_begins_with_the_highest() -> None:
    heading = tables.shown(table(*SCHOOLS)).headings[1]
    assert heading.href == "?t-sorteer=-n"


def test_the_form_keeps_the_order_that_was_chosen() -> None:
    assert tables.shown(table(*SCHOOLS), {"t-sorteer": "n"}).kept == [("t-sorteer", "n")]
    assert tables.shown(table(*SCHOOLS, order="n"), {}).kept == []


def test_pages_of_a_long_table() -> None:
    long = table(*(row(f"School {n:03}", n) for n in range(25)), size=10)
    first, last = tables.shown(long), tables.shown(long, {"t-vanaf": "20"})
    assert (len(first.rows), first.before, first.after) == (10, "", "?t-vanaf=10")
    assert (len(last.rows), last.before, last.after) == (5, "?t-vanaf=10", "")
    assert last.found == 25
    assert len(tables.shown(long, {"t-vanaf": "13"}).rows) == 10  # a place between two pages is the page it lies in


def test_mixed_values_sort_as_words() -> None:
    mixed = table(Row({"n": Cell(order="a")}), Row({"n": Cell(order=2)}))
    assert len(tables.shown(mixed, {"t-sorteer": "n"}).rows) == 2


def test_search_looks_in_states_and_notes() -> None:
    found = table(Row({"name": Cell(state=Status("Gestopt", "bad"))}), Row({"name": tables.words("x", note="B-0142")}))
    assert len(tables.shown(found, {"t-zoek": "gestopt"}).rows) == 1
    assert len(tables.shown(found, {"t-zoek": "0142"}).rows) == 1


def test_the_bar_above_only_when_there_is_something_in_it() -> None:
    assert tables.shown(table()).sorts
    assert not tables.shown(Table("Leeg", COLUMNS, [])).sorts
    assert tables.shown(Table("Uit", COLUMNS, [], exports=[Link("Spreadsheet", "/x")])).sorts


@given(st.lists(st.one_of(st.none(), st.integers(-50, 50)), max_size=40), st.sampled_from(["n", "-n"]))
def test_sorting_loses_nothing_and_puts_unknown_last(values: list[int | None], order: str) -> None:
    shown = tables.shown(table(*(row(str(v), v) for v in values)), {"t-sorteer": order})
    orders = [cells[1][1].order for cells in shown.rows]
    assert Counter(orders) == Counter(values)
    known = [v for v in orders if v is not None]
    assert known == sorted(known, reverse=order == "-n")
    assert orders[len(known) :] == [None] * (len(orders) - len(known))


@given(st.dictionaries(st.sampled_from(["t-zoek", "t-sorteer", "t-vanaf", "t-soort"]), st.text(max_size=12)))
def test_no_address_breaks_a_table(query: dict[str, str]) -> None:
    assert tables.shown(table(*SCHOOLS), query).total == 3


def test_a_private_table_keeps_its_words_out_of_every_address() -> None:
    long = replace(table(*(row(f"School {n:03}", n) for n in range(25)), size=10), private=True)
    shown = tables.shown(long, {"t-zoek": "School", "t-soort": "po", "t-vanaf": "10"})
    links = [shown.before, shown.after, *(h.href for h in shown.headings)]
    assert [link for link in links if "zoek" in link] == []
    assert (shown.find, shown.found, shown.earlier, shown.later) == ("School", 25, 0, 20)
    assert all("t-soort=po" in link for link in links if link)


def test_words_to_look_for_come_from_the_form_only() -> None:
    address = {"t-zoek": "Jansen", "t-soort": "po", "q-zoek": "x"}
    assert tables.asked(address, {}) == {"t-soort": "po"}
    assert tables.asked(address, {"t-zoek": "Bos", "t-soort": ""}) == {"t-soort": "", "t-zoek": "Bos"}


def counted(made: list[str], names: str) -> Table:
    """A table of rows that note when their cells are made."""

    def cells(name: str) -> dict[str, Cell]:
        made.append(name)
        return {"name": tables.words(name)}

    rows = [tables.later(lambda name=name: cells(name), {"soort": "po"}, name=name.casefold()) for name in names]  # type: ignore[misc]
    return table(*rows, size=3)


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ({}, "eca"),
        ({"t-sorteer": "name"}, "abc"),
        ({"t-sorteer": "-name", "t-vanaf": "3"}, "ba"),
        ({"t-soort": "vo"}, ""),
    ],
)
def test_only_the_cells_on_the_page_are_made_and_once(asked: dict[str, str], shown: str) -> None:
    made: list[str] = []
    found = tables.shown(counted(made, "ecabd"), asked)
    assert names(found) == list(shown)
    assert made == list(shown)


def test_a_search_looks_in_every_row() -> None:
    made: list[str] = []
    assert names(tables.shown(counted(made, "ecabd"), {"t-zoek": "D"})) == ["d"]
    assert sorted(made) == list("abcde")


def test_a_column_of_which_the_order_is_not_known_beforehand_is_made_to_sort() -> None:
    rows = [tables.later(lambda n=n: {"n": Cell(figures.figure(n), order=n)}) for n in (3, 1, 2)]  # type: ignore[misc]
    found = tables.shown(table(*rows), {"t-sorteer": "n"})
    assert [cells[1][1].order for cells in found.rows] == [1, 2, 3]
