"""The register as the elements and relationships of a model, before it is written as XML."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from schakel.access.people import Person
from schakel.access.permissions import decide
from schakel.kits.archimate.identifiers import Identifiers
from schakel.kits.archimate.vocabulary import (
    LEFT_OUT,
    LINKS,
    ROADS,
    SPECIALIZATION,
    TYPES,
    Road,
    name_fields,
    text_fields,
)
from schakel.kits.exchange.columns import Column
from schakel.kits.exchange.needs import AUDIENCE, CLOSED, ELEMENT
from schakel.kits.exchange.nouns import Fields
from schakel.kits.exchange.register import NOUNS, Standing
from schakel.kits.exchange.responsibilities import KINDS

Property = tuple[str, str, Any]  # name, kind, value


@dataclass
class Drawn:
    """An element or a relationship of the model."""

    identifier: str
    type: str
    names: list[tuple[str, str]] = field(default_factory=list)  # language, words
    texts: list[tuple[str, str]] = field(default_factory=list)
    properties: list[Property] = field(default_factory=list)
    source: str = ""
    target: str = ""
    access: str = ""


@dataclass
class Drawing:
    """A whole model, and the nouns that were left out of it because this person may not read them."""

    elements: list[Drawn] = field(default_factory=list)
    relationships: list[Drawn] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def draw(actor: Person) -> Drawing:
    """Everything of the chain that this person may read. People are never in it."""
    return _Drawing(actor).whole()


class _Drawing:
    """Draws noun after noun; remembers under which identifier each thing stands."""

    def __init__(self, actor: Person) -> None:
        self.actor, self.standing, self.ids = actor, Standing(), Identifiers()
        self.drawing = Drawing()
        self.at: dict[tuple[str, str], str] = {}

    def whole(self) -> Drawing:
        for noun in TYPES:
            if decide(self.actor, NOUNS[noun].read).allowed:
                self._elements(noun)
            else:
                self.drawing.left_out.append(noun)
        self._links()
        for noun in (*TYPES, LINKS):
            if noun not in self.drawing.left_out:
                self._roads(noun)
        self._components()
        self._responsibilities()
        return self.drawing

    def _things(self, noun: str) -> Iterator[tuple[str, Fields]]:
        for key in self.standing.things(noun):
            yield key, self.standing.fields(noun, key) or {}

    def _elements(self, noun: str) -> None:
        for key, fields in self._things(noun):
            self.at[noun, key] = self.ids.of(noun, key)
            drawn = Drawn(self.at[noun, key], TYPES[noun], properties=_properties(noun, key, fields))
            drawn.names = _words(fields, name_fields(noun))
            drawn.texts = _words(fields, text_fields(noun))
            self.drawing.elements.append(drawn)

    def _links(self) -> None:
        for key, fields in self._things(LINKS):
            self.at[LINKS, key] = self.ids.of(LINKS, key)
            ends = (self.at["systems", fields[end]] for end in ("from_system", "to_system"))
            drawn = Drawn(self.at[LINKS, key], "Flow", [], [], _properties(LINKS, key, fields), *ends)
            self.drawing.relationships.append(drawn)

    def _roads(self, noun: str) -> None:
        for key, fields in self._things(noun):
            for (owner, name), road in ROADS.items():
                if owner != noun or name in ("element", "audience"):
                    continue
                column = NOUNS[noun].column(name)
                values = fields.get(name) or ()
                for value in (values,) if isinstance(values, str) else values:
                    self._road(road, (noun, key), name, (column.to if column else "", value))
            if noun == "needs":
                self._lines(key, fields)

    def _lines(self, key: str, fields: Fields) -> None:
        for name in sorted(fields):
            if name.startswith(ELEMENT):
                words = zip(("demand", "reason", "reason_en", "declined_reason"), fields[name], strict=True)
                more = [(word, "text", value) for word, value in words if value]
                there = ("elements", name.removeprefix(ELEMENT))
                self._road(ROADS["needs", "element"], ("needs", key), "element", there, more)
            elif name.startswith(AUDIENCE):
                role, _colon, scope = name.removeprefix(AUDIENCE).rpartition(":")
                more = [("scope", "text", scope)]
                self._road(ROADS["needs", "audience"], ("needs", key), "audience", ("roles", role), more)

    def _components(self) -> None:
        """Which kind of application a system is, drawn where that kind stands in the register."""
        named = {fields["nl"]: key for key, fields in self._things("components")}
        for key, fields in self._things("systems"):
            if fields["component"] in named:
                there = ("components", named[fields["component"]])
                self._road(SPECIALIZATION, ("systems", key), "component", there)

    def _responsibilities(self) -> None:
        for _key, fields in self._things("responsibilities"):
            noun = KINDS[fields["thing_kind"]]
            more = [("aspect", "text", fields["aspect"]), ("letters", "text", " ".join(fields["letters"]))]
            here = (noun, fields["thing_key"])
            if here in self.at:  # what it is about may be gone; then there is nothing to draw it to
                self._road(ROADS["responsibilities", "role"], here, "responsibility", ("roles", fields["role"]), more)

    def _road(
        self, road: Road, here: tuple[str, str], name: str, there: tuple[str, str], more: list[Property] | None = None
    ) -> None:
        if there not in self.at or here not in self.at:
            return
        marks = [str(value) for word, _kind, value in more or () if word in ("scope", "aspect")]
        identifier = self.ids.of_relation(here[0], here[1], name, there[0], there[1], *marks)
        ends = (self.at[there], self.at[here]) if road.back else (self.at[here], self.at[there])
        properties = [("field", "text", f"{here[0]}.{name}"), *(more or ())]
        self.drawing.relationships.append(Drawn(identifier, road.type, [], [], properties, *ends, access=road.access))


def _words(fields: Fields, names: tuple[str, str]) -> list[tuple[str, str]]:
    pairs = zip(("nl", "en"), names, strict=True)
    return [(language, fields[name]) for language, name in pairs if name and fields.get(name)]


def _properties(noun: str, key: str, fields: Fields) -> list[Property]:
    """All fields that are no name, no description and no relationship; empty ones are not said."""
    found: list[Property] = [("noun", "text", noun), ("key", "text", key)]
    for column in NOUNS[noun].columns:
        value = fields.get(column.name)
        if column.name in _said_elsewhere(noun) or value is None or value in ("", ()):
            continue
        found.append((column.name, column.kind, value))
    if noun == "needs":
        closed = fields.get(CLOSED)
        found.append(("state", "text", fields["state"]))
        found += [("refusal_reason", "text", closed[1])] if closed and closed[1] else []
    return found


def _said_elsewhere(noun: str) -> set[str]:
    drawn = {name for owner, name in ROADS if owner == noun}
    ends = {"from_system", "to_system"} if noun == LINKS else set()
    left = {name for owner, name in LEFT_OUT if owner == noun}
    return drawn | ends | left | {"key"} | set(name_fields(noun)) | set(text_fields(noun))


def columns_of(noun: str) -> dict[str, Column]:
    """The fields of a noun that are properties of its element."""
    return {c.name: c for c in NOUNS[noun].columns if c.name not in _said_elsewhere(noun)}
