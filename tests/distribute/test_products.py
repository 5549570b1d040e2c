"""A product opens nothing by itself: what it may use and whom it reaches follows from its need, also afterwards."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import ProtectedError

from schakel.access.audit import AuditLine
from schakel.access.changes import change
from schakel.chain import deciding
from schakel.chain.deciding import Wanted
from schakel.chain.needs import InformationNeed
from schakel.distribute.deliveries import deliver
from schakel.distribute.entitlement import DeliveryRefused
from schakel.distribute.products import SHAPES, Product, write_product
from schakel.lib.errors import Refused

pytestmark = pytest.mark.django_db
NAMES = "SELECT first_name FROM pupil"


def need(key="late"):
    return InformationNeed.objects.whole().get(key=key)


def write(room, sql=NAMES, key="nieuw", of="late", **fields):
    given = {"nl": "Nieuw", "shape": "table", "need": need(of), **fields}
    return write_product(room.manager, key, sql=sql, **given)


def test_writing_leaves_a_line_and_writing_the_same_again_none(room):
    write(room)
    line = AuditLine.objects.latest("number")
    assert (line.action, line.thing_kind, line.thing_key) == ("product.write", "product", "nieuw")
    write(room)
    assert AuditLine.objects.latest("number") == line


@pytest.mark.parametrize("name", ["leraar-A1", "board_member", "privacy_officer", "outsider"])
def test_who_has_no_part_in_realising_writes_no_products(room, name):
    before = Product.objects.count()
    with pytest.raises(Refused) as refusal:
        write_product(room.people[name], "mijn", need=need(), nl="x", shape="table", sql=NAMES)
    assert refusal.value.code == "permission"
    assert Product.objects.count() == before


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("SELECT family_name FROM pupil", "pupil.family_name"),
        ("SELECT first_name FROM pupil WHERE birth_date IS NULL", "pupil.birth_date"),
        ("SELECT first_name FROM leerling", "leerling"),
        ("SELECT * FROM pupil", "*"),
        ("DELETE FROM pupil", "DELETE"),
        ("SELECT first_name FROM pupil; SELECT 1 AS a", "twee|precies één"),
        ("SELECT first_name FROM read_csv('/etc/passwd')", "tabel"),
        ("SELECT first_name FROM pupil, duckdb_secrets()", "tabel|JOIN"),
        ("", "leeg"),
        ("SELECT", "."),
        ("SELECT first_name FROM pupil WHERE first_name = 'x\x00'", "tekens"),
    ],
)
def test_what_may_not_be_asked_is_refused_in_words_when_it_is_written(room, sql, says):
    with pytest.raises(ValidationError) as error:
        write(room, sql)
    assert set(error.value.message_dict) == {"sql"}
    assert re.search("|".join(map(re.escape, says.split("|"))), error.value.message_dict["sql"][0])
    assert not Product.objects.filter(key="nieuw").exists()


def test_a_figure_that_shows_people_cannot_be_written_for_a_school(room):
    with pytest.raises(ValidationError) as error:
        write(room, "SELECT kind FROM absence", of="kinds")
    assert "per persoon een rij" in str(error.value)


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_can_be_written(room, shape):
    assert write(room, shape=shape).shape == shape


@pytest.mark.parametrize("fields", [{"shape": "taart"}, {"nl": ""}, {"nl": "x" * 300}])
def test_a_shape_or_title_that_cannot_be_is_refused(room, fields):
    with pytest.raises(ValidationError):
        write(room, **fields)


@pytest.mark.parametrize("key", ["met spatie", "a/b", "<b>", "../x", "é"])
def test_a_key_that_cannot_stand_in_an_address_is_refused(room, key):
    with pytest.raises(ValidationError):
        write(room, key=key)


def test_the_level_is_that_of_the_need(room):
    assert write(room).level == "person"
    assert Product.objects.get(key="kinds").level == "school"


def test_optional_columns_are_those_that_say_so(room):
    columns = [{"key": "a", "optional": True}, {"key": "b", "optional": False}, {"key": "c"}, "geen"]
    assert Product(columns=columns).optional == {"a"}
    assert Product().optional == frozenset()


def test_a_product_of_another_need_reaches_whom_that_need_reaches(room):
    write(room, "SELECT site_id, count(*) AS n FROM absence GROUP BY 1", of="kinds")
    assert deliver(room.people["leider-A"], "nieuw")
    write(room, NAMES, of="late")
    assert deliver(room.people["leraar-A1"], "nieuw")
    with pytest.raises(DeliveryRefused):
        deliver(room.people["leider-A"], "nieuw")


def test_a_need_that_is_narrowed_afterwards_closes_its_product(room):
    """Approved again with one element less: the product that still asks for it gives nothing, and says which."""
    late = need()
    kept = [line for line in late.elements.all() if line.element.key != "absence.kind"]
    wanted = [Wanted(line.element, line.demand, line.reason) for line in kept]
    deciding.revise(room.manager, late, elements=wanted)
    deciding.assess(room.manager, InformationNeed.objects.get(key="late"))
    room.approve(late)
    with pytest.raises(DeliveryRefused) as refusal:
        deliver(room.people["leraar-A1"], "late")
    assert refusal.value.code == "element"
    assert "absence" in refusal.value.message


def test_a_need_that_is_widened_does_not_widen_a_figure_about_groups(room):
    """The level is held against the question again at each delivery."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE distribute_product SET sql = %s WHERE key = 'kinds'", [NAMES])
    with pytest.raises(DeliveryRefused) as refusal:
        deliver(room.people["bestuurder"], "kinds")
    assert refusal.value.code in ("element", "small-groups")


def test_a_product_cannot_be_removed_while_deliveries_name_it(room):
    deliver(room.people["leraar-A1"], "late")
    with pytest.raises(ProtectedError), change(room.manager, "product.write"):
        Product.objects.get(key="late").delete()
