"""The needs in force, remembered until something changes: never a day too long, never a change too late."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from schakel.access import audit
from schakel.access.changes import change
from schakel.chain import deciding
from schakel.chain.needs import InformationNeed
from schakel.distribute import moving
from schakel.distribute.deliveries import deliver
from schakel.distribute.entitlement import DeliveryRefused
from schakel.distribute.moving import moving_needs
from tests.distribute.school import DAY

pytestmark = pytest.mark.django_db


def keys(day=DAY):
    return {item.need.key for item in moving_needs(day)}


def computed(day=DAY):
    """Whether the answer was worked out again, seen by the number of questions to the register."""
    with CaptureQueriesContext(connection) as asked:
        moving_needs(day)
    return any("chain_informationneed" in query["sql"] for query in asked)


def test_it_is_worked_out_once(room):
    assert keys() == {"late", "kinds"}
    assert not computed()


def test_deliveries_and_refusals_change_nothing(room):
    keys()
    deliver(room.people["leraar-A1"], "late")
    with pytest.raises(DeliveryRefused):
        deliver(room.people["outsider"], "late")
    assert not computed()
    assert keys() == {"late", "kinds"}


def test_any_other_line_in_the_trail_makes_it_look_again(room):
    keys()
    room.element("pupil.birth_date")
    assert computed()
    assert not computed()


def test_a_change_after_many_deliveries_is_seen(room):
    keys()
    for _time in range(3):
        deliver(room.people["leraar-A1"], "late")
    deciding.end(room.manager, InformationNeed.objects.get(key="late"), "klaar")
    deliver(room.people["leider-A"], "kinds")
    assert keys() == {"kinds"}


def test_inside_a_change_that_may_be_undone_nothing_is_remembered(room):
    keys()
    with pytest.raises(RuntimeError), change(room.manager, "need.end"):
        InformationNeed.objects.filter(key="late").update(state="ended")
        assert keys() == {"kinds"}
        raise RuntimeError
    assert keys() == {"late", "kinds"}


def test_another_day_is_another_answer(room):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE chain_informationneed SET expires_on = '2026-11-23' WHERE key = 'late'")
        hashed = InformationNeed.objects.whole().get(key="late").fingerprint()
        cursor.execute(
            "UPDATE chain_approval SET content_hash = %s WHERE need_id IN "
            "(SELECT id FROM chain_informationneed WHERE key = 'late')",
            [hashed],
        )
    audit.record(None, "norm.write")
    assert keys() == {"late", "kinds"}
    assert keys(DAY + timedelta(days=1)) == {"kinds"}
    assert keys() == {"late", "kinds"}


def test_a_register_that_was_put_back_is_noticed(room):
    """The number of the last line can be the same again after a restore; its fingerprint is not."""
    keys()
    moving._needs._kept.hash = "f" * 64
    assert computed()


def test_a_trail_that_is_shorter_than_was_known_is_noticed(room):
    keys()
    moving._needs._kept.number += 5
    moving._needs._kept.hash = "e" * 64
    assert computed()


def test_each_need_comes_with_its_approval(room):
    for item in moving_needs(DAY):
        assert item.approval.need_id == item.need.pk
        assert item.approval.content_hash == InformationNeed.objects.whole().get(pk=item.need.pk).fingerprint()
