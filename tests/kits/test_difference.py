"""What a newer version of a kit would change, and what it leaves to the people who changed it."""

from copy import deepcopy

import pytest

from schakel.access.audit import AuditLine
from schakel.access.register import put
from schakel.access.roles import Role
from schakel.chain import deciding
from schakel.chain.goals import Goal
from schakel.chain.needs import InformationNeed
from schakel.kits.difference import diff
from schakel.kits.loading import load
from tests.kits.small_kits import small, write
from tests.written_once import written_once


@pytest.fixture
def manager(people):
    return people["information_manager"]


@pytest.fixture
def loaded(manager, tmp_path):
    brought(manager, write(tmp_path, small()))
    return tmp_path


@written_once
def brought(manager, path) -> None:
    load(manager, path)


def newer(folder, **changes):
    """The small kit one version on; each change is a function of its content."""
    content = small()
    content["version"] = "1.1.0"
    for section, change in changes.items():
        change(content[section])
    return write(folder, content)


def only(found, kind):
    (change,) = found.of(kind)
    return change


def test_looking_at_an_empty_register_shows_everything_and_writes_nothing(people, tmp_path):
    lines = AuditLine.objects.count()
    found = diff(write(tmp_path, small()))
    assert {change.kind for change in found.changes} == {"added"}
    goal = next(change for change in found.changes if change.key == "G1")
    assert {field.field: field.becomes for field in goal.fields}["nl"] == "Op tijd beginnen"
    assert not Goal.objects.exists() and AuditLine.objects.count() == lines


def test_after_loading_there_is_no_difference(loaded):
    assert diff(loaded).changes == ()


def test_a_changed_field_is_shown_with_what_it_was(loaded):
    found = diff(newer(loaded, goals=lambda goals: goals[0].update(nl="Altijd op tijd")))
    change = only(found, "changed")
    assert (change.section, change.key) == ("goals", "G1")
    (field,) = change.fields
    assert (field.field, field.was, field.becomes) == ("nl", "Op tijd beginnen", "Altijd op tijd")


def test_a_changed_relation_is_shown_by_key(loaded):
    found = diff(newer(loaded, goals=lambda goals: goals[0].update(owner_role="timetabler")))
    (field,) = only(found, "changed").fields
    assert (field.field, field.was, field.becomes) == ("owner_role", "teacher", "timetabler")


def test_a_new_thing_is_added_and_a_lost_one_named_but_kept(loaded, manager):
    def swap(goals):
        goals.append({**goals[0], "key": "G2"})

    path = newer(loaded, goals=swap, systems=lambda systems: systems[0].update(key="rooster"),
                 objects=lambda objects: objects[0].update(record="rooster"))  # fmt: skip
    found = diff(path)
    assert {change.key for change in found.of("added")} == {
        "G2",
        "rooster",
        "slot.start_time@rooster",
        "slot.room@rooster",
    }
    assert ("system", "timetable") in {(change.section, change.key) for change in found.of("removed")}
    load(manager, path)
    assert diff(path).of("added") == []
    assert {change.key for change in diff(path).of("removed")} >= {"timetable"}, "people decide what goes"


def test_loading_the_newer_version_writes_exactly_the_difference(loaded, manager):
    path = newer(loaded, goals=lambda goals: goals[0].update(nl="Altijd op tijd"))
    done = load(manager, path)
    assert [change.key for change in done.changed] == ["G1"] and not done.added
    assert Goal.objects.get(key="G1").nl == "Altijd op tijd"
    assert diff(path).changes == ()


def test_what_people_changed_stays_theirs(loaded, manager):
    put(manager, "goal.write", Goal, "G1", nl="Wat ons bestuur zegt")
    path = newer(loaded, goals=lambda goals: goals[0].update(nl="Altijd op tijd"))
    assert only(diff(path), "kept").key == "G1"
    done = load(manager, path)
    assert not done.wrote and [change.key for change in done.kept] == ["G1"]
    assert Goal.objects.get(key="G1").nl == "Wat ons bestuur zegt"


def test_a_second_version_still_follows_what_the_kit_brought(loaded, manager):
    load(manager, newer(loaded, goals=lambda goals: goals[0].update(nl="Twee")))
    found = diff(newer(loaded, goals=lambda goals: goals[0].update(nl="Drie")))
    assert only(found, "changed").key == "G1"


def test_a_role_that_was_there_before_the_kit_is_not_rewritten(manager, tmp_path):
    content = small()
    content["roles"].append(
        {"key": "information_manager", "nl": "anders", "en": "other", "side": "use", "kind": "person"}
    )
    load(manager, write(tmp_path, content))
    assert Role.objects.get(key="information_manager").side == "demand"


def test_a_question_nobody_decided_on_follows_the_kit(loaded, manager):
    path = newer(loaded, needs=lambda needs: needs[0]["required"].update({"slot.start_time": "weten hoe laat"}))
    change = only(diff(path), "changed")
    (field,) = change.fields
    assert field.field == "element slot.start_time"
    assert (field.was, field.becomes) == (["required", "weten wanneer"], ["required", "weten hoe laat"])
    load(manager, path)
    need = InformationNeed.objects.whole().get(key="my_day")
    assert [line.reason for line in need.elements.all() if line.demand == "required"] == ["weten hoe laat"]
    assert need.versions.count() == 2, "a change of content is a new version"


def test_english_is_compared_beside_the_dutch(loaded, manager):
    def translated(needs):
        needs[0]["required"] = {"slot.start_time": {"nl": "weten wanneer", "en": "know when"}}
        needs[0]["decision_en"] = "Go."

    path = newer(loaded, needs=translated)
    fields = {field.field: (field.was, field.becomes) for field in only(diff(path), "changed").fields}
    assert fields == {"decision_en": ("", "Go."), "element slot.start_time, en": (None, "know when")}
    load(manager, path)
    need = InformationNeed.objects.whole().get(key="my_day")
    assert [line.reason_en for line in need.elements.all()] == ["know when", ""]
    assert diff(path).changes == ()


def test_a_kit_that_refuses_a_question_takes_it_back_with_the_lesson(loaded, manager):
    def refused(needs):
        lesson = {"key": "my_room", "state": "refused", "refusal_nl": "Te breed; zie my_day.", "instead": "my_day"}
        needs.insert(0, {**deepcopy(needs[0]), **lesson})

    path = newer(loaded, needs=refused)
    load(manager, path)
    need = InformationNeed.objects.whole().get(key="my_room")
    assert (need.state, need.refusal_reason, need.alternative.key) == ("refused", "Te breed; zie my_day.", "my_day")
    assert diff(path).changes == ()
    path = newer(loaded, needs=lambda needs: needs[0].update(state="refused", refusal_nl="Toch niet."))
    assert {field.field for field in only(diff(path), "changed").fields} == {"refusal_reason"}
    load(manager, path)
    assert InformationNeed.objects.get(key="my_day").state == "refused"


def test_a_refusal_of_the_board_is_the_boards_own(loaded, people):
    deciding.refuse(people["board_member"], InformationNeed.objects.get(key="my_day"), "Nu niet.")
    assert diff(loaded).changes == ()


def test_a_need_that_was_assessed_or_approved_is_left_alone(loaded, manager, people):
    need = InformationNeed.objects.whole().get(key="my_day")
    deciding.assess(manager, need)
    deciding.approve(people["board_member"], need, need.fingerprint())
    before = InformationNeed.objects.whole().get(key="my_day").fingerprint()
    path = newer(loaded, needs=lambda needs: needs[0].update(question_nl="Iets heel anders?"))
    assert only(diff(path), "kept").key == "my_day"
    load(manager, path)
    after = InformationNeed.objects.whole().get(key="my_day")
    assert after.fingerprint() == before and after.state == "approved", "a kit never voids an approval"


def test_a_declined_wish_is_the_boards_own_and_no_difference(loaded, manager):
    need = InformationNeed.objects.whole().get(key="my_day")
    deciding.decline_element(manager, need, "slot.room", "geen bron")
    assert diff(loaded).changes == ()


def test_the_audience_is_compared_pair_by_pair(loaded):
    found = diff(newer(loaded, needs=lambda needs: needs[0].update(audience=["teacher:self", "teacher:own_school"])))
    (field,) = only(found, "changed").fields
    assert field.field == "audience teacher:own_school" and field.was is None


def test_a_product_that_is_used_still_follows_the_kit(people, tmp_path, manager):
    """Deliveries are lines about a product too; they are not changes to it."""
    from tests.kits.test_loading import PRODUCT

    path = write(tmp_path, {**small(), "products": [PRODUCT]})
    load(manager, path)
    path = write(tmp_path, {**small(), "products": [{**PRODUCT, "title": {"nl": "Mijn dag", "en": "My day"}}]})
    change = only(diff(path), "changed")
    assert {field.field for field in change.fields} == {"nl", "en"}
