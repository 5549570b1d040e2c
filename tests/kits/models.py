"""ArchiMate models for tests: one as another tool would write it, and what the format asks of any."""

import csv
import os
from pathlib import Path

from lxml import etree

from schakel.kits.archimate.bringing_in import reader
from schakel.kits.archimate.vocabulary import INSTANCE, NAMESPACE
from schakel.kits.exchange.taking import rehearse, take_in

CASES = Path(__file__).parents[1] / "cases" / "archimate"
SPACE = {"a": NAMESPACE}
SCHEMA = etree.XMLSchema(etree.parse(CASES / "model.xsd"))


def allowed():
    """Which relationship may run from which type to which (ArchiMate 3.2, appendix B), as far as we draw them."""
    with (CASES / "relationships.csv").open(encoding="utf-8") as file:
        return {(row["source"], row["relationship"], row["target"]) for row in csv.DictReader(file)}


def published_schema():
    """The schema of The Open Group, when a folder with it is named; its licence keeps it out of this project."""
    folder = os.environ.get("ARCHIMATE_XSD", "")
    path = Path(folder) / "archimate3_Model.xsd"
    return path if folder and path.exists() else None


def concepts(content):
    """Identifier -> (tag, type, source, target) of everything in a file."""
    root = etree.fromstring(content)
    return {
        each.get("identifier"): (
            etree.QName(each).localname, each.get(f"{{{INSTANCE}}}type"), each.get("source"), each.get("target")
        )
        for each in root.xpath("a:elements/a:element | a:relationships/a:relationship", namespaces=SPACE)
    }  # fmt: skip


def problems(content):
    """What the format would say of a file: the schema, and relationships that ArchiMate does not know."""
    root = etree.fromstring(content)
    found: list[str] = []
    if not SCHEMA.validate(root):
        return [str(error) for error in SCHEMA.error_log]
    known, may = concepts(content), allowed()
    for identifier, (tag, kind, source, target) in known.items():
        if tag != "relationship" or kind == "Association":  # an association may join anything
            continue
        road = (known[source][1], kind, known[target][1])
        if road not in may:
            found.append(f"{identifier}: {road}")
    return found


def taken(actor, content):
    """A model taken in, as after a look."""
    read = reader(content, "model.xml")
    found = rehearse(actor, read)
    assert not found.faults, found.faults[:3]
    return take_in(actor, read, found.fingerprint)


# ruff: noqa: E501 -- a file as another tool writes it
FOREIGN = """<?xml version="1.0" encoding="UTF-8"?>
<model xmlns="http://www.opengroup.org/xsd/archimate/3.0/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
       identifier="id-model" version="1.0">
  <name xml:lang="nl">Ons landschap</name>
  <elements>
    <element identifier="id-goal" xsi:type="Goal"><name xml:lang="nl">Elke leerling leest</name><name xml:lang="en">Every pupil reads</name></element>
    <element identifier="id-goal-2" xsi:type="Goal"><name xml:lang="nl">Op tijd beginnen</name></element>
    <element identifier="id-fun" xsi:type="BusinessFunction"><name xml:lang="nl">Onderwijs</name><documentation xml:lang="nl">Alles in de klas.</documentation></element>
    <element identifier="id-fun-2" xsi:type="BusinessFunction"><name xml:lang="nl">Leesonderwijs</name></element>
    <element identifier="id-pro" xsi:type="BusinessProcess"><name>Toetsen afnemen</name></element>
    <element identifier="id-obj" xsi:type="BusinessObject"><name xml:lang="nl">Toetsresultaat</name></element>
    <element identifier="id-app" xsi:type="ApplicationComponent"><name xml:lang="nl">LVS</name>
      <properties><property propertyDefinitionRef="prop-1"><value xml:lang="nl">Leverancier BV</value></property></properties></element>
    <element identifier="id-las" xsi:type="ApplicationComponent"><name xml:lang="nl">las</name></element>
    <element identifier="id-node" xsi:type="Node"><name xml:lang="nl">Server</name></element>
    <element identifier="id-and" xsi:type="AndJunction"/>
  </elements>
  <relationships>
    <relationship identifier="id-r1" source="id-pro" target="id-goal" xsi:type="Realization"/>
    <relationship identifier="id-r2" source="id-fun" target="id-fun-2" xsi:type="Composition"/>
    <relationship identifier="id-r3" source="id-fun-2" target="id-pro" xsi:type="Aggregation"/>
    <relationship identifier="id-r4" source="id-las" target="id-app" xsi:type="Flow"><name xml:lang="nl">UWLR</name></relationship>
    <relationship identifier="id-r5" source="id-app" target="id-obj" xsi:type="Access" accessType="Read"/>
    <relationship identifier="id-r6" source="id-node" target="id-app" xsi:type="Serving"/>
    <relationship identifier="id-r7" source="id-goal-2" target="id-goal" xsi:type="Aggregation"/>
  </relationships>
  <organizations><item><label xml:lang="nl">Map</label><item identifierRef="id-goal"/></item></organizations>
  <propertyDefinitions><propertyDefinition identifier="prop-1" type="string"><name>Leverancier</name></propertyDefinition></propertyDefinitions>
  <views><diagrams><view identifier="id-view" xsi:type="Diagram"><name xml:lang="nl">Plaat</name>
    <node identifier="id-n" elementRef="id-goal" xsi:type="Element" x="0" y="0" w="10" h="10"/></view></diagrams></views>
</model>
"""
