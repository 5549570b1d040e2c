"""What is written once comes back as it was written: the same rows, the same trail, nothing of another test."""

import pytest

from schakel.access.audit import AuditHead, AuditLine, verify
from schakel.access.people import Person
from schakel.access.register import put
from schakel.access.roles import Role
from schakel.kits.stock import STOCK
from schakel.lib import clock
from tests.written_once import written_once

pytestmark = pytest.mark.django_db
counted = []


@written_once
def two_roles(manager):
    """Two roles; it counts how often it is really run."""
    counted.append(manager.pk)
    return [put(manager, "role.write", Role, key, nl=key, en=key, side="use")[0] for key in ("first", "second")]


@pytest.mark.parametrize("time", [1, 2, 3])
def test_the_rows_are_the_same_each_time_and_are_written_once(people, time):
    made = two_roles(people["information_manager"])
    assert [(role.pk, role.key) for role in made] == list(
        Role.objects.filter(key__in=["first", "second"]).values_list("pk", "key").order_by("pk")
    )
    assert len(counted) == 1
    assert verify().broken_at is None
    assert AuditLine.objects.filter(action="role.write", thing_key="second").count() == 1


@pytest.mark.parametrize("time", [1, 2])
def test_the_trail_goes_on_after_it(people, time):
    end = AuditHead.objects.get(pk=1)
    put(people["information_manager"], "role.write", Role, "third", nl="derde", en="third", side="use")
    assert AuditLine.objects.order_by("number").last().previous == end.hash
    assert verify().broken_at is None


def test_whoever_wrote_something_before_gets_rows_of_his_own(people):
    put(people["information_manager"], "role.write", Role, "third", nl="derde", en="third", side="use")
    times = len(counted)
    two_roles(people["information_manager"])
    assert len(counted) == times + 1
    assert verify().broken_at is None


def test_another_day_is_another_register(people):
    times = len(counted)
    with clock.held_at(clock.today().replace(year=2031)):
        two_roles(people["information_manager"])
    assert len(counted) == times + 1


@pytest.mark.parametrize("time", [1, 2])
def test_what_a_test_does_to_its_people_stays_with_it(people, time):
    assert len(people) == len(STOCK)
    assert people["teacher"].name == Person.objects.get(pk=people["teacher"].pk).name == "Tom Bakker"
    people["teacher"].name = "Iemand anders"
    people["outsider"] = people.pop("mentor")


def test_an_empty_register_stays_empty():
    assert not Person.objects.exists()
    assert not AuditLine.objects.exists()
