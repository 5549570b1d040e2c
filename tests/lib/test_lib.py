"""The small things that every room leans on."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.lib import clock
from schakel.lib.errors import Refused, SchakelError, Unknown, Unreadable, outline
from schakel.lib.identifiers import FORBIDDEN_NAME, content_hash, is_bsn
from schakel.lib.text import gettext, language, masked, ngettext, number, speak, spoken


@pytest.mark.parametrize(
    ("day", "year"),
    [(date(2026, 7, 31), "2025-2026"), (date(2026, 8, 1), "2026-2027"), (date(2027, 1, 1), "2026-2027")],
)
def test_a_school_year_runs_from_august(day, year):
    assert clock.school_year(day) == year
    assert clock.school_year_start(day) == date(int(year[:4]), 8, 1)


def test_the_clock_can_be_held_and_lets_go():
    with clock.held_at(date(2020, 2, 29)):
        assert clock.today() == date(2020, 2, 29)
        assert clock.days_ago(29) == date(2020, 1, 31)
        with clock.held_at(datetime(2021, 1, 1, 12, tzinfo=clock.AMSTERDAM)):
            assert clock.now().hour == 12
        assert clock.today() == date(2020, 2, 29)
    assert clock.today() != date(2020, 2, 29)


def test_the_day_can_be_named_for_a_demonstration(monkeypatch):
    monkeypatch.setenv("SCHAKEL_TODAY", "2027-03-15")
    assert clock.today() == date(2027, 3, 15)


@pytest.mark.parametrize("number_", ["111222333", "123456782", "010464554", "10464554"])
def test_numbers_that_pass_the_eleven_test(number_):
    assert is_bsn(number_)


@pytest.mark.parametrize("text", ["123456789", "12345678a", "1234567", "1234567890", "", "000000000", " ", "111222334"])
def test_numbers_that_do_not(text):
    assert not is_bsn(text)


@given(st.integers(min_value=10_000_000, max_value=999_999_999))
def test_the_eleven_test_is_the_sum_of_nine_weights(value):
    digits = f"{value:09d}"
    total = sum(int(d) * (9 - i) for i, d in enumerate(digits[:8])) - int(digits[8])
    assert is_bsn(str(value)) == (total % 11 in (0, 5))


@pytest.mark.parametrize(
    "name", ["BSN", "bsn", "leerling_bsn", "BSN-nummer", "PGN", "Burgerservicenummer", "Sofinummer", "onderwijsnummer"]
)
def test_names_under_which_the_number_travels(name):
    assert FORBIDDEN_NAME.search(name)


@pytest.mark.parametrize("name", ["Leerlingnummer", "absnr", "pgnaam", "relatienummer", "organisatie"])
def test_names_that_are_something_else(name):
    assert not FORBIDDEN_NAME.search(name)


@given(st.text(max_size=60))
def test_a_masked_value_never_shows_more_than_its_first_sign(value):
    shown = masked(value)
    assert shown == "" if not value else shown.startswith(value[0])
    assert set(shown[1:]) <= set("* ()0123456789")


def test_masking_nothing_gives_nothing():
    assert masked(None) == ""


@given(st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=5), max_size=5))
def test_a_fingerprint_does_not_depend_on_order(content):
    turned = dict(reversed(list(content.items())))
    assert content_hash(content) == content_hash(turned)
    assert content_hash({**content, "more": 1}) != content_hash({**content, "more": 2})


def test_numbers_in_both_languages():
    assert number(48212) == "48.212"
    assert number(1234.5, 1) == "1.234,5"
    with spoken("en"):
        assert number(1234.5, 1) == "1,234.5"


def test_words_follow_the_language():
    assert language() == "nl"
    assert ngettext("één", "meer", 1) == "één"
    assert ngettext("één", "meer", 2) == "meer"
    with spoken("en"):
        assert gettext("Dit account is afgesloten.") != ""
        assert ngettext("één onbekende", "meer onbekende", 2) == "meer onbekende"
    speak("nl")
    assert gettext("Dit account is afgesloten.") == "Dit account is afgesloten."


def test_an_error_begins_with_where_and_ends_with_what_to_do():
    error = SchakelError("kan niet worden gelezen.", where="a.csv", hint="Exporteer opnieuw.")
    assert str(error) == "a.csv: kan niet worden gelezen. Exporteer opnieuw."
    assert not error.retry
    assert (Unreadable("x").code, Refused("x").code, Unknown("x").code) == ("unreadable", "refused", "unknown")


def test_a_failure_is_outlined_without_the_values_it_was_about():
    try:
        int("Jansen")
    except ValueError as error:
        told = outline(error)
    assert told.startswith("ValueError (test_lib.py:")
    assert "Jansen" not in told


def test_a_full_disk_is_said():
    assert outline(OSError(28, "No space left on device", "/data/landing/jansen.csv")) == (
        "OSError: No space left on device"
    )
