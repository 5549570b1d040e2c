"""What a kit says, as rows of the register: each thing with its noun, its permission and its fields.

Relations are named by key until the moment of writing, because the thing they point at may be in the same kit.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any

from schakel.access.kept import Kept
from schakel.access.roles import Role
from schakel.chain.elements import DataElement, InformationObject, SourceOfRecord
from schakel.chain.goals import Activity, Goal, Process
from schakel.chain.systems import Link, ReferenceComponent, System
from schakel.collect.sources import Source
from schakel.governance.policies import Policy
from schakel.governance.retention import RetentionRule
from schakel.kits.contents import Item, Kit
from schakel.steer.norms import Indicator, Norm

_LEVELS = {"l": "laag", "m": "midden", "h": "hoog"}


@dataclass(frozen=True)
class Ref:
    """A relation, by the key of the thing that it points at."""

    noun: type[Kept]
    key: str


@dataclass(frozen=True)
class Row:
    """One thing as the register keeps it. `fields` holds plain values and Refs; `item` says where the kit says so.

    `inside` is the key of the thing that it stands inside, such as the object of an element.
    """

    section: str
    noun: type[Kept]
    permission: str
    key: str
    item: Item
    fields: dict[str, Any] = field(default_factory=dict)
    inside: str = ""

    def plain(self) -> dict[str, Any]:
        """The fields with relations as keys, for comparing."""
        return {name: value.key if isinstance(value, Ref) else value for name, value in self.fields.items()}


def rows(kit: Kit) -> Iterator[Row]:
    """Every simple thing of a kit, in an order in which each can be written: all of a kind, then what stands inside."""
    makers = {
        "roles": _role, "retention": _retention, "policies": _policy, "goals": _goal, "processes": _process,
        "components": _component, "activities": _activity, "systems": _system, "links": _link, "sources": _source,
        "objects": _object, "concepts": _concept, "indicators": _indicator,
    }  # fmt: skip
    retention = {item.key: item.get("nl") for item in kit.whole if item.section == "retention"}
    inside = {"objects": (partial(_elements, retention=retention), _records), "indicators": (_norms,)}
    for section, make in makers.items():
        items = list(kit.of(section))
        yield from map(make, items)
        for part in inside.get(section, ()):
            for item in items:
                yield from part(item)


def _ref(noun: type[Kept], key: str | None) -> Ref | None:
    return Ref(noun, key) if key else None


def _role(item: Item) -> Row:
    fields = {"nl": item.get("nl"), "en": item.get("en"), "side": item.get("side"), "holder": item.get("kind")}
    return Row("roles", Role, "role.write", item.key, item, fields)


def _retention(item: Item) -> Row:
    names = ("trigger", "minimum", "maximum", "basis", "confirmed", "source")
    return Row(
        "retention", RetentionRule, "retention.write", item.get("nl"), item, {name: item.get(name) for name in names}
    )


def _goal(item: Item) -> Row:
    fields = {
        "nl": item.get("nl"), "en": item.get("en"), "level": item.get("level", "board"), "sector": item.get("sector"),
        "owner_role": _ref(Role, item.get("owner_role")), "parent": _ref(Goal, item.get("parent")), **_law(item),
    }  # fmt: skip
    return Row("goals", Goal, "goal.write", item.key, item, fields)


def _process(item: Item) -> Row:
    fields = {"nl": item.get("nl"), "en": item.get("en"), "parent": _ref(Process, item.get("parent")), **_found(item)}
    return Row("processes", Process, "activity.write", item.key, item, fields)


def _component(item: Item) -> Row:
    fields = {"nl": item.get("nl"), "en": item.get("en"), "part_of": item.get("part_of"), **_found(item)}
    return Row("components", ReferenceComponent, "system.write", item.key, item, fields)


def _concept(item: Item) -> Row:
    """An object of the reference architecture: a notion without elements of its own."""
    fields = {"nl": item.get("nl"), "en": item.get("en"), "origin": "reference", **_found(item)}
    return Row("concepts", InformationObject, "element.write", item.key, item, fields)


def _found(item: Item) -> dict[str, Any]:
    """Where a fact of the reference architecture was read, and how sure that is."""
    return {
        "description": item.get("description_nl"), "source": item.get("source"), "evidence": item.get("evidence")
    }  # fmt: skip


def _policy(item: Item) -> Row:
    """Adoption and review are the board's own days; a kit says them only when it knows them."""
    fields = {"nl": item.get("nl"), "en": item.get("en"), "owner_role": _ref(Role, item.get("owner_role"))}
    days = {name: item.get(name) for name in ("adopted_on", "review_on") if item.get(name, None)}
    return Row("policies", Policy, "policy.write", item.key, item, fields | days)


def _activity(item: Item) -> Row:
    fields = {
        "nl": item.get("nl"), "en": item.get("en"), "goal": _ref(Goal, item.get("goal")),
        "process": _ref(Process, item.get("process")), "owner_role": _ref(Role, item.get("owner_role")), **_law(item),
    }  # fmt: skip
    return Row("activities", Activity, "activity.write", item.key, item, fields)


def _law(item: Item) -> dict[str, Any]:
    return {"law": item.get("law"), "law_confirmed": item.get("law_confirmed", False)}


def _system(item: Item) -> Row:
    fields = {
        "name": item.get("nl"), "name_en": item.get("en"), "component": item.get("component"),
        "personal_data": item.get("personal_data"),
        "owner_role": _ref(Role, item.get("owner_role")),
    }  # fmt: skip
    if item.get("supplier"):
        fields["supplier"] = item.get("supplier")
    return Row("systems", System, "system.write", item.key, item, fields)


def _link(item: Item) -> Row:
    fields = {
        "from_system": Ref(System, item.get("from")), "to_system": Ref(System, item.get("to")),
        "standard": item.get("standard"), "frequency": item.get("frequency_nl"),
        "owner_role": _ref(Role, item.get("owner_role")),
    }  # fmt: skip
    return Row("links", Link, "link.write", item.key, item, fields)


def _source(item: Item) -> Row:
    fields = {
        "name": item.get("nl"), "name_en": item.get("en"), "system": Ref(System, item.get("system")),
        "layout": item.get("layout"), "pattern": item.get("pattern"), "rhythm": item.get("rhythm_nl"),
        "expected_hours": item.get("expected_hours"), "owner_role": _ref(Role, item.get("owner_role")),
        "repairs_role": _ref(Role, item.get("repairs_role")),
    }  # fmt: skip
    return Row("sources", Source, "source.write", item.key, item, fields)


def _object(item: Item) -> Row:
    fields = {
        "nl": item.get("nl"), "en": item.get("en"), "origin": item.get("origin"),
        "description": item.get("description_nl"), "purpose": item.get("purpose_nl"),
        "purpose_en": item.get("purpose_en"), "legal_basis": item.get("legal_basis"),
        "owner_role": _ref(Role, item.get("owner_role")),
    }  # fmt: skip
    return Row("objects", InformationObject, "element.write", item.key, item, fields)


def _elements(item: Item, retention: dict[str, str]) -> Iterator[Row]:
    kept = retention.get(item.get("retention"), "")
    for key, said, at in _said(item):
        biv = said["biv"]
        yield Row("objects", DataElement, "element.write", key, at, {
            "object": Ref(InformationObject, item.key), "nl": said["nl"], "en": said["en"],
            "description": said["description_nl"], "type": said["type"], "unit": said.get("unit", ""),
            "structural": said["structural"], "personal": said["personal"],
            "special": "no" if said["special"] == "none" else said["special"], "identifier": said["identifier"],
            "availability": _LEVELS[biv[0]], "integrity": _LEVELS[biv[1]], "confidentiality": _LEVELS[biv[2]],
            "retention": kept,
        }, item.key)  # fmt: skip


def _records(item: Item) -> Iterator[Row]:
    """Which system each element of an object is taken from, where the kit says so."""
    for key, said, at in _said(item):
        record = said.get("record", item.fields.get("record"))
        if record:
            fields = {"element": Ref(DataElement, key), "system": Ref(System, record)}
            yield Row("objects", SourceOfRecord, "element.write", f"{key}@{record}", at, fields, item.key)


def _said(item: Item) -> Iterator[tuple[str, dict[str, Any], Item]]:
    """Each element of an object: its key, what is said about it, and where."""
    for said in item.get("elements"):
        key = f"{item.key}.{said['key']}"
        yield key, said, Item("objects", key, said, item.file, getattr(said, "line", item.line), item.kit)


def _indicator(item: Item) -> Row:
    fields = {
        "nl": item.get("nl"), "en": item.get("en"), "definition": item.get("definition_nl"), "unit": item.get("unit"),
        "direction": item.get("direction"), "level": item.get("level"), "goal": _ref(Goal, item.get("goal")),
        "edge_cases": item.get("edge_cases_nl"), "source": item.get("source"), "confirmed": item.get("confirmed"),
    }  # fmt: skip
    return Row("indicators", Indicator, "indicator.write", item.key, item, fields)


def _norms(item: Item) -> Iterator[Row]:
    for said in item.get("norms"):
        at = Item("indicators", said["key"], said, item.file, getattr(said, "line", item.line), item.kit)
        yield Row("indicators", Norm, "norm.write", said["key"], at, {
            "indicator": Ref(Indicator, item.key), "value": Decimal(str(said["value"])),
            **{name: _amount(said.get(name)) for name in ("upper", "size_from", "size_below")},
            "sector": said.get("sector", ""), "nl": said["nl"], "en": said["en"],
            "kind": said["kind"], "valid_from": said["valid_from"], "source": said["source"],
            "confirmed": said["confirmed"],
        }, item.key)  # fmt: skip


def _amount(said: object) -> Decimal | None:
    return None if said is None else Decimal(str(said))
