"""Which reading is due: one of the schedule, a second try, or the next look; and never the same twice."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from schakel.access.changes import change
from schakel.access.register import put
from schakel.chain.systems import System
from schakel.collect import plans, retries, runs, schedules
from schakel.collect.connections import Connection
from schakel.collect.runs import Busy, Plan, Run
from schakel.collect.sources import Source
from schakel.lib import clock
from schakel.lib.errors import SchakelError

pytestmark = pytest.mark.django_db

THURSDAY = datetime(2026, 11, 26, 6, 0, tzinfo=clock.AMSTERDAM)
HOUR = timedelta(hours=1)
SERVER = Connection(every_hours=24)


@pytest.fixture
def source(people: dict) -> Source:
    system, _ = put(people["ict_manager"], "system.write", System, "las", name="LAS")
    fields = {"name": "LAS", "system": system, "layout": "oneroster", "pattern": "x"}
    found: Source = put(people["ict_manager"], "source.write", Source, "las", **fields)[0]
    return found


@pytest.fixture
def daily(people: dict, source: Source) -> Source:
    """Read each school day at six, since the week before."""
    with clock.held_at(THURSDAY - timedelta(days=7)):
        return schedules.plan(people["ict_manager"], source, "0 6 * * 1-5", not_in_holidays=True, region="midden")


def run(of: Source, moment: datetime, state: str = "good", **fields: Any) -> Run:
    with change(None, "source.collect", of):
        made = Run(source=of, state=state, started_at=moment, finished_at=moment, **fields)
        made.save()
    return made


def due(of: Source, moment: datetime, connection: Connection | None = None, file_name: str = "") -> Plan | None:
    with clock.held_at(moment):
        return plans.due(of, connection, file_name)


# The schedule


def test_a_moment_is_due_from_then_on_until_something_was_read(daily: Source) -> None:
    run(daily, THURSDAY - timedelta(days=1))
    assert due(daily, THURSDAY - timedelta(seconds=1)) is None
    assert due(daily, THURSDAY) == Plan(THURSDAY)
    assert due(daily, THURSDAY + 3 * HOUR) == Plan(THURSDAY), "of a file that comes late, when it comes"
    run(daily, THURSDAY + 3 * HOUR)
    assert due(daily, THURSDAY + 4 * HOUR) is None


def test_of_several_moments_that_were_missed_the_last_is_read(daily: Source) -> None:
    run(daily, THURSDAY - timedelta(days=3))
    assert due(daily, THURSDAY + HOUR) == Plan(THURSDAY)


def test_a_moment_before_the_schedule_was_set_is_not_made_up_for(people: dict, source: Source) -> None:
    with clock.held_at(THURSDAY + HOUR):
        set_late = schedules.plan(people["ict_manager"], source, "0 6 * * 1-5")
    assert due(set_late, THURSDAY + 2 * HOUR) is None
    assert due(set_late, THURSDAY + timedelta(days=1)) == Plan(THURSDAY + timedelta(days=1))


def test_in_a_holiday_nothing_is_due_and_after_it_the_first_day(daily: Source) -> None:
    friday = datetime(2026, 12, 18, 6, 0, tzinfo=clock.AMSTERDAM)
    run(daily, friday)
    assert due(daily, friday + timedelta(days=3)) is None
    monday = datetime(2027, 1, 4, 6, 0, tzinfo=clock.AMSTERDAM)
    assert due(daily, monday - HOUR) is None
    assert due(daily, monday) == Plan(monday)


def test_a_server_with_a_schedule_goes_by_the_schedule(daily: Source) -> None:
    run(daily, THURSDAY + HOUR)
    assert due(daily, THURSDAY + 20 * HOUR, Connection(every_hours=1)) is None
    assert due(daily, THURSDAY + 24 * HOUR, Connection(every_hours=99)) == Plan(THURSDAY + timedelta(days=1))


# Without a schedule


def test_files_are_looked_at_each_round(source: Source) -> None:
    assert due(source, THURSDAY) == Plan()
    run(source, THURSDAY)
    assert due(source, THURSDAY) == Plan()


def test_a_server_is_asked_after_so_many_hours(source: Source) -> None:
    assert due(source, THURSDAY, SERVER) == Plan()
    run(source, THURSDAY)
    assert due(source, THURSDAY + 23 * HOUR, SERVER) is None
    assert due(source, THURSDAY + 24 * HOUR, SERVER) == Plan()


# Trying again


def test_a_second_try_is_due_when_its_time_comes(daily: Source) -> None:
    run(daily, THURSDAY, "failed", planned_for=THURSDAY, retry_at=THURSDAY + HOUR)
    assert due(daily, THURSDAY + HOUR / 2) is None
    assert due(daily, THURSDAY + HOUR) == Plan(THURSDAY, 2)
    tomorrow = THURSDAY + timedelta(days=1)
    assert due(daily, tomorrow) == Plan(tomorrow), "a new moment begins anew"


def test_what_failed_for_good_waits_for_the_next_moment(daily: Source) -> None:
    run(daily, THURSDAY, "failed", planned_for=THURSDAY)
    assert due(daily, THURSDAY + 20 * HOUR) is None
    assert due(daily, THURSDAY + timedelta(days=1)) is not None


def test_what_was_killed_is_taken_up_at_once(daily: Source) -> None:
    run(daily, THURSDAY, "interrupted", planned_for=THURSDAY)
    assert due(daily, THURSDAY) == Plan(THURSDAY, 2)
    assert due(daily, THURSDAY, SERVER) is None
    assert due(daily, THURSDAY + HOUR, SERVER) == Plan(THURSDAY, 2), "a server is left in peace for a while"


def test_another_file_does_not_wait_for_the_second_try_of_the_last(source: Source) -> None:
    run(source, THURSDAY, "failed", file_name="las_1.zip", retry_at=THURSDAY + HOUR)
    assert due(source, THURSDAY, file_name="las_1.zip") is None
    assert due(source, THURSDAY, file_name="las_2.zip") == Plan()


@pytest.mark.parametrize("served", [True, False])
def test_waits_grow_and_end(source: Source, served: bool) -> None:
    waits = []
    with clock.held_at(THURSDAY):
        for attempt in range(1, 9):
            again = retries.next_try(Run(source=source, attempt=attempt), OSError(), served=served)
            assert again is not None
            waits.append(again - THURSDAY)
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(days=1)
    assert waits[0] == (timedelta(minutes=5) if served else timedelta(0))


def test_with_a_schedule_it_is_not_tried_for_ever(daily: Source) -> None:
    tried = [retries.next_try(Run(source=daily, attempt=n), OSError(), served=True) for n in range(1, 7)]
    assert [moment is None for moment in tried] == [False, False, False, False, True, True]


def test_only_where_the_error_says_so(source: Source) -> None:
    fresh = Run(source=source)
    assert retries.next_try(fresh, SchakelError("Kapot."), served=True) is None
    assert retries.next_try(fresh, SchakelError("Even niet.", retry=True), served=True) is not None
    assert retries.next_try(fresh, MemoryError(), served=False) is not None


@pytest.mark.parametrize(
    ("asked", "waits"), [(0, timedelta(minutes=5)), (60, timedelta(minutes=5)), (7200, 2 * HOUR), (9e9, 24 * HOUR)]
)
def test_a_server_may_ask_for_more_time_a_day_at_most(source: Source, asked: float, waits: timedelta) -> None:
    error = SchakelError("Druk.", retry=True, wait=asked)
    with clock.held_at(THURSDAY):
        assert retries.next_try(Run(source=source), error, served=True) == THURSDAY + waits


# Never the same twice


def test_a_moment_that_another_worker_read_is_not_read_again(daily: Source) -> None:
    first = runs.begin(None, daily, "f", "d", Plan(THURSDAY))
    runs.close(None, first, "good")
    with pytest.raises(Busy):
        runs.begin(None, daily, "f", "d", Plan(THURSDAY))
    assert daily.runs.count() == 1
    second = runs.begin(None, daily, "f", "d", Plan(THURSDAY, 2))
    assert (second.planned_for, second.attempt) == (THURSDAY, 2)
    runs.close(None, second, "failed")
    with pytest.raises(Busy):
        runs.begin(None, daily, "f", "d", Plan(THURSDAY, 2))


def test_what_somebody_asks_for_is_read_as_often_as_asked(daily: Source, people: dict) -> None:
    for _turn in range(2):
        runs.ask(people["ict_manager"], [daily])
        runs.close(None, runs.begin(None, daily, "f"), "good")
    assert daily.runs.count() == 2


def test_a_request_is_taken_up_for_the_moment_that_is_due(daily: Source, people: dict) -> None:
    (asked,) = runs.ask(people["ict_manager"], [daily])
    begun = runs.begin(None, daily, "f", "", Plan(THURSDAY))
    assert (begun.pk, begun.planned_for) == (asked.pk, THURSDAY)


# What comes


def test_the_soonest_of_all(people: dict, daily: Source) -> None:
    system = daily.system
    other: Source = put(
        people["ict_manager"], "source.write", Source, "b", name="B", system=system, layout="x", pattern="y"
    )[0]
    with clock.held_at(THURSDAY + HOUR):
        assert plans.soonest([other]) is None
        assert plans.soonest([daily, other]) == THURSDAY + timedelta(days=1)
        run(other, THURSDAY, "failed", retry_at=THURSDAY + 2 * HOUR)
        assert plans.soonest([daily, other]) == THURSDAY + 2 * HOUR
    with clock.held_at(THURSDAY + 3 * HOUR):
        assert plans.soonest([daily, other]) == THURSDAY + timedelta(days=1), "what came is no more to come"


def test_the_next_reading_of_a_source(daily: Source) -> None:
    with clock.held_at(THURSDAY + HOUR):
        assert plans.next_for(daily, None, None) == THURSDAY, "it is due, and stands in the past"
        failed = run(daily, THURSDAY, "failed", retry_at=THURSDAY + 2 * HOUR)
        assert plans.next_for(daily, None, failed) == THURSDAY + 2 * HOUR
    with clock.held_at(date(2026, 12, 19)):
        last = run(daily, datetime(2026, 12, 18, 6, 0, tzinfo=clock.AMSTERDAM))
        assert plans.next_for(daily, None, last) == datetime(2027, 1, 4, 6, 0, tzinfo=clock.AMSTERDAM)


def test_a_source_without_schedule_or_server_has_no_next_moment(source: Source) -> None:
    assert plans.next_for(source, None, None) is None
    last = run(source, THURSDAY)
    with clock.held_at(THURSDAY + HOUR):
        assert plans.next_for(source, SERVER, last) == THURSDAY + 24 * HOUR
        assert plans.next_for(source, SERVER, None) == THURSDAY + HOUR
