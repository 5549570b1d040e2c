"""All content of the kits that come with Schakel: does everything that is named exist, and does everything hold?"""

import csv
import re
from collections import Counter
from itertools import chain
from pathlib import Path

import pytest

from schakel.process import mappings
from schakel.process.model import school_model
from schakel.steer.norms import Indicator
from tests.kits import kit_files
from tests.kits.kit_files import HOME, KITS, section
from tests.kits.starter import (
    ACTIVITIES,
    ASKED,
    ELEMENTS,
    GOALS,
    INDICATORS,
    NEEDS,
    OBJECTS,
    PROCESSES,
    PRODUCTS,
    ROLES,
    SOURCES,
    STARTER,
    SYSTEMS,
    WITHOUT_SOURCE,
    record_of,
    wanted,
)

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT.parent / "shared" / "reference"
SCOPES = {"self", "own_pupils", "own_groups", "own_school", "board"}


# --- The kit as a whole ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kit", [*KITS, "starter"])
def test_each_kit_says_who_made_it_and_what_is_in_it(kit):
    said = kit_files.head(kit)
    assert (said["id"], said["language"], said["licence"]) == (kit, "nl", "EUPL-1.2")
    assert re.fullmatch(r"\d+\.\d+\.\d+", said["version"])
    assert set(said["name"]) == set(said["description"]) == {"nl", "en"}
    assert set(said.get("contains", [])) == set(kit_files.files(kit)), "a file that is not named is never read"


@pytest.mark.parametrize("path", sorted(HOME.glob("**/*.yaml")), ids=lambda p: str(p.relative_to(HOME)))
def test_no_file_names_a_number_that_may_not_exist_here(path):
    """Law 6: no column for a BSN or education number, anywhere."""
    for line in path.read_text(encoding="utf-8").splitlines():
        assert not re.search(r"- \{?key: \w*(bsn|burgerservice)", line.replace("pupil_bsn_match", ""), re.I)
        assert not re.search(r"^ {6}- \{key: \w*pgn", line, re.I)


def test_there_is_enough_to_begin_with():
    assert (len(GOALS), len(ACTIVITIES), len(ROLES)) == (12, 40, 32)
    assert len(NEEDS) == 111 and len(STARTER) == 29
    assert len({product["need"] for product in PRODUCTS.values()}) >= 15
    assert len(INDICATORS) == 22 and len(kit_files.taken("indicators")) == 20
    assert {product["shape"] for product in PRODUCTS.values()} == {"worklist", "table", "trend", "score", "roster"}
    assert {need["level"] for need in NEEDS.values()} == {"person", "group", "school", "board"}


# --- Roles, goals, activities ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("thing", [*GOALS.values(), *ACTIVITIES.values()], ids=lambda t: t["key"])
def test_each_goal_and_activity_has_one_owner_in_both_languages(thing):
    assert thing["owner_role"] in ROLES
    assert thing["nl"] and thing["en"] and thing["nl"] != thing["en"]
    assert ("law" in thing) == ("law_confirmed" in thing)


@pytest.mark.parametrize("activity", ACTIVITIES.values(), ids=lambda a: a["key"])
def test_each_activity_serves_a_goal_in_a_process(activity):
    assert activity["goal"] in GOALS
    assert activity["process"] in PROCESSES


def test_each_goal_has_work_that_serves_it():
    assert {activity["goal"] for activity in ACTIVITIES.values()} == set(GOALS)


# --- Elements -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ELEMENTS)
def test_each_element_can_be_explained_and_judged(key):
    element = ELEMENTS[key]
    assert element["nl"] and element["en"] and element["description_nl"].endswith((".", "?"))
    assert re.fullmatch("[lmh]{3}", element["biv"])
    if element["special"] != "none":
        assert element["personal"]
    if element["special"].startswith("art9"):
        assert not element["structural"], "special data must be named, they never come along"


@pytest.mark.parametrize("key", OBJECTS)
def test_each_object_has_an_owner_a_term_and_a_system_or_none(key):
    each = OBJECTS[key]
    assert each["owner_role"] in ROLES
    assert each["retention"] in {rule["key"] for rule in section("retention")} | {"none"}
    for element in each["elements"]:
        assert element.get("record", each["record"]) in {*SYSTEMS, None}


@pytest.mark.parametrize("key", OBJECTS)
def test_each_object_says_what_it_is_for_and_on_which_ground(key):
    """In both languages; data about people rest on article 6 of the AVG."""
    each = OBJECTS[key]
    assert len(each["purpose_nl"]) > 20 and len(each["purpose_en"]) > 20
    assert each["purpose_nl"].endswith(".") and each["purpose_en"].endswith(".")
    people = any(element["personal"] for element in each["elements"])
    assert each["legal_basis"].startswith("AVG art. 6 lid 1") == people
    assert people or each["legal_basis"] == "geen persoonsgegevens"


def test_the_kit_describes_every_column_of_the_school_model():
    for table in school_model().values():
        for column in table.columns.values():
            element = ELEMENTS[column.element]
            assert element["structural"] == column.structural, column.element
            assert OBJECTS[table.name]["origin"] == table.origin
    assert set(school_model()) <= set(OBJECTS)


def test_what_no_source_brings_has_no_system_of_record():
    """Otherwise a gap would not show."""
    for key in set(OBJECTS) - set(school_model()):
        assert OBJECTS[key]["record"] is None
        assert not any(element.get("record") for element in OBJECTS[key]["elements"])


@pytest.mark.skipif(not REFERENCE.is_dir(), reason="the reference facts (../shared/reference) are not here")
def test_the_classification_follows_the_reference():
    with (REFERENCE / "school_model.csv").open(encoding="utf-8", newline="") as stream:
        facts = {f"{row['table']}.{row['column']}": row for row in csv.DictReader(stream)}
    small = {"indicator_value.people", "indicator_value.people_hit"}  # by which small groups stay hidden
    own = small | {"indicator_value.norm"}  # that a figure was judged against
    own |= {"site_year.similar_1f", "site_year.similar_1s2f"}  # what other schools in the country reach
    own |= {key for key in ELEMENTS if key.startswith(("exam_outcome.", "exam_mark."))}  # what DUO publishes of exams
    assert set(ELEMENTS) == set(facts) | own, "the whole school model, and nothing beside it"
    for key, element in ELEMENTS.items():
        if key in facts:
            fact = facts[key]
            assert element["identifier"] == (fact["identifier"] == "yes"), key
            assert element["biv"] == fact["biv_b"][0] + fact["biv_i"][0] + fact["biv_v"][0], key
            assert element["type"] == fact["type"], key
            assert element["structural"] == (fact["structural"] == "yes"), key
            assert element["personal"] == (fact["personal"] == "yes"), key
            assert element["special"].replace("none", "no") == fact["special_category"], key


# --- Needs ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("need", NEEDS.values(), ids=lambda n: n["key"])
def test_each_need_is_one_whole_sentence(need):
    assert need["role"] in ROLES
    assert need["owner_role"] in ROLES, "one role answers for it"
    assert isinstance(need["owner_role"], str)
    assert ACTIVITIES[need["activity"]]["goal"] == need["goal"]
    assert need["question_nl"].endswith("?") and need["question_en"].endswith("?")
    for name in ("rhythm", "decision", "freshness", "purpose", "retention"):
        assert need[f"{name}_nl"] and need[f"{name}_en"], name
        assert need[f"{name}_nl"] != need[f"{name}_en"], f"{name} was not translated"
    assert need["legal_basis"]
    assert need["review_months"] in (6, 12, 24) and need["priority"] in (1, 2, 3)
    assert need["max_age_hours"] > 0


@pytest.mark.parametrize("need", NEEDS.values(), ids=lambda n: n["key"])
def test_each_element_of_a_need_exists_and_has_its_own_reason(need):
    assert need["required"]
    assert not set(need["required"]) & set(need.get("wished", {}))
    for element, reason in wanted(need).items():
        assert element in ELEMENTS, element
        assert len(reason["nl"]) >= 8 and len(reason["en"]) >= 8, f"{element}: a reason is more than a word"
        assert reason["nl"] != reason["en"]


@pytest.mark.parametrize("need", NEEDS.values(), ids=lambda n: n["key"])
def test_each_need_reaches_roles_within_a_scope(need):
    pairs = [pair.split(":") for pair in need["audience"]]
    assert pairs and len({tuple(pair) for pair in pairs}) == len(pairs)
    for role, scope in pairs:
        assert role in ROLES and scope in SCOPES
    if need["level"] == "board":
        assert {scope for _role, scope in pairs} <= {"board", "own_school"}


@pytest.mark.parametrize("need", NEEDS.values(), ids=lambda n: n["key"])
def test_special_data_ask_for_an_exception_and_advice(need):
    special = {ELEMENTS[e]["special"] for e in wanted(need)}
    art9 = any(kind.startswith("art9") for kind in special)
    assert art9 == bool(need.get("art9_exception")) == ("art9_confirmed" in need)
    expected = "yes" if art9 else "consider" if "sensitive" in special else "not_needed"
    assert need["privacy_advice"] == expected
    assert ("law" in need) == ("law_confirmed" in need)


@pytest.mark.parametrize("need", NEEDS.values(), ids=lambda n: n["key"])
def test_a_need_about_people_has_a_ground_in_the_avg(need):
    people = any(ELEMENTS[element]["personal"] for element in wanted(need))
    assert need["legal_basis"].startswith("AVG art. 6") or not people
    assert need["legal_basis"] == "geen persoonsgegevens in het product" or need["legal_basis"].startswith("AVG art. 6")


@pytest.mark.parametrize("need", NEEDS.values(), ids=lambda n: n["key"])
def test_how_it_goes_today_is_an_estimate_in_numbers(need):
    today = need["today"]
    assert today["minutes"] > 0 and today["times_per_year"] > 0 and today["people"] > 0
    assert today["estimate"] is True
    assert today["how_nl"] and today["how_en"]


def test_refused_needs_say_why_and_what_to_use_instead():
    refused = [need for need in NEEDS.values() if need["state"] == "refused"]
    assert len(refused) >= 2
    for need in refused:
        assert len(need["refusal_nl"]) > 60 and len(need["refusal_en"]) > 60
        assert need["instead"] in ASKED


def test_some_needs_of_the_starter_kit_have_no_source_so_that_gaps_show():
    without = {
        key
        for key, need in STARTER.items()
        if need["state"] == "asked"
        if any(record_of(e) is None and OBJECTS[e.partition(".")[0]]["origin"] == "source" for e in need["required"])
    }
    assert without == WITHOUT_SOURCE


def test_the_reader_of_the_roster_is_a_need_too():
    """Law 1: Schakel's own use of the roster is asked like any other."""
    need = NEEDS["who_may_see_what"]
    assert {"staff.work_email", "staff_role.role", "membership.group_id", "enrolment.start_date"} <= set(
        need["required"]
    )


def test_the_people_of_the_demo_receive_something():
    roles = set(chain.from_iterable((pair.split(":")[0] for pair in need["audience"]) for need in ASKED.values()))
    assert {
        "board_member", "information_manager", "school_leader", "teacher", "mentor", "care_coordinator", "school_admin",
    } <= roles  # fmt: skip


# --- Systems and sources --------------------------------------------------------------------------------------------


def test_links_and_sources_join_what_exists():
    for link in section("links"):
        assert {link["from"], link["to"]} <= set(SYSTEMS) and link["from"] != link["to"]
        assert link["owner_role"] in ROLES
    for source in SOURCES:
        assert source["system"] in SYSTEMS
        assert {source["owner_role"], source["repairs_role"]} <= set(ROLES)
        assert source["expected_hours"] > 0
    for system in SYSTEMS.values():
        assert system["owner_role"] in ROLES
        assert set(system["activities"]) <= set(ACTIVITIES)
        assert "supplier" not in system, "a board names its own suppliers"


# Ways in that a board may use instead of, or beside, those of the starter kit.
OTHER_WAYS = {
    "edexml", "duo_besturen", "duo_vestigingen_po", "vestigingscijfers", "inspectiewaarden", "referentieniveaus",
    "toetsen", "inspectie_referentieniveaus", "duo_examens_vo", "duo_examencijfers_vo",
}  # fmt: skip


def test_there_is_a_source_for_every_layout_that_is_mapped():
    layouts = {
        path.name for path in (ROOT / "schakel/process/mappings").iterdir() if path.is_dir() and path.name[0] != "_"
    }
    assert {source["layout"] for source in SOURCES} == layouts - OTHER_WAYS
    assert len({source["key"] for source in SOURCES}) == len(SOURCES)


def test_every_element_of_a_need_with_a_source_is_delivered_by_one():
    """What the mappings can bring, for the elements that have a system of record."""
    asked = [need for need in STARTER.values() if need["state"] == "asked"]
    elements = {e for need in asked for e in wanted(need) if e.partition(".")[0] in school_model()}
    from_sources = {e for e in elements if school_model()[e.partition(".")[0]].origin == "source"}
    needed = mappings.columns_for(frozenset(from_sources))
    assert set(needed) - OTHER_WAYS == {source["layout"] for source in SOURCES}


# --- Indicators -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("indicator", INDICATORS.values(), ids=lambda i: i["key"])
def test_each_indicator_has_a_goal_a_meaning_and_a_calculation(indicator):
    assert indicator["goal"] in GOALS
    for name in ("nl", "en", "definition_nl", "definition_en", "edge_cases_nl", "source"):
        assert indicator[name], name
    assert (ROOT / "schakel/steer/definitions" / f"{indicator['key']}.sql").exists()


@pytest.mark.parametrize("indicator", INDICATORS.values(), ids=lambda i: i["key"])
def test_each_indicator_rests_on_elements_that_a_need_asks_for(indicator):
    """Law 1: nothing is collected for an indicator alone; what the starter kit takes rests on what it asks itself."""
    needs = STARTER if indicator["key"] in kit_files.taken("indicators") else NEEDS
    asked = {element for need in needs.values() if need["state"] == "asked" for element in wanted(need)}
    for element in indicator["elements"]:
        assert element in ELEMENTS
        assert element in asked or ELEMENTS[element]["structural"], element


@pytest.mark.parametrize(
    "norm", list(chain.from_iterable(i["norms"] for i in INDICATORS.values())), ids=lambda n: n["key"]
)
def test_each_norm_is_dated_and_says_whose_it_is(norm):
    assert norm["kind"] in {"law", "signal", "benchmark", "own"}
    assert norm["source"] and norm["nl"] and norm["en"]
    assert norm["valid_from"].year >= 2000
    if norm["kind"] == "own":
        assert not norm["confirmed"]


def test_norms_fit_the_direction_of_their_indicator():
    for indicator in INDICATORS.values():
        for norm in indicator["norms"]:
            assert ("upper" in norm) == (indicator["direction"] == "range")
            if indicator["unit"] == "%":
                assert 0 <= norm["value"] <= 2, "a share is a fraction"
        if indicator["direction"] == "context":
            assert indicator["norms"] == []


def test_a_goal_without_an_indicator_is_named_as_a_gap():
    text = (HOME / "base" / "indicators.yaml").read_text(encoding="utf-8")
    for goal in set(GOALS) - {indicator["goal"] for indicator in INDICATORS.values()}:
        assert goal in text.partition("indicators:")[0]


def test_indicator_fields_fit_the_register():
    for indicator in INDICATORS.values():
        assert len(indicator["nl"]) <= Indicator._meta.get_field("nl").max_length
        assert len(indicator["source"]) <= Indicator._meta.get_field("source").max_length


# --- Keys -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", sorted({part for kit in KITS for file in kit_files.files(kit).values() for part in file})
)
def test_keys_are_used_once_over_all_kits(name):
    """Content stands once: a board that takes two kits gets nothing twice."""
    if name != "words":
        keys = Counter(each["key"] for each in section(name))
        assert [key for key, count in keys.items() if count > 1] == []


# --- The manual -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["needs", "products", "indicators", "sources"])
def test_everything_stands_in_the_manual(kind):
    page = (ROOT / "docs/reference/kit-content.md").read_text(encoding="utf-8")
    keys = {"needs": NEEDS, "products": PRODUCTS, "indicators": INDICATORS, "sources": {s["key"] for s in SOURCES}}[
        kind
    ]
    assert [key for key in keys if f"`{key}`" not in page] == []
