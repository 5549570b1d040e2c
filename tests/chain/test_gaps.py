"""Each gap rule finds exactly its own fault, and none finds what is right."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import transaction

from schakel.access.asked import looking
from schakel.access.register import put
from schakel.chain import deciding
from schakel.chain.assessment import assess
from schakel.chain.elements import InformationObject, SourceOfRecord
from schakel.chain.gaps import RULES, SEVERITIES, find_all
from schakel.chain.goals import Activity, Goal
from schakel.chain.systems import Link, System
from schakel.lib import clock
from tests.chain.conftest import SENTENCE

pytestmark = pytest.mark.django_db
OWN = {
    "goal-without-activity",
    "activity-without-goal",
    "need-without-goal",
    "need-without-owner",
    "need-without-audience",
    "need-without-source",
    "element-without-source",
    "system-duplicates",
    "need-review-overdue",
    "element-two-sources",
    "system-without-agreement",
    "system-without-activity",
    "link-carries-nothing",
}


def found():
    return {gap.id for gap in find_all() if gap.rule.id in OWN}


@pytest.fixture
def whole(chain):
    """A chain in which nothing is missing."""
    chain.need = chain.ask(owner_role=chain.role())
    return chain


def test_a_whole_chain_has_no_gap(whole):
    assert found() == set()


def test_goal_without_activity(whole):
    put(whole.manager, "goal.write", Goal, "G99", nl="Los doel")
    assert found() == {"goal-without-activity:G99"}


def test_activity_without_goal(whole):
    put(whole.manager, "activity.write", Activity, "A99", nl="Los werk")
    assert found() == {"activity-without-goal:A99"}


def test_need_without_goal(whole):
    deciding.revise(whole.manager, whole.need, activity=None)
    assert found() == {"need-without-goal:absence_16h"}


def test_need_without_owner(whole):
    deciding.revise(whole.manager, whole.need, owner_role=None)
    assert found() == {"need-without-owner:absence_16h"}


def test_need_without_audience(whole):
    deciding.revise(whole.manager, whole.need, audience=[])
    assert found() == {"need-without-audience:absence_16h"}


def test_need_without_source_names_the_element(whole):
    whole.element("contact.phone", source=False)
    deciding.revise(whole.manager, whole.need, elements=whole.wanted("pupil.first_name", "contact.phone"))
    gap = next(g for g in find_all() if g.rule.id == "need-without-source")
    assert (gap.thing.key, gap.thing.detail) == ("absence_16h", "contact.phone")
    assert found() == {"need-without-source:absence_16h"}


def test_a_wished_element_without_source_is_a_gap_of_the_element(whole):
    whole.element("contact.phone", source=False)
    deciding.revise(whole.manager, whole.need, elements=whole.wanted("pupil.first_name", wished=["contact.phone"]))
    assert found() == {"element-without-source:contact.phone"}
    deciding.decline_element(whole.manager, whole.need, "contact.phone", "Niemand heeft het.")
    assert found() == set()


def test_what_schakel_writes_itself_needs_no_source(whole):
    element = whole.element("delivery.at", source=False)
    put(whole.manager, "element.write", InformationObject, "delivery", origin="register")
    lines = whole.wanted("pupil.first_name", element.key)
    deciding.revise(whole.manager, whole.need, elements=lines)
    assert found() == set()


def test_systems_that_do_the_same(whole):
    put(whole.manager, "system.write", System, "las", component="Leerlingadministratiesysteem (LAS)")
    same = "Leerlingadministratiesysteem (LAS)"
    twin, _ = put(whole.manager, "system.write", System, "las2", name="Tweede LAS", component=same)
    element = whole.element("contact.phone", source=False)
    put(whole.manager, "element.write", SourceOfRecord, "contact.phone@las2", element=element, system=twin)
    deciding.revise(whole.manager, whole.need, elements=whole.wanted("pupil.first_name", "contact.phone"))
    assert found() == {"system-duplicates:las", "system-duplicates:las2"}
    put(whole.manager, "system.write", System, "las2", lifecycle="phasing_out")
    assert found() == set()


def test_a_need_past_its_day_of_review(whole):
    deciding.assess(whole.manager, whole.need)
    whole.need.refresh_from_db()
    deciding.approve(whole.people["board_member"], whole.need, whole.need.fingerprint())
    deciding.go_live(whole.people["ict_manager"], whole.need)
    whole.need.refresh_from_db()
    with clock.held_at(whole.need.review_on):
        assert found() == set()
    with clock.held_at(whole.need.review_on + timedelta(days=1)):
        assert found() == {"need-review-overdue:absence_16h"}


def test_element_with_two_sources(whole):
    other, _ = put(whole.manager, "system.write", System, "rooster", name="Rooster")
    element = whole.element("absence.kind")
    put(whole.manager, "element.write", SourceOfRecord, "absence.kind@rooster", element=element, system=other)
    assert found() == {"element-two-sources:absence.kind"}


def test_system_with_personal_data_without_agreement(whole):
    put(whole.manager, "system.write", System, "las", personal_data=True)
    assert found() == {"system-without-agreement:las"}
    put(whole.manager, "system.write", System, "las", agreement_until=clock.today())
    assert found() == set()


def test_system_and_link_that_serve_nothing(whole):
    idle, _ = put(whole.manager, "system.write", System, "idle", name="Klasfoto")
    put(whole.manager, "link.write", Link, "idle-las", from_system=idle, to_system=whole.las)
    put(whole.manager, "link.write", Link, "las-idle", from_system=whole.las, to_system=idle)
    assert found() == {"system-without-activity:idle", "link-carries-nothing:idle-las"}


def test_a_refused_need_is_no_gap(whole):
    deciding.revise(whole.manager, whole.need, audience=[], owner_role=None)
    deciding.refuse(whole.manager, whole.need, "te breed")
    assert not {g for g in found() if g.startswith("need-")}


def test_the_worst_comes_first(whole):
    put(whole.manager, "goal.write", Goal, "G99", nl="Los doel")
    deciding.revise(whole.manager, whole.need, audience=[])
    ranks = [SEVERITIES.index(g.rule.severity) for g in find_all()]
    assert ranks == sorted(ranks)


def codes(need):
    return {o.code: o for o in assess(need)}


def test_assessment_of_a_sound_need(whole):
    seen = codes(whole.need)
    assert {c: o.state for c, o in seen.items()} == {"goal": "ok", "source": "ok", "new": "warn", "effort": "warn"}
    assert seen["new"].detail == ("absence.contact_on", "absence.kind", "pupil.first_name")


def test_assessment_sees_a_need_like_it(whole):
    twin = whole.ask(key="twin")
    assert codes(twin)["alike"].detail == (whole.need.number,)


def test_assessment_sees_special_data_and_missing_source(whole):
    whole.element("health_note.action_text", source=False, personal=True, special="art9_health")
    need = whole.ask(key="medical", elements=("health_note.action_text",), wished=())
    seen = codes(need)
    assert seen["special"].state == "bad"
    assert seen["source"].detail == ("health_note.action_text",)


def test_assessment_sees_a_wider_scope_than_elsewhere(whole):
    need = whole.ask(key="wider")
    deciding.revise(whole.manager, need, audience=[(whole.role(), "board")])
    need.refresh_from_db()
    assert codes(need)["scope"].detail == ("mentor: board",)


def test_needs_without_source_are_asked_of_the_database_at_once(whole, django_assert_num_queries):
    whole.element("contact.phone", source=False)
    for n in range(5):
        deciding.ask(
            whole.manager, f"bellen_{n}", elements=whole.wanted("contact.phone", "pupil.first_name"), audience=[],
            role=whole.role(), activity=whole.activity, owner_role=whole.role(), **SENTENCE,
        )  # fmt: skip
    with django_assert_num_queries(1):
        broken = list(RULES["need-without-source"].find())
    assert [(t.key, t.owner, t.detail) for t in broken] == [
        (f"bellen_{n}", "mentor", "contact.phone") for n in range(5)
    ]


def test_what_was_found_is_kept_until_something_changes(people, django_assert_max_num_queries):
    manager = people["information_manager"]
    put(manager, "activity.write", Activity, "A1", nl="Los werk")
    assert "activity-without-goal:A1" in {gap.id for gap in find_all()}
    with django_assert_max_num_queries(8):  # the head of the trail, the rolls, and what looks at deliveries
        find_all()
    put(manager, "activity.write", Activity, "A2", nl="Nog meer los werk")
    assert "activity-without-goal:A2" in {gap.id for gap in find_all()}


def test_what_was_undone_is_not_found(people):
    manager = people["information_manager"]
    before = {gap.id for gap in find_all()}
    with suppress(ZeroDivisionError), transaction.atomic():
        put(manager, "activity.write", Activity, "A1", nl="Los werk")
        assert "activity-without-goal:A1" in {gap.id for gap in find_all()}
        raise ZeroDivisionError
    assert {gap.id for gap in find_all()} == before


def test_one_look_computes_them_once_and_sees_what_was_written_since(people, django_assert_num_queries):
    with looking():
        before = find_all()
        with django_assert_num_queries(0):
            again = find_all()
        assert again == before
        again.clear()  # whoever changes the list changes only his own
        put(people["board_member"], "goal.write", Goal, "G98", nl="Nieuw doel")
        assert {gap.id for gap in find_all()} - {gap.id for gap in before} >= {"goal-without-activity:G98"}
