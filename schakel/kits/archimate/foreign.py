"""A model that others drew: what of it has a place in the chain, under which key, and what has none."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from typing import Literal

from schakel.chain.model_identifiers import kept_identifiers
from schakel.kits.archimate.reading import Concept, Model
from schakel.kits.archimate.vocabulary import PREFIX
from schakel.kits.exchange.nouns import Fields
from schakel.kits.exchange.offers import Fault, Offered
from schakel.kits.exchange.register import NOUNS, Standing
from schakel.lib.text import gettext as _

Components = Literal["systems", "components"]
# The types that become something; an application component is a system or a reference component, as the person says.
NOUN_OF = {
    "Goal": "goals",
    "BusinessFunction": "processes",
    "BusinessProcess": "activities",
    "BusinessObject": "objects",
}
Place = tuple[Offered, str, Offered]
_LONGEST_KEY = 64
_DESCRIBED = ("processes", "objects", "components")


class Foreign:
    """Turns the concepts of another tool into offers, and counts what is left aside."""

    def __init__(self, model: Model, standing: Standing, at: dict[str, Offered], components: Components) -> None:
        self.model, self.standing, self.at = model, standing, at
        self.nouns = {**NOUN_OF, "ApplicationComponent": components}
        self.skipped: Counter[str] = Counter()
        self.without_road: Counter[str] = Counter()
        self.properties = self.texts = self.without_english = 0
        self.faults: list[Fault] = []
        self._kept = {identifier: place for place, identifier in kept_identifiers().items()}
        self._taken: set[tuple[str, str]] = set()

    def reserve(self, offered: Iterable[Offered]) -> None:
        """Keys that are spoken for."""
        self._taken |= {(each.noun, each.key) for each in offered}

    def element(self, concept: Concept) -> Offered | None:
        """An element as a thing of the register; None for a type that has no place."""
        noun, name = self.nouns.get(concept.type), _tidy(concept.name())
        if noun is None:
            self.skipped[concept.type] += 1
            return None
        if not name:
            reason = _("Dit onderdeel heeft geen naam.")
            self.faults.append(Fault(concept.place, reason, _("Geef het een naam in het model.")))
            return None
        self.properties += sum(1 for each in concept.properties if not each.startswith(PREFIX))
        key = self._key(noun, concept, name)
        self._taken.add((noun, key))
        return Offered(noun, key, concept.place, self._fields(noun, key, concept, name))

    def is_link(self, concept: Concept, source: Offered, target: Offered) -> bool:
        """Whether a relationship is a link: a flow from one system to another."""
        return concept.type == "Flow" and source.noun == target.noun == "systems" and source.key != target.key

    def relationship(self, concept: Concept, source: Offered, target: Offered) -> Place | None:
        """A relationship as a field of one of its ends: of which thing, which field, at what; None without a place."""
        place = _place(concept.type, source, target)
        if place is not None:
            here, name, there = place
            if _once(here, name, there.fields["nl"] if name == "component" else there.key):
                return place
        self.without_road[concept.type] += 1
        return None

    def link(self, concept: Concept, source: Offered, target: Offered) -> Offered:
        """The link that a flow stands for."""
        kept = self._kept.get(concept.identifier)
        name = _tidy(concept.name()) or f"{source.key} {target.key}"
        key = kept[1] if kept and kept[0] == "links" else self._free("links", name)
        self._taken.add(("links", key))
        fields: Fields = {"from_system": source.key, "to_system": target.key}
        if concept.name():
            fields["standard"] = _tidy(concept.name())[:120]
        return Offered("links", key, concept.place, fields)

    def _fields(self, noun: str, key: str, concept: Concept, name: str) -> Fields:
        """Only what the model says; of something new also what the register asks and the model cannot know."""
        new = self.standing.fields(noun, key) is None
        dutch, english = ("name", "name_en") if noun == "systems" else ("nl", "en")
        fields: Fields = {dutch: name}
        if concept.name("en") and concept.names.get("en") != concept.name():
            fields[english] = _tidy(concept.name("en"))
        text = concept.texts.get("nl") or concept.texts.get("") or ""
        if text.strip() and noun in _DESCRIBED:
            fields["description"] = text.strip()
        elif text.strip():
            self.texts += 1
        if new and noun in _DESCRIBED and self.model.name:
            fields["source"] = _("ArchiMate-model ‘%(name)s’") % {"name": self.model.name[:200]}
        if new and noun == "objects":
            fields["origin"] = "reference"
            self.without_english += english not in fields
            fields.setdefault(english, name[:120])
        return fields

    def _key(self, noun: str, concept: Concept, name: str) -> str:
        """The key it had before, else that of the only thing with this name, else a new one made of the name."""
        kept = self._kept.get(concept.identifier)
        if kept and kept[0] == noun:
            return kept[1]
        known = [
            thing_key
            for thing_key, thing in self.standing.things(noun).items()
            if (noun, thing_key) not in self._taken and _is_called(name, NOUNS[noun].names(thing))
        ]
        return known[0] if len(known) == 1 else self._free(noun, name)

    def _free(self, noun: str, name: str) -> str:
        plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
        base = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[: _LONGEST_KEY - 6] or noun
        key, number = base, 1
        while (noun, key) in self._taken or key in self.standing.things(noun):
            number += 1
            key = f"{base}_{number}"
        return key


def _place(kind: str, source: Offered, target: Offered) -> Place | None:
    ends = (source.noun, target.noun)
    if kind in ("Aggregation", "Composition"):
        if ends in (("goals", "goals"), ("processes", "processes")):
            return target, "parent", source
        return (target, "process", source) if ends == ("processes", "activities") else None
    if kind == "Realization" and ends == ("activities", "goals"):
        return source, "goal", target
    if kind == "Specialization" and ends == ("systems", "components"):
        return source, "component", target
    return None


def _once(offered: Offered, name: str, value: str) -> bool:
    """Say a field that was not said yet; another relationship for the same field has no place."""
    if name in offered.fields:
        return bool(offered.fields[name] == value)
    offered.fields[name] = value
    return True


def _is_called(name: str, names: Iterable[str]) -> bool:
    return name.casefold() in (each.casefold() for each in names)


def _tidy(text: str) -> str:
    return " ".join(text.split())
