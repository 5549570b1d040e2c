"""How the chain is said in ArchiMate: a type for each noun, a relationship for each field that points somewhere."""

from dataclasses import dataclass
from typing import Literal

NAMESPACE = "http://www.opengroup.org/xsd/archimate/3.0/"  # of versions 3.0, 3.1 and 3.2 alike
SCHEMA = "http://www.opengroup.org/xsd/archimate/3.1/archimate3_Model.xsd"
INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
PREFIX = "schakel:"  # before the names of our properties

# The nouns that stand in a model, in order. People and their roles in time do not.
TYPES: dict[str, str] = {
    "organisations": "BusinessActor",
    "roles": "BusinessRole",
    "goals": "Goal",
    "processes": "BusinessFunction",
    "activities": "BusinessProcess",
    "components": "ApplicationComponent",
    "systems": "ApplicationComponent",
    "sources": "ApplicationInterface",
    "objects": "BusinessObject",
    "elements": "DataObject",
    "areas": "Grouping",
    "policies": "Principle",
    "needs": "Requirement",
    "indicators": "Assessment",
    "norms": "Constraint",
    "products": "ApplicationService",
}
LINKS = "links"  # a link is a relationship itself: Flow
# Which fields are names and descriptions, in Dutch and in English.
NAMES: dict[str, tuple[str, str]] = {
    "organisations": ("name", ""), "systems": ("name", "name_en"), "sources": ("name", "name_en"),
    "needs": ("question", "question_en"),
}  # fmt: skip
TEXTS: dict[str, tuple[str, str]] = {
    "processes": ("description", ""), "components": ("description", ""), "objects": ("description", ""),
    "elements": ("description", ""), "indicators": ("definition", ""), "needs": ("purpose", "purpose_en"),
}  # fmt: skip
# Fields that are not for a model: the owner of a need is a person.
LEFT_OUT = frozenset({("needs", "owner"), ("needs", "state")})


@dataclass(frozen=True)
class Road:
    """How a field that points at a thing is drawn: its type, and whether it runs from the thing pointed at."""

    type: str
    back: bool = False
    access: Literal["", "Read", "Write"] = ""


_ASSOCIATION = Road("Association")
_FROM_ROLE = Road("Association", back=True)
ROADS: dict[tuple[str, str], Road] = {
    **{(noun, "parent"): Road("Aggregation", back=True) for noun in ("organisations", "goals", "processes")},
    **{(noun, "owner_role"): _FROM_ROLE for noun in ("goals", "systems", "sources", "objects", "policies", "needs")},
    (LINKS, "owner_role"): _FROM_ROLE,
    ("activities", "owner_role"): Road("Assignment", back=True),
    ("activities", "goal"): Road("Realization"),
    ("activities", "process"): Road("Aggregation", back=True),
    ("sources", "system"): Road("Composition", back=True),
    ("sources", "repairs_role"): _FROM_ROLE,
    ("elements", "object"): Road("Realization"),
    ("elements", "record"): Road("Access", back=True, access="Write"),
    ("needs", "role"): _FROM_ROLE,
    ("needs", "activity"): _ASSOCIATION,
    ("needs", "alternative"): _ASSOCIATION,
    ("needs", "element"): _ASSOCIATION,
    ("needs", "audience"): _FROM_ROLE,
    ("indicators", "goal"): _ASSOCIATION,
    ("norms", "indicator"): _ASSOCIATION,
    ("products", "need"): Road("Realization"),
    ("responsibilities", "role"): _FROM_ROLE,
}
# Drawn for who reads the model, and derived from a field; not read back.
SPECIALIZATION = Road("Specialization")


def name_fields(noun: str) -> tuple[str, str]:
    """The Dutch and the English name of a noun."""
    return NAMES.get(noun, ("nl", "en"))


def text_fields(noun: str) -> tuple[str, str]:
    """The Dutch and the English description of a noun; empty where it has none."""
    return TEXTS.get(noun, ("", ""))


def property_type(kind: str) -> str:
    """The data type of a property in the format."""
    return {"yes": "boolean", "day": "date", "whole": "number", "amount": "number"}.get(kind, "string")
