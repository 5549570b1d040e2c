"""Time that comes back is counted: once a day a person, never more often than before, by the last word of who works."""

from datetime import datetime, timedelta

import pytest

from schakel.access.audit import AuditLine
from schakel.access.changes import change
from schakel.chain import deciding
from schakel.chain.needs import InformationNeed
from schakel.chain.time_returned import TimeCorrection
from schakel.distribute.deliveries import deliver
from schakel.distribute.time_returned import _most, correct, returned, school_names
from schakel.lib import clock
from schakel.lib.errors import Refused
from tests.written_once import written_once

pytestmark = pytest.mark.django_db


def set_time(desk, need, **fields):
    deciding.revise(desk.manager, need, **fields)
    return InformationNeed.objects.get(pk=need.pk)


@pytest.fixture
def late(desk):
    """The list of late pupils: 30 minutes before, 10 now, forty times a year by four people."""
    desk.need_, desk.product_ = written_late(desk)
    return desk


@written_once
def written_late(desk):
    need, product = desk.late()
    set_time(desk, need, minutes_before=30, minutes_now=10, times_per_year=40, people=4)
    return InformationNeed.objects.get(pk=need.pk), product


def opens(desk, who, days=1, product=None):
    """Someone opens it on so many days in a row."""
    day = clock.today()
    for back in range(days):
        moment = datetime.combine(day - timedelta(days=back), datetime.min.time(), clock.AMSTERDAM)
        with clock.held_at(moment + timedelta(hours=8)):
            deliver(desk.people[who], (product or desk.product_).key)


def of(desk):
    return next(item for item in returned().needs if item.need.pk == desk.need_.pk)


def test_nothing_opened_returns_nothing(late):
    assert returned().minutes == 0
    assert returned().needs == ()


def test_each_day_counts_once_a_person(late):
    opens(late, "leraar-A1", days=3)
    opens(late, "leraar-A1", days=2)
    opens(late, "mentor-B1")
    assert (of(late).opened, of(late).counted) == (4, 4)
    assert returned().minutes == 4 * 20


def test_a_glance_on_the_front_door_is_not_an_opening(late):
    deliver(late.people["leraar-A1"], late.product_.key, rendering="line")
    assert returned().needs == ()
    with pytest.raises(Refused) as refusal:
        correct(late.people["leraar-A1"], late.need_, 20, 5)
    assert refusal.value.code == "not_yours"
    deliver(late.people["leraar-A1"], late.product_.key)
    assert of(late).opened == 1


def test_never_more_often_than_it_was_done_before(late):
    set_time(late, late.need_, times_per_year=1, people=2)
    opens(late, "leraar-A1", days=5)
    assert (of(late).opened, of(late).counted) == (5, 2)
    assert returned().minutes == pytest.approx(2 * 20)


@pytest.mark.parametrize(
    ("times", "people", "opened", "most"),
    [(2, 1, 50, 2), (2, 3, 50, 6), (None, None, 50, 50), (40, None, 5, 5), (0, 3, 7, 7)],
)
def test_how_often_counts(times, people, opened, most):
    assert _most(InformationNeed(times_per_year=times, people=people), opened) == most


def test_missing_is_not_zero(late):
    set_time(late, late.need_, minutes_before=None)
    opens(late, "leraar-A1")
    assert of(late).before is None
    assert [item.need.pk for item in returned().unknown] == [late.need_.pk]
    assert returned().minutes == 0
    assert of(late).counted == 0


def test_what_it_costs_now_is_unknown_until_somebody_says(late):
    """Then all the time of before counts, and it is said that it does."""
    set_time(late, late.need_, minutes_now=None)
    opens(late, "leraar-A1")
    assert (of(late).now, returned().minutes) == (None, 30)
    assert [item.need.pk for item in returned().whole] == [late.need_.pk]
    correct(late.people["leraar-A1"], late.need_, 30, 10)
    assert (returned().minutes, returned().whole) == (20, [])


def test_nothing_that_counts_is_nothing_to_say(late):
    set_time(late, late.need_, minutes_before=None, minutes_now=None)
    opens(late, "leraar-A1")
    assert returned().whole == []


def test_it_never_costs_time_to_save_time(late):
    set_time(late, late.need_, minutes_before=5, minutes_now=25)
    opens(late, "leraar-A1")
    assert returned().minutes == 0


def test_who_does_the_work_corrects_it_for_themselves(late):
    opens(late, "leraar-A1", days=2)
    opens(late, "mentor-B1", days=2)
    correct(late.people["leraar-A1"], late.need_, 60, 5, "Ik telde met de hand.")
    assert returned().minutes == 2 * 55 + 2 * 20
    correct(late.people["leraar-A1"], late.need_, 15, 5)
    assert returned().minutes == 2 * 10 + 2 * 20
    assert of(late).corrected == 1
    assert TimeCorrection.objects.count() == 2


def test_a_correction_makes_an_unknown_known(late):
    set_time(late, late.need_, minutes_before=None)
    opens(late, "leraar-A1")
    correct(late.people["leraar-A1"], late.need_, 20, 5)
    assert returned().minutes == 15
    assert of(late).counted == 1


@pytest.mark.parametrize("who", ["outsider_", "bestuurder", "mentor-B1"])
def test_who_does_not_use_it_does_not_correct_it(late, who):
    opens(late, "leraar-A1")
    people = {**late.people, "outsider_": late.people["teacher"]}
    with pytest.raises(Refused) as refusal:
        correct(people[who], late.need_, 1, 1)
    assert refusal.value.code == "not_yours"
    assert not TimeCorrection.objects.exists()


def test_who_asked_may_correct_before_anything_is_delivered(late):
    correct(late.need_.requester, late.need_, 12, 2)
    assert AuditLine.objects.latest("number").action == "time.correct"


@pytest.mark.parametrize(("before", "now"), [(-1, 0), (0, -1), (1441, 0), (10, 5000)])
def test_minutes_of_a_day_at_most(late, before, now):
    opens(late, "leraar-A1")
    with pytest.raises(Refused) as refusal:
        correct(late.people["leraar-A1"], late.need_, before, now)
    assert refusal.value.code == "minutes"


def test_the_parts_add_up_to_the_whole(late):
    opens(late, "leraar-A1", days=3)
    opens(late, "mentor-B1", days=2)
    found = returned()
    assert sum(share.minutes for share in found.schools) == pytest.approx(found.minutes)
    assert sum(share.minutes for share in found.roles) == pytest.approx(found.minutes)
    assert {share.key for share in found.roles} <= {"teacher", "mentor", "school_leader", ""}
    assert all(share.key == "" or share.key in school_names() for share in found.schools)


def test_last_school_year_does_not_count(late):
    opens(late, "leraar-A1")
    next_year = clock.school_year_start(clock.today()).replace(year=clock.today().year + 2)
    with clock.held_at(next_year):
        assert returned().minutes == 0
    assert returned(clock.today() + timedelta(days=1)).minutes == 0


def test_minutes_are_no_material_change(late):
    before = late.need_.fingerprint()
    with change(late.manager, "need.revise"):
        InformationNeed.objects.filter(pk=late.need_.pk).update(minutes_now=3)
    assert InformationNeed.objects.whole().get(pk=late.need_.pk).fingerprint() == before
