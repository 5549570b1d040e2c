"""No purpose, no delivery (law 2); the right person, today (law 4); every delivery leaves a line (law 9)."""

import json
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from schakel.access import audit
from schakel.access.kept import UnrecordedWrite
from schakel.chain import deciding
from schakel.chain.needs import InformationNeed, NeedElement
from schakel.distribute.deliveries import deliver
from schakel.distribute.delivery import Delivery
from schakel.distribute.entitlement import DeliveryRefused
from schakel.distribute.products import Product
from schakel.distribute.rendering import render
from schakel.distribute.sight import may_see, who_sees
from schakel.engine.hidden import Hidden
from schakel.lib import clock
from schakel.lib.errors import Refused, SchakelError, Unknown
from tests.distribute.school import DAY, START

pytestmark = pytest.mark.django_db


def refused(desk, name, key="late"):
    with pytest.raises(DeliveryRefused) as refusal:
        deliver(desk.people[name], key)
    return refusal.value


def test_a_teacher_gets_the_own_group_and_a_line_is_written(desk):
    desk.late()
    delivered = deliver(desk.people["leraar-A1"], "late", rendering="csv")
    assert [row[0] for row in delivered.answer.rows] == [f"KindpA1{n}" for n in (1, 2, 3, 5, 6, 7)]
    line = audit.AuditLine.objects.get(number=delivered.number)
    kept = Delivery.objects.get()
    assert (line.action, line.thing_key, line.facts["rows"], kept.rows) == ("product.deliver", "late", 6, 6)
    assert line.facts["approval_hash"] == kept.approval_hash == delivered.approval.content_hash
    assert line.facts["as"] == ["teacher:own_groups"]
    assert audit.verify().holds


@pytest.mark.parametrize(
    ("name", "first", "count"), [("leraar-A1", "pA1", 6), ("leraar-B1", "pB1", 6), ("mentor-B1", "pB1", 6)]
)
def test_each_sees_only_their_own(desk, name, first, count):
    desk.late()
    rows = deliver(desk.people[name], "late").answer.rows
    assert len(rows) == count
    assert all(row[0].startswith(f"Kind{first}") for row in rows)


@pytest.mark.parametrize(
    "name", ["leider-A", "bestuurder", "oud", "nieuw", "niemand", "outsider", "information_manager"]
)
def test_who_is_not_meant_sees_nothing_and_hears_why(desk, name):
    desk.late()
    refusal = refused(desk, name)
    assert refusal.code == "standing"
    assert refusal.who_can
    assert [check.passed for check in refusal.checks] == [True, True, True, True, False]
    assert not Delivery.objects.exists()
    assert audit.AuditLine.objects.get(action="product.refuse").actor == desk.people[name]


def test_a_role_that_ends_today_still_opens_and_yesterday_no_more(desk):
    desk.late()
    with clock.held_at(date(2026, 11, 22)):
        assert deliver(desk.people["oud"], "late").answer.rows
    refused(desk, "oud")
    with clock.held_at(date(2026, 11, 24)):
        assert deliver(desk.people["nieuw"], "late").answer.rows


def test_another_day_cannot_be_asked_for(desk):
    desk.late()
    with pytest.raises(Refused) as refusal:
        deliver(desk.people["oud"], "late", day=DAY - timedelta(days=1))
    assert refusal.value.code == "day"
    assert deliver(desk.people["leraar-A1"], "late", day=DAY).day == DAY


@pytest.mark.parametrize("key", ["", "geen", "late' OR 1=1", "../late", "LATE", "late\x00"[:4] + "é"])
def test_a_forged_key_is_unknown(desk, key):
    desk.late()
    with pytest.raises(Unknown):
        deliver(desk.people["leraar-A1"], key)


def test_an_unapproved_need_delivers_nothing(desk):
    need = desk.need("late", ["pupil.first_name", "absence.kind"], [("teacher", "own_groups")])
    desk.product(need, "SELECT first_name FROM pupil")
    refusal = refused(desk, "leraar-A1")
    assert refusal.code == "need"
    assert [check.passed for check in refusal.checks] == [True, False, None, None, None]


def test_a_material_change_closes_it_until_it_is_approved_again(desk):
    need, _product = desk.late()
    deciding.revise(desk.manager, need, purpose="Iets heel anders.")
    assert refused(desk, "leraar-A1").code == "need"


def test_a_need_changed_behind_our_back_opens_nothing(desk):
    need, _product = desk.late()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE chain_informationneed SET level = 'board' WHERE id = %s", [need.pk])
    assert refused(desk, "leraar-A1").code == "need"


def test_an_element_slipped_in_behind_our_back_opens_nothing(desk):
    need, _product = desk.late()
    desk.element("pupil.birth_date")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO chain_needelement (need_id, element_id, demand, reason, reason_en, declined, declined_reason) "
            "SELECT %s, id, 'required', 'x', '', false, '' FROM chain_dataelement WHERE key = 'pupil.birth_date'",
            [need.pk],
        )  # fmt: skip
    assert refused(desk, "leraar-A1").code == "need"


def test_a_need_that_has_ended_or_expired_delivers_nothing(desk):
    need, _product = desk.late(expires_on=DAY)
    assert deliver(desk.people["leraar-A1"], "late")
    with clock.held_at(DAY + timedelta(days=1)):
        assert refused(desk, "leraar-A1").code == "period"
    deciding.end(desk.manager, InformationNeed.objects.get(pk=need.pk), "klaar")
    assert refused(desk, "leraar-A1").code == "need"


def test_a_closed_account_gets_nothing(desk):
    from schakel.access.register import close_account

    desk.late()
    close_account(desk.manager, desk.people["leraar-A1"])
    desk.people["leraar-A1"].refresh_from_db()
    assert refused(desk, "leraar-A1").code == "account"
    assert not any(sight.allowed for sight in may_see(desk.people["leraar-A1"], DAY))


def test_without_a_snapshot_there_is_nothing_to_deliver(desk):
    desk.late()
    (desk.data / "snapshots" / "current").unlink()
    assert refused(desk, "leraar-A1").code == "snapshot"
    assert not may_see(desk.people["leraar-A1"], DAY)[0].allowed
    assert who_sees(Product.objects.get(), DAY) == []


def test_a_product_that_uses_more_than_its_need_cannot_be_written(desk):
    need = desk.need("late", ["pupil.first_name"], [("teacher", "own_groups")])
    for sql in (
        "SELECT family_name FROM pupil",
        "SELECT first_name FROM pupil WHERE birth_date < today()",
        "SELECT first_name FROM pupil ORDER BY family_name",
        "SELECT count(*) AS n FROM absence",
        "SELECT first_name FROM pupil; DROP TABLE pupil",
    ):
        with pytest.raises(ValidationError):
            desk.product(need, sql)
    assert not Product.objects.exists()


def test_a_product_changed_behind_our_back_is_held_against_its_need(desk):
    desk.late()
    for sql, code in [("SELECT family_name FROM pupil", "element"), ("SELECT 1 AS a FROM read_csv('x')", "sql")]:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE distribute_product SET sql = %s", [sql])
        assert refused(desk, "leraar-A1").code == code


def test_a_product_is_only_written_inside_a_change_by_who_may(desk):
    need, product = desk.late()
    with pytest.raises(UnrecordedWrite):
        product.save()
    with pytest.raises(Refused):
        from schakel.distribute.products import write_product

        write_product(desk.people["leraar-A1"], "mijn", need=need, nl="x", shape="table", sql="SELECT name FROM site")


def test_a_declined_wish_leaves_the_rest_standing(desk):
    need, _product = desk.late()
    assert "name_prefix" in deliver(desk.people["leraar-A1"], "late").answer.names
    deciding.decline_element(desk.manager, need, "pupil.name_prefix", "niet nodig")
    assert NeedElement.objects.get(element__key="pupil.name_prefix").declined
    fresh = InformationNeed.objects.get(pk=need.pk)
    deciding.assess(desk.manager, fresh)
    desk.approve(fresh)
    delivered = deliver(desk.people["leraar-A1"], "late")
    assert delivered.answer.names == ("first_name", "keren")
    assert delivered.left_out == delivered.why().left_out == ("name_prefix",)
    assert len(delivered.answer.rows) == 6


def test_small_groups_are_hidden_for_the_board_in_every_rendering(desk):
    desk.kinds()
    delivered = deliver(desk.people["bestuurder"], "kinds")
    late = [row for row in delivered.answer.rows if row[1] == "late"]
    assert all(isinstance(row[2], Hidden) for row in late)
    for rendering in ("csv", "json", "xlsx"):
        content = render(deliver(desk.people["bestuurder"], "kinds", rendering=rendering), rendering)
        assert content
    assert json.loads(render(delivered, "json"))[1]["leerlingen"] == {"hidden": "verborgen"}
    assert b"verborgen" in render(delivered, "csv")
    with pytest.raises(SchakelError):
        render(delivered, "docx")


def test_who_may_see_the_people_sees_the_figure(desk):
    desk.kinds()
    before = deliver(desk.people["leider-A"], "kinds").answer
    assert before.hidden
    desk.approve(desk.need("names", ["pupil.first_name", "absence.kind"], [("school_leader", "own_school")]))
    after = deliver(desk.people["leider-A"], "kinds").answer
    assert not after.hidden
    assert after.rows == [("A", "authorised", 12), ("A", "late", 4)]
    assert deliver(desk.people["bestuurder"], "kinds").answer.hidden


FIGURES = """
    SELECT i.indicator_key AS k, i.period AS p, i.site_id AS site, i.value AS v FROM indicator_value AS i
"""


def figure(indicator: str, site: str) -> str:
    """A figure of this school year with two people in it."""
    values = f"'{indicator}', '{site}', '2026-2027', DATE '{DAY}', 0.05, 40, 2"
    names = "indicator_key, site_id, period, snapshot_on, value, people, people_hit"
    return f"INSERT INTO indicator_value ({names}) VALUES ({values})"


def test_a_leader_who_sees_the_pupils_sees_the_figures_about_them_and_no_other(desk):
    elements = [f"indicator_value.{name}" for name in ("value", "indicator_key", "period")]
    audience = [("school_leader", "own_school"), ("board_member", "board")]
    goals = desk.need("goals", elements, audience, level="board")
    desk.product(goals, f"{FIGURES} ORDER BY 1, 3")
    desk.approve(goals)
    told = {"I_KIND": {"elements": ["absence.kind", "absence.pupil_id"]}, "I_SICK": {"elements": ["sick_leave.kind"]}}
    statements = [figure(key, site) for key in told for site in "AB"]

    def seen(name: str) -> dict[tuple[str, str], bool]:
        rows = deliver(desk.people[name], "goals").answer.rows
        return {(key, site): not isinstance(value, Hidden) for key, _period, site, value in rows}

    with desk.another_snapshot(*statements, indicators=told):
        assert seen("leider-A") == {("I_KIND", "A"): False, ("I_SICK", "A"): False}
        desk.approve(desk.need("names", ["pupil.first_name", "absence.kind"], [("school_leader", "own_school")]))
        assert seen("leider-A") == {("I_KIND", "A"): True, ("I_SICK", "A"): False}
        assert not any(seen("bestuurder").values())
        desk.assign("leider-A", "board_member", START)
        assert not any(seen("leider-A").values()), "as a board member more schools show than those with people to see"


def test_a_school_leader_sees_one_school_and_the_board_all(desk):
    desk.kinds()
    assert {row[0] for row in deliver(desk.people["leider-A"], "kinds").answer.rows} == {"A"}
    assert {row[0] for row in deliver(desk.people["bestuurder"], "kinds").answer.rows} == {"A", "B"}


def test_a_typed_role_counts_for_its_school_only(desk):
    desk.kinds()
    desk.assign("niemand", "school_leader", START, organisation_key="school-B", end=DAY)
    assert {row[0] for row in deliver(desk.people["niemand"], "kinds").answer.rows} == {"B"}
    with clock.held_at(DAY + timedelta(days=1)):
        refused(desk, "niemand", "kinds")


def test_a_typed_role_without_a_place_does_not_widen_a_school(desk):
    desk.kinds()
    desk.assign("niemand", "school_leader", START)
    assert "geen school" in refused(desk, "niemand", "kinds").message


def test_two_people_with_one_address_get_nothing(desk):
    import duckdb

    desk.late()
    folder = desk.data / "snapshots" / "m2"
    desk.publish("m2")
    with duckdb.connect(str(folder / "model.duckdb")) as con:
        con.execute("INSERT INTO staff (staff_id, work_email) VALUES ('dubbel', ' LERAAR-A1@oever.example')")
    refusal = refused(desk, "leraar-A1")
    assert "e-mailadres" in refusal.message
    assert "leraar-A1@oever.example" not in {
        seer.email.replace("leraar-a1", "leraar-A1") for seer in who_sees(Product.objects.get(), DAY)
    }


def test_the_panel_why_tells_everything(desk):
    need, _product = desk.late(review_on=DAY - timedelta(days=1))
    why = deliver(desk.people["leraar-A1"], "late").why()
    assert (why.number, why.purpose, why.legal_basis) == (need.number, need.purpose, need.legal_basis)
    assert why.standings == ("teacher voor de eigen groepen",)
    assert why.others == ("mentor voor de eigen leerlingen", "teacher voor de eigen groepen")
    assert why.sources[0].complete == pytest.approx(0.9)
    assert why.snapshot_at is not None
    assert why.review_due
    assert why.approved_by == desk.board_member.name


def test_may_see_lists_every_product_with_its_reason(desk):
    desk.late()
    desk.kinds()
    teacher = {sight.product.key: sight for sight in may_see(desk.people["leraar-A1"], DAY)}
    assert (teacher["late"].allowed, teacher["kinds"].allowed) == (True, False)
    assert "teacher" in teacher["kinds"].reason
    assert [s.allowed for s in may_see(desk.people["outsider"], DAY)] == [False, False]


def test_may_see_follows_a_change_at_once(desk):
    need, _product = desk.late()
    assert may_see(desk.people["leraar-A1"], DAY)[0].allowed
    deciding.end(desk.manager, need, "klaar")
    assert not may_see(desk.people["leraar-A1"], DAY)[0].allowed


def test_who_sees_lists_the_people_of_today(desk):
    _need, product = desk.late()
    seers = who_sees(product, DAY)
    assert {seer.email.partition("@")[0] for seer in seers} == {
        "leraar-a1", "leraar-a2", "leraar-b1", "leraar-b2", "mentor-b1",
    }  # fmt: skip
    assert {seer.name for seer in seers if seer.account} >= {"leraar-A1", "mentor-B1"}


def test_what_may_be_seen_and_what_is_delivered_agree(desk):
    desk.late()
    desk.kinds()
    for person in desk.people.values():
        for sight in may_see(person, DAY):
            if sight.allowed:
                assert deliver(person, sight.product.key)
            else:
                with pytest.raises(DeliveryRefused):
                    deliver(person, sight.product.key)


def test_a_delivery_cannot_be_altered_or_removed(desk):
    desk.late()
    deliver(desk.people["leraar-A1"], "late")
    with pytest.raises(UnrecordedWrite):
        Delivery.objects.get().delete()
    for change in (lambda: Delivery.objects.update(rows=0), lambda: Delivery.objects.all()._raw_delete("default")):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert Delivery.objects.get().rows == 6


def test_no_line_no_delivery(desk, monkeypatch):
    desk.late()

    def broken(*_args, **_kwargs):
        raise DatabaseError("disk full")

    monkeypatch.setattr(audit, "record", broken)
    with pytest.raises(DatabaseError):
        deliver(desk.people["leraar-A1"], "late")
    assert not Delivery.objects.exists()


def test_an_unknown_rendering_is_refused(desk):
    desk.late()
    with pytest.raises(Refused):
        deliver(desk.people["leraar-A1"], "late", rendering="exe")
