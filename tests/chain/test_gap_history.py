"""Since when a gap is there, how many there were, and living with one for a while: with a reason, never for ever."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schakel.access.audit import AuditLine
from schakel.access.changes import change
from schakel.access.register import put
from schakel.chain import gap_history, gaps
from schakel.chain.gap_history import (
    GapAcceptance,
    GapSighting,
    accept,
    by_id,
    find_open,
    known,
    record,
    trend,
    withdraw,
)
from schakel.chain.goals import Goal
from schakel.lib import clock
from schakel.lib.errors import Refused, Unknown

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def loose(chain):
    """A goal that no work serves."""
    put(chain.manager, "goal.write", Goal, "G99", nl="Los doel")
    return chain


def one(id_="goal-without-activity:G99"):
    return by_id(id_)


def until(days):
    return clock.today() + timedelta(days=days)


def test_a_gap_is_there_before_anyone_presses_anything(loose):
    assert one().since is None
    assert one().gap.thing.name == "Los doel"


def test_the_schedule_remembers_the_first_day(loose):
    start = clock.today()
    record()
    with clock.held_at(start + 3 * DAY):
        record()
        assert one().since == start
    sighting = GapSighting.objects.get(rule="goal-without-activity", thing_key="G99")
    assert (sighting.first_seen, sighting.last_seen, sighting.gone_on) == (start, start + 3 * DAY, None)


def test_what_is_mended_ends_and_can_begin_again(loose):
    record()
    with change(loose.manager, "goal.write"):
        Goal.objects.get(key="G99").delete()
    with clock.held_at(clock.today() + 2 * DAY):
        record()
        with pytest.raises(Unknown):
            one()
        put(loose.manager, "goal.write", Goal, "G99", nl="Los doel")
        record()
        assert one().since == clock.today()
    assert GapSighting.objects.filter(rule="goal-without-activity", thing_key="G99").count() == 2


def test_recording_twice_a_day_is_once(loose):
    assert record() == record()
    assert GapSighting.objects.filter(rule="goal-without-activity", thing_key="G99").count() == 1


def test_the_trend_counts_each_week(loose):
    today = clock.today()
    with clock.held_at(today - timedelta(weeks=3)):
        record()
    assert [n for _d, n in trend("goal-without-activity", weeks=5)] == [0, 1, 1, 1, 1]
    with change(loose.manager, "goal.write"):
        Goal.objects.get(key="G99").delete()
    record()
    assert [n for _d, n in trend("goal-without-activity", weeks=5)] == [0, 1, 1, 1, 0]
    assert [d for d, _n in trend(weeks=3)] == [today - timedelta(weeks=2), today - timedelta(weeks=1), today]


def test_an_accepted_gap_stays_known_but_asks_for_nobody(loose):
    before = {gap.id for gap in find_open()}
    accept(loose.people["board_member"], one().gap, "Volgend jaar.", until(30))
    assert before - {gap.id for gap in find_open()} == {"goal-without-activity:G99"}
    assert one().accepted
    assert one().acceptance.reason == "Volgend jaar."
    assert {item.gap.id for item in known()} >= before


def test_the_day_after_it_comes_back_by_itself(loose):
    accept(loose.manager, one().gap, "Even niet.", until(7))
    with clock.held_at(until(7)):
        assert one().accepted
    with clock.held_at(until(8)):
        assert not one().accepted


def test_it_can_be_taken_back(loose):
    acceptance = accept(loose.manager, one().gap, "Even niet.", until(7))
    withdraw(loose.people["board_member"], acceptance)
    assert not one().accepted
    assert AuditLine.objects.filter(action="gap.accept").count() == 2


def test_the_last_decision_counts(loose):
    accept(loose.manager, one().gap, "Eerst.", until(7))
    accept(loose.people["board_member"], one().gap, "Later.", until(90))
    assert one().acceptance.reason == "Later."


@pytest.mark.parametrize("days", [-1, 367, 4000])
def test_not_in_the_past_and_not_for_ever(loose, days):
    with pytest.raises(Refused) as refusal:
        accept(loose.manager, one().gap, "x", until(days))
    assert refusal.value.code == "period"
    assert not GapAcceptance.objects.exists()


def test_a_reason_is_asked(loose):
    with pytest.raises(Exception, match="reason"):
        accept(loose.manager, one().gap, "", until(3))


@pytest.mark.parametrize("who", ["teacher", "ict_manager", "privacy_officer", "outsider", "school_leader"])
def test_only_who_may(loose, who):
    with pytest.raises(Refused):
        accept(loose.people[who], one().gap, "x", until(3))
    assert not one().accepted


def test_one_accepted_gap_hides_no_other(loose):
    put(loose.manager, "goal.write", Goal, "G98", nl="Nog een doel")
    accept(loose.manager, one().gap, "x", until(3))
    assert "goal-without-activity:G98" in {gap.id for gap in find_open()}


def test_every_rule_says_why_it_matters_and_what_to_do():
    for rule in gaps.RULES.values():
        assert str(rule.why).endswith((".", "?")), rule.id
        assert len(str(rule.why)) > 20
        assert str(rule.action)
        assert rule.severity in gaps.SEVERITIES


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sets(st.sampled_from("ABCD")), min_size=1, max_size=6))
def test_sightings_say_exactly_on_which_days_a_gap_was_there(monkeypatch, chain, days):
    """Whatever comes and goes: on each day the open sightings are the gaps of that day."""
    GapSighting.objects.all().delete()
    rule = gaps.RULES["goal-without-activity"]
    start = clock.today()
    for number, there in enumerate(days):
        found = [gaps.Gap(rule, gaps.Thing("goal", key, key)) for key in sorted(there)]
        monkeypatch.setattr(gap_history, "find_all", lambda found=found: found)
        record(start + number * DAY)
    for number, there in enumerate(days):
        day = start + number * DAY
        every = [s for s in GapSighting.objects.all() if s.first_seen <= day]
        open_ = {s.thing_key for s in every if s.gone_on is None or s.gone_on > day}
        assert open_ == there
    counts = [n for _d, n in trend(weeks=1, day=start + (len(days) - 1) * DAY)]
    assert counts == [len(days[-1])]
