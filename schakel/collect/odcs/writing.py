"""A contract as an ODCS document. Where the standard has a word for something that word is used; the rest is a custom
property, so that reading it back loses nothing."""

import math
from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from schakel.collect.contracts import MISSING, WRONG, Term, barred, terms
from schakel.collect.layouts import Drift, Field, File, Layout, Meaning, Subject
from schakel.collect.odcs.agreed import Contract
from schakel.collect.rules import rule

VERSION = "v3.2.0"
ENGINE = "schakel"
LOGICAL = {
    "date": "date",
    "datetime": "timestamp",
    "time": "time",
    "number": "number",
    "integer": "integer",
    "year": "integer",
}
NUMBERS = ("number", "integer", "year")
# Attributes of a field that the standard has no word for, as custom properties.
OWN = {
    "delta_only": "deltaOnly",
    "extensible": "extensible",
    "unknown_value": "unknownValue",
    "date_format": "dateFormat",
    "decimal": "decimalSign",
    "unit": "unit",
    "reads_too": "readsToo",
    "secret": "secret",
    "forbidden": "forbidden",
    "tolerated": "tolerated",
    "constant": "constant",
    "from_name": "fromName",
    "leave_out": "leaveOut",
    "also": "alsoCalled",
}
_DIMENSIONS = {
    "required": "completeness",
    "unique": "uniqueness",
    "drift": "completeness",
    "cross-field": "consistency",
    "cross-file": "consistency",
    "cross-source": "consistency",
    "date order": "consistency",
    "reference": "consistency",
}
Document = dict[str, Any]


def document(contract: Contract) -> Document:
    """The contract as plain values, in the order in which the standard names them."""
    layout = contract.layout
    found: Document = {
        "apiVersion": VERSION,
        "kind": "DataContract",
        "id": contract.source,
        "name": contract.name,
        "version": layout.version or "1",
        "status": "active",
        "schema": [_object(contract, file) for file in layout.files.values()],
        "roles": [{"role": role, "description": what} for role, what in _roles(contract)],
        "slaProperties": [{"property": "latency", "value": contract.hours, "unit": "h"}, *_rhythm(contract)],
        "customProperties": _custom({"layout": layout.name} | _filled(title=layout.title, standard=layout.standard)),
    }
    if contract.system:
        found["team"] = {"name": contract.system}
    return {key: value for key, value in found.items() if value != []}


def _roles(contract: Contract) -> list[tuple[str, str]]:
    named = [(contract.owner, "owner"), (contract.repairs, "repairs")]
    return [(role, what) for role, what in named if role]


def _rhythm(contract: Contract) -> list[Document]:
    return [{"property": "frequency", "value": contract.rhythm}] if contract.rhythm else []


def _object(contract: Contract, file: File) -> Document:
    layout, own = contract.layout, [t for t in terms(contract.layout) if t.file == file.name]
    found: Document = {"name": file.name, "logicalType": "object", "physicalType": "file"}
    found["properties"] = [_property(contract, file, field, own) for field in file.fields]
    quality = [_meaning(each) for each in layout.meanings if each.file == file.name]
    quality += [_drift(each) for each in layout.drifts if each.file == file.name]
    quality += [_subject(each) for each in layout.subjects if each.file == file.name]
    custom = _filled(
        required=file.required,
        repeats=file.repeats,
        covers=vars(file.covers) if file.covers else None,
        passed_over=list(file.passed_over),
    )
    return found | ({"quality": quality} if quality else {}) | _customs(custom)


def _property(contract: Contract, file: File, field: Field, own: Iterable[Term]) -> Document:
    place = (file.name, field.name)
    found: Document = {"name": field.name}
    if field.header:
        found["physicalName"] = field.header
    found |= {"logicalType": LOGICAL.get(field.type, "string"), "physicalType": field.type}
    options, rest = _options(field)
    if options:
        found["logicalTypeOptions"] = options
    if field.required:
        found["required"] = True
    if field.name in file.key:
        found |= {"primaryKey": True, "primaryKeyPosition": file.key.index(field.name) + 1}
        if file.key == (field.name,):
            found["unique"] = True
    if place in contract.classes or barred(field):
        found["classification"] = contract.classes.get(place, "never")
    if field.vocabulary:
        found["enum"] = [{"value": value, "label": kept} for value, kept in field.vocabulary]
    if field.ref:
        found["relationships"] = [_relationship(contract.layout, field)]
    quality = [_quality(term) for term in own if term.column == field.name and term.rule in {WRONG, MISSING}]
    if quality:
        found["quality"] = quality
    custom = {OWN[f.name]: _plain(getattr(field, f.name)) for f in fields(Field) if f.name in OWN and _told(field, f)}
    return found | _customs(custom | rest | _filled(read=place in contract.read))


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _told(field: Field, attribute: Any) -> bool:
    return bool(getattr(field, attribute.name) != attribute.default)


def _options(field: Field) -> tuple[Document, Document]:
    """What the standard says of a type, and what it has no place for with this type."""
    given = {
        "pattern": field.pattern,
        "maxLength": field.max_length,
        "minimum": field.minimum,
        "maximum": field.maximum,
    }
    given = {name: value for name, value in given.items() if value}
    logical = LOGICAL.get(field.type, "string")
    if logical == "string":
        fits = {"pattern", "maxLength"}
    elif logical in {"number", "integer"}:
        given = {name: _number(value) if name in {"minimum", "maximum"} else value for name, value in given.items()}
        fits = {name for name, value in given.items() if not isinstance(value, str) and name != "maxLength"}
    else:
        fits = {"minimum", "maximum"}
    return {n: v for n, v in given.items() if n in fits}, {n: v for n, v in given.items() if n not in fits}


def _number(text: Any) -> Any:
    """A bound as a number, when it is written as numbers are; else the text itself."""
    for kind in (int, float):
        try:
            value = kind(text)
        except ValueError:
            continue
        if str(value) == text and math.isfinite(value):
            return value
    return text


def _relationship(layout: Layout, field: Field) -> Document:
    ref = field.ref
    assert ref is not None  # noqa: S101 asked by the caller
    there = layout.files.get(ref.file)
    key = there.key[0] if there and there.key else "key"
    found: Document = {"type": "foreignKey", "to": f"{ref.file}.{key}"}
    return found | _customs(_filled(kind=ref.kind))


def _quality(term: Term) -> Document:
    """The answer to a value that is missing or wrong, and the rules it is about."""
    missing = term.rule == MISSING
    return {
        "id": term.rule,
        "type": "library",
        "metric": "missingValues" if missing else "invalidValues",
        "mustBe": 0,
        "severity": rule(term.rules[0]).severity,
        "dimension": "completeness" if missing else "conformity",
        "customProperties": _custom({"answer": term.answer, "rules": list(term.rules)}),
    }


def _meaning(meaning: Meaning) -> Document:
    found = {
        "column": meaning.column,
        "sql": meaning.sql,
        "uses": [".".join(each) for each in meaning.uses],
        "elsewhere": [".".join(each) for each in meaning.elsewhere],
        "expected": meaning.expected,
        "form": meaning.form,
    }
    return _own(meaning.rule, meaning.answer, found)


def _drift(drift: Drift) -> Document:
    found = {
        "nl": drift.nl,
        "en": drift.en,
        "fewer": drift.fewer,
        "least": drift.least,
        "count": drift.count,
        "where": [list(each) for each in drift.where],
    }
    return _own(drift.rule, drift.answer, found)


def _subject(subject: Subject) -> Document:
    return _own(subject.rule, subject.answer, {"ways": [[list(part) for part in way] for way in subject.ways]})


def _own(name: str, answer: str, implementation: Document) -> Document:
    known = rule(name)
    return {
        "name": name,
        "description": known.en,
        "type": "custom",
        "engine": ENGINE,
        "implementation": {key: value for key, value in implementation.items() if value not in ("", [])},
        "severity": known.severity,
        "dimension": _DIMENSIONS.get(known.kind, "conformity"),
        "customProperties": _custom({"answer": answer}),
    }


def _filled(**told: Any) -> Document:
    return {name: value for name, value in told.items() if value}


def _customs(told: Document) -> Document:
    found = _custom(told)
    return {"customProperties": found} if found else {}


def _custom(told: Document) -> list[Document]:
    return [{"property": name, "value": value} for name, value in told.items()]
