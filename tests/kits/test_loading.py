"""Loading a kit: the same functions as people use, all or nothing, twice is once, and never an approval."""

import pytest

from schakel.access.audit import AuditLine, verify
from schakel.access.register import put
from schakel.chain.elements import DataElement, InformationObject, SourceOfRecord
from schakel.chain.goals import Activity, Goal, Process
from schakel.chain.needs import InformationNeed
from schakel.chain.systems import Link, System
from schakel.collect.sources import Source
from schakel.distribute.products import Product
from schakel.governance.retention import RetentionRule
from schakel.kits.loading import load
from schakel.kits.mistakes import BadKit
from schakel.lib.errors import Refused
from schakel.steer.norms import Indicator, Norm
from tests.kits.small_kits import small, write


@pytest.fixture
def manager(people):
    return people["information_manager"]


def everything():
    """How much there is of each noun."""
    nouns = (
        Goal, Process, Activity, System, Link, Source, InformationObject, DataElement, SourceOfRecord, Indicator, Norm,
        InformationNeed, Product, RetentionRule,
    )  # fmt: skip
    return {noun.__name__: noun.objects.count() for noun in nouns}


def test_who_may_not_load_is_refused_and_that_is_recorded(people):
    for name in ("board_member", "ict_manager", "teacher", "outsider"):
        with pytest.raises(Refused) as refusal:
            load(people[name], "starter")
        assert refusal.value.code == "permission"
    assert not Goal.objects.exists()
    assert AuditLine.objects.filter(action="refused:kit.load").count() == 4


def test_one_mistake_and_nothing_remains(manager, tmp_path):
    content = small()
    content["needs"][0]["required"]["slot.geheim"] = "bestaat niet"
    before, lines = everything(), AuditLine.objects.count()
    with pytest.raises(BadKit) as error:
        load(manager, write(tmp_path, content))
    assert "slot.geheim" in str(error.value) and "kit.yaml, regel" in error.value.where
    assert everything() == before and AuditLine.objects.count() == lines
    assert verify().holds


@pytest.mark.parametrize(
    ("section", "field", "value", "word"),
    [
        ("goals", "owner_role", "niemand", "niemand"),
        ("activities", "goal", "G9", "G9"),
        ("needs", "audience", ["teacher:overal"], "teacher:overal"),
        ("needs", "audience", ["niemand:self"], "niemand"),
        ("needs", "level", "wereld", "wereld"),
        ("needs", "question_nl", "x" * 400, "my_day"),
    ],
)
def test_a_mistake_is_named_with_its_place(manager, tmp_path, section, field, value, word):
    content = small()
    content[section][0][field] = value
    with pytest.raises(BadKit) as error:
        load(manager, write(tmp_path, content))
    assert word in str(error.value) and error.value.where.startswith("kit.yaml, regel")


def test_special_data_that_would_come_along_by_themselves_are_refused(manager, tmp_path):
    content = small()
    content["objects"][0]["elements"][0] |= {"structural": True, "personal": True, "special": "art9_health"}
    with pytest.raises(BadKit):
        load(manager, write(tmp_path, content))
    assert not DataElement.objects.exists()


def test_a_kit_cannot_approve(manager, tmp_path):
    content = small()
    content["needs"][0]["state"] = "approved"
    with pytest.raises(BadKit):
        load(manager, write(tmp_path, content))


PRODUCT = {
    "key": "my_day", "need": "my_day", "title": {"nl": "Vandaag", "en": "Today"}, "shape": "roster", "level": "person",
    "sql": "SELECT l.start_time AS start_time, l.room AS room FROM slot AS l WHERE l.date = current_date",
    "columns": [
        {"key": "start_time", "nl": "Begint", "en": "Starts", "format": "time"},
        {"key": "room", "nl": "Lokaal", "en": "Room", "format": "text", "optional": True},
    ],
    "sort": ["start_time"], "chart": {"kind": "none"},
    "finding": [{"when": "rows", "one_nl": "a", "many_nl": "b", "one_en": "a", "many_en": "b"}],
    "empty": {"nl": "Niets.", "en": "Nothing."},
}  # fmt: skip


def test_a_product_of_a_kit_is_written(manager, tmp_path):
    load(manager, write(tmp_path, {**small(), "products": [PRODUCT]}))
    product = Product.objects.get(key="my_day")
    assert product.need.key == "my_day" and product.optional == frozenset({"room"})


@pytest.mark.parametrize(
    ("sql", "word"),
    [
        (
            "SELECT p.birth_date AS start_time, l.room AS room FROM slot AS l JOIN pupil AS p ON TRUE",
            "pupil.birth_date",
        ),
        ("SELECT p.first_name AS start_time, p.family_name AS room FROM pupil AS p", "pupil"),
        ("SELECT l.minutes AS start_time, l.room AS room FROM slot AS l", "slot.minutes"),
        ("SELECT * FROM read_csv('/etc/passwd')", ""),
        ("DROP TABLE slot", ""),
    ],
)
def test_a_product_of_a_kit_can_use_no_more_than_its_need(manager, tmp_path, sql, word):
    with pytest.raises(BadKit) as error:
        load(manager, write(tmp_path, {**small(), "products": [{**PRODUCT, "sql": sql}]}))
    assert word in str(error.value)
    assert not Product.objects.exists() and not Goal.objects.exists()


def test_a_list_of_words_that_is_not_there_is_named(manager, tmp_path):
    column = {"key": "start_time", "nl": "a", "en": "b", "format": "state", "words": "weg"}
    with pytest.raises(BadKit, match="weg"):
        load(manager, write(tmp_path, {**small(), "products": [{**PRODUCT, "columns": [column]}]}))


def test_two_kits_live_side_by_side(manager, tmp_path):
    load(manager, write(tmp_path, small()))
    other = {**small(), "id": "other", "goals": [{**small()["goals"][0], "key": "G2"}]}
    other["activities"][0] |= {"key": "A2", "goal": "G2"}
    other["needs"][0] |= {"goal": "G2", "activity": "A2"}
    loaded = load(manager, write(tmp_path, other))
    assert set(Goal.objects.values_list("key", flat=True)) == {"G1", "G2"}
    assert [each.key for each in loaded.kept] == ["my_day"], "the first kit asked it, so it stays as it is"


def test_what_a_person_made_first_stays_theirs(manager, tmp_path):
    put(manager, "goal.write", Goal, "G1", nl="Ons eigen doel")
    loaded = load(manager, write(tmp_path, small()))
    assert Goal.objects.get(key="G1").nl == "Ons eigen doel"
    assert "G1" in [each.key for each in loaded.kept]
