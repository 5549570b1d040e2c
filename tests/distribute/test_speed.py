"""What people wait for: the list of what they may see, and one delivery. Bars are three times those of the design,
for the machine is shared while tests run; the number of questions to the register is held exactly.
"""

import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from schakel.access.changes import change
from schakel.distribute.deliveries import deliver
from schakel.distribute.products import Product
from schakel.distribute.sight import may_see
from schakel.lib import clock
from tests.desk import register_of_this_module, written_desk
from tests.distribute.school import DAY

pytestmark = pytest.mark.django_db
NEEDS, EACH = 50, 10


@pytest.fixture(scope="module")
def stocked(django_db_setup, django_db_blocker, tmp_path_factory):
    """Five hundred products of fifty needs, half of them approved."""
    with register_of_this_module(django_db_blocker):
        with django_db_blocker.unblock(), clock.held_at(DAY):
            desk = written_desk().at(tmp_path_factory.mktemp("stocked"))
            desk.publish()
            for number in range(NEEDS):
                _stock(desk, number)
        yield desk


def _stock(desk, number):
    need = desk.need(f"need{number}", ["pupil.first_name", "absence.kind"], [("teacher", "own_groups")])
    keys = [f"p{number}-{part}" for part in range(EACH)]
    with change(desk.manager, "product.write", keys=keys):
        Product.objects.bulk_create(
            Product(key=key, need=need, nl=key, shape="table", sql="SELECT first_name FROM pupil") for key in keys
        )
    if number % 2:
        desk.approve(need)


@pytest.fixture
def many(stocked, db, settings):
    settings.DATA = stocked.data
    with clock.held_at(DAY):
        yield stocked


def best(work, times=5):
    spent = []
    for _time in range(times):
        began = time.process_time()
        work()
        spent.append(time.process_time() - began)
    return min(spent) * 1000


def test_what_may_i_see_of_500_products(many):
    person = many.people["leraar-A1"]
    assert sum(sight.allowed for sight in may_see(person, DAY)) == NEEDS * EACH // 2
    assert best(lambda: may_see(person, DAY)) < 150
    with CaptureQueriesContext(connection) as asked:
        may_see(person, DAY)
    assert len(asked) <= 6


def test_one_delivery(many):
    person = many.people["leraar-A1"]
    deliver(person, "p1-1")
    assert best(lambda: deliver(person, "p1-1")) < 60
    with CaptureQueriesContext(connection) as asked:
        deliver(person, "p1-1")
    assert len(asked) <= 25, [q["sql"][:90] for q in asked]
