"""A spreadsheet is one more road to the same law: whoever changes what was approved, voids the approval with it."""

import os
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schakel.access.audit import AuditLine, verify
from schakel.access.register import put
from schakel.access.roles import Role
from schakel.chain import deciding
from schakel.chain.approvals import needed_elements, standing_approval
from schakel.chain.elements import DataElement, InformationObject
from schakel.chain.goals import Goal
from schakel.chain.needs import MATERIAL, InformationNeed
from schakel.kits.exchange.needs import NEEDS
from schakel.kits.exchange.taking import Outdated, rehearse, take_in
from schakel.kits.sheets.reading import reader
from schakel.lib import clock
from schakel.lib.errors import Refused
from tests.kits.registers import filled, looked, taken
from tests.kits.sheet_files import book
from tests.written_once import written_once

pytestmark = pytest.mark.django_db

# Another value for each field of the sheet of needs that a decision is about.
OTHER = {
    "role": "timetabler", "activity": "A2", "question": "Iets anders?", "question_en": "Something else?",
    "decision": "Blijven.", "decision_en": "Stay.", "rhythm": "elk uur", "rhythm_en": "each hour", "level": "groep",
    "freshness": "elk uur", "freshness_en": "each hour", "purpose": "Iets anders.", "purpose_en": "Something else.",
    "legal_basis": "AVG art. 6 lid 1c", "art9_exception": "AVG art. 9 lid 2g", "law": "WVO 2020",
    "retention": "tien jaar", "retention_en": "ten years", "expires_on": "31-12-2030",
}  # fmt: skip
SAME = {
    "note": "Een opmerking", "today_how": "met de hand", "minutes_before": 5, "minutes_now": 1, "times_per_year": 10,
    "people": 3, "owner_role": "teacher", "owner": "tom.bakker@oeverscholen.example", "review_on": "01-02-2028",
    "review_months": 6, "priority": 1, "sector": "po", "law_confirmed": "ja", "alternative": "my_rooms",
}  # fmt: skip
ELEMENT = ["Behoefte", "Gegeven", "Nodig of gewenst", "Waarom", "Waarom (Engels)", "Weggelaten, omdat", "Vervalt"]
AUDIENCE = ["Behoefte", "Wie het ziet (rol)", "Hoe ver", "Vervalt"]
LINES = {
    "an element more": ("Gegevens per behoefte", ["my_day", "slot.extra", "nodig", "ook dat", "", "", ""]),
    "an element less": ("Gegevens per behoefte", ["my_day", "slot.room", "gewenst", "weten waar", "", "", "ja"]),
    "a wish that is required": ("Gegevens per behoefte", ["my_day", "slot.room", "nodig", "weten waar", "", "", ""]),
    "another reason": ("Gegevens per behoefte", ["my_day", "slot.room", "gewenst", "zomaar", "", "", ""]),
    "a reason in English": ("Gegevens per behoefte", ["my_day", "slot.room", "gewenst", "weten waar", "why", "", ""]),
    "a wish left out": (
        "Gegevens per behoefte",
        ["my_day", "slot.room", "gewenst", "weten waar", "", "niet nodig", ""],
    ),
    "a receiver more": ("Doelgroep per behoefte", ["my_day", "timetabler", "hele bestuur", ""]),
    "a receiver less": ("Doelgroep per behoefte", ["my_day", "teacher", "zichzelf", "ja"]),
}


@pytest.fixture
def manager(people, tmp_path):
    return with_an_approval(people, tmp_path)


@written_once
def with_an_approval(people, tmp_path):
    manager = filled(people, tmp_path)["information_manager"]
    element = {"nl": "Extra", "en": "Extra", "type": "text"}
    put(
        manager, "element.write", DataElement, "slot.extra", object=InformationObject.objects.get(key="slot"), **element
    )
    need = InformationNeed.objects.get(key="my_day")
    deciding.assess(manager, need)
    deciding.approve(people["board_member"], need, InformationNeed.objects.whole().get(pk=need.pk).fingerprint())
    return manager


def in_force():
    return standing_approval(InformationNeed.objects.whole().get(key="my_day")) is not None


def cell(field, value):
    return book(Behoeften=[["Sleutel", NEEDS.column(field).header("nl")], ["my_day", value]])


def test_every_material_field_has_another_value_here():
    assert set(OTHER) == {*MATERIAL, "role", "activity"}
    assert set(OTHER) | set(SAME) | {"key", "state"} == {column.name for column in NEEDS.columns}


@pytest.mark.parametrize("field", sorted(OTHER))
def test_an_edited_field_voids_the_approval_in_the_same_transaction(manager, field):
    assert needed_elements() == {"slot.start_time", "slot.room"}
    content = cell(field, OTHER[field])
    [change] = looked(manager, content).changes
    assert change.voids, "the dry run says so beforehand"
    taken(manager, content)
    need = InformationNeed.objects.whole().get(key="my_day")
    assert not in_force() and need.state == "asked"
    assert needed_elements() == frozenset()
    assert need.approvals.get().void_reason == "De inhoud is gewijzigd."
    assert need.versions.count() == 2
    assert verify().holds


@pytest.mark.parametrize("what", sorted(LINES))
def test_an_edited_line_voids_it_too(manager, what):
    sheet, row = LINES[what]
    content = book(**{sheet.replace(" ", "_"): [ELEMENT if sheet.startswith("Gegevens") else AUDIENCE, row]})
    [change] = looked(manager, content).changes
    assert change.voids
    taken(manager, content)
    assert not in_force()
    assert InformationNeed.objects.get(key="my_day").state == "asked"


@pytest.mark.parametrize("field", sorted(SAME))
def test_a_field_that_nobody_decided_on_leaves_the_approval_alone(manager, field):
    content = cell(field, SAME[field])
    [change] = looked(manager, content).changes
    assert not change.voids
    taken(manager, content)
    assert in_force()


def test_the_same_again_changes_and_voids_nothing(manager):
    lines = AuditLine.objects.count()
    found = looked(manager, book(
        Behoeften=[["Sleutel", "Hoe vaak", "Niveau"], ["my_day", " elke dag ", "Persoon"]],
        Gegevens_per_behoefte=[ELEMENT, ["my_day", "slot.room", "wished", "weten waar", "", "", "nee"]],
    ))  # fmt: skip
    assert (found.changes, found.unchanged) == ((), 1)
    assert in_force() and AuditLine.objects.count() == lines


@settings(
    max_examples=60 if os.environ.get("SCHAKEL_SOAK") else 12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    edits=st.dictionaries(st.sampled_from(sorted({**OTHER, **SAME})), st.booleans(), max_size=6),
    lines=st.sets(st.sampled_from(sorted(LINES)), max_size=2),
)
def test_whatever_is_edited_together_the_approval_holds_exactly_when_nothing_material_changed(manager, edits, lines):
    every = {**OTHER, **SAME}
    fields = [field for field, changed in edits.items() if changed]
    sheets = {"Behoeften": [
        ["Sleutel", *(NEEDS.column(f).header("nl") for f in fields)], ["my_day", *(every[f] for f in fields)]
    ]}  # fmt: skip
    for what in sorted(lines):
        sheet, row = LINES[what]
        rows = sheets.setdefault(sheet, [ELEMENT if sheet.startswith("Gegevens") else AUDIENCE])
        if row[:2] not in [other[:2] for other in rows]:
            rows.append(row)
    with transaction.atomic():
        found = looked(manager, book(**{title.replace(" ", "_"): rows for title, rows in sheets.items()}))
        assert not found.faults
        material = bool(lines) or any(field in OTHER for field in fields)
        assert any(change.voids for change in found.changes) == material
        if found.changes:
            taken(manager, book(**{title.replace(" ", "_"): rows for title, rows in sheets.items()}))
        assert in_force() != material
        assert (needed_elements() == frozenset()) == material
        transaction.set_rollback(True)


def test_a_sheet_approves_nothing(manager, people):
    header = ["Sleutel", "Als (rol)", "Wil ik weten", "Om te besluiten", "Hoe vaak", "Stand (alleen lezen)"]
    taken(manager, book(Behoeften=[header, ["new", "teacher", "Wat?", "Iets.", "elke dag", "goedgekeurd"]]))
    need = InformationNeed.objects.get(key="new")
    assert need.state == "asked"
    with pytest.raises(Refused):
        deciding.approve(manager, need, need.fingerprint())


def test_who_brought_it_in_does_not_approve_it(manager, people):
    header = ["Sleutel", "Hoe vaak"]
    taken(manager, book(Behoeften=[header, ["my_day", "elke week"]]))
    need = InformationNeed.objects.whole().get(key="my_day")
    deciding.assess(manager, need)
    with pytest.raises(Refused) as refusal:
        deciding.approve(manager, need, need.fingerprint())
    assert refusal.value.code == "four_eyes"
    deciding.approve(people["board_member"], need, need.fingerprint())
    assert in_force()


def test_a_register_that_changed_in_between_is_shown_again(manager):
    content = book(Doelen=[["Sleutel", "Doel"], ["G1", "Nieuw"]])
    read = reader(manager, content, "doelen.xlsx")
    before = rehearse(manager, read)
    put(manager, "goal.write", Goal, "G1", nl="Intussen anders")
    with pytest.raises(Outdated, match="opnieuw") as error:
        take_in(manager, read, before.fingerprint)
    assert error.value.now.changes[0].fields[0].was == "Intussen anders"
    assert Goal.objects.get(key="G1").nl == "Intussen anders"
    take_in(manager, read, error.value.now.fingerprint)
    assert Goal.objects.get(key="G1").nl == "Nieuw"


def test_an_approval_given_in_between_is_not_voided_unseen(manager, people):
    content = cell("rhythm", "elke week")
    taken(manager, content)
    read = reader(manager, cell("rhythm", "elk uur"), "behoeften.xlsx")
    before = rehearse(manager, read)
    need = InformationNeed.objects.whole().get(key="my_day")
    deciding.assess(manager, need)
    deciding.approve(people["board_member"], need, need.fingerprint())
    with pytest.raises(Outdated):
        take_in(manager, read, before.fingerprint)
    assert in_force()


def test_another_file_does_not_pass_for_the_one_that_was_shown(manager):
    shown = rehearse(manager, reader(manager, book(Doelen=[["Sleutel", "Doel"], ["G1", "Een"]]), "doelen.xlsx"))
    other = reader(manager, book(Doelen=[["Sleutel", "Doel"], ["G1", "Twee"]]), "doelen.xlsx")
    with pytest.raises(Outdated):
        take_in(manager, other, shown.fingerprint)


def test_one_line_says_what_came_in_and_each_thing_has_its_own(manager):
    before = AuditLine.objects.count()
    taken(manager, book(Doelen=[["Sleutel", "Doel"], ["G1", "Een"], ["G8", "Acht"]]))
    lines = list(AuditLine.objects.filter(number__gt=before))
    assert [line.action for line in lines] == ["goal.write", "goal.write", "exchange.import"]
    assert (lines[-1].facts["added"], lines[-1].facts["changed"]) == (1, 1)
    assert verify().holds


def test_a_role_that_ends_in_the_same_file_still_counts_for_that_file_only(manager, people):
    """Whoever ends the own role by file is refused from the next day on, not halfway."""
    held = ["Persoon (e-mail)", "Rol", "Waar (sleutel van de organisatie)", "Vanaf", "Tot en met"]
    start = manager.assignments.get().start
    taken(manager, book(
        Rollen=[["Sleutel", "Rol"], ["teacher", "juf of meester"]],
        Aanstellingen=[held, [manager.email, "information_manager", "", start, start]],
    ))  # fmt: skip
    assert Role.objects.get(key="teacher").nl == "juf of meester"
    with clock.held_at(start + timedelta(days=1)):
        assert looked(manager, book(Rollen=[["Sleutel", "Rol"], ["teacher", "leraar"]])).faults
