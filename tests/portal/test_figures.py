"""Figures, days and moments as people read them, in both languages."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.lib import clock
from schakel.lib.text import spoken
from schakel.portal import figures


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "nl", "en"),
    [
        (48212, "", None, "48.212", "48,212"),
        (0.019, "%", None, "1,9%", "1.9%"),
        (0.5, "%", 0, "50%", "50%"),
        (640, "€", None, "€ 640", "€640"),
        (0.52, "", None, "0,52", "0.52"),
        (28, "leerlingen", None, "28 leerlingen", "28 leerlingen"),
        (12.34, "", None, "12,3", "12.3"),
        (-3, "", None, "-3", "-3"),
        (0, "", None, "0", "0"),
    ],
)
def test_number(value: float, unit: str, decimals: int | None, nl: str, en: str) -> None:
    with spoken("nl"):
        assert figures.number(value, unit, decimals).replace("\xa0", " ") == nl
    with spoken("en"):
        assert figures.number(value, unit, decimals) == en


def test_unknown_zero_hidden_and_not_applicable_differ() -> None:
    shown = [figures.figure(None), figures.figure(0), figures.hidden(5), figures.not_applicable()]
    assert [f.text for f in shown] == ["onbekend", "0", "< 5", "n.v.t."]
    assert len({f.known for f in shown}) == 4


def test_figure_of_each_kind() -> None:
    with clock.held_at(date(2026, 11, 23)):
        assert figures.figure(True).text == "ja"
        assert figures.figure(date(2026, 11, 23)).text == "23 nov"
        assert figures.figure(datetime(2026, 11, 23, 5, 48)).text == "vandaag 05.48 uur"
        assert figures.figure("H3a").text == "H3a"


def test_days_and_moments() -> None:
    with clock.held_at(date(2026, 11, 23)):
        assert figures.day(date(2026, 11, 23)) == "23 nov"
        assert figures.day(date(2025, 3, 1)) == "1 mrt 2025"
        assert figures.full_day(date(2026, 11, 23)) == "maandag 23 november 2026"
        assert figures.weekday(date(2026, 11, 23)) == "Maandag 23 november"
        assert figures.moment(datetime(2026, 11, 22, 22, 0)) == "gisteren 22.00 uur"
        assert figures.moment(datetime(2026, 11, 19, 5, 40)) == "19 nov, 05.40 uur"
        assert figures.age(date(2026, 11, 19)) == "4 dagen"
        assert figures.age(date(2026, 11, 22)) == "1 dag"
        assert figures.age(date(2026, 11, 23)) == "vandaag"


def test_english_says_it_the_english_way() -> None:
    with clock.held_at(date(2026, 11, 23)), spoken("en"):
        assert figures.hour(datetime(2026, 11, 23, 6, 12)) == "06:12"
        assert figures.full_day(date(2026, 3, 2)) == "Monday 2 March 2026"
        assert figures.day(date(2026, 3, 2)) == "2 Mar"
        assert figures.counted(3) == "three"


def test_counts_in_words_only_when_small() -> None:
    assert [figures.counted(n) for n in (0, 1, 12, 13, 1300)] == ["nul", "één", "twaalf", "13", "1.300"]


def test_capital_keeps_the_rest_and_knows_een() -> None:
    assert figures.capital("één bron") == "Eén bron"
    assert figures.capital("functionaris gegevensbescherming (FG)") == "Functionaris gegevensbescherming (FG)"
    assert figures.capital("") == ""


def test_inside_a_sentence_only_the_first_letter_is_small() -> None:
    assert figures.inside("Referentieniveau 1S/2F") == "referentieniveau 1S/2F"
    assert figures.inside("") == ""


@pytest.mark.parametrize(
    ("said", "shown"), [("Een bron", "Een bron."), ("Wie is er?", "Wie is er?"), ("Klaar.", "Klaar."), ("Nee!", "Nee!")]
)
def test_a_sentence_ends_once(said: str, shown: str) -> None:
    assert figures.closed(said) == shown


def test_school_year_and_length_of_work() -> None:
    assert figures.school_year("2025-2026") == "2025–26"
    assert figures.school_year("2025") == "2025"
    assert figures.seconds(3.14) == "3,1 seconden"
    assert figures.seconds(61) == "1 minuut"


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e9, max_value=1e9))
def test_dutch_and_english_say_the_same_number(value: float) -> None:
    with spoken("nl"):
        dutch = figures.number(value)
    with spoken("en"):
        english = figures.number(value)
    assert dutch.translate(str.maketrans(",.", ".,")) == english
