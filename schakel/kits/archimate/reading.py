"""An exchange file as plain elements and relationships, read as a stream and with distrust. Nothing is fetched."""

import io
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from schakel.kits.archimate.identifiers import VALID
from schakel.kits.archimate.vocabulary import INSTANCE, LANG, NAMESPACE
from schakel.kits.exchange.offers import Fault, Place
from schakel.lib.errors import Unreadable
from schakel.lib.text import gettext as _
from schakel.lib.text import number

MAX_BYTES = 40 * 2**20
MAX_CONCEPTS = 200_000
_OLD, _ARCHI = "http://www.opengroup.org/xsd/archimate", "http://www.archimatetool.com/archimate"
_WANTED = ("element", "relationship", "propertyDefinition", "view", "item", "model")


@dataclass
class Concept:
    """An element or a relationship as the file says it."""

    identifier: str
    type: str
    line: int
    names: dict[str, str] = field(default_factory=dict)  # by language; empty for none given
    texts: dict[str, str] = field(default_factory=dict)
    properties: dict[str, str] = field(default_factory=dict)  # by the name of their definition
    source: str = ""
    target: str = ""

    def name(self, language: str = "nl") -> str:
        """Its name in a language; in Dutch, else in none, else the first that is given."""
        found = self.names.get(language)
        if found is None and language == "nl":
            found = self.names.get("", next(iter(self.names.values()), ""))
        return found or ""

    @property
    def place(self) -> Place:
        """Where it stands in the file."""
        where = _("regel %(line)s, %(id)s") % {"line": self.line, "id": self.identifier[:80]}
        return Place(where, self.name()[:80], "model", self.line)


@dataclass
class Model:
    """A file: what is in it, what was wrong on reading, and how much of what has no place in a register."""

    name: str = ""
    elements: dict[str, Concept] = field(default_factory=dict)
    relationships: dict[str, Concept] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)


def read(content: bytes, name: str) -> Model:
    """The model in a file. Raises Unreadable, with the line where there is one, for what cannot be read at all."""
    if not content.strip():
        raise Unreadable(_("Dit bestand is leeg."), code="empty", where=name)
    if len(content) > MAX_BYTES:
        text = _("Dit bestand is te groot: ten hoogste %(n)s MB.")
        raise Unreadable(text % {"n": MAX_BYTES // 2**20}, code="size", where=name)
    plain = content.replace(b"\0", b"")
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        text = _("In dit bestand staan eigen bouwstenen (DOCTYPE of ENTITY); die leest Schakel niet.")
        raise Unreadable(text, code="entities", where=name, hint=_("Exporteer het model opnieuw."))
    try:
        return _Reading(name).of(content)
    except etree.XMLSyntaxError as error:
        where = _("%(name)s, regel %(line)s") % {"name": name, "line": error.lineno or 1}
        raise Unreadable(_("Dit is geen heel XML-bestand."), where=where, hint=_("Exporteer het opnieuw.")) from error


class _Reading:
    """Reads one file, element by element."""

    def __init__(self, name: str) -> None:
        self.file, self.model = name, Model()
        self._definitions: dict[str, str] = {}

    def of(self, content: bytes) -> Model:
        tags = tuple(f"{{{NAMESPACE}}}{tag}" for tag in _WANTED)
        stream = etree.iterparse(
            io.BytesIO(content), events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False,
            huge_tree=False,
        )  # fmt: skip
        first = True
        for event, element in stream:
            if first:
                self._root(element)
                first = False
            if event == "end" and element.tag in tags:
                self._take(element, etree.QName(element).localname)
        self._finish()
        return self.model

    def _root(self, root: Any) -> None:
        name = etree.QName(root)
        if (name.namespace, name.localname) == (NAMESPACE, "model"):
            return
        hints = {
            _ARCHI: _("Dit is een bestand van Archi zelf. Kies in Archi: Bestand, Exporteren, Open Exchange XML."),
            _OLD: _("Dit is versie 2.1. Exporteer het model als versie 3.0 of 3.1."),
        }
        hint = hints.get(
            name.namespace or "", _("Schakel leest het uitwisselformaat van ArchiMate, versie 3.0 en 3.1.")
        )
        raise Unreadable(_("Dit is geen ArchiMate-model in het uitwisselformaat."), where=self.file, hint=hint)

    def _take(self, element: Any, tag: str) -> None:
        model = self.model
        if tag == "model":
            model.name = " ".join(next(iter(_words(element, "name").values()), "").split())
            return
        if tag == "propertyDefinition":
            self._definitions[element.get("identifier", "")] = next(iter(_words(element, "name").values()), "")
        elif tag in ("view", "item"):
            model.counts[tag] += 1
            if tag == "item" and element.getparent() is not None and element.getparent().tag == element.tag:
                return  # its parent still needs nothing of it, and is cleared as a whole
        elif len(model.elements) + len(model.relationships) >= MAX_CONCEPTS:
            text = _("Dit model is te groot: ten hoogste %(n)s onderdelen.")
            raise Unreadable(text % {"n": number(MAX_CONCEPTS)}, code="size", where=self.file)
        elif element.getparent() is not None and etree.QName(element.getparent()).localname == f"{tag}s":
            self._concept(element, model.elements if tag == "element" else model.relationships)
        element.clear(keep_tail=True)

    def _concept(self, element: Any, into: dict[str, Concept]) -> None:
        kind = element.get(f"{{{INSTANCE}}}type", "").rpartition(":")[2].removesuffix("Relationship")
        concept = Concept(
            element.get("identifier", ""), kind, element.sourceline or 0, _words(element, "name"),
            _words(element, "documentation"), _properties(element), element.get("source", ""),
            element.get("target", ""),
        )  # fmt: skip
        problem = self._problem(concept)
        if problem:
            self.model.faults.append(Fault(concept.place, problem, _("Herstel het model en exporteer het opnieuw.")))
        else:
            into[concept.identifier] = concept

    def _problem(self, concept: Concept) -> str:
        if not concept.identifier or not VALID.fullmatch(concept.identifier):
            return _("Dit onderdeel heeft geen geldige identifier.")
        if concept.identifier in self.model.elements or concept.identifier in self.model.relationships:
            return _("Deze identifier staat er al: twee onderdelen mogen niet dezelfde hebben.")
        return "" if concept.type else _("Bij dit onderdeel staat geen soort (xsi:type).")

    def _finish(self) -> None:
        """Name the properties, and find the relationships that lead nowhere."""
        model, known = self.model, {*self.model.elements, *self.model.relationships}
        for concept in [*model.elements.values(), *model.relationships.values()]:
            named = {self._definitions.get(ref): value for ref, value in concept.properties.items()}
            if None in named:
                reason = _("Een eigenschap verwijst naar een definitie die er niet is.")
                model.faults.append(Fault(concept.place, reason, _("Herstel het model en exporteer het opnieuw.")))
            concept.properties = {name: value for name, value in named.items() if name is not None}
        for concept in model.relationships.values():
            lost = [end for end in (concept.source, concept.target) if end not in known]
            if lost:
                reason = _("Deze relatie verwijst naar ‘%(id)s’, en dat staat niet in het model.")
                at = concept.place
                words = reason % {"id": lost[0][:80]}
                model.faults.append(Fault(at, words, _("Herstel het model en exporteer het opnieuw.")))


def _words(element: Any, tag: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for said in element.findall(f"{{{NAMESPACE}}}{tag}"):
        found.setdefault(said.get(LANG, "")[:2].casefold(), said.text or "")
    return found


def _properties(element: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for said in element.iterfind(f"{{{NAMESPACE}}}properties/{{{NAMESPACE}}}property"):
        value = said.find(f"{{{NAMESPACE}}}value")
        found.setdefault(said.get("propertyDefinitionRef", ""), (value.text or "") if value is not None else "")
    return found
