"""Words, numbers and days as people read them: in both languages, whatever the value, and never a stack trace."""

import asyncio
import threading
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.lib import clock
from schakel.lib.errors import Refused, SchakelError, Unreadable
from schakel.lib.text import gettext, in_a_row, language, masked, ngettext, number, speak, spoken

finite = st.floats(-1e15, 1e15)


@given(finite, st.integers(0, 4))
def test_a_dutch_number_is_the_english_one_with_its_signs_changed_over(value, decimals):
    dutch = number(value, decimals)
    with spoken("en"):
        english = number(value, decimals)
    assert dutch == english.replace(",", "\0").replace(".", ",").replace("\0", ".")
    assert float(english.replace(",", "")) == pytest.approx(round(value, decimals), abs=10**-decimals)


@given(st.integers(-(10**18), 10**18))
def test_a_whole_number_is_parted_in_threes(value):
    text = number(value)
    assert int(text.replace(".", "")) == value
    assert all(len(part) == 3 for part in text.lstrip("-").split(".")[1:])


@given(finite, st.integers(0, 4))
def test_nothing_has_no_sign(value, decimals):
    """A difference of -0,4 rounds to 0, not to -0."""
    text = number(value, decimals)
    if not text.strip("-0.,"):
        assert not text.startswith("-")
    assert text.startswith("-") == (round(value, decimals) < 0)


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [
        (-0.4, 0, "0"),
        (-0.5, 1, "-0,5"),
        (-0.04, 1, "0,0"),
        (0.5, 0, "0"),
        (1.5, 0, "2"),
        (999999.5, 0, "1.000.000"),
        (Decimal("1234.565"), 2, "1.234,56"),
        (48212, 0, "48.212"),
    ],
)
def test_numbers_as_a_reader_expects_them(value, decimals, shown):
    assert number(value, decimals) == shown


@given(st.text(min_size=2, max_size=200))
def test_a_masked_value_tells_its_length_and_one_sign(value):
    shown = masked(value)
    assert shown.startswith(value[0])
    assert shown.endswith(f" ({len(value)})")
    assert len(shown) <= 20, "a long value does not fill a report"


@pytest.mark.parametrize(
    ("value", "shown"), [(0, "0 (1)"), (123456782, "1***** (9)"), ("", ""), (None, ""), (False, "F**** (5)")]
)
def test_a_value_of_any_type_is_masked_as_its_text(value, shown):
    assert masked(value) == shown


def test_the_language_of_one_thread_or_task_is_not_that_of_another():
    heard: list[str] = []
    with spoken("en"):
        thread = threading.Thread(target=lambda: heard.append(language()))
        thread.start()
        thread.join()
    assert heard == ["nl"]

    async def both() -> list[str]:
        async def one(tongue: str) -> str:
            speak(tongue)
            await asyncio.sleep(0)
            return language()

        return list(await asyncio.gather(one("en"), one("nl")))

    assert asyncio.run(both()) == ["en", "nl"]
    assert language() == "nl"


def test_a_language_is_given_back_also_after_a_mistake():
    with pytest.raises(ValueError, match="mis"), spoken("en"):
        raise ValueError("mis")
    assert language() == "nl"


def test_a_language_without_a_catalogue_speaks_dutch():
    with spoken("fy"):
        assert gettext("Dit account is afgesloten.") == "Dit account is afgesloten."
        assert ngettext("één rij", "%(n)s rijen", 2) == "%(n)s rijen"


def test_a_text_without_a_translation_stays_as_it_is():
    with spoken("en"):
        assert gettext("een tekst die in geen catalogus staat") == "een tekst die in geen catalogus staat"


days = st.dates(date(2000, 1, 1), date(2100, 12, 31))


@given(days)
def test_a_school_year_holds_every_day_and_follows_on_the_one_before(day):
    start = clock.school_year_start(day)
    assert start <= day
    assert (start.month, start.day) == (8, 1)
    first, last = clock.school_year(day).split("-")
    assert (int(first), int(last)) == (start.year, start.year + 1)
    assert clock.school_year(start - timedelta(1)) == f"{start.year - 1}-{start.year}"
    assert clock.school_year(day) == clock.school_year(start)


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))
def test_today_is_the_day_in_the_netherlands(moment):
    with clock.held_at(moment.astimezone(clock.AMSTERDAM)):
        ahead = clock.now().utcoffset()
        assert ahead in {timedelta(hours=1), timedelta(hours=2)}
        assert clock.today() == (moment + ahead).date()


@given(days, st.integers(0, 1000))
def test_days_ago_counts_back_from_the_held_day(day, back):
    with clock.held_at(day):
        assert clock.now() == datetime.combine(day, datetime.min.time(), clock.AMSTERDAM)
        assert clock.days_ago(back) == day - timedelta(back)


def test_the_clock_lets_go_also_after_a_mistake_and_holds_for_one_thread_only():
    seen: list[date] = []
    with pytest.raises(ValueError, match="mis"), clock.held_at(date(2020, 2, 29)):
        thread = threading.Thread(target=lambda: seen.append(clock.today()))
        thread.start()
        thread.join()
        raise ValueError("mis")
    assert clock.today().year >= 2026
    assert seen != [date(2020, 2, 29)]


def test_a_named_day_moves_on_by_the_clock(monkeypatch):
    """The day stands still, the hour does not: what happens after something else comes after it."""
    monkeypatch.setenv("SCHAKEL_TODAY", "2027-03-15")
    first, second = clock.now(), clock.now()
    assert first.date() == second.date() == date(2027, 3, 15)
    assert first <= second
    assert first.tzinfo is not None
    with clock.held_at(date(2028, 1, 1)):
        assert clock.today() == date(2028, 1, 1), "a held clock is nearer than a named day"


@pytest.mark.parametrize("day", ["gisteren", "2027-02-30", "15-03-2027", "2027", "0", " "])
def test_a_day_that_is_none_is_one_sentence(monkeypatch, day):
    monkeypatch.setenv("SCHAKEL_TODAY", day)
    with pytest.raises(SchakelError, match="SCHAKEL_TODAY") as error:
        clock.today()
    assert error.value.code == "setting"
    assert day in str(error.value)


def test_without_a_named_day_it_is_now(monkeypatch):
    monkeypatch.setenv("SCHAKEL_TODAY", "")
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


@given(st.text("abc: .", max_size=20), st.text("abc.", min_size=1), st.text("abc.", max_size=20))
def test_an_error_says_where_what_and_what_to_do_in_that_order(where, message, hint):
    text = str(SchakelError(message, where=where, hint=hint))
    assert text == f"{f'{where}: ' if where else ''}{message}{' ' if hint else ''}{hint}".strip()


def test_an_error_is_equal_by_its_fields_and_carries_them():
    one, other = Refused("Nee.", who_can=("dpo",)), Refused("Nee.", who_can=("dpo",))
    assert one == other
    assert one != Unreadable("Nee.")
    assert (one.retry, one.hint, one.where) == (False, "", "")
    with pytest.raises(SchakelError):
        raise one


def test_what_several_messages_say_stands_once_behind_the_last_of_them():
    fewer = "Er zijn nu {} en eerder 1.657 (26-11-2026). Dat is te weinig."
    said = in_a_row([fewer.format("2 klassen"), "Dat is geen roster.", fewer.format("4 leerlingen")])
    assert said == (
        "Er zijn nu 2 klassen en eerder 1.657 (26-11-2026). Dat is geen roster. "
        "Er zijn nu 4 leerlingen en eerder 1.657 (26-11-2026). Dat is te weinig."
    )
    assert in_a_row([]) == ""
    assert in_a_row(["Zo. zo"]) == "Zo. zo"  # an abbreviation ends no sentence
