"""A model as offers to the register: our own concepts whole, those of others where the chain has a place for them."""

import hashlib
from collections import Counter
from collections.abc import Iterator

from schakel.kits.archimate import own
from schakel.kits.archimate.foreign import Components, Foreign
from schakel.kits.archimate.identifiers import RELATION, made, made_relation
from schakel.kits.archimate.own import Own, said
from schakel.kits.archimate.reading import Concept, Model, read
from schakel.kits.archimate.vocabulary import ROADS, SPECIALIZATION
from schakel.kits.exchange.offers import Fault, Offered, Offers
from schakel.kits.exchange.register import Standing
from schakel.kits.exchange.taking import Read
from schakel.lib.text import gettext as _
from schakel.lib.text import ngettext


def reader(content: bytes, name: str, components: Components = "systems") -> Read:
    """How this file is read against the register, now and when it is confirmed. Raises Unreadable when it cannot be."""
    model = read(content, name)

    def offers(standing: Standing) -> Offers:
        return _Bringing(model, standing, components).of(hashlib.sha256(content).hexdigest() + components)

    return offers


class _Bringing:
    """Reads elements first and relationships after, so that each can be tied to what it joins."""

    def __init__(self, model: Model, standing: Standing, components: Components) -> None:
        self.model, self.standing = model, standing
        self.at: dict[str, Offered] = {}
        self.own = Own(model, standing, self.at)
        self.foreign = Foreign(model, standing, self.at, components)
        self.identities: list[tuple[str, str, str]] = []

    def of(self, digest: str) -> Offers:
        for concept in [*self.model.elements.values(), *self.model.relationships.values()]:
            if own.is_own(concept):
                self._take(concept, self.own.element(concept))
        self.foreign.reserve(self.at.values())
        for concept in self.model.elements.values():
            if not own.is_own(concept):
                self._take(concept, self.foreign.element(concept))
        self._ends_of_links()
        for concept in self.model.relationships.values():
            if not own.is_own(concept):
                self._relationship(concept)
        faults = [*self.model.faults, *self.own.faults, *self.foreign.faults, *self._twice()]
        return Offers(digest, list(self.at.values()), faults, list(self._notes()), self.identities)

    def _take(self, concept: Concept, offered: Offered | None) -> None:
        if offered is None:
            return
        self.at[concept.identifier] = offered
        self.standing.offer(offered.noun, offered.key, ())
        if concept.identifier != made(offered.noun, offered.key):
            self.identities.append((offered.noun, offered.key, concept.identifier))

    def _ends_of_links(self) -> None:
        """Our own links say their ends by where they run."""
        for concept in self.model.relationships.values():
            offered = self.at.get(concept.identifier)
            if offered is None:
                continue
            for name, end in (("from_system", concept.source), ("to_system", concept.target)):
                there = self.at.get(end)
                if there is None or there.noun != "systems":
                    reason = _("Een koppeling loopt van een applicatie naar een applicatie.")
                    self.own.faults.append(Fault(concept.place, reason, _("Herstel de relatie in het model.")))
                else:
                    offered.fields[name], offered.places[name] = there.key, concept.place

    def _relationship(self, concept: Concept) -> None:
        ends = (self.at.get(concept.source), self.at.get(concept.target))
        if ends[0] is None or ends[1] is None:
            self.foreign.without_road[concept.type] += 1
        elif self.own.relationship(concept, ends[0], ends[1]):
            self._keep_own(concept, ends[0], ends[1])
        elif self.foreign.is_link(concept, ends[0], ends[1]):
            self._take(concept, self.foreign.link(concept, ends[0], ends[1]))
        else:
            place = self.foreign.relationship(concept, ends[0], ends[1])
            if place:
                self._keep(concept, *place)

    def _keep_own(self, concept: Concept, source: Offered, target: Offered) -> None:
        noun, _dot, name = said(concept, "field").partition(".")
        here, there = (source, target) if source.noun == noun and _leads(noun, name) else (target, source)
        marks = [value for value in (said(concept, "scope"), said(concept, "aspect")) if value]
        self._keep(concept, here, name, there, *marks)

    def _keep(self, concept: Concept, here: Offered, name: str, there: Offered, *marks: str) -> None:
        """The identifier of a relationship, when it is not the one that we would give it."""
        generated = made_relation(here.noun, here.key, name, there.noun, there.key, *marks)
        if concept.identifier != generated:
            self.identities.append((RELATION, generated, concept.identifier))

    def _twice(self) -> Iterator[Fault]:
        seen: dict[tuple[str, str], Offered] = {}
        for offered in self.at.values():
            first = seen.setdefault((offered.noun, offered.key), offered)
            if first is not offered:
                reason = _("Dit is hetzelfde ding als op %(where)s.") % {"where": first.place.where}
                yield Fault(offered.place, reason, _("Houd één van beide in het model."))

    def _notes(self) -> Iterator[str]:
        foreign, counts = self.foreign, self.model.counts
        if foreign.skipped:
            yield _("Soorten zonder plaats in de keten, niet overgenomen: %(counts)s.") % {
                "counts": _counted(foreign.skipped)
            }
        if foreign.without_road:
            yield _("Relaties zonder plaats in de keten, niet overgenomen: %(counts)s.") % {
                "counts": _counted(foreign.without_road)
            }
        if counts["view"] or counts["item"]:
            text = _("Niet gelezen: %(views)s platen en %(items)s mappen van de indeling.")
            yield text % {"views": counts["view"], "items": counts["item"]}
        if foreign.properties:
            yield _("Eigenschappen van een ander programma, niet overgenomen: %(n)s.") % {"n": foreign.properties}
        if foreign.texts:
            yield _("Beschrijvingen zonder plaats in de keten, niet overgenomen: %(n)s.") % {"n": foreign.texts}
        if foreign.without_english:
            text = ngettext("%(n)s informatieobject heeft geen Engelse naam; de Nederlandse staat er.",
                            "%(n)s informatieobjecten hebben geen Engelse naam; de Nederlandse staat er.",
                            foreign.without_english)  # fmt: skip
            yield text % {"n": foreign.without_english}
        if self.own.unknown:
            yield _("Eigenschappen die deze versie van Schakel niet kent: %(counts)s.") % {
                "counts": _counted(self.own.unknown)
            }
        if self.own.states:
            text = ngettext("De stand van %(n)s behoefte komt niet mee: daar hoort hier een besluit bij.",
                            "De stand van %(n)s behoeften komt niet mee: daar hoort hier een besluit bij.",
                            self.own.states)  # fmt: skip
            yield text % {"n": self.own.states}


def _leads(noun: str, name: str) -> bool:
    """Whether a field is drawn from the thing that has it."""
    return not ROADS.get((noun, name), SPECIALIZATION).back


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{kind} {count}" for kind, count in sorted(counts.items()))
