"""Every delivery and every refusal leaves a line that tells enough and names nobody's data (laws 2 and 9)."""

import ast
import json
import logging
from functools import cache
from pathlib import Path

import pytest
from django.db import connection

from schakel.access import audit
from schakel.access.audit import AuditLine
from schakel.chain import deciding
from schakel.chain.needs import InformationNeed
from schakel.distribute.deliveries import RENDERINGS, deliver
from schakel.distribute.delivery import Delivery
from schakel.distribute.entitlement import DeliveryRefused
from schakel.distribute.products import Product
from schakel.lib.errors import Refused, Unknown
from tests.distribute.school import DAY

PACKAGE = Path(__file__).resolve().parents[2] / "schakel"


@pytest.mark.django_db
@pytest.mark.parametrize("rendering", RENDERINGS)
def test_one_line_and_one_row_for_each_form(room, rendering):
    before = AuditLine.objects.count()
    delivered = deliver(room.people["leraar-A1"], "late", rendering=rendering)
    assert AuditLine.objects.count() == before + 1
    kept = Delivery.objects.get(line_id=delivered.number)
    line = AuditLine.objects.get(number=delivered.number)
    assert (kept.rendering, line.facts["rendering"]) == (rendering, rendering)
    assert (kept.person, line.actor) == (room.people["leraar-A1"], room.people["leraar-A1"])
    assert kept.at == line.at
    assert kept.snapshot == line.facts["snapshot"] == delivered.snapshot.id
    assert audit.verify().holds


@pytest.mark.django_db
def test_the_line_counts_rows_and_hidden_cells(room):
    delivered = deliver(room.people["bestuurder"], "kinds")
    line = AuditLine.objects.get(number=delivered.number)
    assert line.facts["rows"] == len(delivered.answer.rows) == 4
    assert line.facts["hidden"] == len(delivered.answer.hidden) > 0
    assert line.facts["as"] == ["board_member:board"]


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "key"), [("leraar-A1", "late"), ("bestuurder", "kinds"), ("outsider", "late")])
def test_no_line_holds_a_name_an_address_or_a_value(room, name, key, caplog):
    caplog.set_level(logging.DEBUG)
    try:
        delivered = deliver(room.people[name], key)
        told = [str(value) for row in delivered.answer.rows for value in row if isinstance(value, str)]
    except DeliveryRefused:
        told = []
    line = json.dumps(AuditLine.objects.latest("number").facts)
    for secret in (*told, "Kind", "Jansen", room.people[name].email, "@oever.example"):
        if secret not in ("A", "B"):
            assert secret not in line, secret
            assert secret not in caplog.text


@pytest.mark.django_db
def test_a_refusal_leaves_a_line_with_its_code_and_no_row(room):
    before = AuditLine.objects.count()
    with pytest.raises(DeliveryRefused):
        deliver(room.people["outsider"], "late")
    assert AuditLine.objects.count() == before + 1
    line = AuditLine.objects.latest("number")
    assert (line.action, line.thing_kind, line.thing_key) == ("product.refuse", "product", "late")
    assert line.facts == {"reason": "standing", "need": "late"}
    assert not Delivery.objects.exists()


@pytest.mark.django_db
def test_a_refusal_while_answering_leaves_a_line_too(room):
    """The person may, the product may not: it uses what its need does not name."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE distribute_product SET sql = 'SELECT family_name FROM pupil' WHERE key = 'late'")
    with pytest.raises(DeliveryRefused) as refusal:
        deliver(room.people["leraar-A1"], "late")
    assert refusal.value.code == "element"
    assert [c.key for c in refusal.value.checks][-1] == "product"
    assert refusal.value.checks[-1].passed is False
    assert AuditLine.objects.latest("number").facts["reason"] == "element"


@pytest.mark.django_db
def test_what_does_not_exist_leaves_no_line(room):
    before = AuditLine.objects.count()
    for key in ("bestaat-niet", "late'--", "x" * 5000):
        with pytest.raises(Unknown) as unknown:
            deliver(room.people["leraar-A1"], key)
        assert len(unknown.value.message) < 120
    assert AuditLine.objects.count() == before


@pytest.mark.django_db
def test_a_form_that_nobody_knows_leaves_no_delivery(room):
    before = AuditLine.objects.count()
    for form in ("exe", "PAGE", "", "csv; drop"):
        with pytest.raises(Refused):
            deliver(room.people["leraar-A1"], "late", rendering=form)
    assert AuditLine.objects.count() == before
    assert not Delivery.objects.exists()


@pytest.mark.django_db
def test_the_line_names_the_approval_that_opened_it(room):
    first = deliver(room.people["leraar-A1"], "late")
    need = InformationNeed.objects.get(key="late")
    deciding.revise(room.manager, need, rhythm="elk uur")
    deciding.assess(room.manager, InformationNeed.objects.get(key="late"))
    room.approve(need)
    second = deliver(room.people["leraar-A1"], "late")
    hashes = [Delivery.objects.get(line_id=each.number).approval_hash for each in (first, second)]
    assert hashes[0] != hashes[1]
    assert hashes[1] == InformationNeed.objects.whole().get(key="late").fingerprint()


@pytest.mark.django_db
def test_two_people_two_lines_and_neither_sees_the_other(room):
    one, other = (deliver(room.people[name], "late") for name in ("leraar-A1", "leraar-B1"))
    assert other.number == one.number + 1
    assert not {row[0] for row in one.answer.rows} & {row[0] for row in other.answer.rows}


@pytest.mark.django_db
def test_the_answer_of_a_day_is_of_that_day(room):
    assert deliver(room.people["leraar-A1"], "late").day == DAY
    with pytest.raises(Refused) as refusal:
        deliver(room.people["leraar-A1"], "late", day=DAY.replace(day=24))
    assert refusal.value.code == "day"


# There is no second path


@cache
def imports() -> dict[str, frozenset[str]]:
    """Per module of the package, by its place, what it imports."""
    found = {}
    for path in PACKAGE.rglob("*.py"):
        taken: set[str] = set()
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module:
                taken |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
            elif isinstance(node, ast.Import):
                taken |= {alias.name for alias in node.names}
        found[str(path.relative_to(PACKAGE))] = frozenset(taken)
    return found


def importers(*names: str) -> set[str]:
    """The modules that import something of these names."""
    return {path for path, taken in imports().items() if taken & set(names)}


def test_only_the_one_function_asks_for_rows_of_people():
    assert importers("schakel.distribute.query.answer") == {"distribute/deliveries.py"}


def test_no_page_and_no_interface_opens_a_snapshot_itself():
    """Roles come from the roster in the snapshot; the one reader of those for a page is `held_by`."""
    rooms = {path for path in importers("duckdb", "schakel.engine.duck") if path.startswith(("portal/", "api/"))}
    assert rooms == set()
    users = importers("schakel.distribute.query.opened", "schakel.distribute.query.Opened")
    assert {path for path in users if path.startswith(("portal/", "api/"))} <= {"portal/pages/standing.py"}


def test_rows_for_a_page_or_a_file_come_from_deliver():
    users = importers("schakel.distribute.deliveries.deliver")
    assert {"portal/views.py", "portal/files.py"} <= users
    for path in ("portal/views.py", "portal/files.py"):
        assert "Product.objects" not in (PACKAGE / path).read_text()


@pytest.mark.django_db
def test_a_product_has_no_rows_of_its_own(room):
    """What a product is in the register says nothing about people."""
    kept = {field.name for field in Product._meta.get_fields()}
    assert not {"rows", "answer", "data", "cache"} & kept
