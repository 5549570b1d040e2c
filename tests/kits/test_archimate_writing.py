"""The model that Schakel writes is valid: by the schema, by ArchiMate's own rules, and with nobody in it."""

import pytest
from lxml import etree

from schakel.access.audit import AuditLine
from schakel.access.people import Person
from schakel.kits.archimate import identifiers
from schakel.kits.archimate.drawing import Drawing, Drawn
from schakel.kits.archimate.vocabulary import LINKS, PREFIX, ROADS, TYPES
from schakel.kits.archimate.writing import model, written
from schakel.kits.exchange.register import NOUNS
from tests.kits.models import SCHEMA, SPACE, allowed, concepts, problems, published_schema
from tests.kits.registers import filled

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(people, tmp_path):
    return filled(people, tmp_path)["information_manager"]


def test_a_small_register_is_a_valid_model(manager):
    assert problems(model(manager, "Stichting")) == []


def test_the_whole_demo_board_is_a_valid_model(board_model):
    assert problems(board_model) == []
    kinds = {kind for _tag, kind, _source, _target in concepts(board_model).values()}
    assert {"Goal", "Requirement", "DataObject", "ApplicationComponent", "ApplicationService", "Assessment"} <= kinds


def test_the_published_schema_finds_nothing_either(board_model):
    path = published_schema()
    if path is None:
        pytest.skip("no folder with the schema of The Open Group is named in ARCHIMATE_XSD")
    schema = etree.XMLSchema(etree.parse(path))
    assert schema.validate(etree.fromstring(board_model)), schema.error_log


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        (b'xsi:type="Goal"', b'xsi:type="Wish"'),
        (b'identifier="schakel-goals-G1"', b'identifier="1 goal"'),
        (b'target="schakel-goals-G1"', b'target="schakel-goals-G0"'),
        (b' xsi:type="Flow"', b""),
        (b"<elements>", b"<elements><name>x</name>"),
        (b'type="boolean"', b'type="truth"'),
        (b'propertyDefinitionRef="schakel-property-noun"', b'propertyDefinitionRef="schakel-property-none"'),
        (b'xsi:type="Realization"', b'xsi:type="Composition"'),
    ],
)
def test_the_check_itself_finds_what_is_wrong(manager, was, becomes):
    content = model(manager, "Stichting")
    assert was in content
    assert problems(content.replace(was, becomes, 1))


def test_every_road_is_allowed_by_archimate():
    may = allowed()
    for (noun, name), road in ROADS.items():
        if road.type == "Association":
            continue
        column = NOUNS[noun].column(name)
        here, there = TYPES[noun], TYPES[column.to]
        assert ((there, road.type, here) if road.back else (here, road.type, there)) in may


def test_every_field_of_every_noun_has_a_place(manager):
    """No field can be forgotten: it is a name, a text, a property, a relationship, or named as left out."""
    from schakel.kits.archimate.drawing import columns_of
    from schakel.kits.archimate.vocabulary import LEFT_OUT, name_fields, text_fields

    for noun in (*TYPES, LINKS):
        placed = {*columns_of(noun), *name_fields(noun), *text_fields(noun), "key", "from_system", "to_system"}
        placed |= {name for owner, name in (*ROADS, *LEFT_OUT) if owner == noun}
        assert {column.name for column in NOUNS[noun].columns} <= placed


# Fields of a table that are said in another way, or belong to a decision here.
ELSEWHERE = {
    "needs": {"requester", "asked_at", "state", "refusal_reason"},
    # When a source is read and whom to call: set on its own page, for this board alone.
    "sources": {
        "contact_email",
        "contact_name",
        "contact_phone",
        "credentials_expire_on",
        "cron",
        "not_in_holidays",
        "region",
        "scheduled_at",
    },
}


@pytest.mark.parametrize("noun", [*TYPES, LINKS])
def test_every_field_of_the_table_is_a_field_of_the_noun(noun):
    """A field that somebody adds to the register is exchanged, or named here."""
    kept = {field.name for field in NOUNS[noun].model._meta.fields} - {"id", "key"}
    assert kept - set(NOUNS[noun].fields) == ELSEWHERE.get(noun, set())


def test_nobody_is_in_it(board_model):
    text = board_model.decode()
    assert "@" not in text.replace("@system", "").replace("@las", "") or "oeverscholen.example" not in text
    for person in ("Marijke Terpstra", "Youssef Haddou", "Tom Bakker"):
        assert person not in text


def test_the_owner_of_a_need_who_is_a_person_stays_out(manager):
    from schakel.chain import deciding
    from schakel.chain.needs import InformationNeed

    deciding.revise(manager, InformationNeed.objects.get(key="my_day"), owner=manager)
    text = model(manager, "x").decode()
    assert manager.email not in text and manager.name not in text
    assert not Person.objects.filter(email__in=text.split()).exists()


def test_names_are_in_both_languages(manager):
    root = etree.fromstring(model(manager, "Stichting"))
    goal = root.xpath("//a:element[@identifier='schakel-goals-G1']", namespaces=SPACE)[0]
    names = {
        each.get("{http://www.w3.org/XML/1998/namespace}lang"): each.text for each in goal.findall("a:name", SPACE)
    }
    assert names == {"nl": "Op tijd beginnen", "en": "Start in time"}


def test_the_same_register_gives_the_same_file(manager):
    assert model(manager, "x") == model(manager, "x")


def test_writing_a_model_changes_nothing(manager):
    before = AuditLine.objects.count()
    model(manager, "x")
    assert AuditLine.objects.count() == before


@pytest.mark.parametrize(
    "key",
    ["G1", "absence_16h", "pupil.first_name", "a b", "é", "x_x41_", "las@slot", "1", "", "/../", "a" * 255, "日本"],
)
def test_identifiers_are_valid_whatever_the_key(key):
    assert identifiers.VALID.fullmatch(identifiers.made("goals", key))
    assert SCHEMA is not None


def test_two_keys_never_share_an_identifier():
    keys = ["a b", "a_b", "a_x20_b", "a_x5F_x20_b", "a.b", "a-b", "A B", "a  b"]
    assert len({identifiers.made("goals", key) for key in keys}) == len(keys)


def test_our_properties_are_recognised_by_their_name(manager):
    names = etree.fromstring(model(manager, "x")).xpath("//a:propertyDefinition/a:name/text()", namespaces=SPACE)
    assert all(name.startswith(PREFIX) for name in names)
    assert len(set(names)) == len(names)


def test_a_concept_without_properties_has_no_empty_box_for_them():
    """The published schema asks at least one property in the box."""
    drawing = Drawing()
    drawing.elements.append(Drawn("schakel-x", "Goal", [("nl", "Doel")], [], []))
    content = written(drawing, "Stichting")
    assert problems(content) == []
    assert not etree.fromstring(content).xpath("//a:properties", namespaces=SPACE)
