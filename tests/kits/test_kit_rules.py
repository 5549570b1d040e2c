"""The rules that the kits keep among each other: who answers for what, what stands on what, and how sure a fact is."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from schakel.chain.consultation import LEVELS, RHYTHMS
from schakel.chain.elements import InformationObject
from schakel.chain.goals import Process
from schakel.chain.needs import DETAIL_LEVELS, SCOPES, InformationNeed, NeedElement
from schakel.chain.responsibilities import Area
from schakel.chain.systems import ReferenceComponent
from tests.kits import kit_files
from tests.kits.kit_files import HOME, KITS, of, section

REFERENCE = Path(__file__).resolve().parents[3] / "shared" / "reference"
NEEDS = {need["key"]: need for need in section("needs")}
ROLES = {role["key"] for role in section("roles")}
AREAS = section("areas")
ADAPTED = set(kit_files.taken("needs"))  # worked out with their products, so that they differ from the bare facts
WORKED_OUT = {product["need"] for product in section("products")} - ADAPTED  # name what their product shows besides
# What the file of the Inspectorate tells besides, and nobody has to have.
PUBLISHED = {"reference_levels": {"site_year.similar_1f", "site_year.similar_1s2f", "inspection_value.value"}}
OWN = {"exam_outcomes", "exam_marks"}  # asked of what DUO publishes; the reference has no such question

needs_reference = pytest.mark.skipif(
    not REFERENCE.is_dir(), reason="the reference facts (../shared/reference) are not here"
)


def facts(name: str) -> list[dict[str, str]]:
    with (REFERENCE / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def listed(text: str) -> list[str]:
    return [part for part in text.split("; ") if part]


# --- Kits among each other ------------------------------------------------------------------------------------------


def named(kit: str, name: str) -> set[str]:
    """The keys that a kit may point at: its own and those of the kits it requires."""
    below = kit_files.head(kit).get("requires", [])
    return {each["key"] for member in (kit, *below) for each in of(member, name)}


@pytest.mark.parametrize("kit", KITS)
def test_a_kit_points_only_at_itself_and_at_what_it_requires(kit):
    """So that a board can take po without vo."""
    roles, objects = named(kit, "roles"), named(kit, "objects")
    for need in of(kit, "needs"):
        assert {need["role"], need["owner_role"], *(pair.partition(":")[0] for pair in need["audience"])} <= roles
        assert need["activity"] in named(kit, "activities") and need["goal"] in named(kit, "goals")
        elements = {*need["required"], *need.get("wished", {})}
        assert {element.partition(".")[0] for element in elements} <= objects
        assert need.get("instead") in {None, *named(kit, "needs")}
    for product in of(kit, "products"):
        assert product["need"] in {need["key"] for need in of(kit, "needs")}, "a product stands beside its need"


@pytest.mark.parametrize("kit", KITS)
def test_only_the_base_stands_on_nothing(kit):
    assert kit_files.head(kit).get("requires", []) == ([] if kit == "base" else ["base"])


@pytest.mark.parametrize("kit", KITS)
def test_the_needs_of_a_kit_are_of_its_sector(kit):
    allowed = {"base": {"fo", "po"}, "po": {"po"}, "vo": {"vo"}, "so": {"so"}, "board": {"board"}}[kit]
    assert {need["sector"] for need in of(kit, "needs")} <= allowed


def test_what_is_shared_stands_in_the_base_alone():
    for name in ("roles", "goals", "activities", "objects", "indicators", "systems", "areas", "consultations"):
        assert [kit for kit in KITS if of(kit, name)] == ["base"], name


def test_the_starter_kit_is_a_choice_and_adds_nothing():
    head = kit_files.head("starter")
    assert "contains" not in head and kit_files.files("starter") == {}
    assert set(head["requires"]) <= set(KITS)
    sections = {part for kit in KITS for content in kit_files.files(kit).values() for part in content}
    for wish in head["takes"]:
        name, _colon, key = wish.partition(":")
        assert name in sections and (not key or key in {each["key"] for each in section(name)}), wish


def test_each_activity_has_a_need():
    assert {need["activity"] for need in NEEDS.values()} == {each["key"] for each in section("activities")}


@pytest.mark.parametrize("need", NEEDS.values(), ids=lambda n: n["key"])
def test_each_need_asks_for_something_that_does_not_come_along_by_itself(need):
    """A need of only keys and dates would ask for nothing (law 1)."""
    structural = {
        f"{each['key']}.{element['key']}": element["structural"]
        for each in section("objects")
        for element in each["elements"]
    }
    assert not all(structural[element] for element in {**need["required"], **need.get("wished", {})})


@pytest.mark.parametrize("need", NEEDS.values(), ids=lambda n: n["key"])
def test_each_text_fits_the_register(need):
    """Found here, before a board finds it."""
    lengths = {f.name: f.max_length for f in InformationNeed._meta.get_fields() if getattr(f, "max_length", None)}
    for name in ("question", "decision", "rhythm", "freshness", "purpose", "retention"):
        assert len(need[f"{name}_nl"]) <= lengths[name] and len(need[f"{name}_en"]) <= lengths[f"{name}_en"]
    for name in ("legal_basis", "law", "art9_exception"):
        assert len(need.get(name, "")) <= lengths[name]
    longest = NeedElement._meta.get_field("reason").max_length
    for reason in (*need["required"].values(), *need.get("wished", {}).values()):
        assert max(len(reason["nl"]), len(reason["en"])) <= longest
    assert need["level"] in DETAIL_LEVELS and all(pair.partition(":")[2] in SCOPES for pair in need["audience"])


@pytest.mark.parametrize("need", NEEDS.values(), ids=lambda n: n["key"])
def test_each_need_is_said_in_plain_words(need):
    """Not in the words of a file or a programmer, and in sentences that someone reads once."""
    texts = [need["question_nl"], need["decision_nl"], need["purpose_nl"], need.get("note_nl", "")]
    for text in texts:
        assert "csv" not in text and "retention" not in text and "teller" not in text and "noemer" not in text
        assert all(len(sentence.split()) <= 32 for sentence in text.split(". ")), text
    for name in ("decision", "purpose"):
        assert need[f"{name}_nl"].endswith(".") and need[f"{name}_en"].endswith("."), need[f"{name}_nl"]


def test_refused_needs_teach():
    refused = [need for need in NEEDS.values() if need["state"] == "refused"]
    assert len(refused) == 6
    for need in refused:
        assert len(need["refusal_nl"]) > 60 and len(need["refusal_en"]) > 60
        assert NEEDS[need["instead"]]["state"] == "asked", "what serves instead is not refused itself"
        assert need["instead"] in need["refusal_nl"] and need["instead"] in need["refusal_en"]


# --- Who answers for what -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("area", AREAS, ids=lambda a: a["key"])
def test_each_part_of_the_work_has_one_who_answers_for_it(area):
    for aspect in ("content", "execution"):
        letters = area.get(aspect)
        if letters is None:
            assert area["key"] == "supervision", "only supervising has no execution apart"
            continue
        assert isinstance(letters["A"], str) and letters["R"], "one accountable, and someone who does it"
        everyone = [letters["A"], *letters["R"], *letters.get("C", []), *letters.get("I", [])]
        assert set(everyone) <= ROLES
        advised = [*letters.get("C", []), *letters.get("I", [])]
        assert not set(advised) & {letters["A"], *letters["R"]} and not [
            r for r, n in Counter(advised).items() if n > 1
        ]
        assert "dpo" not in letters["R"] or area["key"] == "supervision", "who supervises does not execute"
    assert len(area["kind"]) <= Area._meta.get_field("kind").max_length and area["nl"] != area["en"]


def test_the_consultations_join_demand_supply_and_direction():
    found = section("consultations")
    assert {each["level"] for each in found} == set(LEVELS) and {each["rhythm"] for each in found} <= set(RHYTHMS)
    for each in found:
        assert each["chair_role"] in each["roles"] and set(each["roles"]) <= ROLES and len(each["roles"]) >= 3
        assert each["nl"] != each["en"]
    together = {role for each in found for role in each["roles"]}
    assert {"board_member", "information_manager", "ict_manager", "teacher", "school_leader"} <= together


def test_each_policy_has_an_owner_and_leaves_its_days_to_the_board():
    for policy in section("policies"):
        assert policy["owner_role"] in ROLES and policy["nl"] != policy["en"]
        assert "adopted_on" not in policy and "review_on" not in policy


# --- The reference architecture -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["processes", "components", "concepts"])
def test_each_fact_of_the_reference_says_where_it_was_read_and_how_sure_it_is(name):
    for each in section(name):
        assert each["evidence"] in {"fora", "fora-derived", "proposed"}
        assert each["source"].startswith("https://") and each["description_nl"].endswith(".")
        assert each["nl"] and each["en"]


def test_names_of_the_reference_fit_the_register():
    for name, noun in (("processes", Process), ("components", ReferenceComponent), ("concepts", InformationObject)):
        lengths = {f.name: getattr(f, "max_length", None) or 10_000 for f in noun._meta.get_fields()}
        for each in section(name):
            for field in ("key", "nl", "en", "source", "evidence"):
                assert len(each[field]) <= lengths[field], (name, each["key"], field)


def test_functions_lie_under_functions_up_to_a_domain():
    parents = {each["key"]: each.get("parent") for each in section("processes")}
    for key in parents:
        seen = [key]
        while (above := parents[seen[-1]]) is not None:
            assert above in parents and above not in seen, seen
            seen.append(above)
    assert sum(parent is None for parent in parents.values()) == 6


def test_systems_name_a_component_that_exists():
    components = {each["nl"] for each in section("components")}
    assert {system["component"] for system in section("systems")} <= components


def test_a_concept_never_takes_the_place_of_an_object_of_the_school_model():
    assert all(each["key"].startswith("fora_") for each in section("concepts"))
    assert not {each["key"] for each in section("concepts")} & {each["key"] for each in section("objects")}


# --- Against the facts ----------------------------------------------------------------------------------------------


@needs_reference
def test_every_need_of_the_reference_is_in_one_kit():
    found = {row["key"]: row for row in facts("information_needs.csv")}
    assert set(NEEDS) == set(found) | {"absence_class", "pupils_count"} | OWN
    for key, row in found.items():
        assert NEEDS[key]["state"] == row["starter_state"]
        assert (NEEDS[key]["role"], NEEDS[key]["activity"], NEEDS[key]["goal"]) == (
            row["role"], row["activity"], row["goal"],
        ) or key in ADAPTED  # fmt: skip


@needs_reference
@pytest.mark.parametrize("key", sorted(set(NEEDS) - ADAPTED - OWN))
def test_the_facts_of_a_need_are_those_of_the_reference(key):
    need, row = NEEDS[key], next(row for row in facts("information_needs.csv") if row["key"] == key)
    facts_first = listed(row["elements_required"])
    beyond = list(need["required"])[len(facts_first) :]
    assert list(need["required"]) == [*facts_first, *beyond]
    assert not beyond or key in WORKED_OUT
    assert [e for e in need.get("wished", {}) if e not in PUBLISHED.get(key, ())] == listed(row["elements_wished"])
    assert need["audience"] == listed(row["audience"]) and need["level"] == row["level"]
    today = need["today"]
    assert [today["minutes"], today["times_per_year"], today["people"]] == [
        int(row[name]) for name in ("today_minutes", "today_times_per_year", "today_people")
    ]
    assert need.get("law_confirmed", False) == (row["law_confirmed"] == "yes"), "nothing is more sure than its source"
    assert need.get("art9_confirmed", False) == (row["art9_confirmed"] == "yes")
    assert need["legal_basis"].split(" (")[0] == row["legal_basis"].split(" (")[0]


@needs_reference
def test_goals_activities_and_roles_are_those_of_the_reference():
    rows = {row["key"]: row for row in facts("goals_activities.csv")}
    for each in [*section("goals"), *section("activities")]:
        row = rows.pop(each["key"])
        assert (each["owner_role"], each["nl"], each.get("goal", "")) == (row["owner_role"], row["nl"], row["goal"])
        assert each.get("law_confirmed", False) == (row["law_confirmed"] == "yes")
    assert rows == {}
    assert {row["identifier"] for row in facts("roles.csv")} == ROLES


@needs_reference
def test_responsibilities_are_those_of_the_reference():
    ours = {
        (area["key"], aspect, role, letter)
        for area in AREAS
        for aspect in ("content", "execution")
        for letter, roles in area.get(aspect, {}).items()
        for role in ([roles] if isinstance(roles, str) else roles)
    }
    theirs = {(row["thing"], row["aspect"], row["role"], row["letter"]) for row in facts("responsibilities.csv")}
    assert ours == theirs and len(ours) == 398


@needs_reference
@pytest.mark.parametrize(
    ("name", "file"),
    [("processes", "fora_functions"), ("components", "fora_components"), ("concepts", "fora_objects")],
)
def test_names_and_evidence_are_those_of_the_reference(name, file):
    theirs = {(row["name_nl"], row["name_en"], row["source_url"], row["evidence"]) for row in facts(f"{file}.csv")}
    assert {(each["nl"], each["en"], each["source"], each["evidence"]) for each in section(name)} == theirs


def test_the_kits_are_read_by_people_too():
    """Every file begins with a line that says what is in it."""
    for path in HOME.glob("**/*.yaml"):
        assert path.read_text(encoding="utf-8").startswith("# "), path
