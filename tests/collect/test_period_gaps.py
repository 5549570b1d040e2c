"""A week of which nothing was delivered is told of, for it reads as a week in which nobody was absent."""

import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.collect.counts import FEWEST
from schakel.collect.coverage import EACH, Coverage
from schakel.collect.findings import Finding
from schakel.collect.holidays import Calendar, Period
from schakel.collect.landing import Incoming, Landed, Stopped
from schakel.collect.period_gaps import SCHOOL_DAYS, holes, never
from schakel.connectors import own_mappings
from schakel.lib import clock
from schakel.lib.text import spoken
from tests.collect.test_coverage import FEW, NEEDED, TODAY, declared, full, period

FIRST = date(2026, 8, 31)
WEEKS = [FIRST + timedelta(weeks=n) for n in range(12)]


def workday(day: date) -> bool:
    return day.weekday() < 5


def taken(data: Path, rows: list[Any], told: dict[str, Any], is_open: Any = workday) -> Landed:
    path = data.parent / f"verzuim-db_{len(list(data.parent.iterdir()))}.csv"
    lines = [f"{pupil},98AB00,{day},1,{kind},x" for pupil, day, kind in rows]
    path.write_text("\n".join(["nummer,vestiging,datum,lesuur,soort,opmerking", *lines, ""]), encoding="utf-8")
    with clock.held_at(TODAY):
        return Incoming(own_mappings.package(path, told), "verzuim", NEEDED, data, None, is_open).land()


def week(first: date, count: int = 20, kind: str = "G") -> list[Any]:
    return [(pupil, day, kind) for pupil, day in full(first, count)]


def told_of(landed: Landed) -> list[Finding]:
    return [found for found in landed.report.findings if found.rule == "period-missing"]


def test_a_week_that_nobody_delivered_is_told_of_until_it_comes(tmp_path):
    data, told = tmp_path / "data", declared("week")
    assert told_of(taken(data, week(WEEKS[0]), told)) == []
    (found,) = told_of(taken(data, week(WEEKS[2]), told))
    assert (found.severity, found.action, found.row) == ("warning", "accept", 0)
    assert found.message.startswith("Van de week van 07-09-2026 is niets aangeleverd, van ervoor en erna wel.")
    assert told_of(taken(data, week(WEEKS[1]), told)) == []


def test_several_are_one_finding_that_names_the_first(tmp_path):
    data, told = tmp_path / "data", declared("week")
    taken(data, week(WEEKS[0]), told)
    (found,) = told_of(taken(data, week(WEEKS[8]), told))
    assert "de week van 07-09-2026, de week van 14-09-2026" in found.message
    assert ", en nog 3 is niets" in found.message
    with spoken("en"):
        (found,) = told_of(taken(data, week(WEEKS[9]), told))
    assert "the week of 07-09-2026" in found.message


@pytest.mark.parametrize(
    ("each", "before", "after", "name"),
    [("month", date(2026, 8, 3), date(2026, 10, 5), "maand 09-2026"),
     ("school_year", date(2024, 9, 2), date(2026, 9, 7), "schooljaar 2025-2026")],
)  # fmt: skip
def test_so_are_a_month_and_a_school_year(tmp_path, each, before, after, name):
    data, told = tmp_path / "data", declared(each)
    taken(data, week(before), told)
    (found,) = told_of(taken(data, week(after), told))
    assert name in found.message


def test_a_week_of_which_every_row_was_refused_was_delivered(tmp_path):
    data, told = tmp_path / "data", declared("week")
    taken(data, week(WEEKS[0]), told)
    assert told_of(taken(data, [*week(WEEKS[1], 3, kind=""), *week(WEEKS[2])], told)) == []
    assert told_of(taken(data, week(WEEKS[3]), told)) == [], "nor is it forgotten by the next"


def test_beside_a_week_with_few_rows_one_without_any_says_nothing(tmp_path):
    data, told = tmp_path / "data", declared("week")
    taken(data, week(WEEKS[0], FEWEST - 1), told)
    assert told_of(taken(data, week(WEEKS[2]), told)) == []


def test_without_a_calendar_nothing_is_said(tmp_path):
    data, told = tmp_path / "data", declared("week")
    taken(data, week(WEEKS[0]), told, never)
    assert told_of(taken(data, week(WEEKS[2]), told, never)) == []


def test_a_week_of_holidays_is_no_hole(tmp_path):
    data, told = tmp_path / "data", declared("week")
    free = Calendar("noord", (Period(WEEKS[1], WEEKS[1] + timedelta(days=5 - SCHOOL_DAYS), "Studiedagen"),))
    taken(data, week(WEEKS[0]), told, free.is_surely_open)
    assert told_of(taken(data, week(WEEKS[2]), told, free.is_surely_open)) == []
    assert told_of(taken(data, week(WEEKS[4]), told, free.is_surely_open))[0].message.startswith(
        "Van de week van 21-09-2026 is"
    )


def test_a_delivery_that_stops_says_nothing_of_holes(tmp_path):
    data, told = tmp_path / "data", declared("week")
    taken(data, week(WEEKS[0]), told)
    taken(data, week(WEEKS[1]), told)
    with pytest.raises(Stopped) as stopped:
        taken(data, [*week(WEEKS[3]), ("021", WEEKS[0], "G")], told)
    assert "count-drop" in {found.rule for found in stopped.value.report.findings}


counts = st.dictionaries(st.sampled_from(WEEKS), st.integers(1, 2 * FEWEST), max_size=8)


@FEW
@given(counts, st.sets(st.sampled_from(WEEKS)), st.sampled_from(EACH), st.sets(st.sampled_from(WEEKS)))
def test_the_holes_are_those_of_the_plain_rule(rows, refused, each, closed):
    def is_open(day: date) -> bool:
        return workday(day) and period("week", day) not in closed

    stands = dict[date, int]()
    for first, count in rows.items():
        stands[period(each, first)] = stands.get(period(each, first), 0) + count
    told = {period(each, day) for day in refused}
    every = [FIRST + timedelta(days=n) for n in range(-400, 400)]
    full_ones = [first for first, count in stands.items() if count >= FEWEST]
    expected = sorted(
        first
        for first in {period(each, day) for day in every}
        if full_ones and min(full_ones) < first < max(full_ones) and first not in stands and first not in told
        if sum(is_open(day) for day in every if period(each, day) == first) >= SCHOOL_DAYS
    )
    with duckdb.connect() as con:
        con.execute("CREATE TABLE absence (date DATE)")
        for first, count in rows.items():
            con.executemany("INSERT INTO absence VALUES (?)", [[first]] * count)
        con.execute("INSERT INTO absence VALUES (NULL)")
        assert holes(con, Coverage("date", each, 3), "SELECT date FROM absence", told, is_open) == expected


@pytest.mark.parametrize(
    ("region", "day", "surely"),
    [
        ("", date(2026, 9, 14), True),
        ("", date(2026, 9, 12), False),
        ("noord", date(2025, 10, 15), True),  # the south has its autumn holiday
        ("zuid", date(2025, 10, 15), False),
        ("", date(2025, 10, 15), False),
        ("", date(2026, 4, 27), False),
        ("", date(2024, 11, 12), False),  # of which no holidays are known
        ("", date(2031, 11, 12), False),
    ],
)
def test_a_day_is_surely_open_only_where_the_holidays_are_known(region, day, surely):
    assert Calendar(region).is_surely_open(day) is surely


def test_a_file_that_tells_of_all_has_no_holes():
    with tempfile.TemporaryDirectory() as name:
        data, told = Path(name) / "data", declared("week")
        del told["relations"]["absence"]["covers"]
        assert told_of(taken(data, [*week(WEEKS[0]), *week(WEEKS[4])], told)) == []
