"""Days and moments as people read them: in Dutch time, whatever the database keeps, on both sides of midnight."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.lib import clock
from schakel.lib.text import spoken
from schakel.portal import figures

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=clock.AMSTERDAM)
moments = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))


def at(text: str) -> datetime:
    """A moment as the database gives it back: in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-11-22T22:59:59", date(2026, 11, 22)),
        ("2026-11-22T23:00:00", date(2026, 11, 23)),  # winter: one hour
        ("2026-07-22T21:59:59", date(2026, 7, 22)),
        ("2026-07-22T22:00:00", date(2026, 7, 23)),  # summer: two hours
        ("2026-12-31T23:30:00", date(2027, 1, 1)),
        ("2026-10-25T00:30:00", date(2026, 10, 25)),  # the hour that comes twice
    ],
)
def test_the_day_of_a_moment_is_the_day_in_the_netherlands(moment: str, day: date) -> None:
    assert clock.day_of(at(moment)) == day


@given(moments)
def test_the_day_never_differs_more_than_a_day_from_greenwich(moment: datetime) -> None:
    assert clock.day_of(moment) - moment.date() in (timedelta(0), timedelta(1))


def test_a_moment_without_a_zone_is_taken_as_it_stands() -> None:
    assert clock.day_of(datetime(2026, 11, 23, 23, 59)) == date(2026, 11, 23)


@given(moments)
def test_a_day_reads_the_same_whether_it_comes_as_a_moment_or_not(moment: datetime) -> None:
    with clock.held_at(NOON):
        local = clock.day_of(moment)
        assert figures.day(moment) == figures.day(local)
        assert figures.full_day(moment) == figures.full_day(local)


@pytest.mark.parametrize(
    ("ago", "nl", "en"),
    [
        (timedelta(minutes=0), "minder dan een uur", "less than an hour"),
        (timedelta(minutes=59), "minder dan een uur", "less than an hour"),
        (timedelta(minutes=60), "1 uur", "1 hour"),
        (timedelta(hours=5, minutes=59), "5 uur", "5 hours"),
        (timedelta(hours=12), "12 uur", "12 hours"),
        (timedelta(hours=13), "1 dag", "1 day"),  # yesterday at eleven at night
        (timedelta(days=1), "1 dag", "1 day"),
        (timedelta(days=4), "4 dagen", "4 days"),
        (timedelta(days=1200), "1.200 dagen", "1,200 days"),
        (timedelta(hours=-2), "minder dan een uur", "less than an hour"),  # a clock that runs ahead
    ],
)
def test_how_long_ago_a_moment_was(ago: timedelta, nl: str, en: str) -> None:
    with clock.held_at(NOON):
        for language, text in (("nl", nl), ("en", en)):
            with spoken(language):
                assert figures.age((NOON - ago).astimezone(UTC)) == text


def test_of_a_day_only_days_are_known() -> None:
    with clock.held_at(NOON):
        assert figures.age(date(2026, 11, 23)) == "vandaag"
        assert figures.age(date(2026, 11, 24)) == "vandaag"
        assert figures.age(date(2026, 11, 22)) == "1 dag"


@pytest.mark.parametrize(
    ("moment", "nl", "en"),
    [
        ("2026-11-23T04:48:00", "vandaag 05.48 uur", "today 05:48"),
        ("2026-11-22T23:10:00", "vandaag 00.10 uur", "today 00:10"),
        ("2026-11-22T22:50:00", "gisteren 23.50 uur", "yesterday 23:50"),
        ("2026-11-19T04:40:00", "19 nov, 05.40 uur", "19 Nov, 05:40"),
        ("2025-07-19T04:40:00", "19 jul 2025, 06.40 uur", "19 Jul 2025, 06:40"),
        ("2026-11-24T08:00:00", "24 nov, 09.00 uur", "24 Nov, 09:00"),
    ],
)
def test_a_moment_in_words(moment: str, nl: str, en: str) -> None:
    with clock.held_at(NOON):
        assert figures.moment(at(moment)) == nl
        assert figures.brief(at(moment)) == nl.removesuffix(" uur")
        with spoken("en"):
            assert figures.moment(at(moment)) == en


@given(moments)
def test_the_hour_of_a_moment_is_that_of_its_day(moment: datetime) -> None:
    """Day and hour of one moment never come from two zones."""
    with clock.held_at(NOON):
        local = moment.astimezone(clock.AMSTERDAM)
        assert f"{local:%H.%M} uur" in figures.moment(moment)
        if abs((clock.today() - local.date()).days) > 1:
            assert figures.moment(moment).startswith(f"{local.day} ")


def test_every_month_and_weekday_has_a_name_in_both_languages() -> None:
    days = [date(2026, month, 15) for month in range(1, 13)] + [date(2026, 6, n) for n in range(1, 8)]
    dutch = {figures.full_day(day) for day in days}
    with spoken("en"):
        english = {figures.full_day(day) for day in days}
    assert len(dutch) == len(english) == len(days)
    assert not dutch & english
    assert all(len(figures.month(day)) == 3 for day in days), "short names stand under an axis"


def test_no_page_takes_the_day_of_a_moment_by_itself() -> None:
    """The database gives moments in Greenwich time: `figures.day` and `clock.day_of` know that, `.date()` does not."""
    room = Path(figures.__file__).parent
    own = {path.name for path in room.rglob("*.py") if ".date()" in path.read_text()}
    assert own <= {"figures.py"}
