"""Signals and sentences of a product: pairs that an expert can extend, and words of people that stay words."""

import string
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.engine.hidden import HIDDEN, Hidden
from schakel.lib import clock
from schakel.lib.plain_yaml import from_yaml
from schakel.lib.text import spoken
from schakel.portal.presentation import ColumnSpec, Presented, told, written

CASES = Path(__file__).parents[1] / "cases" / "signals.yaml"
RULES = [
    {"key": "bad", "column": "n", "at_least": 16, "tone": "bad", "nl": "Melden", "en": "Report"},
    {"key": "none", "otherwise": True, "tone": "no", "nl": "geen signaal"},
]


def cases() -> list[tuple[str, list[dict[str, Any]], dict[str, Any]]]:
    loaded = from_yaml(CASES.read_text(encoding="utf-8"))
    return [(case["it"], case["rules"], row) for case in loaded for row in case["rows"]]


@pytest.mark.parametrize(("it", "rules", "row"), cases(), ids=lambda part: str(part)[:60])
def test_each_signal(it: str, rules: list[dict[str, Any]], row: dict[str, Any]) -> None:
    names = list(row["values"])
    cells = tuple(HIDDEN if value == "hidden" else value for value in row["values"].values())
    answer = Presented([ColumnSpec({"key": name}) for name in names], [cells], names, {"rules": rules})
    assert answer.signal_of == [row["signal"]], it


def made(rows: list[tuple[Any, ...]], findings: list[dict[str, Any]], **columns: Any) -> Presented:
    specs = [ColumnSpec({"key": key, "nl": key, **columns.get(key, {})}) for key in ("name", "n")]
    return Presented(specs, rows, ["name", "n"], {"rules": RULES}, findings)


# Tones and words


def test_a_signal_that_asks_for_nothing_has_no_chip() -> None:
    answer = made([("a", 16), ("b", 1)], [])
    assert [answer.tone(place) for place in range(2)] == ["bad", "no"]
    chip = answer.status("bad")
    assert chip is not None
    assert (chip.word, chip.tone) == ("Melden", "bad")
    assert answer.status("none") is None
    assert answer.status("nergens") is None
    with spoken("en"):
        english = answer.status("bad")
        assert english is not None
        assert english.word == "Report"


def test_a_product_without_signals_has_no_tones() -> None:
    answer = Presented([], [(1,)], ["n"])
    assert answer.signal_of == [""]
    assert answer.tone(0) == ""
    assert Presented([], [], ["n"]).tone(0) == ""


# Sentences


ONE = {"when": "bad", "one_nl": "{top.name} heeft {top.n} uur", "many_nl": "{count} leerlingen"}
ALL = {"when": "rows", "one_nl": "één rij", "many_nl": "{count} rijen"}


@pytest.mark.parametrize(
    "name",
    [
        "{count}",
        "{top.n}",
        "{top.name}",
        "{}",
        "{0}",
        "%(count)s",
        "%s",
        "{top.weg}",
        "<b>&\"'",
        "{count!r}",
        "\\1",
        "{top.n}{top.n}",
    ],
)
def test_a_name_that_looks_like_a_place_in_the_sentence_is_a_name(name: str) -> None:
    """A school or pupil can be called anything; the sentence is filled in once."""
    assert made([(name, 17)], [ONE]).finding == f"{name} heeft 17 uur"[:1].upper() + f"{name} heeft 17 uur"[1:]


@given(st.text(string.printable, min_size=1, max_size=8))
def test_any_name_stands_in_the_sentence_as_it_is(name: str) -> None:
    found = made([(name, 17)], [ONE, ALL]).finding
    assert found == f"{name[:1].upper()}{name[1:]} heeft 17 uur"


@pytest.mark.parametrize("hidden", [HIDDEN, Hidden(5), None, ""])
def test_a_sentence_that_would_name_what_is_hidden_is_not_said(hidden: Any) -> None:
    assert made([(hidden, 17)], [ONE, ALL]).finding == "Eén rij"
    assert made([(hidden, 17)], [ONE]).finding == ""


def test_how_many_is_a_count_of_rows_with_that_signal() -> None:
    rows: list[tuple[Any, ...]] = [("a", 16), ("b", 20), ("c", 1), ("d", HIDDEN)]
    assert made(rows, [ONE]).finding == "Twee leerlingen"
    assert made(rows, [{"when": "nergens", "one_nl": "x", "many_nl": "x"}, ALL]).finding == "Vier rijen"


def test_no_rows_no_sentence() -> None:
    assert made([], [ONE, ALL]).finding == ""


def test_a_sentence_without_english_is_said_in_dutch() -> None:
    with spoken("en"):
        assert made([("a", 1)], [ALL]).finding == "Eén rij"
        assert made([("a", 1)], [{**ALL, "one_en": "one row"}]).finding == "One row"


# Texts and formats


@pytest.mark.parametrize(
    ("spec", "name", "nl", "en"),
    [
        ({"nl": "a", "en": "b"}, "", "a", "b"),
        ({"nl": "a"}, "", "a", "a"),
        ({"nl": "a", "en": ""}, "", "a", "a"),
        ({"empty_nl": "a", "empty_en": "b"}, "empty", "a", "b"),
        ({"en": "b"}, "", "", "b"),
        ({}, "", "", ""),
        ({"nl": 5}, "", "5", "5"),
    ],
)
def test_a_text_in_the_language_of_the_page(spec: dict[str, Any], name: str, nl: str, en: str) -> None:
    assert told(spec, name) == nl
    with spoken("en"):
        assert told(spec, name) == en


@pytest.mark.parametrize(
    ("value", "kind", "shown"),
    [
        (True, "text", "ja"),
        (False, "integer", "nee"),
        (Decimal("3.5000"), "decimal", "3,50"),
        (Decimal("12.0000"), "integer", "12"),
        (7, "grade", "7"),
        (2026, "text", "2026"),
        (0.5, "percent", "50,0%"),
        (0, "percent", "0,0%"),
        (1234567, "integer", "1.234.567"),
        (Decimal("0.5"), "ratio", "0,50"),
        (9.25, "hours", "9,2"),
        (date(2026, 3, 5), "text", "5 mrt"),
        (date(2026, 3, 5), "month", "maart 2026"),
        (time(8, 5), "text", "08.05"),
        (datetime(2026, 11, 23, 8, 30, tzinfo=clock.AMSTERDAM), "text", "vandaag 08.30 uur"),
        ("<b>", "text", "<b>"),
    ],
)
def test_a_value_in_the_format_of_its_column(value: Any, kind: str, shown: str) -> None:
    with clock.held_at(date(2026, 11, 23)):
        assert written(value, ColumnSpec({"key": "x", "format": kind}), {}) == shown


@pytest.mark.parametrize("words", [{"late": {"nl": "te laat"}}, "kinds"])
def test_a_code_is_said_in_words_from_its_own_list_or_a_shared_one(words: Any) -> None:
    column = ColumnSpec({"key": "x", "format": "state", "words": words})
    shared = {"kinds": {"late": {"nl": "te laat"}}}
    assert written("late", column, shared) == "te laat"
    assert written("nieuw", column, shared) == "nieuw"
    assert written("late", ColumnSpec({"key": "x", "format": "state"}), shared) == "late"


@pytest.mark.parametrize(
    ("kind", "right"), [("integer", True), ("percent", True), ("euro", True), ("text", False), ("date", False)]
)
def test_figures_stand_to_the_right(kind: str, right: bool) -> None:
    assert ColumnSpec({"key": "x", "format": kind}).number is right


def test_a_column_is_shown_unless_it_says_not() -> None:
    assert ColumnSpec({"key": "x"}).shown
    assert ColumnSpec({"key": "x", "show": None}).shown
    assert not ColumnSpec({"key": "x", "show": False}).shown


def test_what_was_not_delivered_is_not_there() -> None:
    answer = Presented([ColumnSpec({"key": "a"}), ColumnSpec({"key": "weg"})], [(1,)], ["a"])
    assert [column.key for column in answer.present] == ["a"]
    assert answer.value((1,), "weg") is None
    assert answer.figure((1,), ColumnSpec({"key": "weg", "nl": "x"})).known == "unknown"
