"""A newer kit and a board that went its own way: who changed what, what stays, and what taking over does.

Must be shown: a newer kit never silently changes a need that was decided on. It stays as it was and is shown; only who
names it takes it over, and then a material change voids the approval and stops the delivery in the same transaction.
"""

from copy import deepcopy
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from schakel.access.audit import AuditLine, verify
from schakel.access.register import put
from schakel.access.roles import Role
from schakel.chain import deciding
from schakel.chain.approvals import Approval, in_force, needed_elements, standing_approval
from schakel.chain.consultation import Consultation, seat, seated
from schakel.chain.goals import Goal
from schakel.chain.needs import InformationNeed
from schakel.chain.responsibilities import Area, divide, standing
from schakel.kits.difference import diff
from schakel.kits.loading import load
from schakel.kits.mistakes import BadKit
from schakel.kits.stock import bring_in
from schakel.lib.errors import Refused
from tests.kits.small_kits import small, write
from tests.written_once import written_once

AREA = {
    "key": "links", "kind": "system", "nl": "Koppelingen", "en": "Links",
    "content": {"A": "teacher", "R": ["timetabler"]}, "execution": {"A": "teacher", "R": ["timetabler"]},
}  # fmt: skip
MEETING = {
    "key": "week", "nl": "Weekstart", "en": "Weekly start", "level": "operational", "rhythm": "weekly",
    "chair_role": "teacher", "roles": ["teacher", "timetabler"],
}  # fmt: skip


def kit(**changes: Any) -> dict[str, Any]:
    """The small kit with responsibilities and a consultation; each change is a function of a section."""
    content = {**small(), "areas": [deepcopy(AREA)], "consultations": [deepcopy(MEETING)]}
    for section, change in changes.items():
        change(content[section])
    return content


@pytest.fixture
def manager(people):
    return people["information_manager"]


@pytest.fixture
def loaded(manager, tmp_path):
    brought(manager, write(tmp_path, kit()))
    return tmp_path


@written_once
def brought(manager, path) -> None:
    """The kit as it is at first, in the register."""
    load(manager, path)


def need() -> InformationNeed:
    found: InformationNeed = InformationNeed.objects.whole().get(key="my_day")
    return found


@written_once
def approved(people) -> Approval:
    deciding.assess(people["information_manager"], need())
    deciding.approve(people["board_member"], need(), need().fingerprint())
    deciding.go_live(people["ict_manager"], need())
    return standing_approval(need())


def newer(folder, **changes):
    return write(folder, {**kit(**changes), "version": "1.1.0"})


def only(path):
    (change,) = diff(path).changes
    return change


# --- Who changed what -----------------------------------------------------------------------------------------------


def test_the_kit_the_board_and_both_are_told_apart(loaded, manager):
    put(manager, "goal.write", Goal, "G1", nl="Wij beginnen op tijd")
    path = newer(loaded, goals=lambda goals: goals[0].update(en="Always in time", owner_role="timetabler"))
    change = only(path)
    assert change.kind == "kept" and change.by == "both"
    assert {field.field: field.by for field in change.fields} == {"nl": "board", "en": "kit", "owner_role": "kit"}
    path = newer(loaded, goals=lambda goals: goals[0].update(nl="Altijd op tijd"))
    assert [field.by for field in only(path).fields] == ["both"]
    path = newer(loaded)
    assert only(path).by == "board"


def test_a_field_that_the_kit_never_spoke_of_is_the_boards(loaded, manager):
    put(manager, "goal.write", Goal, "G1", law="Eigen regel")
    put(manager, "goal.write", Goal, "G1", nl="Wij beginnen op tijd")
    path = newer(loaded, goals=lambda goals: goals[0].update(law="Wet", law_confirmed=True))
    by = {field.field: field.by for field in only(path).fields}
    assert by == {"nl": "board", "law": "both", "law_confirmed": "kit"}


def test_a_thing_that_the_board_made_itself_stays_all_its_own(manager, tmp_path):
    put(manager, "goal.write", Goal, "G1", nl="Ons doel", en="Our goal")
    path = write(tmp_path, kit())
    load(manager, path)
    change = only(path)
    assert (change.kind, change.by) == ("kept", "board") and Goal.objects.get(key="G1").nl == "Ons doel"


def test_each_part_of_a_need_is_told_apart(loaded, people, manager):
    approved(people)
    deciding.revise(manager, need(), rhythm="elk uur")

    def changed(needs):
        needs[0]["decision_nl"] = "Meteen gaan."
        needs[0]["required"]["slot.start_time"] = "weten hoe laat"
        needs[0]["audience"] = ["teacher:self", "timetabler:own_school"]

    change = only(newer(loaded, needs=changed))
    assert change.kind == "kept"
    assert {field.field: field.by for field in change.fields} == {
        "rhythm": "board", "decision": "kit", "element slot.start_time": "kit", "audience timetabler:own_school": "kit",
    }  # fmt: skip


def test_what_the_kit_said_before_is_the_last_that_it_wrote(loaded, manager, people):
    load(manager, newer(loaded, needs=lambda needs: needs[0].update(decision_nl="Twee.")))
    approved(people)
    path = newer(loaded, needs=lambda needs: needs[0].update(decision_nl="Drie."))
    assert [(field.was, field.becomes, field.by) for field in only(path).fields] == [("Twee.", "Drie.", "kit")]


# --- Must be shown: a decision is never changed in silence ----------------------------------------------------------

MATERIAL = [
    lambda needs: needs[0].update(question_nl="Iets anders?"),
    lambda needs: needs[0].update(question_en="Something else?"),
    lambda needs: needs[0].update(purpose_nl="Iets anders."),
    lambda needs: needs[0].update(legal_basis="AVG art. 6 lid 1c"),
    lambda needs: needs[0].update(level="school"),
    lambda needs: needs[0].update(retention_nl="voor altijd"),
    lambda needs: needs[0]["required"].update({"slot.room": needs[0].pop("wished")["slot.room"]}),
    lambda needs: needs[0].pop("wished"),
    lambda needs: needs[0].update(audience=["teacher:self", "teacher:board"]),
    lambda needs: needs[0].update(role="timetabler"),
]


@pytest.mark.parametrize("change", MATERIAL)
def test_a_newer_kit_leaves_an_approved_need_and_shows_it(loaded, manager, people, change):
    approval, before = approved(people), need().content()
    path = newer(loaded, needs=change)
    assert only(path).kind == "kept"
    done = load(manager, path)
    assert [each.key for each in done.kept] == ["my_day"] and not done.wrote
    assert need().content() == before and need().state == "live"
    assert standing_approval(need()) == approval and [each.need for each in in_force()] == [need()]


@pytest.mark.parametrize("change", MATERIAL)
def test_taking_it_over_voids_the_approval_in_the_same_transaction(loaded, manager, people, change):
    approval = approved(people)
    path = newer(loaded, needs=change)
    done = load(manager, path, over=["needs:my_day"])
    assert [each.key for each in done.taken_over] == ["my_day"] and not done.kept
    approval.refresh_from_db()
    assert approval.voided_at and standing_approval(need()) is None
    assert need().state == "asked" and in_force() == [] and needed_elements() == frozenset()
    assert diff(path).changes == () and verify().holds


def test_if_taking_over_fails_the_approval_still_stands(loaded, manager, people):
    """All or nothing: a mistake further on in the kit leaves the decision as it was."""
    approval, before = approved(people), need().content()

    def broken(consultations):
        consultations.append({**MEETING, "key": "month", "level": "nergens"})

    path = newer(loaded, needs=MATERIAL[0], consultations=broken)
    with pytest.raises(BadKit):
        load(manager, path, over=["needs:my_day"])
    assert standing_approval(need()) == approval and need().content() == before


def test_what_is_not_material_leaves_the_approval(loaded, manager, people):
    approval = approved(people)
    path = newer(loaded, needs=lambda needs: needs[0].update(note_nl="Een toelichting.", priority=1))
    load(manager, path, over=["needs:my_day"])
    assert need().note == "Een toelichting." and standing_approval(need()) == approval


def test_taking_over_keeps_what_only_the_board_changed(loaded, manager, people):
    approved(people)
    deciding.revise(manager, need(), rhythm="elk uur")
    deciding.decline_element(manager, need(), "slot.room", "geen bron")
    path = newer(loaded, needs=lambda needs: needs[0].update(decision_nl="Meteen gaan."))
    load(manager, path, over=["needs:my_day"])
    assert (need().rhythm, need().decision) == ("elk uur", "Meteen gaan.")
    room = need().elements.get(element__key="slot.room")
    assert room.declined and room.declined_reason == "geen bron", "a declined wish stays declined"


def test_who_may_not_revise_takes_nothing_over(loaded, people):
    approved(people)
    path = newer(loaded, needs=MATERIAL[0])
    for name in ("board_member", "teacher", "ict_manager"):
        with pytest.raises(Refused):
            load(people[name], path, over=["needs:my_day"])
    assert standing_approval(need())


@pytest.mark.parametrize("name", ["needs:nergens", "goals:G1", "alles"])
def test_only_what_differs_and_is_the_boards_can_be_taken_over(loaded, manager, people, name):
    approved(people)
    path = newer(loaded, needs=MATERIAL[0])
    with pytest.raises(BadKit, match=name):
        load(manager, path, over=[name])
    assert standing_approval(need())


def test_there_is_nothing_to_take_over_from_a_kit_that_did_not_change(loaded, manager):
    put(manager, "goal.write", Goal, "G1", nl="Wij beginnen op tijd")
    done = load(manager, loaded, over=["goals:G1"])
    assert not done.wrote and Goal.objects.get(key="G1").nl == "Wij beginnen op tijd"


# --- Responsibilities and consultations -----------------------------------------------------------------------------


def test_a_division_follows_the_kit_until_the_board_divides(loaded, manager):
    path = newer(loaded, areas=lambda areas: areas[0]["content"].update(A="timetabler"))
    assert only(path).kind == "changed"
    load(manager, path)
    assert standing("area", "links", "content")["A"] == ["timetabler"], "the old one does not stay beside the new"
    teacher = Role.objects.get(key="teacher")
    divide(manager, "area", "links", "content", {"A": [teacher], "R": [teacher]})
    path = newer(loaded, areas=lambda areas: areas[0]["execution"].update(I=["timetabler"]))
    change = only(path)
    by = {field.field: field.by for field in change.fields}
    assert (change.kind, by["content R"], by["execution I"]) == ("kept", "board", "kit")
    load(manager, path, over=["areas:links"])
    assert standing("area", "links", "content")["R"] == ["teacher"]
    assert standing("area", "links", "execution")["I"] == ["timetabler"]


def test_a_consultation_keeps_who_the_board_let_in(loaded, manager):
    seat(manager, Consultation.objects.get(key="week"), [Role.objects.get(key="information_manager")])
    path = newer(loaded, consultations=lambda meetings: meetings[0].update(rhythm="monthly"))
    load(manager, path, over=["consultations:week"])
    meeting = Consultation.objects.get(key="week")
    assert meeting.rhythm == "monthly" and seated(meeting) == ["information_manager"]


def test_dividing_the_same_twice_is_once(loaded, manager):
    lines = AuditLine.objects.count()
    roles = {"A": [Role.objects.get(key="teacher")], "R": [Role.objects.get(key="timetabler")]}
    assert not divide(manager, "area", "links", "content", roles)
    assert not seat(manager, Consultation.objects.get(key="week"), Role.objects.filter(key__in=MEETING["roles"]))
    assert AuditLine.objects.count() == lines


@pytest.mark.parametrize("name", ["teacher", "ict_manager", "outsider"])
def test_who_may_not_divide_is_refused(loaded, people, name):
    with pytest.raises(Refused):
        divide(people[name], "area", "links", "content", {"A": [Role.objects.get(key="timetabler")]})
    assert Area.objects.count() == 1 and standing("area", "links", "content")["A"] == ["teacher"]


# --- Whatever happens -----------------------------------------------------------------------------------------------

STEPS = st.sampled_from(
    ["kit goal", "kit need", "kit area", "board goal", "board need", "board area", "decide", "load", "over"]
)


class Story:
    """A board and a kit that change in any order. What the board last made of a thing is written down beside it."""

    def __init__(self, folder) -> None:
        self.people = written_once(bring_in)()
        self.manager = self.people["information_manager"]
        self.folder, self.content, self.turn = folder, kit(), 0
        brought(self.manager, write(folder, self.content))

    def load(self, **more):
        return load(self.manager, write(self.folder, self.content), **more)

    def step(self, name: str) -> None:
        self.turn += 1
        getattr(self, name.replace(" ", "_"))()

    def kit_goal(self) -> None:
        self.content["goals"][0]["nl"] = f"pakket {self.turn}"

    def kit_need(self) -> None:
        self.content["needs"][0]["question_nl"] = f"Pakket {self.turn}?"

    def kit_area(self) -> None:
        letters = self.content["areas"][0]["content"]
        letters["A"] = "timetabler" if letters["A"] == "teacher" else "teacher"

    def board_goal(self) -> None:
        put(self.manager, "goal.write", Goal, "G1", nl=f"bestuur {self.turn}")

    def board_need(self) -> None:
        deciding.revise(self.manager, need(), question=f"Bestuur {self.turn}?")

    def board_area(self) -> None:
        divide(self.manager, "area", "links", "content", {"A": [Role.objects.get(key="information_manager")]})

    def decide(self) -> None:
        if need().state == "asked":
            approved(self.people)

    def over(self) -> None:
        self.load(over=[each.name for each in diff(write(self.folder, self.content)).of("kept")])


@pytest.mark.django_db
@settings(max_examples=10, deadline=None)
@given(steps=st.lists(STEPS, max_size=6))
def test_in_any_order_a_load_never_touches_what_is_the_boards(steps, tmp_path_factory):
    """After any story: loading changes only what it said it would, an approval stands or was voided for a reason that
    can be read, and a second load does nothing."""
    tell(steps, tmp_path_factory)


@pytest.mark.django_db
@pytest.mark.soak
@settings(max_examples=300, deadline=None)
@given(steps=st.lists(STEPS, max_size=12))
def test_in_any_longer_order_too(steps, tmp_path_factory):
    tell(steps, tmp_path_factory)


def tell(steps, tmp_path_factory) -> None:
    with transaction.atomic():
        story = Story(tmp_path_factory.mktemp("story"))
        for name in steps:
            story.step(name)
        path = write(story.folder, story.content)
        before = diff(path)
        kept = {each.name: need().content() if each.section == "needs" else None for each in before.of("kept")}
        goal, moving = Goal.objects.get(key="G1").nl, bool(in_force())
        done = story.load()
        assert {each.name for each in done.kept} == set(kept)
        if "goals:G1" in kept:
            assert Goal.objects.get(key="G1").nl == goal
        if "needs:my_day" in kept:
            assert need().content() == kept["needs:my_day"]
        assert bool(in_force()) == moving, "loading by itself stops and starts nothing"
        assert not story.load().wrote
        assert {each.kind for each in diff(path).changes} <= {"kept"}
        for approval in Approval.objects.filter(need=need()):
            assert (approval.voided_at is None) == (
                approval.content_hash == need().fingerprint()
            ) or approval.void_reason
        assert verify().holds
        transaction.set_rollback(True)
