"""What may this person see, and who may see this: the lists agree with what is delivered, and name nobody too many."""

from datetime import timedelta

import pytest

from schakel.access.register import add_person, assign, close_account
from schakel.access.roles import Role
from schakel.chain import deciding
from schakel.chain.needs import InformationNeed
from schakel.distribute.deliveries import deliver
from schakel.distribute.entitlement import DeliveryRefused
from schakel.distribute.products import Product, write_product
from schakel.distribute.sight import Eyes, _covers, may_see, who_sees
from schakel.distribute.standing import Held, Standing
from schakel.lib import clock
from schakel.lib.text import spoken
from tests.distribute.school import DAY, START

pytestmark = pytest.mark.django_db
NOBODY_YET = "Er zijn nog geen gegevens verzameld."


def product(key="late"):
    return Product.objects.get(key=key)


def sights(person, day=DAY):
    return {sight.product.key: (sight.allowed, sight.reason) for sight in may_see(person, day)}


# What may this person see


def test_what_opens_comes_first_and_the_rest_says_why(room):
    found = may_see(room.people["leider-A"], DAY)
    assert [(sight.product.key, sight.allowed) for sight in found] == [("kinds", True), ("late", False)]
    assert found[0].reason == "U ziet dit als school_leader voor de eigen school."
    assert found[1].reason == "Dit is voor mentor, teacher. U bent vandaag school_leader."


def test_a_product_that_was_put_away_stands_in_no_list(room):
    write_product(room.manager, "late", active=False)
    assert set(sights(room.people["leraar-A1"])) == {"kinds"}
    assert set(sights(room.people["outsider"])) == {"kinds"}


def test_before_the_first_snapshot_every_product_says_so(room):
    with room.no_snapshot():
        assert sights(room.people["leraar-A1"]) == {key: (False, NOBODY_YET) for key in ("kinds", "late")}


def test_a_need_that_ended_says_so_and_not_who_you_are(room):
    deciding.end(room.manager, InformationNeed.objects.get(key="late"), "klaar")
    assert sights(room.people["leraar-A1"])["late"] == (False, "De behoefte is niet goedgekeurd, of geldt niet meer.")


def test_someone_with_a_shared_address_sees_nothing_and_hears_whom_to_ask(room):
    twice = "INSERT INTO staff (staff_id, work_email) VALUES ('dubbel', 'leraar-A1@oever.example')"
    with room.another_snapshot(twice):
        found = sights(room.people["leraar-A1"])
    assert {allowed for allowed, _reason in found.values()} == {False}
    assert all("e-mailadres" in reason for _allowed, reason in found.values())


def test_yesterday_today_and_tomorrow(room):
    person = room.people["oud"]
    assert not sights(person)["late"][0]
    assert sights(person, DAY - timedelta(days=1))["late"][0]
    assert not sights(room.people["nieuw"])["late"][0]
    assert sights(room.people["nieuw"], DAY + timedelta(days=1))["late"][0]


def test_the_reasons_speak_english(room):
    with spoken("en"):
        found = sights(room.people["leraar-A1"])
    assert found["late"][1].startswith("You see this as")
    assert found["kinds"][1].startswith("This is for")


def test_a_list_is_no_delivery(room):
    from schakel.distribute.delivery import Delivery

    may_see(room.people["leraar-A1"], DAY)
    who_sees(product(), DAY)
    assert not Delivery.objects.exists()


# Who may see this


def test_by_role_and_name_with_and_without_an_account(room):
    seers = who_sees(product("kinds"), DAY)
    assert [(s.role, s.scope, s.account) for s in seers if s.email == "leider-a@oever.example"] == [
        ("school_leader", "voor de eigen school", True)
    ]
    assert [s.role for s in seers] == sorted(s.role for s in seers)
    teachers = {s.email: s.account for s in who_sees(product(), DAY)}
    assert teachers["leraar-a1@oever.example"]
    assert not teachers["leraar-a2@oever.example"]


def test_someone_with_a_role_in_the_register_only(room):
    room.assign("niemand", "school_leader", START, organisation_key="school-B")
    assert "niemand" in {seer.name for seer in who_sees(product("kinds"), DAY)}
    room.assign("outsider", "school_leader", START)
    assert "Olivier Smit" not in {seer.name for seer in who_sees(product("kinds"), DAY)}, "a leader of no school"


def test_an_ended_role_and_a_closed_account_are_not_named(room):
    room.assign("niemand", "school_leader", START, organisation_key="school-B", end=DAY - timedelta(days=1))
    someone = add_person(room.manager, "weg@oever.example", "Weg")
    assign(room.manager, someone, Role.objects.get(key="school_leader"), START, organisation_key="school-A")
    close_account(room.manager, someone)
    assert not {"niemand", "Weg"} & {seer.name for seer in who_sees(product("kinds"), DAY)}


def test_an_account_that_was_closed_is_no_account(room):
    person = type(room.people["leraar-B1"]).objects.get(pk=room.people["leraar-B1"].pk)
    close_account(room.manager, person)
    (seer,) = [s for s in who_sees(product(), DAY) if s.email == "leraar-b1@oever.example"]
    assert not seer.account
    assert seer.name == seer.email


def test_nobody_sees_what_is_not_in_force(room):
    deciding.end(room.manager, InformationNeed.objects.get(key="late"), "klaar")
    assert who_sees(product(), DAY) == []
    with room.no_snapshot():
        assert who_sees(product("kinds"), DAY) == []


def test_a_shared_address_does_not_stop_the_list_for_others(room):
    """One colleague with a shared address and a role in the register: the list is for everyone else."""
    room.assign("niemand", "school_leader", START, organisation_key="school-A")
    twice = [f"INSERT INTO staff (staff_id, work_email) VALUES ('d{n}', 'niemand@oever.example')" for n in range(2)]
    with room.another_snapshot(*twice):
        with pytest.raises(DeliveryRefused):
            deliver(room.people["niemand"], "kinds")
        names = {seer.name for seer in who_sees(product("kinds"), DAY)}
    assert "leider-A" in names
    assert "niemand" not in names


def test_both_lists_and_the_delivery_agree(room):
    room.assign("niemand", "school_leader", START, organisation_key="school-B")
    for key in ("late", "kinds"):
        seers = {seer.email for seer in who_sees(product(key), DAY) if seer.account}
        for person in room.people.values():
            may = sights(person)[key][0]
            assert (person.email in seers) is may, (person.name, key)
            if may:
                assert deliver(person, key)
            else:
                with pytest.raises(DeliveryRefused):
                    deliver(person, key)


# Whoever may see the people already


LEADER = Held("school_leader", "A", None, "leider-A", START)
OPENS = (Standing("school_leader", "own_school", frozenset("A")),)
USED = frozenset({"absence.kind", "absence.pupil_id", "site.name"})


def sees_people(held, opens, used, day):
    return Eyes(held, day).see(opens, used)


def personal(room, elements=("absence.kind", "pupil.first_name"), audience=(("school_leader", "own_school"),), **more):
    need = room.need("people", list(elements), list(audience), **more)
    return room.approve(need)


def test_a_need_for_the_people_themselves_shows_the_figure(room):
    assert not sees_people([LEADER], OPENS, USED, DAY)
    personal(room)
    assert sees_people([LEADER], OPENS, USED, DAY)


@pytest.mark.parametrize(
    ("why_not", "more"),
    [
        ("an element is missing", {"elements": ("pupil.first_name",)}),
        ("it is for someone else", {"audience": (("mentor", "own_pupils"),)}),
        ("it is about groups itself", {"level": "group"}),
        ("it reaches less far", {"audience": (("school_leader", "own_groups"),)}),
    ],
)
def test_a_need_that_does_not_show_all_of_it_shows_nothing_more(room, why_not, more):
    personal(room, **more)
    assert not sees_people([LEADER], OPENS, USED, DAY), why_not


def test_a_need_that_ended_shows_nothing_more(room):
    deciding.end(room.manager, personal(room), "klaar")
    assert not sees_people([LEADER], OPENS, USED, DAY)


def test_every_standing_must_be_covered(room):
    personal(room)
    both = (*OPENS, Standing("board_member", "board"))
    assert not sees_people([LEADER, Held("board_member")], both, USED, DAY)


def test_a_figure_about_nobody_needs_no_people(room):
    personal(room)
    assert not sees_people([LEADER], OPENS, frozenset({"site.name", "slot.minutes"}), DAY)
    assert not sees_people([LEADER], OPENS, frozenset(), DAY)


FIGURES = {
    "I_ABS": {"elements": ["absence.kind", "absence.pupil_id", "site.name"]},
    "I_SICK": {"elements": ["sick_leave.kind", "sick_leave.staff_id"]},
    "I_MONEY": {"elements": ["finance_year.amount"]},
    "I_ABLE": {"state": "not computed"},
}


def test_behind_which_figures_somebody_sees_everyone(room):
    assert Eyes([LEADER], DAY).see_behind(OPENS, FIGURES) == frozenset()
    personal(room)
    assert Eyes([LEADER], DAY).see_behind(OPENS, FIGURES) == {"I_ABS"}
    assert Eyes([LEADER], DAY).see_behind([*OPENS, Standing("board_member", "board")], FIGURES) == frozenset()


def standing(scope, sites="", groups=()):
    return Standing("x", scope, frozenset(sites), frozenset(groups))


@pytest.mark.parametrize(
    ("broad", "narrow", "covers"),
    [
        (standing("board"), standing("board"), True),
        (standing("board"), standing("own_school", "AB"), True),
        (standing("own_school", "AB"), standing("own_school", "A"), True),
        (standing("own_school", "A"), standing("own_school", "AB"), False),
        (standing("own_school", "A"), standing("board"), False),
        (standing("own_school", "A"), standing("own_groups", "A", {"A1"}), True),
        (standing("own_school", "A"), standing("own_groups", "AB", {"A1", "B1"}), False),
        (standing("own_school", "A"), standing("own_groups", "", {"X9"}), False),  # nobody knows where that group is
        (standing("own_school", "A"), standing("own_pupils", "A", {"A1"}), False),
        (standing("own_school", "A"), standing("self"), False),
        (standing("own_groups", "A", {"A1", "A2"}), standing("own_groups", "A", {"A1"}), True),
        (standing("own_groups", "A", {"A1"}), standing("own_groups", "A", {"A1", "A2"}), False),
        (standing("own_groups", "A", {"A1"}), standing("own_school", "A"), False),
        (standing("own_pupils", "A", {"A1"}), standing("own_groups", "A", {"A1"}), False),
        (standing("own_pupils", "A", {"A1"}), standing("own_pupils", "A", {"A1"}), True),
    ],
)
def test_at_least_as_wide(broad, narrow, covers):
    assert _covers(broad, narrow) is covers


def test_a_delivery_on_the_day_after_hides_again(room):
    personal(room)
    assert not deliver(room.people["leider-A"], "kinds").answer.hidden
    deciding.end(room.manager, InformationNeed.objects.get(key="people"), "klaar")
    with clock.held_at(DAY):
        assert deliver(room.people["leider-A"], "kinds").answer.hidden
