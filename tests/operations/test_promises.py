"""Promises follow from needs: by when a source is read, and what endangers that."""

from datetime import datetime

import pytest

from schakel.access.changes import change
from schakel.access.register import put
from schakel.chain.freshness import ByMoment, NoOlder
from schakel.collect import schedules
from schakel.collect.runs import Run
from schakel.collect.sources import Source
from schakel.lib import clock
from schakel.operations import promises
from tests.operations.watched import DAY, HOUR, MONDAY, causes, desk, founded_desk, need, promise, run, source

__all__ = ["desk", "founded_desk", "source"]
pytestmark = pytest.mark.django_db


def test_without_a_need_nothing_is_promised(desk, source):
    run(source, MONDAY, "failed")
    assert promise(source, MONDAY + 9 * DAY) is None
    desk.need("asked", ["absence.kind"], [("mentor", "own_pupils")])
    assert promise(source, MONDAY + 9 * DAY) is None, "a question is no approval"


def test_a_need_says_by_when(desk, source):
    asked = need(desk, "late", "elke schooldag voor 07.30 uur")
    run(source, MONDAY)
    found = promise(source, MONDAY + 2 * HOUR)
    assert (found.need.pk, found.rule.days) == (asked.pk, "school")
    assert found.by == MONDAY + DAY + 1.5 * HOUR
    assert found.risks == ()
    assert [use.elements for use in found.uses] == [{"absence.kind"}]


def test_the_strictest_need_wins(desk, source):
    need(desk, "weekly", "elke week")
    strict = need(desk, "daily", "elke schooldag voor 07.30 uur")
    need(desk, "monthly", "elke maand")
    run(source, MONDAY)
    assert promise(source, MONDAY + HOUR).need.pk == strict.pk
    early = need(desk, "earlier", "elke dag voor 05.00 uur")
    found = promise(source, MONDAY + HOUR)
    assert (found.need.pk, found.by) == (early.pk, MONDAY + 23 * HOUR)


def test_words_that_say_no_moment_leave_what_was_agreed(desk, source):
    need(desk, "vague", "zo vers als het kan")
    run(source, MONDAY)
    found = promise(source, MONDAY + HOUR)
    assert (found.need, found.rule) == (None, NoOlder(26 * HOUR))
    assert found.by == MONDAY + 26 * HOUR


def test_a_weekly_promise_over_the_week_end(desk, source):
    need(desk, "weekly", "elke maandag voor 8.00 uur")
    run(source, MONDAY - 2.5 * DAY)
    assert causes(source, MONDAY) == []
    assert promise(source, MONDAY).by == MONDAY + 7 * DAY + 2 * HOUR, "what came on Friday serves this Monday"


@pytest.mark.parametrize(
    ("good", "now", "found"),
    [
        (MONDAY, MONDAY + DAY + HOUR, []),  # half past seven is still to come
        (MONDAY, MONDAY + DAY + 2 * HOUR, ["overdue"]),
        (MONDAY + DAY, MONDAY + DAY + 2 * HOUR, []),
        (MONDAY + 4 * DAY, MONDAY + 6 * DAY, []),  # the week-end
        (MONDAY - 3 * DAY, MONDAY + 2 * HOUR, ["overdue"]),  # of Friday morning: that day itself is not in it
        (MONDAY - 2.5 * DAY, MONDAY + 2 * HOUR, []),  # of Friday evening: nothing happened since
    ],
)
def test_overdue(desk, source, good, now, found):
    need(desk, "late", "elke schooldag voor 07.30 uur")
    run(source, good)
    assert causes(source, now) == found


def test_over_a_holiday_nothing_is_late_and_after_it_it_is(desk, source):
    need(desk, "late", "elke schooldag voor 07.30 uur")
    need(desk, "weekly", "elke week")
    friday = datetime(2026, 12, 18, 6, 0, tzinfo=clock.AMSTERDAM)
    run(source, friday)
    assert causes(source, friday + 14 * DAY) == []
    monday = datetime(2027, 1, 4, 6, 0, tzinfo=clock.AMSTERDAM)
    assert causes(source, monday + HOUR) == []
    assert causes(source, monday + 2 * HOUR) == ["overdue"]


def test_a_source_that_was_never_read_is_late_only_after_it_was_planned(desk, source):
    need(desk, "late", "elke schooldag voor 07.30 uur")
    assert causes(source, MONDAY - 6.9 * DAY) == []
    assert causes(source, MONDAY - 6 * DAY + 4 * HOUR) == ["overdue"]
    put(desk.manager, "source.write", Source, "verzuim", cron="", scheduled_at=None)
    source.refresh_from_db()
    assert promise(source, MONDAY).by is None
    assert causes(source, MONDAY) == []


def test_a_failed_reading_endangers_it_until_a_good_one(desk, source):
    asked = need(desk, "late", "elke schooldag voor 07.30 uur")
    run(source, MONDAY)
    run(source, MONDAY + HOUR, "failed")
    (risk,) = promise(source, MONDAY + 2 * HOUR).risks
    assert (risk.cause, risk.need.pk, risk.deadline) == ("failed", asked.pk, MONDAY + DAY + 1.5 * HOUR)
    run(source, MONDAY + 2 * HOUR)
    assert causes(source, MONDAY + 2 * HOUR) == []


def test_a_plan_that_comes_too_late(desk, source):
    need(desk, "late", "elke schooldag voor 05.30 uur")
    run(source, MONDAY)
    assert causes(source, MONDAY + HOUR) == ["planned"]
    with clock.held_at(MONDAY + HOUR):
        better = schedules.plan(desk.manager, source, "0 5 * * 1-5")
    assert causes(better, MONDAY + HOUR) == []


def test_a_need_that_asks_more_often_than_it_comes(desk, source):
    fine = need(desk, "hourly", "binnen een uur")
    daily = need(desk, "late", "elke schooldag voor 07.30 uur")
    run(source, MONDAY)
    found = promise(source, MONDAY + 3 * HOUR)
    assert [(risk.cause, risk.need.pk, risk.deadline) for risk in found.risks] == [("planned", fine.pk, None)]
    assert found.need.pk == daily.pk, "what can be kept is what is watched"


@pytest.mark.parametrize(
    ("hours", "says", "fits"),
    [(26, "elke dag", True), (26, "binnen een uur", False), (170, "elke week", True), (170, "elke dag", False),
     (800, "elke maand", True), (8800, "elk jaar", True)],
)  # fmt: skip
def test_what_comes_as_agreed_fits_its_rhythm(desk, source, hours, says, fits):
    put(desk.manager, "source.write", Source, "verzuim", cron="", scheduled_at=None, expected_hours=hours)
    source.refresh_from_db()
    need(desk, "asked", says)
    run(source, MONDAY)
    assert ("planned" not in causes(source, MONDAY + HOUR)) is fits


def test_a_server_that_says_that_nothing_changed_is_fresh(desk, source):
    from schakel.collect.connections import connect

    put(desk.manager, "source.write", Source, "verzuim", layout="oneroster")
    need(desk, "late", "elke schooldag voor 07.30 uur")
    connect(
        desk.people["ict_manager"], source, provider="oneroster-rest", version="1.1", address="https://las.example/x",
        method="oauth1-sha1", client="c", secret="s",
    )  # fmt: skip
    for day in range(2):
        made = run(source, MONDAY + day * DAY, "unchanged")
        with change(None, "source.collect", source):
            Run.objects.filter(pk=made.pk).update(file_name="https://las.example/x")
    assert causes(source, MONDAY + DAY + 2 * HOUR) == []


def test_each_source_gives_its_own_elements_of_a_system(desk, source):
    """Absence and reports of it lie in one system: a need of the one does not make the other late."""
    put(desk.manager, "source.write", Source, "rooster", name="Rooster", system=source.system, layout="rooster",
        pattern="y*")  # fmt: skip
    need(desk, "late", "elke schooldag voor 07.30 uur")
    assert [use.need.key for use in promises.uses_of(source)] == ["late"]
    assert promises.uses_of(Source.objects.get(key="rooster")) == ()


def test_a_rule_by_weekday_counts_that_day_only():
    moments = promises._moments(ByMoment("0", MONDAY.time()), MONDAY - DAY, promises.calendar())
    assert [next(moments), next(moments)] == [MONDAY, MONDAY + 7 * DAY]


# What was agreed holds where a need cannot


def agreed(desk, source, hours: int) -> None:
    put(desk.manager, "source.write", Source, "verzuim", cron="", scheduled_at=None, expected_hours=hours)
    source.refresh_from_db()


def test_what_comes_once_a_year_is_not_late_because_a_need_is_asked_each_day(desk, source):
    agreed(desk, source, 8800)
    need(desk, "daily", "elke schooldag voor 07.30 uur")
    run(source, MONDAY)
    found = promise(source, MONDAY + 30 * DAY)
    assert (found.need, found.rule, found.risks) == (None, NoOlder(8800 * HOUR), ())
    assert causes(source, MONDAY + 370 * DAY) == ["overdue"]


def test_what_comes_once_a_week_is_told_of_as_such_and_late_after_that_week(desk, source):
    agreed(desk, source, 170)
    need(desk, "daily", "elke schooldag voor 07.30 uur")
    need(desk, "yearly", "elk jaar")
    run(source, MONDAY)
    assert causes(source, MONDAY + 6 * DAY) == ["planned"]
    assert sorted(causes(source, MONDAY + 8 * DAY)) == ["overdue", "planned"]


def test_a_need_for_each_monday_is_kept_by_what_comes_once_a_week(desk, source):
    agreed(desk, source, 170)
    need(desk, "weekly", "elke maandag voor 08.00 uur")
    run(source, MONDAY)
    assert causes(source, MONDAY + DAY) == []


def test_a_plan_for_once_a_week_is_what_is_held_where_a_need_asks_more(desk, source):
    need(desk, "daily", "elke schooldag voor 07.30 uur")
    with clock.held_at(MONDAY):
        planned = schedules.plan(desk.manager, source, "0 6 * * 1")
    run(planned, MONDAY)
    assert causes(planned, MONDAY + 6 * DAY) == ["planned"]
    assert causes(planned, MONDAY + 7 * DAY + HOUR) == ["planned"], "it is being read"
    assert sorted(causes(planned, MONDAY + 8 * DAY)) == ["overdue", "planned"]


# Which data a need misses


def late(asked, moment, *figures) -> list[tuple[str, datetime | None]]:
    with clock.held_at(moment):
        return [(each.source.key, each.since) for each in promises.Lateness().of(asked, figures)]


def test_a_need_is_told_which_source_is_late_for_it(desk, source):
    asked, monthly = need(desk, "daily", "elke schooldag voor 07.30 uur"), need(desk, "monthly", "elke maand")
    assert late(asked, MONDAY - 7 * DAY) == [], "the first time is still to come"
    run(source, MONDAY)
    assert late(asked, MONDAY + DAY) == []
    assert late(asked, MONDAY + DAY + 2 * HOUR) == [("verzuim", MONDAY)]
    assert late(monthly, MONDAY + DAY + 2 * HOUR) == []
    run(source, MONDAY + DAY)
    assert late(asked, MONDAY + DAY + 2 * HOUR) == []


def test_a_source_that_never_brought_anything_is_late_since_no_day(desk, source):
    asked = need(desk, "daily", "elke schooldag voor 07.30 uur")
    run(source, MONDAY, "failed")
    assert late(asked, MONDAY + 9 * DAY) == [("verzuim", None)]


def test_what_the_source_cannot_keep_is_held_against_what_was_agreed(desk, source):
    agreed(desk, source, 170)
    asked = need(desk, "daily", "elke schooldag voor 07.30 uur")
    run(source, MONDAY)
    assert late(asked, MONDAY + 6 * DAY) == []
    assert late(asked, MONDAY + 8 * DAY) == [("verzuim", MONDAY)]


def test_figures_are_late_with_what_they_are_computed_from(desk, source):
    """That source gives no element of the need: the snapshot tells what its figures rest on."""
    elements = ["indicator_value.value", "indicator_value.indicator_key", "indicator_value.period"]
    asked = desk.approve(
        desk.need("goals", elements, [("board_member", "board")], level="board", freshness="elke week")
    )
    run(source, MONDAY)
    desk.publish()
    tables = {"absence": {"sources": ["verzuim"]}}
    computed = {
        "I_ABS": {"state": "computed", "elements": ["absence.kind"]},
        "I_X": {"state": "not computed", "missing": []},
        "I_MONEY": {"state": "computed", "elements": ["finance_year.year"]},
    }
    assert late(asked, MONDAY + 8 * DAY) == []
    with desk.another_snapshot(tables=tables, indicators=computed):
        assert late(asked, MONDAY + 6 * DAY) == []
        assert late(asked, MONDAY + 8 * DAY) == [("verzuim", MONDAY)]
        assert late(asked, MONDAY + 8 * DAY, "I_ABS") == [("verzuim", MONDAY)]
        assert late(asked, MONDAY + 8 * DAY, "I_MONEY") == [], "these figures do not rest on absence"
        put(desk.manager, "source.write", Source, "verzuim", active=False)
        assert late(asked, MONDAY + 8 * DAY) == []


@pytest.mark.parametrize("why_not", ["it is off", "it gives something else"])
def test_a_source_that_a_need_does_not_count_on_is_not_late_for_it(desk, source, why_not):
    asked = need(desk, "daily", "elke schooldag voor 07.30 uur")
    run(source, MONDAY)
    other = {"active": False} if why_not == "it is off" else {"layout": "rooster"}
    beside = {"name": "Verzuim 2", "system": source.system, "layout": "verzuim", "pattern": "y*"}
    put(desk.manager, "source.write", Source, "beside", **beside)
    with clock.held_at(MONDAY + 2 * DAY):
        run(Source.objects.get(key="beside"), MONDAY + 2 * DAY)
    put(desk.manager, "source.write", Source, "verzuim", **other)
    assert late(asked, MONDAY + 2 * DAY + HOUR) == []
