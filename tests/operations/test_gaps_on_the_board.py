"""Gap rules that look at products, deliveries and the roster, on the demo board."""

from datetime import timedelta

import pytest

from schakel.access.register import put
from schakel.access.roles import Role
from schakel.chain import deciding
from schakel.chain.gaps import RULES, find_all
from schakel.chain.needs import InformationNeed
from schakel.distribute.deliveries import deliver
from schakel.distribute.products import Product, write_product
from schakel.distribute.unused import unused
from schakel.lib import clock

pytestmark = pytest.mark.django_db


def found(rule):
    return {gap.thing.key for gap in find_all() if gap.rule.id == rule}


def test_every_rule_says_what_and_what_next():
    for rule in RULES.values():
        assert str(rule.title)
        assert str(rule.action)
        assert rule.severity in ("high", "middle", "low")


def test_an_approved_need_without_product(board):
    before = found("need-without-product")
    assert before == set()
    for product in Product.objects.filter(need__key="class_size"):
        write_product(board.people["information_manager"], product.key, active=False)
    assert found("need-without-product") == {"class_size"}


def test_a_product_that_nobody_opens_in_three_times_its_rhythm(board):
    assert found("product-nobody-opens") == set()
    with clock.held_at(clock.now() + timedelta(days=370)):
        unopened = found("product-nobody-opens")
        assert {"absence_16h", "goals_state"} <= unopened
        proposed = {product.key for each in unused() for product in each.need.products.filter(active=True)}
        assert proposed == unopened  # the board has no product that is left alone beside one that is used
    deliver(board.people["board_member"], "goals_state")
    with clock.held_at(clock.now() + timedelta(days=50)):
        assert "goals_state" not in found("product-nobody-opens")


def test_roles_in_the_roster_count_as_held(board):
    nobody = found("role-nobody-holds")
    assert not {"teacher", "mentor", "school_leader"} & nobody
    assert "participation_council" not in nobody  # a body is not held by one person


def test_a_role_that_nobody_holds(board):
    manager = board.people["information_manager"]
    role, _ = put(
        manager, "role.write", Role, "librarian", nl="mediathecaris", en="librarian", side="use", holder="person"
    )
    assert "librarian" not in found("role-nobody-holds")  # nothing is delivered to it yet
    need = InformationNeed.objects.get(key="class_size")
    deciding.revise(manager, need, audience=[*((a.role, a.scope) for a in need.audiences.all()), (role, "own_school")])
    deciding.assess(manager, need)
    fresh = InformationNeed.objects.whole().get(pk=need.pk)
    deciding.approve(board.people["board_member"], fresh, fresh.fingerprint())
    assert "librarian" in found("role-nobody-holds")


def test_a_gap_has_the_same_id_every_day(board):
    today = {gap.id for gap in find_all()}
    with clock.held_at(clock.now() + timedelta(days=1)):
        assert today <= {gap.id for gap in find_all()}
