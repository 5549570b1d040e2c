"""A delivery as a file: the same cells in every form, in one order, harmless in a spreadsheet program."""

import csv
import io
import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from schakel.distribute.deliveries import RENDERINGS
from schakel.distribute.products import Product
from schakel.distribute.query import Answer, AnswerColumn
from schakel.distribute.rendering import TYPES, headings, in_words, ordered, render
from schakel.engine.hidden import HIDDEN, Hidden
from schakel.lib.errors import SchakelError
from schakel.lib.text import spoken

LATE = {"late": {"nl": "te laat", "en": "late"}, "sick": {"nl": "ziek", "en": "ill"}}
COLUMNS = [
    {"key": "name", "nl": "Naam", "en": "Name"},
    {"key": "kind", "nl": "Soort", "en": "Kind", "words": LATE},
    {"key": "hours", "nl": "Uren", "en": "Hours"},
]
FORMULAS = ("=1+1", "+31 6", "-2", "@SUM(A1)", '=HYPERLINK("http://x")', "\t=1", "|cmd", "%0a=1", "＝1")


class Delivered:
    """What was delivered, without the register: a product, its columns and its answer."""

    def __init__(self, names: list[str], rows: list[tuple[Any, ...]], columns: Any = COLUMNS, **fields: Any) -> None:
        self.product = Product(key="p", nl="Lijst", en="List", shape="table", columns=columns, **fields)
        parts = tuple(AnswerColumn(name, frozenset()) for name in names)
        places = {(r, c) for r, row in enumerate(rows) for c, value in enumerate(row) if isinstance(value, Hidden)}
        self.answer = Answer(parts, rows, frozenset(places), frozenset())


NAMES = ["name", "kind", "hours"]


def read_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def read_xlsx(content: bytes) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()  # type: ignore[return-value]


# Headings


def test_people_read_titles_and_programs_read_names() -> None:
    delivered: Any = Delivered(NAMES, [("Noor", "late", 3)])
    assert read_csv(render(delivered, "csv"))[0] == ["Naam", "Soort", "Uren"]
    assert read_xlsx(render(delivered, "xlsx"))[0] == ["Naam", "Soort", "Uren"]
    assert list(json.loads(render(delivered, "json"))[0]) == NAMES
    with spoken("en"):
        assert headings(delivered) == ("Name", "Kind", "Hours")
        assert list(json.loads(render(delivered, "json"))[0]) == NAMES


def test_a_column_without_an_english_title_is_called_by_its_dutch_one() -> None:
    delivered: Any = Delivered(
        ["name", "hours"], [], [{"key": "name", "nl": "Naam"}, {"key": "hours", "nl": "Uren", "en": ""}]
    )
    with spoken("en"):
        assert headings(delivered) == ("Naam", "Uren")


def test_a_column_that_nobody_described_is_called_by_its_name() -> None:
    delivered: Any = Delivered(["name", "extra"], [], [*COLUMNS, "geen beschrijving", {"nl": "zonder sleutel"}])
    assert headings(delivered) == ("Naam", "extra")


def test_two_columns_with_one_title_are_told_apart() -> None:
    twice = [{"key": "a", "nl": "Aantal"}, {"key": "b", "nl": "Aantal"}, {"key": "c", "nl": "Naam"}]
    delivered: Any = Delivered(["a", "b", "c"], [(1, 2, "x")], twice)
    assert headings(delivered) == ("Aantal (a)", "Aantal (b)", "Naam")


# Words for codes


@pytest.mark.parametrize(("language", "word"), [("nl", "te laat"), ("en", "late")])
def test_a_code_is_said_in_the_language_of_the_reader(language: str, word: str) -> None:
    delivered: Any = Delivered(NAMES, [("Noor", "late", 3)])
    with spoken(language):
        assert in_words(delivered, delivered.answer.rows) == [("Noor", word, 3)]


@pytest.mark.parametrize("cell", ["unheard-of", "", None, HIDDEN, Hidden(5), 7])
def test_what_has_no_word_stays_as_it_is(cell: Any) -> None:
    delivered: Any = Delivered(NAMES, [("Noor", cell, 3)])
    assert in_words(delivered, delivered.answer.rows) == [("Noor", cell, 3)]


def test_a_word_without_an_english_one_is_said_in_dutch() -> None:
    only = [{"key": "kind", "nl": "Soort", "words": {"late": {"nl": "te laat"}}}]
    delivered: Any = Delivered(["kind"], [("late",)], only)
    with spoken("en"):
        assert in_words(delivered, delivered.answer.rows) == [("te laat",)]


def test_a_list_of_words_by_name_is_no_reason_to_fail() -> None:
    delivered: Any = Delivered(["kind"], [("late",)], [{"key": "kind", "nl": "Soort", "words": "absence_kind"}])
    assert read_csv(render(delivered, "csv"))[1] == ["late"]


# One order


def test_the_order_of_the_product_holds_in_every_form() -> None:
    rows = [("Bo", "late", 1), ("An", "sick", 3), ("Cis", "late", HIDDEN), ("Dan", "late", None), ("Ed", "sick", 2)]
    delivered: Any = Delivered(NAMES, rows, sort=["-hours"])
    expected = ["An", "Ed", "Bo", "Cis", "Dan"]
    assert [row[0] for row in read_csv(render(delivered, "csv"))[1:]] == expected
    assert [row[0] for row in read_xlsx(render(delivered, "xlsx"))[1:]] == expected
    assert [thing["name"] for thing in json.loads(render(delivered, "json"))] == expected


def test_an_order_by_several_columns() -> None:
    rows = [("b", 1), ("a", 2), ("a", 1), ("b", 2)]
    assert ordered(rows, ["t", "n"], ["t", "-n"]) == [("a", 2), ("a", 1), ("b", 2), ("b", 1)]
    assert ordered(rows, ["t", "n"], ["-n", "t"]) == [("a", 2), ("b", 2), ("a", 1), ("b", 1)]


@given(
    st.lists(st.tuples(st.text(max_size=2), st.one_of(st.none(), st.integers(0, 4), st.just(HIDDEN))), max_size=15),
    st.lists(st.sampled_from(["t", "-t", "n", "-n", "weg"]), max_size=3),
)
def test_ordering_loses_nothing_and_is_the_same_twice(rows: list[tuple[Any, ...]], sort: list[str]) -> None:
    once = ordered(rows, ["t", "n"], sort)
    assert sorted(map(repr, once)) == sorted(map(repr, rows))
    assert ordered(once, ["t", "n"], sort) == once


def test_the_order_of_hidden_rows_gives_nothing_away() -> None:
    """Which of two hidden figures is the larger may not be seen from where they stand."""
    rows = [("A", HIDDEN), ("B", HIDDEN), ("C", 9)]
    for sort in (["n"], ["-n"]):
        assert [row[0] for row in ordered(rows, ["t", "n"], sort)] == ["C", "A", "B"]


# The same cells


cells = st.one_of(
    st.none(), st.integers(-9, 999), st.decimals(0, 99, places=2), st.booleans(), st.dates(date(2000, 1, 1)),
    st.just(HIDDEN), st.just(Hidden(5)), st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=6),
)  # fmt: skip


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(cells, cells), max_size=5))
def test_hidden_and_unknown_are_so_in_every_form(rows: list[tuple[Any, ...]]) -> None:
    delivered: Any = Delivered(["name", "hours"], rows)
    text, sheet, program = (render(delivered, kind) for kind in ("csv", "xlsx", "json"))
    for place, row in enumerate(rows):
        in_text, thing = read_csv(text)[place + 1], json.loads(program)[place]
        for column, value in enumerate(row):
            shown = thing[["name", "hours"][column]]
            if isinstance(value, Hidden):
                assert in_text[column] == str(value)
                assert shown == {"hidden": str(value)}
            elif value is None:
                assert in_text[column] == ""
                assert shown is None
            elif value == 0 and not isinstance(value, bool):
                assert in_text[column] == "0"
                assert shown == 0
    assert sheet.startswith(b"PK")


def test_a_sheet_holds_numbers_as_numbers_and_hidden_as_a_word() -> None:
    delivered: Any = Delivered(NAMES, [("Noor", "late", Decimal("1.5")), ("Daan", "sick", HIDDEN), ("Lot", None, None)])
    assert read_xlsx(render(delivered, "xlsx"))[1:] == [
        ["Noor", "te laat", 1.5],
        ["Daan", "ziek", "verborgen"],
        ["Lot", "", ""],
    ]


def test_hidden_is_said_in_english_too() -> None:
    delivered: Any = Delivered(["hours"], [(HIDDEN,)])
    with spoken("en"):
        assert read_csv(render(delivered, "csv"))[1] == ["hidden"]


# Harmless


@pytest.mark.parametrize("text", FORMULAS)
def test_no_name_becomes_a_formula(text: str) -> None:
    """In a cell, in a heading, and as the word for a code."""
    columns = [{"key": "name", "nl": text}, {"key": "kind", "nl": "S", "words": {"late": {"nl": text}}}]
    delivered: Any = Delivered(["name", "kind"], [(text, "late")], columns)
    for row in read_csv(render(delivered, "csv")):
        for cell in row:
            assert cell == "S" or cell.startswith("'"), cell
    workbook = render(delivered, "xlsx")
    assert read_xlsx(workbook)[1][0] == text.replace("\t", "\t")
    assert b"<f>" not in _sheet(workbook)


def _sheet(content: bytes) -> bytes:
    import zipfile

    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return book.read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize("title", ["[x]:*?/\\", "'", "", "History", "a" * 60, "<b>&\"'", "\x01\x02", "Ç’est ça"])
def test_any_title_can_be_the_name_of_a_sheet(title: str) -> None:
    delivered: Any = Delivered(["name"], [("Noor",)])
    delivered.product.nl = title
    assert read_xlsx(render(delivered, "xlsx"))[1] == ["Noor"]


# Forms


@pytest.mark.parametrize("form", ["exe", "", "CSV", "pdf", "page", "html", "csv\n"])
def test_a_form_that_is_no_file_is_refused_in_words(form: str) -> None:
    delivered: Any = Delivered(["name"], [])
    with pytest.raises(SchakelError) as error:
        render(delivered, form)
    assert error.value.code == "rendering"
    assert form[:20] in error.value.message


def test_every_file_has_a_type_and_is_a_known_rendering() -> None:
    assert set(TYPES) <= set(RENDERINGS)
    delivered: Any = Delivered(["name"], [])
    for form in TYPES:
        assert render(delivered, form)
