"""Parts of a kit: whatever someone chooses, it comes with all that it needs, and with nothing that it does not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schakel.chain.elements import DataElement
from schakel.chain.goals import Activity, Goal
from schakel.chain.needs import InformationNeed
from schakel.chain.responsibilities import Area, Responsibility
from schakel.chain.systems import System
from schakel.collect.sources import Source
from schakel.distribute.products import Product
from schakel.kits import contents, families, parts
from schakel.kits.difference import diff
from schakel.kits.families import delivered, everything
from schakel.kits.loading import load
from schakel.kits.mistakes import BadKit
from tests.kits.small_kits import small, write

WHOLE = everything()
NAMES = sorted((item.section, item.key) for item in WHOLE.items)


def names(kit: contents.Kit) -> set[parts.Name]:
    return {(item.section, item.key) for item in kit.items}


@pytest.fixture
def manager(people):
    return people["information_manager"]


# --- What comes along -----------------------------------------------------------------------------------------------


def test_a_need_comes_with_its_chain():
    found = names(parts.taken(WHOLE, ["needs:absence_16h"]))
    assert {
        ("needs", "absence_16h"), ("roles", "absence_coordinator"), ("roles", "mentor"), ("activities", "A09"),
        ("goals", "G03"), ("processes", "verzuimcoordinatie"), ("processes", "leerlingbegeleiding"),
        ("objects", "absence"), ("systems", "attendance"), ("sources", "verzuim"), ("products", "absence_16h"),
        ("retention", "absence_enrolment"),
    } <= found  # fmt: skip
    assert {key for section, key in found if section == "needs"} == {"absence_16h"}
    assert ("objects", "finance_year") not in found and ("areas", "course") not in found


def test_a_product_comes_with_the_indicator_whose_figure_it_shows():
    found = names(parts.taken(WHOLE, ["needs:reference_levels"]))
    assert {key for section, key in found if section == "indicators"} == {"I_1F", "I_1S2F"}
    assert ("indicators", "I_SICK_RATE") in names(parts.taken(WHOLE, ["needs:sick_leave_rate"]))
    assert not {
        key for section, key in names(parts.taken(WHOLE, ["needs:vo_results_model"])) if section == "indicators"
    }


def test_a_refused_need_comes_with_what_serves_instead():
    found = names(parts.taken(WHOLE, ["needs:sick_cause"]))
    assert ("needs", "sick_today_cover") in found


def test_a_link_comes_only_when_both_systems_do():
    assert ("links", "hr-schakel") not in names(parts.taken(WHOLE, ["systems:hr"]))
    assert ("links", "hr-schakel") in names(parts.taken(WHOLE, ["systems:hr", "systems:schakel"]))


@settings(max_examples=60, deadline=None)
@given(wished=st.lists(st.sampled_from(NAMES), min_size=1, max_size=4))
def test_whatever_is_chosen_is_closed_and_choosing_it_again_adds_nothing(wished):
    """Everything that is pointed at comes along; what was chosen is always among it; twice is once."""
    here = {(item.section, item.key): item for item in WHOLE.items}
    chosen = parts.along(here, wished)
    assert set(wished) <= chosen
    for name in chosen:
        assert {each for each in parts.points_at(here[name]) if each in here} <= chosen
    assert parts.along(here, chosen) == chosen


@settings(max_examples=40, deadline=None)
@given(one=st.sampled_from(NAMES), other=st.sampled_from(NAMES))
def test_two_choices_together_hold_each_of_them(one, other):
    here = {(item.section, item.key): item for item in WHOLE.items}
    together = parts.along(here, [one, other])
    assert parts.along(here, [one]) | parts.along(here, [other]) <= together
    followers = {name for name in together if name[0] in ("links", "products", "sources")}
    assert together - followers == (parts.along(here, [one]) | parts.along(here, [other])) - followers


@pytest.mark.parametrize(
    ("text", "wishes"),
    [
        ("needs:a,b,goals", ["needs:a", "needs:b", "goals"]),
        ("areas", ["areas"]),
        ("needs:a, goals:G1 ,G2", ["needs:a", "goals:G1", "goals:G2"]),
        ("goals,a", ["goals", "a"]),
        ("", []),
        (",,", []),
    ],
)
def test_wishes_are_split_as_people_write_them(text, wishes):
    assert parts.split(text) == wishes


@pytest.mark.parametrize("wish", ["nergens", "needs:nergens", "needs:", ":absence_16h", "goals:absence_16h"])
def test_a_part_that_is_not_there_is_refused_with_what_is(wish):
    with pytest.raises(BadKit) as error:
        parts.taken(WHOLE, [wish])
    assert wish in str(error.value) and "needs" in str(error.value)


# --- Kits that stand on kits ----------------------------------------------------------------------------------------


def test_a_kit_of_someone_else_may_stand_on_the_base(tmp_path, manager):
    content = small()
    for section in ("roles", "goals", "processes", "activities", "systems", "objects"):
        del content[section]
    content["needs"][0] |= {"key": "our_day", "activity": "A10", "goal": "G03"}
    path = write(tmp_path, {**content, "requires": ["base"]})
    load(manager, path, only=["needs:our_day"])
    need = InformationNeed.objects.whole().get(key="our_day")
    assert need.goal.key == "G03" and need.element_keys() == {"slot.start_time", "slot.room"}
    assert InformationNeed.objects.count() == 1 and Goal.objects.count() == 1


@pytest.mark.parametrize(
    ("requires", "word"), [(["nergens"], "nergens"), (["../base"], "../base"), (["small"], "staat op zichzelf")]
)
def test_a_kit_stands_only_on_kits_that_come_with_schakel(tmp_path, requires, word):
    with pytest.raises(BadKit, match=word):
        families.read(write(tmp_path, {**small(), "requires": requires}))


def test_two_kits_may_not_say_the_same(tmp_path):
    content = {**small(), "requires": ["base"]}
    with pytest.raises(BadKit) as error:
        families.read(write(tmp_path, content))
    assert "staat ook al" in str(error.value) and "base/" in str(error.value)


def test_a_kit_takes_parts_of_the_kits_that_it_stands_on(tmp_path):
    head = {k: v for k, v in small().items() if not isinstance(v, list)}
    path = write(tmp_path, {**head, "requires": ["base"], "takes": ["needs:class_size"]})
    kit = families.read(path)
    assert {item.key for item in kit.of("needs")} == {"class_size"}
    assert {item.key for item in kit.of("goals")} == {"G07"}
    assert {item.kit for item in kit.items} == {"base"}
    with pytest.raises(BadKit, match="needs:nergens"):
        families.read(write(tmp_path, {**head, "requires": ["base"], "takes": ["needs:nergens"]}))


@pytest.mark.parametrize("part", ["needs/../../geheim", "needs/", "needs/A", "/needs", "needs/a/b", "nergens/a"])
def test_a_part_in_a_folder_is_a_plain_name(tmp_path, part):
    head = {k: v for k, v in small().items() if not isinstance(v, list)}
    with pytest.raises(BadKit, match="onderdeel"):
        families.read(write(tmp_path, {**head, "contains": [part]}))


def test_a_part_may_be_spread_over_files_in_a_folder(tmp_path):
    content = small()
    needs = content.pop("needs")
    sections = {name: content.pop(name) for name in list(content) if isinstance(content[name], list)}
    (tmp_path / "needs").mkdir()
    for name, section in sections.items():
        part = {"processes": "reference", "objects": "elements"}.get(name, name)
        write(tmp_path, {name: section}, f"{part}.yaml")
    write(tmp_path / "needs", {"needs": needs}, "day.yaml")
    contains = ["roles", "goals", "reference", "activities", "systems", "elements", "needs/day"]
    kit = families.read(write(tmp_path, {**content, "contains": contains}))
    assert [item.file for item in kit.of("needs")] == ["needs/day.yaml"]
    assert kit.items == families.read(tmp_path).items


@pytest.mark.parametrize(
    ("section", "entry"),
    [
        ("areas", {"content": {"A": ["board"], "R": ["board"]}}),
        ("areas", {"content": {"A": "board"}}),
        ("areas", {"content": {"A": "board", "R": ["board"], "X": ["board"]}}),
        ("consultations", {"roles": [1]}),
    ],
)
def test_who_answers_for_what_is_checked_when_read(tmp_path, section, entry):
    whole = {
        "areas": {"key": "a", "kind": "data", "nl": "a", "en": "a", "content": {"A": "board", "R": ["board"]}},
        "consultations": {
            "key": "c", "nl": "a", "en": "a", "level": "tactical", "rhythm": "monthly", "chair_role": "teacher",
            "roles": ["teacher"],
        },
    }[section]  # fmt: skip
    families.read(write(tmp_path, {**small(), section: [whole]}))
    with pytest.raises(BadKit) as error:
        families.read(write(tmp_path, {**small(), section: [{**whole, **entry}]}))
    assert "regel" in error.value.where


# --- Into the register ----------------------------------------------------------------------------------------------


def test_one_need_fills_only_its_own_chain(manager):
    loaded = load(manager, "po", only=["needs:skills_growth"])
    assert loaded.wrote and {need.key for need in InformationNeed.objects.all()} == {"skills_growth"}
    assert {activity.key for activity in Activity.objects.all()} == {"A01"}
    assert {goal.key for goal in Goal.objects.all()} == {"G01"}
    assert {product.key for product in Product.objects.all()} == {"skills_growth"}
    assert {"las", "monitoring"} <= {system.key for system in System.objects.all()}
    assert Source.objects.filter(key="oneroster") and not Source.objects.filter(key="financien")
    assert DataElement.objects.filter(key="result.score") and not DataElement.objects.filter(key="absence.kind")


def test_parts_may_come_one_by_one_and_the_rest_later(manager):
    for wish in ("needs:class_size", "needs:mentor_list", "areas:course"):
        load(manager, "starter", only=[wish])
    assert Area.objects.count() == 1 and Responsibility.objects.filter(thing_key="course").count() == 12
    assert diff("starter", ["needs:class_size"]).changes == ()
    assert not diff("starter").of("removed"), "what was not chosen was not taken away"
    loaded = load(manager, "starter", only=["areas:course", "needs:class_size", "policies"])
    assert (
        {change.section for change in loaded.added} <= {"policies", "roles"} and not loaded.changed and not loaded.kept
    )


@settings(max_examples=4, deadline=None)
@given(
    wished=st.lists(st.sampled_from(sorted(item.key for item in delivered("vo").of("needs"))), min_size=1, max_size=2)
)
def test_any_needs_of_a_kit_can_be_loaded_on_their_own(wished, django_db_setup, django_db_blocker):
    """Closed under what the register demands: no reference is ever missing, and twice is once."""
    from django.db import transaction

    from schakel.kits.stock import bring_in

    with django_db_blocker.unblock(), transaction.atomic():
        manager = bring_in()["information_manager"]
        only = [f"needs:{key}" for key in wished]
        load(manager, delivered("vo"), only=only)
        assert set(wished) <= set(InformationNeed.objects.values_list("key", flat=True))
        assert not load(manager, delivered("vo"), only=only).wrote
        transaction.set_rollback(True)
