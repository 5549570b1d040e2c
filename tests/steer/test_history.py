"""Figures of periods that are over stay when the sources no longer tell enough to compute them; nothing else does."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.engine import duck
from schakel.lib import clock
from schakel.process import snapshots
from schakel.process.snapshots import Snapshot
from schakel.steer.history import with_earlier
from schakel.steer.indicators import Computing, definitions
from schakel.steer.judging import last_day
from schakel.steer.values import Value, values, values_of_file
from tests.process import boards
from tests.steer.starter import starter_norms

TODAY = date(2027, 9, 15)
SITES = frozenset({"a", "b"})


def value(period: str = "2027-05", known: date = date(2027, 7, 1), site: str | None = "a", **more: Any) -> Value:
    """A figure over a hundred people that was known some day."""
    made = Value("I", site, period, known, Decimal(5), Decimal(100), Decimal("0.05"), "above", people=100, people_hit=5)
    return replace(made, **more)


def now(period: str = "2027-05", **more: Any) -> Value:
    """The same as computed today."""
    return value(period, TODAY, **more)


@pytest.mark.parametrize(
    ("why", "before", "found", "stays"),
    [
        ("nothing tells of it any more", value(), None, True),
        ("it is unknown now", value(), now(numerator=None, value=None), True),
        ("it is computed again over as many", value(), now(numerator=Decimal(6)), False),
        ("some left, and its school year is over", value(), now(people=99), True),
        ("some came, however late", value(), now(people=101), False),
        ("some left, but its school year runs", value("2027-08", date(2027, 9, 3)), now("2027-08", people=60), False),
        ("it was known before its month was over", value(known=date(2027, 5, 31)), None, False),
        ("it was known on the day after", value(known=date(2027, 6, 1)), None, True),
        ("it was published today, with another file perhaps", value(known=TODAY), None, False),
        ("it was not known then either", value(numerator=None, value=None), None, False),
        (
            "few people, but they are counted in the total",
            value(people=3, value=None, norm_state="too_small"),
            None,
            True,
        ),
        ("the school is no longer ours", value(site="c"), None, False),
        ("it is of the board itself", value(site=None, people=None), None, True),
        ("money is computed again, also over less", value("2026", people=None), now("2026", people=None), False),
        ("three school years ago", value("2024-08"), None, True),
        ("more than three school years ago", value("2024-07"), None, False),
        ("the last of those school years", value("2024-2025", date(2025, 8, 1)), None, True),
        ("the one before it", value("2023-2024", date(2025, 8, 1)), None, False),
        ("the school year of which it was known on its last day", value("2026-2027", date(2027, 7, 31)), None, False),
    ],
)
def test_what_stays(why: str, before: Value, found: Value | None, stays: bool) -> None:
    figures, count = with_earlier([found] if found else [], [before], SITES, TODAY)
    assert figures == ([before] if stays else [found] if found else []), why
    assert count == stays


def test_where_no_need_asks_for_the_schools_nobody_can_say_that_one_is_gone() -> None:
    assert with_earlier([], [value(site="c")], None, TODAY) == ([value(site="c")], 1)


PERIODS = [
    "2023-2024",
    "2025-2026",
    "2026-2027",
    "2027-2028",
    "2024-07",
    "2027-06",
    "2027-08",
    "2027-09",
    "2025",
    "2027",
]
FIGURES = st.builds(
    value,
    st.sampled_from(PERIODS),
    st.dates(date(2024, 1, 1), TODAY),
    st.sampled_from(["a", "b", "c", None]),
    numerator=st.sampled_from([None, Decimal(0), Decimal(5)]),
    people=st.sampled_from([None, 3, 50, 100]),
)


def unique(figures: list[Value]) -> list[Value]:
    return list({(v.site_id, v.period): v for v in figures}.values())


@given(st.lists(FIGURES).map(unique), st.lists(FIGURES).map(unique))
def test_a_figure_is_of_today_or_was_known_once_its_period_was_over(before: list[Value], computed: list[Value]) -> None:
    found = [replace(v, snapshot_on=TODAY) for v in computed if v.site_id in SITES | {None}]
    figures, count = with_earlier(found, before, SITES, TODAY)
    fresh = {(v.site_id, v.period): v for v in found}
    assert len({(v.site_id, v.period) for v in figures}) == len(figures)
    assert {(v.site_id, v.period) for v in figures} >= fresh.keys()
    stayed = [v for v in figures if fresh.get((v.site_id, v.period)) is not v]
    assert len(stayed) == count
    for figure in stayed:
        assert figure in before
        assert figure.numerator is not None
        assert last_day(figure.period) < figure.snapshot_on < TODAY
        assert figure.site_id in SITES | {None}
    again, _count = with_earlier(found, figures, SITES, TODAY)
    assert sorted(again, key=str) == sorted(figures, key=str)  # what stays, stays


# On a board that is published again


LATER = date(2026, 12, 5)  # November is over
LESSONS = tuple(d for d in definitions(starter_norms()) if d.key in ("I_LESSON_LOSS", "I_LIQUID"))
NEEDED = frozenset().union(*(d.elements for d in LESSONS))


def publish(data: Path, landed: list[Any], day: date, elements: frozenset[str] = NEEDED, **more: Any) -> Snapshot:
    with clock.held_at(day):
        return snapshots.build(data, landed, elements, [Computing(LESSONS, today=day, **more)])


def of_january(data: Path) -> list[Any]:
    """The same board, with a timetable that tells of January only."""
    found = list(boards.everything(data))
    place, old = next((n, each) for n, each in enumerate(found) if each.layout == "rooster")
    lesson = {**boards.lesson("les1", "H3a-wi", "P2"), "date": date(2027, 1, 12)}
    found[place] = boards.land(data, old.source, "rooster", {"slot": [lesson]}, digest="d2")
    return found


def lost(snapshot: Snapshot) -> list[tuple[str, str, date]]:
    """The figures of the lessons that were not given: period, site and the day on which they were known."""
    with duck.reader(snapshot.model) as con:
        found = values(con, "I_LESSON_LOSS")
    assert snapshot.manifest["indicators"]["I_LESSON_LOSS"]["rows"] == len(found)
    return [(v.period, v.site_id or "", v.snapshot_on) for v in found]


def test_a_month_stays_when_the_timetable_has_moved_on(tmp_path: Path) -> None:
    first = publish(tmp_path, boards.everything(tmp_path), LATER)
    assert lost(first) == [("2026-11", "s2", LATER)]
    assert first.manifest["indicators"]["I_LESSON_LOSS"]["stayed"] == 0
    day = date(2027, 2, 3)
    second = publish(tmp_path, of_january(tmp_path), day)
    assert lost(second) == [("2026-11", "s2", LATER), ("2027-01", "s2", day)]
    assert second.manifest["indicators"]["I_LESSON_LOSS"]["stayed"] == 1
    third = publish(tmp_path, of_january(tmp_path), day + timedelta(days=1))  # from a snapshot in which it stayed
    assert lost(third) == [("2026-11", "s2", LATER), ("2027-01", "s2", day + timedelta(days=1))]
    unchanged = publish(tmp_path, of_january(tmp_path), day + timedelta(days=1))
    assert unchanged.id == third.id


def test_what_is_taken_over_whole_keeps_what_stayed(tmp_path: Path) -> None:
    publish(tmp_path, boards.everything(tmp_path), LATER)
    second = publish(tmp_path, of_january(tmp_path), date(2027, 2, 3))
    found = [each for each in of_january(tmp_path) if each.layout != "financien"]
    third = publish(tmp_path, found, date(2027, 2, 3))  # the same day, other money: lessons are not computed again
    assert third.id != second.id
    assert lost(third) == lost(second)
    assert third.manifest["indicators"]["I_LESSON_LOSS"]["stayed"] == 1


def test_published_anew_only_what_can_be_computed_is_there(tmp_path: Path) -> None:
    publish(tmp_path, boards.everything(tmp_path), LATER)
    day = date(2027, 2, 3)
    second = publish(tmp_path, of_january(tmp_path), day)
    anew = publish(tmp_path, of_january(tmp_path), day, anew=True)
    assert anew.id != second.id
    assert lost(anew) == [("2027-01", "s2", day)]
    assert lost(publish(tmp_path, of_january(tmp_path), day)) == [("2027-01", "s2", day)]


def test_without_a_need_for_its_data_nothing_of_an_indicator_stays(tmp_path: Path) -> None:
    publish(tmp_path, boards.everything(tmp_path), LATER)
    without = frozenset(name for name in NEEDED if not name.startswith("slot."))
    second = publish(tmp_path, of_january(tmp_path), date(2027, 2, 3), without)
    assert second.manifest["indicators"]["I_LESSON_LOSS"]["state"] == "not computed"
    with duck.reader(second.model) as con:
        assert values(con, "I_LESSON_LOSS") == []


def test_figures_stay_when_the_tables_of_the_snapshot_before_are_gone(tmp_path: Path) -> None:
    first = publish(tmp_path, boards.everything(tmp_path), LATER)
    first.model.unlink()  # pruned: its figures lie beside it
    second = publish(tmp_path, of_january(tmp_path), date(2027, 2, 3))
    assert lost(second)[0] == ("2026-11", "s2", LATER)


def test_figures_of_an_older_schakel_come_along_without_what_it_did_not_keep(tmp_path: Path) -> None:
    first = publish(tmp_path, boards.everything(tmp_path), LATER)
    with duckdb.connect() as con:
        whole = values_of_file(con, first.values)
        con.execute(f"CREATE TABLE old AS SELECT * EXCLUDE (norm), 1 AS strange FROM '{first.values}'")
        con.execute(f"COPY old TO '{tmp_path / 'old.parquet'}' (FORMAT parquet)")
        old = values_of_file(con, tmp_path / "old.parquet")
    assert any(v.norm is not None for v in whole)
    assert old == [replace(v, norm=None) for v in whole]
