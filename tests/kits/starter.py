"""All content of the kits that come with Schakel, by key, for the tests that look at it."""

from schakel.engine.sql import checked
from schakel.process.model import school_model
from tests.kits import kit_files
from tests.kits.kit_files import section

ROLES = {role["key"]: role for role in section("roles")}
GOALS = {goal["key"]: goal for goal in section("goals")}
ACTIVITIES = {each["key"]: each for each in section("activities")}
PROCESSES = {each["key"] for each in section("processes")}
SYSTEMS = {each["key"]: each for each in section("systems")}
SOURCES = section("sources")
OBJECTS = {each["key"]: each for each in section("objects")}
ELEMENTS = {f"{o}.{e['key']}": e for o, each in OBJECTS.items() for e in each["elements"]}
NEEDS = {need["key"]: need for need in section("needs")}
INDICATORS = {each["key"]: each for each in section("indicators")}
PRODUCTS = {each["key"]: each for each in section("products")}
WORDS = kit_files.words()
ASKED = {key: need for key, need in NEEDS.items() if need["state"] == "asked"}
STARTER = {key: NEEDS[key] for key in kit_files.taken("needs")}
WITHOUT_SOURCE = {"absence_unexplained_today", "safety_monitor", "health_instructions"}  # of the starter kit
SCHEMA = {table.name: {c.name: c.type for c in table.columns.values()} for table in school_model().values()}


def wanted(need: dict) -> dict[str, str]:
    return {**need["required"], **need.get("wished", {})}


def record_of(element: str) -> str | None:
    owner = OBJECTS[element.partition(".")[0]]
    return ELEMENTS[element].get("record", owner["record"])


def used_by(product: dict) -> frozenset[str]:
    return checked(product["sql"], SCHEMA).elements
