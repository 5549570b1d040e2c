"""An ODCS document as a contract. What a contract of Schakel cannot hold is refused, never left out in silence."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any

from schakel.collect.contracts import MISSING, WRONG
from schakel.collect.coverage import Coverage
from schakel.collect.layouts import Drift, Field, File, Layout, Meaning, Reference, Subject
from schakel.collect.odcs.agreed import Contract
from schakel.collect.odcs.writing import OWN, Document, document
from schakel.collect.rules import ANSWERS, rules
from schakel.lib.errors import Unreadable
from schakel.lib.text import gettext as _

# What says nothing about the contract itself, or what follows from the rest.
_PASSED_OVER = {"apiVersion", "status", "contractCreatedTs"}
_MISSING = object()


def contract(told: Document) -> Contract:
    """The contract in a document that fits the schema. Raises Unreadable for what Schakel cannot take, with where."""
    try:
        found = _contract(told)
        again = document(found)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise _refused("schema", str(error).strip("'")) from error
    for path in _unlike(told, again):
        raise _refused(path)
    return found


def _refused(where: str, why: str = "") -> Unreadable:
    text = _("Dit deel van het contract kan Schakel niet overnemen: %(where)s.") % {"where": where}
    hint = _("Exporteer het contract van deze bron en wijzig daarin alleen de antwoorden.")
    return Unreadable(f"{text} ({why})" if why else text, code="contract", where=where, hint=hint)


def _contract(told: Document) -> Contract:
    custom = _customs(told)
    files = [_file(each) for each in told.get("schema", [])]
    rules_ = [(each["name"], q) for each in told.get("schema", []) for q in each.get("quality", [])]
    shape = Layout(
        name=str(custom["layout"]),
        version=str(told["version"]),
        files={file.name: file for file in files},
        meanings=tuple(_meaning(file, q) for file, q in rules_ if not {"fewer", "ways"} & set(q["implementation"])),
        standard=bool(custom.get("standard", False)),
        title=str(custom.get("title", "")),
        drifts=tuple(_drift(file, q) for file, q in rules_ if "fewer" in q["implementation"]),
        subjects=tuple(_subject(file, q) for file, q in rules_ if "ways" in q["implementation"]),
    )
    if len(shape.files) != len(files):
        raise ValueError(_("twee tabellen met dezelfde naam"))
    roles = {each["description"]: each["role"] for each in told.get("roles", [])}
    agreed = {each["property"]: each["value"] for each in told.get("slaProperties", [])}
    properties = [(o["name"], p) for o in told.get("schema", []) for p in o["properties"]]
    return Contract(
        source=str(told["id"]),
        name=str(told["name"]),
        layout=shape,
        system=str(told.get("team", {}).get("name", "")),
        hours=int(agreed["latency"]),
        rhythm=str(agreed.get("frequency", "")),
        owner=str(roles.get("owner", "")),
        repairs=str(roles.get("repairs", "")),
        read=frozenset((file, p["name"]) for file, p in properties if _customs(p).get("read")),
        classes={(file, p["name"]): p["classification"] for file, p in properties if _classed(p)},
    )


def _classed(told: Document) -> bool:
    """Whether somebody said how confidential it is; what the law keeps out says so by itself."""
    return "classification" in told and told["classification"] != "never"


def _customs(told: Document) -> dict[str, Any]:
    found = told.get("customProperties", [])
    named = {each["property"]: each["value"] for each in found}
    if len(named) != len(found):
        raise ValueError(_("dezelfde eigenschap staat er twee keer"))
    return named


def _file(told: Document) -> File:
    columns = told["properties"]
    named = tuple(_field(each) for each in columns)
    if len({f.name for f in named}) != len(named):
        raise ValueError(_("twee kolommen met dezelfde naam"))
    key = sorted((each["primaryKeyPosition"], each["name"]) for each in columns if each.get("primaryKey"))
    custom = _customs(told)
    return File(
        str(told["name"]),
        named,
        tuple(name for _at, name in key),
        required=bool(custom.get("required", False)),
        covers=_covers(custom["covers"], {f.name for f in named}) if "covers" in custom else None,
        repeats=bool(custom.get("repeats", False)),
        passed_over=tuple(custom.get("passed_over", ())),
    )


def _covers(told: Document, columns: set[str]) -> Coverage:
    """Of which periods the file tells. ValueError for a column that it does not have, or no such period."""
    if told["column"] not in columns:
        raise ValueError(_("de periode hangt aan een kolom die er niet is: %(name)s") % {"name": told["column"]})
    return Coverage(str(told["column"]), str(told["each"]), int(told["years"]))


def _field(told: Document) -> Field:
    custom, options = _customs(told), told.get("logicalTypeOptions", {})
    held = {name: options.get(name, custom.get(name)) for name in ("pattern", "minimum", "maximum", "maxLength")}
    own = {f.name: _own(custom[OWN[f.name]]) for f in fields(Field) if OWN.get(f.name) in custom}
    return Field(
        name=str(told["name"]),
        header=str(told.get("physicalName", "")),
        type=str(told["physicalType"]),
        required=bool(told.get("required", False)),
        vocabulary=tuple((str(each["value"]), str(each["label"])) for each in told.get("enum", [])),
        ref=_reference(told.get("relationships", [])),
        pattern=_text(held["pattern"]),
        minimum=_text(held["minimum"]),
        maximum=_text(held["maximum"]),
        max_length=int(held["maxLength"] or 0),
        answer=_answer(told, WRONG),
        if_missing=_answer(told, MISSING),
        **own,
    )


def _own(value: Any) -> Any:
    return tuple(map(str, value)) if isinstance(value, list) else value


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _reference(told: list[Document]) -> Reference | None:
    if not told:
        return None
    return Reference(str(told[0]["to"]).partition(".")[0], str(_customs(told[0]).get("kind", "")))


def _answer(told: Document, name: str) -> str:
    found = [_said(each) for each in told.get("quality", []) if each.get("id") == name]
    return found[0] if found else ""


def _said(told: Document) -> str:
    """The answer of one rule. ValueError for a word that is none of the four."""
    answer = str(_customs(told)["answer"])
    if answer and answer not in ANSWERS:
        raise ValueError(_("%(answer)s is geen antwoord; kies uit %(known)s")
                         % {"answer": answer, "known": ", ".join(ANSWERS)})  # fmt: skip
    return answer


def _meaning(file: str, told: Document) -> Meaning:
    found = told["implementation"]
    return Meaning(
        rule=rules()[told["name"]].id,
        file=file,
        column=found.get("column", ""),
        sql=found.get("sql", ""),
        uses=tuple(_parted(each, 2) for each in found.get("uses", [])),
        expected=found.get("expected", ""),
        answer=_said(told),
        elsewhere=tuple(_parted(each, 3) for each in found.get("elsewhere", [])),
        form=found.get("form", ""),
    )


def _parted(text: str, count: int) -> Any:
    parts = tuple(text.split(".", count - 1))
    if len(parts) != count:
        raise ValueError(text)
    return parts


def _drift(file: str, told: Document) -> Drift:
    found = told["implementation"]
    return Drift(
        file=file,
        nl=found.get("nl", ""),
        en=found.get("en", ""),
        fewer=found["fewer"],
        count=found.get("count", ""),
        where=tuple((column, value) for column, value in found.get("where", [])),
        least=found["least"],
        answer=_said(told),
        rule=rules()[told["name"]].id,
    )


def _subject(file: str, told: Document) -> Subject:
    ways = tuple(tuple((column, empty) for column, empty in way) for way in told["implementation"]["ways"])
    return Subject(file, ways, _said(told), rules()[told["name"]].id)


def _unlike(told: Any, again: Any, path: str = "") -> Iterator[str]:
    """Where a document says something that the contract read from it does not."""
    if isinstance(told, Mapping) and isinstance(again, Mapping):
        for name in [*told, *(set(again) - set(told))]:
            if path or name not in _PASSED_OVER:
                here = f"{path}.{name}" if path else str(name)
                yield from _unlike(told.get(name, _MISSING), again.get(name, _MISSING), here)
    elif isinstance(told, list) and isinstance(again, list) and len(told) == len(again):
        for one, other, name in zip(told, again, _names(told), strict=True):
            yield from _unlike(one, other, f"{path}.{name}")
    elif type(told) is not type(again) or told != again:
        yield path


def _names(told: list[Any]) -> list[str]:
    """How the items of a list are called in a path: by their own name where they have one."""
    named = [
        each.get("name") or each.get("property") or each.get("id") or each.get("role")
        if isinstance(each, Mapping)
        else ""
        for each in told
    ]
    return [str(name or number) for number, name in enumerate(named, 1)]
