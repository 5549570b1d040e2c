"""Making a declaration of a source that is asked itself: which element stands in which column, and where."""

import re
from collections.abc import Mapping
from typing import Any

from schakel.connectors.own_mappings import as_json, rules_for, translated
from schakel.connectors.targets import Target, TargetField
from schakel.lib.identifiers import forbidden_name
from schakel.lib.text import gettext as _

DATES = ("%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%Y%m%d")
_LONGEST = 200
_WORD = re.compile(r"\s*([^=;]+?)\s*=\s*([^=;]*?)\s*")


def mistakes(target: Target, columns: Mapping[str, str], words: Mapping[str, str]) -> dict[str, str]:
    """What must be answered before this can be kept: per field a sentence."""
    found = {}
    for field in target.open_fields:
        text = _mistake(field, columns.get(field.name, ""), words.get(field.name, ""))
        if text:
            found[field.name] = text
    return found


def _mistake(field: TargetField, column: str, words: str) -> str:
    if not column:
        text = _("%(field)s is in elke rij nodig. Vul in waar het staat.")
        return text % {"field": field.label} if field.required else ""
    if len(column) > _LONGEST or not column.isprintable():
        return _("Deze naam bevat tekens die er niet in horen, of is te lang.")
    if forbidden_name(column):
        return _("De naam zegt dat dit een BSN of onderwijsnummer is. Zo'n nummer leest Schakel nooit.")
    if words and read_words(words) is None:
        return _("Schrijf elke waarde als waarde=wordt, met puntkomma's ertussen.")
    kept = {kept for kept in (read_words(words) or {}).values() if kept}
    if field.names_school:
        wrong = sorted(each for each in kept if not re.fullmatch(field.pattern, each))
        text = _("%(wrong)s is geen school: schrijf de BRIN met het vestigingsnummer, zoals 98AB00.")
        return text % {"wrong": ", ".join(wrong)} if wrong else ""
    unknown = sorted(each for each in kept if each not in field.choices)
    if unknown:
        text = _("%(unknown)s kan dit gegeven niet worden; wel: %(choices)s.")
        return text % {"unknown": ", ".join(unknown), "choices": ", ".join(field.choices)}
    return ""


def read_words(text: str) -> dict[str, str] | None:
    """What each value becomes, from `G=authorised; O=unauthorised`; None when it is not written so."""
    found = {}
    for part in filter(str.strip, text.split(";")):
        read = _WORD.fullmatch(part)
        if read is None:
            return None
        found[read.group(1)] = read.group(2)
    return found


def written_words(told: Mapping[str, Any]) -> str:
    """The values of a column as they are filled in."""
    said = {**told.get("vocabulary", {}), **told.get("same_as", {})}
    return "; ".join(f"{value}={kept}" for value, kept in said.items())


def declaration(
    target: Target, where: Mapping[str, Any], columns: Mapping[str, str], words: Mapping[str, str], title: str,
    pattern: str, date: str,
) -> dict[str, Any]:  # fmt: skip
    """The declaration; `where` is what the relation says of the database or the server."""
    names = _columns(target, columns, words)
    brought = {name for name, told in names.items() if "header" in told}
    relation: dict[str, Any] = dict(where)
    if target.unique and set(target.unique) <= brought:
        relation["unique"] = list(target.unique)
    if target.order and set(target.order) <= brought:
        relation["order"] = list(target.order)
    if rules := rules_for(target, names):
        relation["rules"] = rules
    return {
        "layout": target.layout,
        "version": "1",
        "title": {"nl": title, "en": title},
        "target": target.key,
        "file": pattern,
        "format": {"kind": "csv", "delimiter": ",", "encoding": "utf-8", "decimal": ".", "date": date},
        "relations": {target.relation: {**relation, "columns": names}},
        "seen": {},
    }


def _columns(target: Target, columns: Mapping[str, str], words: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    taken = set[str]()
    for field in target.fields:
        header = columns.get(field.name, "")
        if header:
            told = {key: as_json(value) for key, value in field.told.items()}
            own = {"made_of": header} if header in taken else {"header": header}
            taken.add(header)
            found[field.name] = {**own, **told, **translated(field, read_words(words.get(field.name, "")) or {})}
        elif field.constant:
            found[field.name] = {"label": field.nl, "type": "text", "constant": field.constant}
    return found
