"""The nouns that are a key with fields, some with one rule or one relation of their own."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from schakel.access.people import Person
from schakel.access.register import by_key, put, remove
from schakel.access.roles import Role
from schakel.chain.elements import DataElement, InformationObject, SourceOfRecord
from schakel.chain.goals import Activity, Goal, Process
from schakel.chain.organisations import Organisation
from schakel.chain.responsibilities import Area
from schakel.chain.systems import Link, ReferenceComponent, System
from schakel.collect.sources import Source
from schakel.distribute.products import Product
from schakel.governance.policies import Policy
from schakel.kits.exchange.columns import Column, said
from schakel.kits.exchange.nouns import Fields, Finder, Known, Noun, Remarks
from schakel.lib.text import gettext as _
from schakel.steer.norms import Indicator, Norm

_OWNED = {"owner_role": "roles"}


@dataclass(frozen=True)
class Links(Noun):
    """Links join two systems."""

    def remarks(self, said_now: Fields, standing: Fields | None, known: Known) -> Remarks:
        """A system is not linked to itself."""
        if said_now.get("from_system") and said_now.get("from_system") == said_now.get("to_system"):
            reason = _("Een koppeling verbindt twee verschillende applicaties.")
            yield "to_system", reason, _("Kies een andere applicatie.")


@dataclass(frozen=True)
class Elements(Noun):
    """Data elements, with the systems that are to be believed about them."""

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """With the sources of record as one column."""
        return (*super().columns, said(self.key, "record", "refs", to="systems"))

    def things(self) -> Iterable[Any]:
        """With their sources of record."""
        return DataElement.objects.select_related("object").prefetch_related("sources_of_record__system")

    def standing(self, thing: Any) -> Fields:
        """With the keys of those systems."""
        systems = sorted(each.system.key for each in thing.sources_of_record.all())
        return {**super().standing(thing), "record": tuple(systems)}

    def remarks(self, said_now: Fields, standing: Fields | None, known: Known) -> Remarks:
        """The rules that the table itself keeps, said in words beforehand."""
        key, thing = str(said_now["key"]), said_now.get("object")
        if not key.rpartition(".")[2] or (thing and key.rpartition(".")[0] != thing):
            reason = _("De sleutel van een gegeven is het informatieobject, een punt en een naam.")
            yield "key", reason, _("Begin de sleutel met ‘%(start)s.’.") % {"start": thing}
        if said_now.get("special", "no") != "no" and not said_now.get("personal"):
            reason = _("Een bijzonder of gevoelig gegeven is altijd een persoonsgegeven.")
            yield "personal", reason, _("Vul bij persoonsgegeven ja in.")
        if said_now.get("structural") and str(said_now.get("special", "")).startswith("art9"):
            reason = _("Een bijzonder persoonsgegeven komt nooit vanzelf mee; een behoefte moet het noemen.")
            yield "structural", reason, _("Vul hier nee in.")

    def write(self, actor: Person, key: str, changed: Fields, standing: Fields | None, find: Finder) -> None:
        """The element itself, then each source of record that comes or goes."""
        fields = {name: value for name, value in changed.items() if name != "record"}
        if fields or standing is None:
            super().write(actor, key, fields, standing, find)
        if "record" not in changed:
            return
        element, had = find(self.key, key), set((standing or {}).get("record", ()))
        for system in had - set(changed["record"]):
            remove(actor, self.permission, by_key(SourceOfRecord, f"{key}@{system}"))
        for system in sorted(set(changed["record"]) - had):
            fields = {"element": element, "system": find("systems", system)}
            put(actor, self.permission, SourceOfRecord, f"{key}@{system}", **fields)


ORGANISATIONS = Noun(
    "organisations", Organisation, "organisation.write",
    ("name", "level", "sector", "parent", "board_number", "brin", "site_number", "start", "end"),
    {"parent": "organisations"}, named_by=("name",),
)  # fmt: skip
ROLES = Noun("roles", Role, "role.write", ("nl", "en", "side", "holder"))
GOALS = Noun(
    "goals", Goal, "goal.write",
    ("nl", "en", "level", "sector", "owner_role", "parent", "period_start", "period_end", "law", "law_confirmed"),
    {**_OWNED, "parent": "goals"},
)  # fmt: skip
PROCESSES = Noun(
    "processes", Process, "activity.write", ("nl", "en", "parent", "description", "source", "evidence"),
    {"parent": "processes"},
)  # fmt: skip
ACTIVITIES = Noun(
    "activities", Activity, "activity.write", ("nl", "en", "goal", "process", "owner_role", "law", "law_confirmed"),
    {**_OWNED, "goal": "goals", "process": "processes"},
)  # fmt: skip
COMPONENTS = Noun(
    "components", ReferenceComponent, "system.write", ("nl", "en", "part_of", "description", "source", "evidence")
)
SYSTEMS = Noun(
    "systems", System, "system.write",
    ("name", "name_en", "component", "supplier", "owner_role", "personal_data", "agreement_until", "contract_until",
     "cost_per_year", "lifecycle"),
    _OWNED, named_by=("name", "name_en"),
)  # fmt: skip
LINKS = Links(
    "links", Link, "link.write",
    ("from_system", "to_system", "standard", "frequency", "owner_role", "secret_expires_on", "state"),
    {**_OWNED, "from_system": "systems", "to_system": "systems"}, named_by=(),
)  # fmt: skip
SOURCES = Noun(
    "sources", Source, "source.write",
    ("name", "name_en", "system", "layout", "pattern", "rhythm", "expected_hours", "owner_role", "repairs_role",
     "active"),
    {**_OWNED, "system": "systems", "repairs_role": "roles"}, read="source.read", named_by=("name", "name_en"),
)  # fmt: skip
OBJECTS = Noun(
    "objects", InformationObject, "element.write",
    ("nl", "en", "origin", "purpose", "purpose_en", "legal_basis", "owner_role", "description", "source", "evidence"),
    _OWNED,
)  # fmt: skip
ELEMENTS = Elements(
    "elements", DataElement, "element.write",
    ("object", "nl", "en", "description", "type", "unit", "structural", "personal", "special", "identifier",
     "availability", "integrity", "confidentiality", "retention"),
    {"object": "objects"},
)  # fmt: skip
AREAS = Noun("areas", Area, "responsibility.write", ("kind", "nl", "en"))
POLICIES = Noun("policies", Policy, "policy.write", ("nl", "en", "owner_role", "adopted_on", "review_on"), _OWNED)
INDICATORS = Noun(
    "indicators", Indicator, "indicator.write",
    ("nl", "en", "definition", "unit", "direction", "level", "goal", "edge_cases", "source", "confirmed"),
    {"goal": "goals"},
)  # fmt: skip
NORMS = Noun(
    "norms", Norm, "norm.write",
    ("indicator", "value", "upper", "sector", "size_from", "size_below", "nl", "en", "kind", "valid_from", "source",
     "confirmed"),
    {"indicator": "indicators"},
)  # fmt: skip
PRODUCTS = Noun(
    "products", Product, "product.write",
    ("need", "nl", "en", "shape", "sql", "columns", "sort", "chart", "signals", "finding", "empty", "active"),
    {"need": "needs"}, read="product.write",
)  # fmt: skip
