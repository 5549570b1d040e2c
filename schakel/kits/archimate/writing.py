"""A model as XML, in the order that the schema asks."""

import json
import re
from datetime import date
from typing import Any

from lxml import etree

from schakel.access.changes import allowed
from schakel.access.people import Person
from schakel.kits.archimate.drawing import Drawing, Drawn, draw
from schakel.kits.archimate.identifiers import MODEL
from schakel.kits.archimate.vocabulary import INSTANCE, LANG, NAMESPACE, PREFIX, SCHEMA, property_type

_TYPE = f"{{{INSTANCE}}}type"
_NOT_XML = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def model(actor: Person, title: str) -> bytes:
    """The chain as this person may read it, as an exchange file. People are never in it."""
    allowed(actor, "chain.read")
    return written(draw(actor), title)


def written(drawing: Drawing, title: str) -> bytes:
    """A drawing as XML."""
    spaces: dict[str | None, str] = {None: NAMESPACE, "xsi": INSTANCE}
    root = etree.Element(_tag("model"), nsmap=spaces)  # type: ignore[arg-type]
    root.set(f"{{{INSTANCE}}}schemaLocation", f"{NAMESPACE} {SCHEMA}")
    root.set("identifier", MODEL)
    _said(root, "name", [("nl", title)])
    kinds: dict[str, str] = {}
    for box, tag, drawn in (
        ("elements", "element", drawing.elements),
        ("relationships", "relationship", drawing.relationships),
    ):
        if drawn:
            _box(etree.SubElement(root, _tag(box)), tag, drawn, kinds)
    _definitions(root, kinds)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _box(box: Any, tag: str, drawn: list[Drawn], kinds: dict[str, str]) -> None:
    for each in drawn:
        here = etree.SubElement(box, _tag(tag), identifier=each.identifier)
        here.set(_TYPE, each.type)
        if each.source:
            here.set("source", each.source)
            here.set("target", each.target)
        if each.access:
            here.set("accessType", each.access)
        _said(here, "name", each.names)
        _said(here, "documentation", each.texts)
        _properties(here, each, kinds)


def _properties(here: Any, each: Drawn, kinds: dict[str, str]) -> None:
    if not each.properties:  # the schema has no empty box
        return
    box = etree.SubElement(here, _tag("properties"))
    for name, kind, value in each.properties:
        kinds.setdefault(name, property_type(kind))
        said = etree.SubElement(box, _tag("property"), propertyDefinitionRef=_definition(name))
        etree.SubElement(said, _tag("value")).text = _clean(_text(kind, value))


def _definitions(root: Any, kinds: dict[str, str]) -> None:
    if not kinds:
        return
    box = etree.SubElement(root, _tag("propertyDefinitions"))
    for name in sorted(kinds):
        here = etree.SubElement(box, _tag("propertyDefinition"), identifier=_definition(name), type=kinds[name])
        etree.SubElement(here, _tag("name")).text = f"{PREFIX}{name}"


def _said(here: Any, tag: str, words: list[tuple[str, str]]) -> None:
    for language, text in words:
        said = etree.SubElement(here, _tag(tag))
        said.set(LANG, language)
        said.text = _clean(text)


def _text(kind: str, value: Any) -> str:
    if kind == "yes":
        return "true" if value else "false"
    if kind == "json":
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    if kind in ("refs", "letters"):
        return " ".join(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def _clean(text: str) -> str:
    """Without signs that XML cannot hold."""
    return _NOT_XML.sub("", text)


def _definition(name: str) -> str:
    return f"schakel-property-{name}"


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"
