"""A model that somebody else drew: what has a place comes in, what has none is counted, what is wrong is named."""

import pytest

from schakel.access.audit import AuditLine, verify
from schakel.access.register import by_key, put
from schakel.chain.elements import InformationObject
from schakel.chain.goals import Activity, Goal, Process
from schakel.chain.model_identifiers import ModelIdentifier
from schakel.chain.systems import Link, ReferenceComponent, System
from schakel.kits.archimate import reading
from schakel.kits.archimate.bringing_in import reader
from schakel.kits.archimate.writing import model
from schakel.kits.exchange.taking import NotTaken, Outdated, rehearse, take_in
from schakel.lib.errors import Unreadable
from schakel.lib.text import spoken
from tests.kits.models import FOREIGN, concepts, problems
from tests.kits.registers import filled

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(people, tmp_path):
    return filled(people, tmp_path)["information_manager"]


def looked(actor, text=FOREIGN, **options):
    content = text.encode() if isinstance(text, str) else text
    return rehearse(actor, reader(content, "model.xml", **options))


def taken(actor, text=FOREIGN, **options):
    read = reader(text.encode() if isinstance(text, str) else text, "model.xml", **options)
    return take_in(actor, read, rehearse(actor, read).fingerprint)


def test_goals_functions_processes_objects_and_components_find_their_place(manager):
    taken(manager)
    goal = by_key(Goal, "elke_leerling_leest")
    assert (goal.nl, goal.en) == ("Elke leerling leest", "Every pupil reads")
    process = by_key(Process, "leesonderwijs")
    assert process.parent.key == "onderwijs"
    assert (process.parent.description, process.source) == ("Alles in de klas.", "ArchiMate-model ‘Ons landschap’")
    activity = by_key(Activity, "toetsen_afnemen")
    assert (activity.goal, activity.process) == (goal, process)
    thing = by_key(InformationObject, "toetsresultaat")
    assert (thing.origin, thing.en) == ("reference", "Toetsresultaat")
    assert by_key(System, "lvs").name == "LVS"
    assert verify().holds


def test_what_stands_there_under_the_same_name_is_that_thing(manager):
    taken(manager)
    assert Goal.objects.filter(nl="Op tijd beginnen").count() == 1
    assert by_key(Goal, "elke_leerling_leest").parent.key == "G1"
    link = Link.objects.get(key="uwlr")
    assert (link.from_system.key, link.to_system.key, link.standard) == ("las", "lvs", "UWLR")
    assert by_key(System, "las").personal_data, "what the model does not say stays as it is"


def test_what_has_no_place_is_named_and_counted(manager):
    notes = " ".join(looked(manager).notes)
    assert "AndJunction 1, Node 1" in notes
    assert "Access 1, Serving 1" in notes
    assert "1 platen en 2 mappen" in notes
    assert "Eigenschappen van een ander programma, niet overgenomen: 1" in notes
    assert "1 informatieobject heeft geen Engelse naam" in notes


def test_an_application_component_can_be_a_reference_component(manager):
    put(manager, "system.write", System, "leer", name="Leerling in beeld")
    taken(manager, components="components")
    assert set(ReferenceComponent.objects.values_list("nl", flat=True)) == {"LVS", "las"}
    assert not System.objects.filter(key="lvs").exists()
    assert not Link.objects.filter(key="uwlr").exists()


def test_identifiers_that_came_in_go_out_again(manager):
    taken(manager)
    content = model(manager, "x")
    out = concepts(content)
    came = {name for name in concepts(FOREIGN.encode()) if name not in ("id-node", "id-and", "id-r5", "id-r6")}
    assert came <= set(out)
    for identifier in came:
        assert out[identifier][1] in (concepts(FOREIGN.encode())[identifier][1], "Aggregation")
    assert problems(content) == []
    assert ModelIdentifier.objects.count() == len(came)


def test_the_same_model_again_changes_nothing_even_when_names_changed_here(manager):
    taken(manager)
    put(manager, "goal.write", Goal, "elke_leerling_leest", nl="Iedereen leest")
    [change] = looked(manager).changes
    assert [(each.field, each.becomes) for each in change.fields] == [("nl", "Elke leerling leest")]
    taken(manager)
    again = looked(manager)
    assert not again.changes and not again.faults
    assert Goal.objects.filter(nl="Elke leerling leest").count() == 1


def test_a_renamed_element_is_the_same_thing(manager):
    taken(manager)
    taken(manager, FOREIGN.replace("Leesonderwijs", "Lezen en schrijven"))
    assert by_key(Process, "leesonderwijs").nl == "Lezen en schrijven"


def test_our_own_model_comes_back_from_another_tool_that_renames_its_definitions(manager):
    text = model(manager, "x").decode()
    for name in ("noun", "key", "field", "demand"):
        text = text.replace(f'"schakel-property-{name}"', f'"propid-{name}"')
    found = looked(manager, text)
    assert not found.changes and not found.faults


def test_a_tool_that_drops_a_language_takes_nothing_away(manager):
    text = "\n".join(line for line in model(manager, "x").decode().splitlines() if 'xml:lang="en"' not in line)
    taken(manager, text.replace("Op tijd beginnen", "Elke dag op tijd"))
    goal = by_key(Goal, "G1")
    assert (goal.nl, goal.en) == ("Elke dag op tijd", "Start in time")


def test_a_need_that_was_edited_in_the_model_loses_its_approval(manager, people):
    from schakel.chain import deciding
    from schakel.chain.approvals import needed_elements
    from schakel.chain.needs import InformationNeed

    need = InformationNeed.objects.get(key="my_day")
    deciding.assess(manager, need)
    deciding.approve(people["board_member"], need, InformationNeed.objects.whole().get(pk=need.pk).fingerprint())
    text = model(manager, "x").decode()
    assert not looked(manager, text).changes
    edited = text.replace("Waar moet ik zijn?", "Waar moet ik heen?")
    [change] = looked(manager, edited).changes
    assert change.voids
    taken(manager, edited)
    assert needed_elements() == frozenset()


def test_who_may_not_write_a_noun_reads_which_permission_misses(manager, people):
    found = looked(people["ict_manager"])
    assert {fault.reason for fault in found.faults} == {
        "Dit mag alleen: bestuurder, informatiemanager.", "Dit mag alleen: informatiemanager."
    }  # fmt: skip


ELEMENT = '<element identifier="{}" xsi:type="Goal"><name>{}</name></element></elements>'


@pytest.mark.parametrize(
    ("was", "becomes", "reason"),
    [
        ("</elements>", ELEMENT.format("id-goal", "Dubbel"), "staat er al"),
        ('target="id-goal" xsi:type="Realization"', 'target="id-weg" xsi:type="Realization"', "‘id-weg’"),
        ('identifier="id-fun-2"', 'identifier="2 fun"', "geen geldige identifier"),
        ('identifier="id-fun-2" xsi:type="BusinessFunction"', 'identifier="id-fun-2"', "geen soort"),
        ('<element identifier="id-goal-2" xsi:type="Goal"><name xml:lang="nl">Op tijd beginnen</name>',
         '<element identifier="id-goal-2" xsi:type="Goal">', "geen naam"),
        ('propertyDefinitionRef="prop-1"', 'propertyDefinitionRef="prop-9"', "definitie die er niet is"),
        ("Elke leerling leest", "x" * 300, "250"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_line_and_nothing_is_written(manager, was, becomes, reason):
    text = FOREIGN.replace(was, becomes, 1)
    assert text != FOREIGN
    before = AuditLine.objects.count()
    faults = looked(manager, text).faults
    assert any(reason in fault.reason and fault.place.where.startswith("regel ") for fault in faults), faults
    with pytest.raises(NotTaken):
        taken(manager, text)
    assert AuditLine.objects.count() == before
    assert not Goal.objects.filter(key="elke_leerling_leest").exists()


def test_a_circle_of_functions_is_refused(manager):
    more = '<relationship identifier="id-r9" source="id-fun-2" target="id-fun" xsi:type="Composition"/></relationships>'
    found = looked(manager, FOREIGN.replace("</relationships>", more))
    assert {fault.reason for fault in found.faults} == {"Zo wordt het een onderdeel van zichzelf."}


@pytest.mark.parametrize(
    ("was", "becomes", "reason"),
    [
        (">slot.room<", ">slot.room\n<", "blanco tekens"),
        (">true<", ">zeker<", "ja of nee"),
        (">bestuurlijk<", ">bestuurlijk<", ""),
        (
            '"schakel-property-letters">\n          <value>R C',
            '"schakel-property-letters">\n          <value>Q',
            "andere letter",
        ),
    ],
)
def test_a_value_of_our_own_that_does_not_fit_is_named(manager, was, becomes, reason):
    text = model(manager, "x").decode().replace(was, becomes, 1)
    faults = looked(manager, text).faults
    assert bool(faults) == bool(reason)
    assert all(reason in fault.reason for fault in faults[:1])


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "leeg"),
        (b"<model", "geen ArchiMate-model"),
        (FOREIGN.encode()[:900], "geen heel XML"),
        (b"PK\x03\x04", "geen heel XML"),
        (b"<a/>", "geen ArchiMate-model"),
        (b'<model xmlns="http://www.opengroup.org/xsd/archimate"/>', "versie 2.1"),
        (b'<a:model xmlns:a="http://www.archimatetool.com/archimate"/>', "Open Exchange"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]>' + FOREIGN.encode()[38:], "DOCTYPE"),
        (b'<!DOCTYPE model SYSTEM "file:///etc/passwd">' + FOREIGN.encode()[38:], "DOCTYPE"),
        ('<!DOCTYPE x [<!ENTITY a "b">]><model/>'.encode("utf-16"), "DOCTYPE"),
        (FOREIGN[: FOREIGN.index("<name")].encode() + b"<a>" * 5000, "geen heel XML"),
    ],
)
def test_what_cannot_be_read_says_so_in_one_sentence(manager, content, reason):
    with pytest.raises(Unreadable) as error:
        looked(manager, content)
    assert reason in str(error.value)
    assert str(error.value).startswith("model.xml")


def test_laughing_entities_are_never_unfolded(manager):
    lines = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<!DOCTYPE m [<!ENTITY l0 "ha">{lines}]>' + FOREIGN[39:].replace("Elke leerling leest", "&l11;")
    with pytest.raises(Unreadable, match="DOCTYPE"):
        looked(manager, bomb)


def test_a_file_that_is_too_large_is_refused(manager, monkeypatch):
    monkeypatch.setattr(reading, "MAX_BYTES", 100)
    with pytest.raises(Unreadable, match="te groot"):
        looked(manager)
    monkeypatch.setattr(reading, "MAX_BYTES", 10**6)
    monkeypatch.setattr(reading, "MAX_CONCEPTS", 3)
    with pytest.raises(Unreadable, match="te groot"):
        looked(manager)


def test_a_register_that_changed_in_between_is_shown_again(manager):
    read = reader(FOREIGN.encode(), "model.xml")
    before = rehearse(manager, read)
    put(manager, "goal.write", Goal, "G77", nl="Elke leerling leest")
    with pytest.raises(Outdated):
        take_in(manager, read, before.fingerprint)
    assert not ModelIdentifier.objects.exists()


def test_the_same_in_english(manager):
    with spoken("en"):
        found = looked(manager)
    assert any("1 views" in note for note in found.notes)
