"""Numbers as people read them: read back they are the number that was meant; unknown, zero and hidden never mix."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.lib.text import spoken
from schakel.portal import figures

amounts = st.floats(-1e9, 1e9, allow_nan=False)
LANGUAGES = st.sampled_from(["nl", "en"])


def read(text: str, language: str) -> Decimal:
    """A number as a person reads it back."""
    bare = text.replace("€", "").replace("%", "").replace("\xa0", "").replace(" ", "")
    thousand, mark = (".", ",") if language == "nl" else (",", ".")
    return Decimal(bare.replace(thousand, "").replace(mark, "."))


@given(amounts, st.integers(0, 3), LANGUAGES)
def test_a_number_reads_back_as_itself(value: float, decimals: int, language: str) -> None:
    with spoken(language):
        shown = figures.number(value, decimals=decimals)
    assert abs(read(shown, language) - Decimal(value)) <= Decimal(10) ** -decimals / 2 + Decimal("1e-6")


@given(st.floats(0, 1, allow_nan=False), LANGUAGES)
def test_a_share_reads_back_as_a_hundred_times_itself(value: float, language: str) -> None:
    with spoken(language):
        shown = figures.number(value, "%")
    assert shown.endswith("%")
    assert abs(read(shown, language) - Decimal(value) * 100) <= Decimal("0.0500001")


@given(st.integers(-(10**12), 10**12), LANGUAGES)
def test_a_whole_number_has_no_decimals_and_groups_of_three(value: int, language: str) -> None:
    with spoken(language):
        shown = figures.number(value)
    assert read(shown, language) == value
    thousand = "." if language == "nl" else ","
    assert re.fullmatch(rf"-?\d{{1,3}}(\{thousand}\d{{3}})*", shown)


@given(amounts)
def test_both_languages_say_the_same_number(value: float) -> None:
    dutch = figures.number(value)
    with spoken("en"):
        english = figures.number(value)
    assert read(dutch, "nl") == read(english, "en")


@pytest.mark.parametrize("value", [-0.0, -0.0001, -0.004, -1e-12])
@pytest.mark.parametrize("unit", ["", "%", "€"])
def test_nothing_is_never_less_than_nothing(value: float, unit: str) -> None:
    """A rounded minus that is left of nothing would read as a fall: -0,0%."""
    shown = figures.number(value / (100 if unit == "%" else 1), unit)
    assert "-" not in shown, shown
    assert read(shown, "nl") == 0


@pytest.mark.parametrize(("value", "shown"), [(-0.05, "-0,05"), (-0.4, "-0,40"), (-12.34, "-12,3"), (-1, "-1")])
def test_a_real_minus_stays(value: float, shown: str) -> None:
    assert figures.number(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"), [(9.999, "10,00"), (9.994, "9,99"), (10.04, "10,0"), (99.95, "100,0"), (1e6, "1.000.000")]
)
def test_decimals_where_they_matter(value: float, shown: str) -> None:
    assert figures.number(value) == shown


@pytest.mark.parametrize("unit", ["€", "EUR", "euro"])
def test_money_is_in_whole_euros_unless_asked_otherwise(unit: str) -> None:
    assert figures.number(1234.5, unit).replace("\xa0", " ") == "€ 1.234"
    assert figures.number(1234.5, unit, 2).replace("\xa0", " ") == "€ 1.234,50"


@given(st.integers(0, 200), LANGUAGES)
def test_a_count_in_words_or_in_figures(value: int, language: str) -> None:
    with spoken(language):
        words = figures.counted(value)
        assert words.isalpha() if value <= 12 else words == figures.number(value)


def test_every_small_count_has_its_own_word() -> None:
    for language in ("nl", "en"):
        with spoken(language):
            assert len({figures.counted(n) for n in range(13)}) == 13
    assert figures.counted(-1) == "-1"


@pytest.mark.parametrize(
    ("sentence", "capital"),
    [
        ("één rij", "Eén rij"),
        ("twee", "Twee"),
        ("", ""),
        ("Éla", "Éla"),
        ("één", "Eén"),
        ("ijs", "Ijs"),
        ("3 rijen", "3 rijen"),
    ],
)
def test_a_sentence_begins_with_a_capital(sentence: str, capital: str) -> None:
    assert figures.capital(sentence) == capital


@pytest.mark.parametrize(
    ("value", "nl", "en"),
    [
        (0.04, "0,0 seconden", "0.0 seconds"),
        (3.14, "3,1 seconden", "3.1 seconds"),
        (59.9, "59,9 seconden", "59.9 seconds"),
        (60, "1 minuut", "1 minute"),
        (95, "2 minuten", "2 minutes"),
        (7200, "120 minuten", "120 minutes"),
    ],
)
def test_how_long_something_took(value: float, nl: str, en: str) -> None:
    assert figures.seconds(value) == nl
    with spoken("en"):
        assert figures.seconds(value) == en


@pytest.mark.parametrize(("value", "shown"), [("2025-2026", "2025–26"), ("1999-2000", "1999–00"), ("2026", "2026")])
def test_school_years_are_short(value: str, shown: str) -> None:
    assert figures.school_year(value) == shown


# Unknown, none, zero, hidden


@given(st.one_of(st.none(), st.booleans(), st.integers(), amounts, st.text(max_size=5)))
def test_only_what_is_missing_is_unknown(value: object) -> None:
    shown = figures.figure(value)
    assert (shown.known == "unknown") is (value is None)
    if isinstance(value, bool):
        assert shown.text in ("ja", "nee"), "true is a word, not a 1"


def test_four_ways_of_not_being_a_number_in_both_languages() -> None:
    for language in ("nl", "en"):
        with spoken(language):
            shown = [figures.unknown(), figures.not_applicable(), figures.figure(0), figures.hidden()]
            assert len({figure.text for figure in shown}) == 4
            assert len({figure.known for figure in shown}) == 4


@pytest.mark.parametrize("threshold", [5, 10])
def test_hidden_names_the_threshold(threshold: int) -> None:
    assert figures.hidden(threshold).text == f"< {threshold}"


@pytest.mark.parametrize(
    ("minutes", "shown"), [(0, "0"), (41, "0,7"), (60, "1,0"), (599, "10,0"), (600, "10"), (12_840, "214")]
)
def test_minutes_read_as_hours(minutes: float, shown: str) -> None:
    assert figures.hours(minutes) == shown
