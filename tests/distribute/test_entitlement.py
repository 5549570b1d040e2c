"""May this person have this today? Every check in its order, and what each state of things says to whom."""

from datetime import timedelta

import pytest
from django.db import connection

from schakel.access import audit
from schakel.access.register import close_account, end_assignment, put
from schakel.access.roles import Role
from schakel.chain import deciding
from schakel.chain.needs import InformationNeed
from schakel.distribute.deliveries import deliver
from schakel.distribute.delivery import Delivery
from schakel.distribute.entitlement import Check, DeliveryRefused, Entitlement, entitlement
from schakel.distribute.products import Product, write_product
from schakel.lib import clock
from schakel.lib.errors import Refused, Unknown
from schakel.lib.text import spoken
from tests.distribute.school import DAY, START

pytestmark = pytest.mark.django_db
ORDER = ["account", "need", "period", "snapshot", "standing"]


def product(key="late"):
    return Product.objects.select_related("need").get(key=key)


def checks(person, key="late", day=DAY):
    return {check.key: check.passed for check in entitlement(person, product(key), day).checks}


def told(person, key="late"):
    """The refusal as the page gets it; the delivery itself must be refused with the same words."""
    found = entitlement(person, product(key), clock.today())
    assert found.failed is not None
    with pytest.raises(DeliveryRefused) as refusal:
        deliver(person, key)
    assert refusal.value.message == found.failed.text
    assert refusal.value.code == found.failed.key
    assert [c.passed for c in refusal.value.checks] == [c.passed for c in found.checks]
    return refusal.value


def fresh(room, key="late"):
    return InformationNeed.objects.get(key=key)


def test_all_that_was_looked_at_is_told_in_order(room):
    found = entitlement(room.people["leraar-A1"], product(), DAY)
    assert [check.key for check in found.checks] == ORDER
    assert all(check.passed for check in found.checks)
    assert found.failed is None
    texts = [check.text for check in found.checks]
    assert texts[0] == "U bent aangemeld als leraar-A1."
    assert texts[1] == f"De behoefte {fresh(room).number} is goedgekeurd door Marijke Terpstra."
    assert texts[-1] == "U ziet dit als teacher voor de eigen groepen."


def test_looking_leaves_no_line_and_gives_no_rows(room):
    lines = audit.AuditLine.objects.count()
    entitlement(room.people["leraar-A1"], product(), DAY)
    entitlement(room.people["outsider"], product(), DAY)
    assert audit.AuditLine.objects.count() == lines
    assert not Delivery.objects.exists()


def test_what_was_not_reached_is_left_open(room):
    deciding.end(room.manager, fresh(room), "klaar")
    found = entitlement(room.people["leraar-A1"], product(), DAY)
    assert [(c.key, c.passed) for c in found.checks] == [
        ("account", True), ("need", False), ("period", None), ("snapshot", None), ("standing", None),
    ]  # fmt: skip
    assert [c.text for c in found.checks[2:]] == ["Geldigheid", "Momentopname", "Uw rol van vandaag"]


def test_the_first_check_that_fails_decides():
    found = Entitlement()
    assert found.failed is None
    assert found.add("a", True, "goed")
    assert not found.add("b", False, "eerste")
    assert not found.add("c", False, "tweede")
    found.checks.append(Check("d", None, "open"))
    assert found.failed == Check("b", False, "eerste")


def ended(room):
    deciding.end(room.manager, fresh(room), "klaar")


def refused(room):
    deciding.refuse(room.board_member, fresh(room), "niet nodig")


def revised(room):
    deciding.revise(room.manager, fresh(room), rhythm="elke maand")


def under_review(room):
    deciding.go_live(room.people["ict_manager"], fresh(room))
    deciding.review(room.manager, fresh(room))


@pytest.mark.parametrize(
    ("what", "code", "says"),
    [
        (ended, "need", "is niet goedgekeurd: beëindigd."),
        (refused, "need", "is niet goedgekeurd: afgewezen."),
        (revised, "need", "is niet goedgekeurd: gevraagd."),
    ],
)
def test_a_need_that_is_not_in_force_says_how_it_stands(room, what, code, says):
    what(room)
    refusal = told(room.people["leraar-A1"])
    assert refusal.code == code
    assert says in refusal.message
    assert fresh(room).number in refusal.message


def test_a_need_under_review_goes_on_as_it_was_approved(room):
    under_review(room)
    assert all(checks(room.people["leraar-A1"]).values())


def test_a_need_in_use_whose_content_was_altered_says_that_no_approval_fits(room):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE chain_informationneed SET purpose = 'Iets anders.' WHERE key = 'late'")
    assert "heeft geen goedkeuring voor wat er nu staat" in told(room.people["leraar-A1"]).message


def runs_out(room, day):
    """The need was approved with this as its last day."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE chain_informationneed SET expires_on = %s WHERE key = 'late'", [day])
        hashed = InformationNeed.objects.whole().get(key="late").fingerprint()
        cursor.execute("UPDATE chain_approval SET content_hash = %s WHERE need_id = %s", [hashed, fresh(room).pk])


def test_a_need_that_ran_out_says_until_when_it_held(room):
    runs_out(room, "2026-11-22")
    refusal = told(room.people["leraar-A1"])
    assert (refusal.code, refusal.message) == ("period", "De behoefte gold tot en met 22-11-2026.")


def test_its_last_day_counts(room):
    runs_out(room, "2026-11-23")
    assert checks(room.people["leraar-A1"])["period"] is True
    assert checks(room.people["leraar-A1"], day=DAY + timedelta(days=1))["period"] is False


def test_without_a_snapshot_nothing_is_known_of_roles(room):
    with room.no_snapshot():
        refusal = told(room.people["leraar-A1"])
    assert (refusal.code, refusal.message) == ("snapshot", "Er zijn nog geen gegevens verzameld.")
    assert refusal.who_can == ("ict_manager", "information_manager")


def test_a_snapshot_whose_tables_were_removed_is_none(room):
    with room.another_snapshot() as folder:
        (folder / "model.duckdb").unlink()
        assert told(room.people["leraar-A1"]).code == "snapshot"


def test_a_closed_account_hears_only_that(room):
    person = room.people["mentor-B1"]
    close_account(room.manager, person)
    closed = type(person).objects.get(pk=person.pk)
    person.is_active = True
    assert told(closed).message == "Dit account is afgesloten."
    assert checks(closed) == {"account": False, "need": None, "period": None, "snapshot": None, "standing": None}


def test_a_role_that_ended_yesterday_opens_nothing_and_today_it_still_does(room):
    assignment = room.assign("niemand", "school_leader", START, organisation_key="school-A")
    end_assignment(room.manager, assignment, DAY)
    assert checks(room.people["niemand"], "kinds")["standing"] is True
    with clock.held_at(DAY + timedelta(days=1)):
        refusal = told(room.people["niemand"], "kinds")
    assert refusal.code == "standing"
    assert refusal.message == "U hebt vandaag geen rol: niet in het rooster en niet in het register."


def test_who_can_help_is_first_of_all_the_owner(room):
    put(room.manager, "role.write", Role, "data_owner", nl="gegevenseigenaar", en="data owner", side="demand")
    need = fresh(room)
    deciding.revise(room.manager, need, owner_role=Role.objects.get(key="data_owner"))
    assert told(room.people["outsider"]).who_can == ("data_owner", "school_admin", "information_manager")


@pytest.mark.parametrize("name", ["outsider", "ict_manager", "privacy_officer"])
def test_a_role_of_the_register_opens_no_data_by_itself(room, name):
    """An administrator of the platform sees no pupil by being administrator."""
    refusal = told(room.people[name])
    assert refusal.code == "standing"
    assert "Kind" not in str(refusal) + " ".join(check.text for check in refusal.checks)


def test_the_refusal_carries_what_the_page_needs(room):
    refusal = told(room.people["outsider"])
    assert (refusal.product, refusal.need) == ("late", "late")
    assert isinstance(refusal, Refused)
    assert not refusal.retry


def test_a_product_that_was_put_away_does_not_exist_any_more(room):
    write_product(room.manager, "late", active=False)
    for person in (room.people["leraar-A1"], room.people["outsider"]):
        with pytest.raises(Unknown):
            deliver(person, "late")


def test_each_check_speaks_english(room):
    with spoken("en"):
        texts = [check.text for check in entitlement(room.people["leraar-A1"], product(), DAY).checks]
    assert texts[0] == "You are signed in as leraar-A1."
    assert all("behoefte" not in text and "momentopname" not in text for text in texts)
