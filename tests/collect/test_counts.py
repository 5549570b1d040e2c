"""Counts against those of the last month: a number that drains away a little each day is noticed as well."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schakel.collect.counts import LOOKED_BACK, Counts, counts
from schakel.collect.layouts import Drift, Layout
from schakel.lib import clock

FIRST = date(2026, 11, 2)
PUPILS = Drift("pupil", "leerlingen", "pupils")
STAYS = Drift("pupil", "leerlingen", "pupils", answer="accept")
WANTED = {"pupil": frozenset[str]()}


def delivered(folder: Path, numbers: list[int], drift: Drift = PUPILS, every: int = 1, *,
              on: list[date] | None = None, right: dict[int, int] | None = None) -> list[Counts]:  # fmt: skip
    """What is counted in deliveries of so many rows, one in so many days; a delivery that stops hands on nothing.

    `right` gives per delivery the count that somebody said is right before it.
    """
    duckdb.sql("SELECT 1 AS n").write_parquet(f"{folder}/pupil.parquet")
    days = on or [FIRST + timedelta(days=at * every) for at in range(len(numbers))]
    shape, told, found = layout(drift), dict[str, Any](), list[Counts]()
    with duckdb.connect() as con:
        for at, (day, number) in enumerate(zip(days, numbers, strict=True)):
            said = {drift.key: (days[at - 1].isoformat(), right[at])} if right and at in right else {}
            with clock.held_at(day):
                each = counts(con, shape, lambda _f, n=number: f"SELECT * FROM range({n})", WANTED,
                              (told, folder) if told else None, said)  # fmt: skip
                found.append(each)
                if not each.stopping:
                    told = landing(counts=each.history())
    return found


def layout(*drifts: Drift) -> Layout:
    """A layout in which only counts are looked at."""
    return Layout("klein", "1", {}, drifts=drifts)


def landing(**more: Any) -> dict[str, Any]:
    """What a landing of this moment told."""
    return {"layout": "klein", "columns_kept": [], "landed_at": clock.now().isoformat(), **more}


def stopped(found: list[Counts]) -> list[tuple[int, int, int]]:
    """Which delivery stopped, how many it had, and against how many."""
    return [(at, fall.found, fall.before) for at, each in enumerate(found) for fall in each.stopping]


def test_what_drains_away_a_little_each_day_stops_against_the_highest_of_the_month(tmp_path):
    """A fifth less each day is never two fifths less than the day before."""
    found = delivered(tmp_path, [1000, 800, 640, 599, 601])
    assert stopped(found) == [(3, 599, 1000)]
    assert found[3].fallen[0].before_on == FIRST


def test_a_fall_of_more_than_a_month_is_how_things_went(tmp_path):
    assert stopped(delivered(tmp_path, [1000, 800, 640, 599, 500], every=16)) == []
    assert stopped(delivered(tmp_path, [1000, 800, 640, 520], every=15)) == []
    assert stopped(delivered(tmp_path, [1000, 700, 590], every=15)) == [(2, 590, 1000)]


def test_the_last_delivery_counts_however_old_it_is(tmp_path):
    assert stopped(delivered(tmp_path, [1000, 600], every=400)) == [(1, 600, 1000)]


def test_more_deliveries_of_one_day_count_by_the_highest(tmp_path):
    assert stopped(delivered(tmp_path, [1000, 700, 550], every=0)) == [(2, 550, 1000)]
    later = delivered(tmp_path, [1000, 700], every=0)[1]
    with clock.held_at(FIRST):
        assert later.history() == {PUPILS.key: [(FIRST.isoformat(), 1000)]}


def test_a_count_that_somebody_said_is_right_starts_the_history_anew(tmp_path):
    found = delivered(tmp_path, [1000, 500, 500, 400, 299], right={2: 500})
    assert stopped(found) == [(1, 500, 1000), (4, 299, 500)]
    assert found[4].fallen[0].before_on == FIRST + timedelta(days=2)  # the later of the two with so many
    with clock.held_at(FIRST + timedelta(days=3)):
        assert [n for _day, n in found[3].history()[PUPILS.key]] == [500, 500, 400]


def test_a_fall_that_is_only_told_is_told_once(tmp_path):
    found = delivered(tmp_path, [1000, 500, 490], STAYS)
    assert [len(each.fallen) for each in found] == [0, 1, 0]
    assert stopped(found) == []
    (told,) = found[1].fallen
    with clock.held_at(FIRST + timedelta(days=1)):
        said = told.finding("pupil.csv").message
    then = "en bij een eerdere levering 1.000 (02-11-2026)"
    assert said == f"Er zijn nu 500 leerlingen (03-11-2026), {then}. Dat zijn er veel minder."


@pytest.mark.parametrize("standing", [{"layout": "another"}, {"file": "gone"}])
def test_what_was_of_another_kind_or_is_gone_says_nothing(tmp_path, standing):
    duckdb.sql("SELECT 1 AS n").write_parquet(f"{tmp_path}/pupil.parquet")
    told = landing(counts={PUPILS.key: [["2026-11-02", 1000]]})
    with duckdb.connect() as con:
        asked = (con, layout(PUPILS), lambda _f: "SELECT * FROM range(1)", WANTED)
        assert len(counts(*asked, (told, tmp_path), {}).fallen) == 1
        assert counts(*asked, (told | standing, tmp_path / standing.get("file", "")), {}).fallen == ()


def test_what_no_need_names_is_not_counted(tmp_path):
    shape = layout(PUPILS, Drift("pupil", "a", "a", where=(("role", "x"),)), Drift("group", "b", "b"))
    with duckdb.connect() as con:
        found = counts(con, shape, lambda _f: "SELECT * FROM range(30)", WANTED, None, {})
    assert dict(found.now) == {PUPILS.key: 30}
    assert found.history() == {PUPILS.key: [(clock.today().isoformat(), 30)]}


@given(st.lists(st.tuples(st.sampled_from([0, 1, 9, 29, 30, 31, 70]), st.integers(0, 99)), min_size=2, max_size=9))
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_delivery_stops_when_a_count_of_the_month_or_the_last_one_is_far_higher(tmp_path, steps):
    """Held against the plain rule over everything that ever came in."""
    taken, day, days, numbers = list[tuple[date, int]](), FIRST, list[date](), list[int]()
    for gap, number in steps:
        day += timedelta(days=gap)
        days.append(day)
        numbers.append(number)
    for day, number, each in zip(days, numbers, delivered(tmp_path, numbers, on=days), strict=True):
        last = max((d for d, _n in taken), default=None)
        against = [n for d, n in taken if d >= day - LOOKED_BACK or d == last]
        far = any(n >= PUPILS.least and number * 100 <= n * 60 for n in against)
        assert bool(each.stopping) == far
        taken += [] if far else [(day, number)]
