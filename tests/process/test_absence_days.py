"""An absence of several days, a part of a day or several lessons: which rows it gives, held against plain Python."""

from collections.abc import Iterable
from datetime import date, time, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schakel.engine import duck
from schakel.process import snapshots
from tests.process import boards

ELEMENTS = frozenset(
    f"absence.{name}" for name in ("kind", "clock_hours", "lesson_hours", "minutes_late", "contact_on")
)
HERE, ELSEWHERE = "16AH00", "20XY01"
HOURS = ("day_hours", "morning_hours", "afternoon_hours", "day_lesson_hours")
Line = dict[str, Any]
Day = tuple[date, Decimal | None, Decimal | None, int | None]


def line(first: date, last: date | None = None, **more: Any) -> Line:
    """A line of the file about the pupil with number 001."""
    known = {"pupil_number": "001", "site_identifier": HERE, "date": first, "until": last, "kind": "authorised"}
    nothing = (
        "hour",
        "hour_until",
        "clock_hours",
        "lesson_hours",
        "minutes_late",
        "contact_on",
        "day_part",
        "from_time",
        "until_time",
        *HOURS,
    )
    return {**dict.fromkeys(nothing), **known, **more}


def free(first: date, last: date, site: str = HERE) -> Line:
    """A holiday of one site."""
    return {"site_identifier": site, "holiday_region": "noord", "start_date": first, "end_date": last}


def made(folder: Path, lines: list[Line], holidays: Iterable[Line] = ()) -> list[Day]:
    """The absence that is published of these lines."""
    landed = [
        boards.land(folder, "las", "oneroster", boards.roster()),
        boards.land(folder, "verzuim", "verzuim", {"absence": lines}),
    ]
    if rest := list(holidays):
        landed.append(boards.land(folder, "vakanties", "vakanties", {"holiday": rest}))
    with duck.reader(snapshots.build(folder, landed, ELEMENTS).model) as con:
        keys = con.execute("SELECT count(DISTINCT absence_id) = count(*) FROM absence").fetchone()
        assert keys == (True,)
        return con.execute("SELECT date, clock_hours, lesson_hours, minutes_late FROM absence ORDER BY ALL").fetchall()


def days(folder: Path, lines: list[Line], holidays: Iterable[Line] = ()) -> list[str]:
    return [f"{day:%d-%m}" for day, *_hours in made(folder, lines, holidays)]


MONDAY = date(2026, 11, 9)


def test_an_hour_before_the_first_lesson_is_one_beside_a_whole_day(tmp_path: Path) -> None:
    """Hour 0 and no hour are two things, with a key each."""
    lines = [line(MONDAY, hour=0), line(MONDAY, hour=10), line(MONDAY, day_lesson_hours=7)]
    assert made(tmp_path, lines) == [(MONDAY, None, Decimal(n), None) for n in (1, 1, 7)]


@pytest.mark.parametrize(
    ("why", "first", "last", "expected"),
    [
        ("no last day is one day", MONDAY, None, ["09-11"]),
        ("a last day that is the first is one day", MONDAY, MONDAY, ["09-11"]),
        ("the last day counts", MONDAY, date(2026, 11, 11), ["09-11", "10-11", "11-11"]),
        ("nobody misses school on a weekend", date(2026, 11, 12), date(2026, 11, 17),
         ["12-11", "13-11", "16-11", "17-11"]),
        ("in a weekend only: the day that was written down", date(2026, 11, 14), date(2026, 11, 15), ["14-11"]),
        ("a day that was written down stays a day, on a Sunday too", date(2026, 11, 15), None, ["15-11"]),
        ("a school year ends on 31 July", date(2027, 7, 29), date(2099, 12, 31), ["29-07", "30-07"]),
        ("and begins on 1 August", date(2026, 7, 31), date(2026, 8, 4), ["31-07"]),
    ],
)  # fmt: skip
def test_which_days_an_absence_has(
    why: str, first: date, last: date | None, expected: list[str], tmp_path: Path
) -> None:
    assert days(tmp_path, [line(first, last)]) == expected, why


def test_a_day_on_which_the_school_is_free_is_no_absence(tmp_path: Path) -> None:
    ill = line(date(2026, 10, 15), date(2026, 10, 27), clock_hours=20)
    autumn = free(date(2026, 10, 17), date(2026, 10, 25))
    found = made(tmp_path, [ill], [autumn, free(date(2026, 10, 26), date(2026, 10, 26), ELSEWHERE)])
    assert [day for day, *_rest in found] == [
        date(2026, 10, 15),
        date(2026, 10, 16),
        date(2026, 10, 26),
        date(2026, 10, 27),
    ]
    assert [hours for _day, hours, *_rest in found] == [5, 5, 5, 5], "not a part of its hours goes to the holiday"


def test_holidays_that_touch_or_are_told_twice_double_nothing(tmp_path: Path) -> None:
    ill = line(MONDAY, date(2026, 11, 13))
    wednesday = date(2026, 11, 11)
    twice = [free(wednesday, wednesday), free(wednesday, wednesday), free(MONDAY, wednesday)]
    assert days(tmp_path, [ill], twice) == ["12-11", "13-11"]


def test_in_a_holiday_only_it_is_the_day_that_was_written_down(tmp_path: Path) -> None:
    week = free(MONDAY, date(2026, 11, 15))
    assert days(tmp_path, [line(MONDAY, date(2026, 11, 12)), line(date(2026, 11, 10))], [week]) == ["09-11", "10-11"]


def test_hours_are_divided_and_minutes_are_of_one_day_only(tmp_path: Path) -> None:
    lines = [
        line(MONDAY, date(2026, 11, 11), clock_hours=16.5, lesson_hours=18, minutes_late=15),
        line(date(2026, 11, 12), clock_hours=2, minutes_late=10),
    ]
    assert made(tmp_path, lines) == [
        *((MONDAY + timedelta(n), Decimal("5.5"), Decimal(6), None) for n in range(3)),
        (date(2026, 11, 12), Decimal(2), None, 10),
    ]


def test_a_whole_day_is_so_many_hours_where_the_line_tells_none(tmp_path: Path) -> None:
    tuesday = date(2026, 11, 10)
    lines = [
        line(MONDAY, tuesday, day_hours=5.5),
        line(date(2026, 11, 11), day_hours=5.5, clock_hours=1),
        line(date(2026, 11, 12), day_hours=5.5, hour=3),
        line(date(2026, 11, 13)),
        line(date(2026, 11, 16), day_hours=5.5, kind="late"),
    ]
    whole = Decimal("5.5")
    assert [hours for _day, hours, *_rest in made(tmp_path, lines)] == [whole, whole, 1, None, None, None]


def test_two_absences_that_overlap_stay_two(tmp_path: Path) -> None:
    assert days(tmp_path, [line(MONDAY, date(2026, 11, 11)), line(date(2026, 11, 10), kind="late")]) == [
        "09-11", "10-11", "10-11", "11-11"]  # fmt: skip


HALVES = {"morning_hours": 3.5, "afternoon_hours": 2}


@pytest.mark.parametrize(
    ("why", "lines", "hours"),
    [
        ("each half has its own hours", [{"day_part": "morning"}, {"day_part": "afternoon"}], [2, 3.5]),
        ("a whole day is both", [{"day_part": "day"}], [5.5]),
        ("so is a line without a part", [{}], [5.5]),
        ("unless a whole day has hours of its own", [{"day_part": "day", "day_hours": 5}], [5]),
        ("hours that the line tells win", [{"day_part": "morning", "clock_hours": 1}], [1]),
        ("a part that nobody knows has no hours", [{"day_part": "unknown"}], [None]),
        ("a part twice counts once", [{"day_part": "morning"}, {"day_part": "morning"}], [1.75, 1.75]),
        ("a part of a whole day counts no more", [{"day_part": "morning"}, {}, {"day_part": "afternoon"}], [0, 0, 5.5]),
        ("another kind is another absence", [{"day_part": "morning"}, {"kind": "unauthorised"}], [3.5, 5.5]),
        ("who is late misses no part", [{"day_part": "morning", "kind": "late"}], [None]),
        ("a lesson hour is no half day", [{"day_part": "morning", "hour": 2}], [None]),
    ],
)  # fmt: skip
def test_what_a_part_of_a_day_counts(
    why: str, lines: list[Line], hours: list[float | None], tmp_path: Path
) -> None:  # fmt: skip
    found = made(tmp_path, [line(MONDAY, **{**HALVES, **each}) for each in lines])
    assert [float(each) if each is not None else None for _day, each, *_rest in found] == hours, why


@pytest.mark.parametrize(
    ("why", "told", "hours"),
    [
        ("from ten to noon", {}, 2),
        ("minutes count", {"until_time": time(10, 45)}, 0.75),
        ("hours that are told win", {"clock_hours": 1.5}, 1.5),
        ("times win of what a part of the day usually has", {"day_part": "morning", **HALVES}, 2),
        ("without an end it is a day", {"until_time": None, "day_hours": 5}, 5),
        ("without a begin too", {"from_time": None, "day_hours": 5}, 5),
        ("an end before the begin says nothing", {"until_time": time(9)}, None),
        ("who is late does not miss the time", {"kind": "late"}, None),
    ],
)
def test_the_hours_that_follow_from_times(why: str, told: Line, hours: float | None, tmp_path: Path) -> None:
    times = {"from_time": time(10), "until_time": time(12), **told}
    ((_day, clock, lessons, _late),) = made(tmp_path, [line(MONDAY, **times)])
    assert (clock if clock is None else float(clock), lessons) == (hours, None), why


def test_times_of_an_absence_of_several_days_are_of_its_first_and_its_last(tmp_path: Path) -> None:
    lines = [line(MONDAY, date(2026, 11, 10), from_time=time(10), until_time=time(12), day_hours=5)]
    assert [hours for _day, hours, *_rest in made(tmp_path, lines)] == [5, 5]


def test_days_that_two_lines_of_one_kind_tell_count_once(tmp_path: Path) -> None:
    wednesday = date(2026, 11, 11)
    lines = [line(MONDAY, wednesday, day_hours=5), line(wednesday, date(2026, 11, 12), day_hours=5)]
    assert [(f"{day:%d}", float(hours or 0)) for day, hours, *_rest in made(tmp_path, lines)] == [
        ("09", 5), ("10", 5), ("11", 2.5), ("11", 2.5), ("12", 5)]  # fmt: skip


def test_two_pupils_and_two_schools_are_no_repetition(tmp_path: Path) -> None:
    lines = [
        line(MONDAY, day_hours=5),
        line(MONDAY, day_hours=5, pupil_number="002"),
        line(MONDAY, day_hours=5, pupil_number="004", site_identifier=ELSEWHERE),
    ]
    assert [hours for _day, hours, *_rest in made(tmp_path, lines)] == [5, 5, 5]


def expected(lines: list[Line], holidays: list[Line]) -> list[tuple[date, float | None]]:
    """The rule, day by day."""
    closed = {
        each["start_date"] + timedelta(n)
        for each in holidays
        for n in range((each["end_date"] - each["start_date"]).days + 1)
    }
    found, bare = [], dict[date, list[str]]()
    for each in lines:
        first, last = each["date"], each["until"] or each["date"]
        year = date(first.year + (first.month >= 8), 7, 31)
        whole = [first + timedelta(n) for n in range(max(0, (min(last, year) - first).days) + 1)]
        school = [day for day in whole if day.isoweekday() <= 5 and day not in closed]
        counted = (school or [first]) if last > first else [first]
        if each["clock_hours"] is not None:
            found += [(day, each["clock_hours"] / len(counted)) for day in counted]
            continue
        for day in counted:
            bare.setdefault(day, []).append(each["day_part"] or "day")
    return [*found, *((day, hours) for day, parts in bare.items() for hours in told_once(parts, lines[0]))]


@pytest.mark.parametrize(
    ("why", "told", "hours"),
    [
        ("a lesson is one lesson hour", {"hour": 3}, [1]),
        ("unless the line says how much of it", {"hour": 3, "lesson_hours": 0.5}, [0.5]),
        ("up to and including the last lesson", {"hour": 3, "hour_until": 5}, [3]),
        ("unless the line says how many", {"hour": 3, "hour_until": 5, "lesson_hours": 2}, [2]),
        ("a last lesson before the first says nothing", {"hour": 3, "hour_until": 2}, [1]),
        ("a last lesson alone says nothing", {"hour_until": 2}, [None]),
        ("who is late misses no lesson hour", {"hour": 3, "kind": "late"}, [None]),
        ("a day of which nothing is told is unknown", {}, [None]),
        ("a whole day has as many as somebody says", {"day_lesson_hours": 6}, [6]),
        ("but not beside a lesson", {"hour": 3, "day_lesson_hours": 6}, [1]),
        ("nor a part of the day", {"day_part": "morning", "day_lesson_hours": 6}, [None]),
        ("nor who is late", {"kind": "late", "day_lesson_hours": 6}, [None]),
        ("days are of no lesson", {"hour": 5, "hour_until": 2, "until": date(2026, 11, 10)}, [None, None]),
        ("and whole", {"hour": 5, "until": date(2026, 11, 10), "day_lesson_hours": 6}, [6, 6]),
    ],
)
def test_the_lesson_hours_of_an_absence(why: str, told: Line, hours: list[float | None], tmp_path: Path) -> None:
    assert [each for _day, _clock, each, _late in made(tmp_path, [line(MONDAY, **told)])] == hours, why


def told_once(parts: list[str], hours: Line) -> list[float | None]:
    """What lines without hours tell of one day, each part of it once."""
    morning, afternoon, whole = hours["morning_hours"], hours["afternoon_hours"], hours["day_hours"]
    if whole is None and morning is not None:
        whole = morning + afternoon
    known = {"day": whole, "morning": morning, "afternoon": afternoon, "unknown": None}
    there = {part for part in parts if known[part] is not None}
    once = {"day"} if "day" in there else there
    told = sum(known[part] for part in once)
    return [told / max(1, sum(part in there for part in parts)) if part in there else None for part in parts]


DATES = st.dates(date(2026, 6, 1), date(2027, 9, 1))
PARTS = st.none() | st.sampled_from(["morning", "afternoon", "day", "unknown"])
LINES = st.builds(
    lambda first, length, hours, part: line(
        first, None if length is None else first + timedelta(length), clock_hours=hours, day_part=part
    ),
    DATES, st.none() | st.integers(-5, 90), st.none() | st.integers(0, 40), PARTS,
)  # fmt: skip
HOLIDAYS = st.builds(lambda first, length: free(first, first + timedelta(length)), DATES, st.integers(0, 15))
WHOLE = st.sampled_from([{}, {"day_hours": 5}, HALVES, {"day_hours": 5, **HALVES}])


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(lines=st.lists(LINES, min_size=1, max_size=6), holidays=st.lists(HOLIDAYS, max_size=4), whole=WHOLE)
def test_the_days_and_hours_are_those_of_the_plain_rule(
    lines: list[Line], holidays: list[Line], whole: dict[str, float]
) -> None:
    lines = [{**each, **whole} for each in lines]
    with TemporaryDirectory() as folder:
        found = [(day, hours) for day, hours, *_rest in made(Path(folder), lines, holidays)]
    wanted = expected(lines, holidays)
    assert sorted(day for day, _hours in found) == sorted(day for day, _hours in wanted)
    known = sum(hours for _day, hours in wanted if hours is not None)
    assert abs(sum(float(hours) for _day, hours in found if hours is not None) - known) < 0.02
    assert [hours is None for _day, hours in found].count(True) == [hours is None for _day, hours in wanted].count(True)
