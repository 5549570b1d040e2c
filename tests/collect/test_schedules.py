"""When a source is read by itself: cron lines in Dutch time, around summer time and around the ends of holidays."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.access.audit import AuditLine
from schakel.access.register import put
from schakel.chain.systems import System
from schakel.collect import schedules
from schakel.collect.holidays import Calendar, Period
from schakel.collect.schedules import Schedule, Simple, checked, cron_of, simple_of
from schakel.collect.sources import Source
from schakel.lib import clock
from schakel.lib.errors import Refused, SchakelError

SCHOOL_DAYS = "0 6 * * 1-5"


def at(text: str) -> datetime:
    """A moment in Dutch time."""
    return datetime.fromisoformat(text).replace(tzinfo=clock.AMSTERDAM)


def next_ones(schedule: Schedule, start: str, count: int) -> list[str]:
    found, moment = [], at(start)
    for _turn in range(count):
        after = schedule.next_after(moment)
        assert after is not None
        found.append(f"{after:%Y-%m-%d %H:%M}")
        moment = after
    return found


# Moments


def test_working_days() -> None:
    assert next_ones(Schedule(SCHOOL_DAYS), "2026-11-26T06:00", 3) == [
        "2026-11-27 06:00", "2026-11-30 06:00", "2026-12-01 06:00",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("moment", "last"),
    [
        ("2026-11-26T06:00:00", "2026-11-26 06:00"),
        ("2026-11-26T05:59:59", "2026-11-25 06:00"),
        ("2026-11-26T06:00:00.500000", "2026-11-26 06:00"),
        ("2026-11-29T12:00:00", "2026-11-27 06:00"),
    ],
)
def test_the_last_moment_that_came(moment: str, last: str) -> None:
    assert f"{Schedule(SCHOOL_DAYS).last_until(at(moment)):%Y-%m-%d %H:%M}" == last


def test_a_moment_from_the_database_is_read_in_dutch_time() -> None:
    winter = datetime(2026, 11, 26, 5, 0, tzinfo=UTC)
    assert Schedule(SCHOOL_DAYS).last_until(winter) == at("2026-11-26T06:00")
    assert Schedule(SCHOOL_DAYS).last_until(winter - timedelta(seconds=1)) == at("2026-11-25T06:00")
    summer = datetime(2026, 6, 15, 4, 0, tzinfo=UTC)
    assert Schedule(SCHOOL_DAYS).last_until(summer) == at("2026-06-15T06:00")


def test_the_hour_that_summer_time_skips_comes_right_after_it() -> None:
    nightly = Schedule("30 2 * * *")
    moments = next_ones(nightly, "2027-03-27T12:00", 2)
    assert moments == ["2027-03-28 03:00", "2027-03-29 02:30"]
    assert nightly.last_until(at("2027-03-28T12:00")).astimezone(UTC) <= datetime(2027, 3, 28, 1, 0, tzinfo=UTC)


def test_the_hour_that_comes_twice_is_read_once() -> None:
    nightly = Schedule("30 2 * * *")
    assert next_ones(nightly, "2026-10-24T12:00", 2) == ["2026-10-25 02:30", "2026-10-26 02:30"]
    first = nightly.next_after(at("2026-10-24T12:00"))
    assert first.utcoffset() == timedelta(hours=2), "the first of the two"
    assert nightly.last_until(datetime(2026, 10, 25, 2, 0, tzinfo=UTC)) == first


def test_in_the_morning_summer_time_changes_nothing() -> None:
    assert next_ones(Schedule("0 6 * * *"), "2027-03-27T05:00", 3) == [
        "2027-03-27 06:00", "2027-03-28 06:00", "2027-03-29 06:00",
    ]  # fmt: skip
    one, other = (Schedule("0 6 * * *").next_after(at(f"2027-03-{day}T05:00")) for day in (27, 28))
    assert other - one == timedelta(days=1)
    assert other.astimezone(UTC) - one.astimezone(UTC) == timedelta(hours=23)


# Holidays


@pytest.mark.parametrize(
    ("region", "start", "first"),
    [
        ("noord", "2026-10-09T07:00", "2026-10-19 06:00"),
        ("midden", "2026-10-09T07:00", "2026-10-12 06:00"),
        ("midden", "2026-10-16T07:00", "2026-10-26 06:00"),  # summer time ends in it
        ("zuid", "2026-12-18T07:00", "2027-01-04 06:00"),
        ("zuid", "2027-07-23T07:00", "2027-09-06 06:00"),
        ("midden", "2027-03-26T07:00", "2027-03-30 06:00"),  # Easter Monday, and summer time begins
        ("midden", "2027-05-05T12:00", "2027-05-07 06:00"),  # Ascension Day
    ],
)
def test_the_first_reading_after_a_holiday(region: str, start: str, first: str) -> None:
    assert next_ones(Schedule(SCHOOL_DAYS, Calendar(region)), start, 1) == [first]


def test_the_last_reading_before_a_holiday_stays_the_last() -> None:
    schedule = Schedule(SCHOOL_DAYS, Calendar("midden"))
    assert schedule.last_until(at("2027-01-03T12:00")) == at("2026-12-18T06:00")
    assert schedule.last_until(at("2027-01-04T05:59")) == at("2026-12-18T06:00")
    assert schedule.last_until(at("2027-01-04T06:00")) == at("2027-01-04T06:00")


def test_a_free_day_of_the_board_is_skipped() -> None:
    study = Period(at("2026-11-30").date(), at("2026-12-01").date(), "Studiedagen")
    assert next_ones(Schedule(SCHOOL_DAYS, Calendar("zuid", (study,))), "2026-11-27T07:00", 1) == ["2026-12-02 06:00"]


def test_each_five_minutes_passes_over_a_summer_at_once() -> None:
    often = Schedule("*/5 * * * *", Calendar("noord"))
    assert next_ones(often, "2027-07-09T23:55", 1) == ["2027-08-23 00:00"]
    assert often.last_until(at("2027-08-22T10:00")) == at("2027-07-09T23:55")


@given(st.datetimes(datetime(2026, 1, 1), datetime(2028, 7, 1)), st.sampled_from(["noord", "midden", "zuid", ""]))
def test_a_moment_is_never_on_a_free_day_and_both_ways_agree(start: datetime, region: str) -> None:
    days = Calendar(region)
    schedule = Schedule("15 7 * * *", days)
    moment = schedule.next_after(start.replace(tzinfo=clock.AMSTERDAM))
    assert moment is not None
    assert not days.free(moment.date())
    assert schedule.last_until(moment) == moment
    before = schedule.last_until(start.replace(tzinfo=clock.AMSTERDAM))
    assert before is not None
    assert before <= start.replace(tzinfo=clock.AMSTERDAM) < moment


def test_without_any_school_day_there_is_no_moment() -> None:
    closed = Calendar("noord", (Period(at("2026-01-01").date(), at("2030-01-01").date(), "Gesloten"),))
    assert Schedule(SCHOOL_DAYS, closed).next_after(at("2026-11-26T12:00")) is None


def test_how_far_apart() -> None:
    assert Schedule(SCHOOL_DAYS).apart() == timedelta(days=1)
    assert Schedule("0 6 * * 1").apart() == timedelta(days=7)
    assert Schedule("*/15 7-9 * * *").apart() == timedelta(minutes=15)


# Lines


@pytest.mark.parametrize(
    ("line", "kept"),
    [("0 6 * * 1-5", "0 6 * * 1-5"), ("  */5  * * * mon ", "*/5 * * * MON"), ("0 6 L * *", "0 6 L * *")],
)
def test_a_good_line(line: str, kept: str) -> None:
    assert checked(line) == kept


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("0 6 * *", "vijf velden"),
        ("0 0 6 * * 1-5", "vijf velden"),
        ("@daily", "vijf velden"),
        ("61 6 * * *", "klopt niet"),
        ("0 25 * * *", "klopt niet"),
        ("0 6 * * maandag", "klopt niet"),
        ("a b c d e", "klopt niet"),
        ("0 6 * * 5-1", "klopt niet"),
        ("*/0 * * * *", "klopt niet"),
        ("0 6 31 2 *", "klopt niet"),
        ("* * * * *", "vijf minuten"),
        ("*/2 * * * *", "vijf minuten"),
        ("0,1 6 * * *", "vijf minuten"),
    ],
)
def test_a_bad_line_says_what_is_wrong(line: str, says: str) -> None:
    with pytest.raises(SchakelError, match=says):
        checked(line)


@given(st.text(max_size=40))
def test_any_line_is_kept_or_refused_with_a_sentence(line: str) -> None:
    try:
        assert len(checked(line).split()) == 5
    except SchakelError as error:
        assert error.message.endswith((".", "1-5"))


@given(st.sampled_from(["school", "daily", "weekly"]), st.times(), st.integers(0, 6))
def test_what_is_chosen_is_read_back(kind: str, moment: time, weekday: int) -> None:
    said = Simple(kind, moment.replace(second=0, microsecond=0), weekday if kind == "weekly" else 0)
    assert simple_of(checked(cron_of(said)), not_in_holidays=kind == "school") == said


@pytest.mark.parametrize("line", ["*/15 7 * * *", "0 6 1 * *", "0 6 * 1 *", "0 6 * * MON", "0 6,7 * * *", ""])
def test_other_lines_have_no_words(line: str) -> None:
    assert simple_of(line, not_in_holidays=False) is None


def test_working_days_in_holidays_too_are_no_school_days() -> None:
    assert simple_of(SCHOOL_DAYS, not_in_holidays=False) is None


# In the register


@pytest.fixture
def source(people: dict) -> Source:
    system, _ = put(people["ict_manager"], "system.write", System, "las", name="LAS")
    found: Source = put(
        people["ict_manager"], "source.write", Source, "las", name="LAS", system=system, layout="oneroster", pattern="x"
    )[0]
    return found


@pytest.mark.django_db
def test_a_schedule_is_kept_with_a_line(people: dict, source: Source) -> None:
    kept = schedules.plan(people["ict_manager"], source, "0 6 * * 1-5", not_in_holidays=True, region="midden")
    assert (kept.cron, kept.not_in_holidays, kept.region) == (SCHOOL_DAYS, True, "midden")
    assert kept.scheduled_at is not None
    assert schedules.schedule_of(kept) == Schedule(SCHOOL_DAYS, Calendar("midden"))
    line = AuditLine.objects.latest("number")
    assert (line.action, line.facts["changed"]["cron"]) == ("source.write", ["", SCHOOL_DAYS])


@pytest.mark.django_db
def test_the_same_again_changes_nothing(people: dict, source: Source) -> None:
    kept = schedules.plan(people["ict_manager"], source, SCHOOL_DAYS)
    lines = AuditLine.objects.count()
    again = schedules.plan(people["ict_manager"], kept, "  0  6 * * 1-5")
    assert (again.scheduled_at, AuditLine.objects.count()) == (kept.scheduled_at, lines)


@pytest.mark.django_db
def test_an_empty_line_lets_go_of_it(people: dict, source: Source) -> None:
    kept = schedules.plan(people["ict_manager"], source, SCHOOL_DAYS, not_in_holidays=True, region="zuid")
    gone = schedules.plan(people["ict_manager"], kept, " ")
    assert (gone.cron, gone.not_in_holidays, gone.scheduled_at) == ("", False, None)
    assert schedules.schedule_of(gone) is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("line", "more"),
    [
        (SCHOOL_DAYS, {"not_in_holidays": True}),  # of which region?
        (SCHOOL_DAYS, {"not_in_holidays": True, "region": "west"}),
        ("elke dag", {}),
    ],
)
def test_what_cannot_be_a_schedule_is_not_kept(people: dict, source: Source, line: str, more: dict) -> None:
    with pytest.raises(SchakelError):
        schedules.plan(people["ict_manager"], source, line, **more)
    source.refresh_from_db()
    assert source.cron == ""


@pytest.mark.django_db
def test_not_everybody_may(people: dict, source: Source) -> None:
    with pytest.raises(Refused):
        schedules.plan(people["teacher"], source, SCHOOL_DAYS)
