"""Days without school: computed, published and the board's own."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.access.audit import AuditLine
from schakel.collect import holidays
from schakel.collect.holidays import REGIONS, Calendar, FreeDay, Period, calendar
from schakel.lib.errors import Refused, SchakelError

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("year", "day"),
    [(2024, "2024-03-31"), (2025, "2025-04-20"), (2026, "2026-04-05"), (2027, "2027-03-28"), (2028, "2028-04-16"),
     (2038, "2038-04-25"), (2285, "2285-03-22")],
)  # fmt: skip
def test_easter(year: int, day: str) -> None:
    assert holidays.easter(year).isoformat() == day


@given(st.integers(1900, 2400))
def test_easter_is_a_sunday_in_its_five_weeks(year: int) -> None:
    day = holidays.easter(year)
    assert day.weekday() == 6
    assert date(year, 3, 22) <= day <= date(year, 4, 25)


def test_national_holidays() -> None:
    found = holidays.national(2027)
    assert found[date(2027, 5, 6)] == "Hemelvaartsdag"
    assert found[date(2027, 5, 17)] == "Tweede pinksterdag"
    assert found[date(2027, 3, 29)] == "Tweede paasdag"
    assert date(2027, 3, 26) not in found, "Good Friday is none of article 3, first paragraph"
    assert found[date(2027, 4, 27)] == "Koningsdag"
    assert set(found.values()) == set(holidays.ENGLISH)
    assert holidays.national(2025)[date(2025, 4, 26)] == "Koningsdag", "on a Sunday it is kept the day before"


# The published holidays


@pytest.mark.parametrize("region", REGIONS)
def test_each_region_has_five_holidays_a_school_year_that_do_not_overlap(region: str) -> None:
    found = [period for period in holidays.school_holidays() if period.region == region]
    assert len(found) == 15
    for period, after in zip(found, found[1:], strict=False):
        assert period.last < after.first
    for period in found:
        assert (period.first.weekday(), period.last.weekday()) == (5, 6), "from a Saturday up to a Sunday"
        weeks = (period.last - period.first + DAY).days // 7
        assert weeks == {"Zomervakantie": 6, "Kerstvakantie": 2}.get(period.nl, 1)
        assert "rijksoverheid" in period.source
        assert period.en


def test_the_summers_begin_a_week_apart() -> None:
    for year in (2026, 2027, 2028):
        starts = sorted(p.first for p in holidays.school_holidays() if p.nl == "Zomervakantie" and p.first.year == year)
        assert [(day - starts[0]).days for day in starts] == [0, 7, 14]


def test_until_when_they_are_known() -> None:
    assert holidays.known_until() == date(2028, 8, 20)


@pytest.mark.parametrize(
    ("region", "day", "name"),
    [
        ("noord", "2026-10-12", "Herfstvakantie"),
        ("midden", "2026-10-12", ""),
        ("zuid", "2026-10-19", "Herfstvakantie"),
        ("noord", "2026-10-19", ""),
        ("midden", "2026-12-31", "Kerstvakantie"),
        ("midden", "2027-01-04", ""),
        ("zuid", "2027-09-05", "Zomervakantie"),
        ("zuid", "2027-09-06", ""),
        ("", "2026-10-12", ""),  # free in one region only
        ("", "2026-12-21", "Kerstvakantie"),  # free in all
        ("", "2027-07-26", "Zomervakantie"),
        ("", "2027-07-20", ""),
        ("", "2026-05-14", "Hemelvaartsdag"),
    ],
)
def test_what_is_free_where(region: str, day: str, name: str) -> None:
    assert Calendar(region).free(date.fromisoformat(day)) == name


def test_a_weekend_is_no_holiday_and_no_school_day() -> None:
    saturday = date(2026, 11, 28)
    assert Calendar("midden").free(saturday) == ""
    assert not Calendar("midden").is_school_day(saturday)
    assert Calendar("midden").next_school_day(saturday) == date(2026, 11, 30)
    assert Calendar("midden").next_school_day(date(2026, 12, 19)) == date(2027, 1, 4)
    assert Calendar("midden").next_school_day(date(2027, 1, 4)) == date(2027, 1, 4)


def test_a_free_day_of_the_board() -> None:
    own = Calendar("midden", (Period(date(2026, 11, 30), date(2026, 12, 1), "Studiedagen"),))
    assert own.free(date(2026, 12, 1)) == "Studiedagen"
    assert own.is_school_day(date(2026, 12, 2))


# In the register


@pytest.mark.django_db
def test_a_board_adds_its_own_and_takes_them_away(people: dict) -> None:
    made = holidays.add_free_days(people["ict_manager"], date(2026, 11, 30), date(2026, 12, 1), " Studiedagen ")
    assert calendar("noord").free(date(2026, 11, 30)) == "Studiedagen"
    line = AuditLine.objects.latest("number")
    assert (line.action, line.thing_kind, line.facts["first"]) == ("source.write", "freeday", "2026-11-30")
    holidays.remove_free_days(people["ict_manager"], made)
    assert calendar("noord").free(date(2026, 11, 30)) == ""
    assert AuditLine.objects.latest("number").facts["removed"] == "2026-11-30 2026-12-01"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("first", "last", "name"),
    [
        ("2026-12-02", "2026-12-01", "Andersom"),
        ("2026-12-01", "2027-12-01", "Te lang"),
        ("2026-12-01", "2026-12-01", "  "),
        ("2026-12-01", "2026-12-01", "a\x00b"),
    ],
)
def test_what_cannot_be_a_free_day(people: dict, first: str, last: str, name: str) -> None:
    with pytest.raises(SchakelError):
        holidays.add_free_days(people["ict_manager"], date.fromisoformat(first), date.fromisoformat(last), name)
    assert not FreeDay.objects.exists()


@pytest.mark.django_db
def test_not_everybody_may(people: dict) -> None:
    with pytest.raises(Refused):
        holidays.add_free_days(people["teacher"], date(2026, 12, 1), date(2026, 12, 1), "Studiedag")
