"""A cell as a value, by pairs that who knows spreadsheets can read and extend: tests/cases/sheets/cells.tsv."""

import csv
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.kits.exchange.columns import Column
from schakel.kits.exchange.register import NOUNS
from schakel.kits.exchange.values import LETTERS, BadValue, read, shown, written
from schakel.lib.text import spoken

CASES = Path(__file__).parents[1] / "cases" / "sheets" / "cells.tsv"
NAMES = {"date": date, "datetime": datetime, "time": time, "Decimal": Decimal, "float": float}
SAID = ("x", "x")
CHOICES = {"person": ("persoon", "person"), "board": ("bestuur", "board")}
COLUMNS = {
    "text": Column("goals", "nl", SAID, "text", longest=30),
    "must": Column("goals", "nl", SAID, "text", required=True),
    "key": Column("goals", "key", SAID, "key", required=True),
    "loose": Column("elements", "key", SAID, "key", required=True),
    "yes": Column("goals", "law_confirmed", SAID, "yes", default=False),
    "choice": Column("needs", "level", SAID, "choice", choices=CHOICES),
    "whole": Column("needs", "people", SAID, "whole", default=None),
    "small": Column("needs", "priority", SAID, "whole", default=2, most=32_767),
    "amount": Column("systems", "cost_per_year", SAID, "amount", default=None, places=2, digits=12),
    "day": Column("goals", "period_start", SAID, "day", default=None),
    "refs": Column("elements", "record", SAID, "refs", to="systems"),
    "letters": Column("responsibilities", "letters", SAID, "letters"),
    "json": Column("products", "columns", SAID, "json"),
    "email": Column("people", "key", SAID, "email", longest=254),
}


def cases():
    """The pairs of the file."""
    with CASES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            yield pytest.param(row["kind"], row["cell"], row["expected"], id=f"{row['kind']} {row['cell'][:30]}")


def of(text):
    """A value as the file of pairs writes it: Python, with days and decimals."""
    return eval(text, {"__builtins__": {}}, NAMES)


@pytest.mark.parametrize(("kind", "cell", "expected"), list(cases()))
def test_each_pair(kind, cell, expected):
    if not expected.startswith("!"):
        found = read(COLUMNS[kind], of(cell))
        assert found == of(expected)
        assert type(found) is type(of(expected))
        return
    with pytest.raises(BadValue) as refusal:
        read(COLUMNS[kind], of(cell))
    assert any(words in refusal.value.reason for words in expected[1:].split("|"))
    assert refusal.value.hint.endswith("."), "a refusal says what to do"


def test_every_kind_of_cell_is_read_and_refused():
    seen = {(case.values[0], case.values[2].startswith("!")) for case in cases()}
    never_refused = {"loose", "refs"}
    assert seen >= {(kind, False) for kind in COLUMNS}
    assert seen >= {(kind, True) for kind in set(COLUMNS) - never_refused}


@pytest.mark.parametrize("noun", NOUNS.values(), ids=lambda noun: noun.key)
def test_an_empty_cell_of_every_column_is_its_default_or_refused(noun):
    for column in noun.columns:
        for nothing in (None, "", "  ", "\u00a0"):
            if column.required:
                with pytest.raises(BadValue, match="ingevuld"):
                    read(column, nothing)
            else:
                assert read(column, nothing) in (column.default, None, ())


@pytest.mark.parametrize("noun", NOUNS.values(), ids=lambda noun: noun.key)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_word_of_a_list_is_read_back_in_both_languages(noun, language):
    for column in noun.columns:
        for code in column.choices:
            assert read(column, written(column, code, language)) == code


TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30)
VALUES = {
    "yes": st.booleans(),
    "whole": st.integers(0, 2_147_483_647),
    "amount": st.decimals(-(10**9), 10**9, places=2),
    "day": st.dates(date(1000, 1, 1)),
    "letters": st.sets(st.sampled_from(LETTERS)).map(lambda found: tuple(x for x in LETTERS if x in found)),
    "choice": st.sampled_from(list(CHOICES)),
    "refs": st.lists(st.from_regex(r"[a-z0-9_]{1,8}", fullmatch=True), unique=True).map(tuple),
    "json": st.dictionaries(TEXTS, st.none() | st.booleans() | st.integers() | TEXTS, min_size=1),
}


@given(st.sampled_from(sorted(VALUES)).flatmap(lambda kind: st.tuples(st.just(kind), VALUES[kind])))
def test_what_is_written_in_a_cell_is_read_back(pair):
    kind, value = pair
    for language in ("nl", "en"):
        assert read(COLUMNS[kind], written(COLUMNS[kind], value, language)) == value


@given(st.dates(date(1000, 1, 1)))
def test_a_day_in_words_is_read_back(day):
    assert read(COLUMNS["day"], shown(COLUMNS["day"], day)) == day


@given(st.decimals(0, 10**9, places=2))
def test_an_amount_in_words_is_read_back(amount):
    assert read(COLUMNS["amount"], shown(COLUMNS["amount"], amount)) == amount


ANY_CELL = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates() | st.datetimes() | st.times()
)


@given(st.sampled_from(sorted(COLUMNS)), ANY_CELL)
def test_any_cell_is_a_value_or_a_refusal_in_words(kind, cell):
    """Whatever a file holds, it never ends in an error of the program."""
    try:
        read(COLUMNS[kind], cell)
    except BadValue as refusal:
        assert refusal.reason.endswith(".")


@given(st.sampled_from(["whole", "amount"]), st.from_regex(r"[-+€ ]{0,2}[0-9.,]{1,45}", fullmatch=True))
def test_any_row_of_digits_is_a_number_or_a_refusal(kind, cell):
    try:
        found = read(COLUMNS[kind], cell)
    except BadValue:
        return
    assert found is None or abs(found) < 10**12


def test_a_refusal_speaks_the_language_of_the_reader():
    with spoken("en"), pytest.raises(BadValue) as refusal:
        read(COLUMNS["choice"], "heelal")
    assert refusal.value.hint == "Choose from: person, board."


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        ("yes", True, "ja"),
        ("yes", None, "nee"),
        ("day", date(2027, 2, 1), "01-02-2027"),
        ("amount", Decimal("1250.50"), "1250,50"),
        ("choice", "board", "bestuur"),
        ("choice", "weg", "weg"),
        ("letters", ("R", "A"), "R A"),
        ("refs", ("las", "mail"), "las; mail"),
        ("refs", (), ""),
        ("text", "", ""),
        ("whole", 0, "0"),
        ("whole", None, ""),
    ],
)
def test_a_value_in_a_list_of_differences(kind, value, words):
    assert shown(COLUMNS[kind], value) == words
