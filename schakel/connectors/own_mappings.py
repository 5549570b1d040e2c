"""A mapping made on the screen: the declaration that it is kept as, and a file read through it, unless it drifted."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from schakel.collect.date_forms import ISO
from schakel.collect.listings import listing
from schakel.collect.meanings import looks_at
from schakel.collect.packages import Package
from schakel.connectors import mapped
from schakel.connectors.column_kinds import SeenColumn
from schakel.connectors.drift import drift, start
from schakel.connectors.dropped_files import Form
from schakel.connectors.fixed_values import fixed_value, what_fits
from schakel.connectors.headings import Wide
from schakel.connectors.made_rows import ALL
from schakel.connectors.mapped_layout import declared
from schakel.connectors.proposals import LEAVE_OUT, Choices, proposed_values
from schakel.connectors.several_days import LAST_DAY
from schakel.connectors.targets import Target, TargetField
from schakel.connectors.wide import BETWEEN
from schakel.connectors.written_values import is_date
from schakel.lib import clock
from schakel.lib.errors import Unreadable
from schakel.lib.identifiers import is_bsn
from schakel.lib.plain_yaml import from_yaml
from schakel.lib.text import gettext as _

# What is told of a field and is not for the column that gives it.
_ASKING = frozenset({"default", "parts", "else_of", "beside", "hint", "tolerated", "a_day"})
_EXAMPLES = frozenset({"good", "bad", "there"})


def mistakes(
    target: Target, form: Form, seen: Sequence[SeenColumn], choices: Choices, unsaid: Sequence[str] = ()
) -> dict[str, str]:
    """What must be answered before this can be saved: per field (or part of the form) a sentence."""
    found = {}
    for field in target.open_fields:
        text = _mistake(field, seen, choices)
        if text:
            found[field.name] = text
    dated = [f.name for f in target.open_fields if _type(f) == "date" and f.name in choices.columns]
    if not form.date and not found.keys() >= set(dated):
        found["dates"] = _("Zeg hoe de datums in dit bestand zijn geschreven.")
    found |= _unsaid(form, unsaid)
    if form.period in {"week", "month"} and LAST_DAY in choices.columns:
        found["period"] = _(
            "Een rij van meer dagen kan eerder zijn begonnen, en zou dan alles van die eerdere week of maand "
            "vervangen. Kies hele schooljaren of alles."
        )
    if any(_type(f) == "decimal" and f.name in choices.columns for f in target.open_fields) and not form.decimal:
        found["decimal"] = _("Zeg of een komma of een punt de decimalen scheidt.")
    return found


def _unsaid(form: Form, unsaid: Sequence[str]) -> dict[str, str]:
    """What must be said about the headers of a wide overview. A header is a day: its order is no order of dates."""
    found = {}
    if "school_year" in unsaid and form.school_year:
        found["school_year"] = _("Schrijf het schooljaar als 2026-2027.")
    elif "school_year" in unsaid:
        found["school_year"] = _("Zeg over welk schooljaar dit overzicht gaat; de kolomkoppen noemen geen jaar.")
    if "order" in unsaid:
        found["order"] = _("Zeg of in de kolomkoppen de dag of de maand voorop staat.")
    if "after" in unsaid:
        found["after"] = _("Kies na welke kolom de toetsen of vakken beginnen.")
    return found


def _mistake(field: TargetField, seen: Sequence[SeenColumn], choices: Choices) -> str:
    if field.name in choices.columns:
        column = seen[choices.columns[field.name]]
        text = _("De kolom %(column)s wordt nooit gelezen: er staan persoonsnummers (BSN) of wachtwoorden in.")
        if column.forbidden:
            return text % {"column": column.header}
        text = _(
            "Wat in de kolom %(column)s staat, is niet als datum te lezen. Laat de datums schrijven als 23-11-2026, "
            "2026-11-23 of 23 nov 2026, of kies een andere kolom."
        )
        return text % {"column": column.header} if _type(field) == "date" and not _has_dates(column) else ""
    fixed = choices.fixed.get(field.name, "")
    if fixed and is_bsn(fixed):
        return _("Dit is een burgerservicenummer of onderwijsnummer. Zo'n nummer bewaart Schakel nooit.")
    if fixed and not fixed_value(field, fixed):
        words = {"field": field.label, "value": fixed}
        return f"{_('%(field)s kan niet %(value)s zijn.') % words} {what_fits(field)}"
    if field.required and not fixed and not spare_columns(field, choices):
        text = _("%(field)s is in elke rij nodig. Kies een kolom, of vul een vaste waarde in.")
        return text % {"field": field.label}
    return ""


def _has_dates(column: SeenColumn) -> bool:
    """Whether there is a date in a column, or there may be one later."""
    return column.kind in {"date", "empty"} or any(map(is_date, column.values or column.examples))


def spare_columns(field: TargetField, choices: Choices) -> list[int]:
    """The columns (by place) that say together what a field says which has none."""
    return [choices.columns[part] for part in field.else_of if part in choices.columns]


def _type(field: TargetField) -> str:
    return str(field.told.get("type", "text"))


def declaration(
    target: Target, form: Form, seen: Sequence[SeenColumn], choices: Choices, title: str, pattern: str, version: int,
    other_sheets: Sequence[str] = (),
) -> dict[str, Any]:  # fmt: skip
    """The mapping as the YAML of `mappings/`: the same reader serves both."""
    names = _columns(target, seen, choices)
    relation: dict[str, Any] = {"sheet": form.sheet} if form.sheet else {}
    if other_sheets:
        relation["other_sheets"] = list(other_sheets)
    brought = {name for name, told in names.items() if "constant" not in told}
    if target.unique and target.key_needs <= set(names):
        relation["unique"] = _key(target, names, brought)
    if target.repeats and relation.get("unique"):
        relation["repeats"] = True
    if target.order and set(target.order) <= brought:
        relation["order"] = list(target.order)
    if rules := rules_for(target, names):
        relation["rules"] = rules
    if form.period and target.dated in brought:
        relation["covers"] = {"column": target.dated, "each": form.period, "years": int(form.years)}
    if form.wide:
        tests = Wide(form.wide, after=form.after, before=form.before)
        said = vars(tests if form.wide in BETWEEN else form.headed)
        relation["wide"] = {{"per": "columns"}.get(key, key): value for key, value in said.items() if value}
    return {
        "layout": target.layout,
        "version": str(version),
        "title": {"nl": title, "en": title},
        "target": target.key,
        "file": pattern,
        "format": _format(form),
        "relations": {target.relation: {**relation, "columns": names}},
        "seen": {column.header: column.kind for column in seen if column.header},
    }


def _key(target: Target, names: Mapping[str, Mapping[str, Any]], brought: set[str]) -> list[str]:
    """The fields that tell a row apart; of one that has no column those that it is made of."""
    found: dict[str, None] = {}
    for name in (each for each in target.unique if each in brought):
        field, made_of = target.field(name), names[name].get("made_of")
        spare = field.else_of if field and isinstance(made_of, list) else ()
        found |= dict.fromkeys(each for each in spare if "header" in names.get(each, {}))
        if not made_of:
            found[name] = None
    return list(found)


def as_before(form: Form, content: Mapping[str, Any]) -> Form:
    """The form with what no file says by itself, as it was saved: its periods, and that all sheets are read."""
    whole = any(each.get("sheet") == ALL for each in content["relations"].values()) and form.kind != "csv"
    form = replace(form, sheet=ALL) if whole else form
    wide: dict[str, str] = next((each["wide"] for each in content["relations"].values() if "wide" in each), {})
    if wide.get("columns") in BETWEEN:
        form = replace(form, wide=wide["columns"], after=wide["after"], before=wide.get("before", ""))
    told = next((each["covers"] for each in content["relations"].values() if "covers" in each), None)
    return replace(form, period=told["each"], years=str(told["years"])) if told else form


def rules_for(target: Target, names: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """The rules that the columns of a mapping are held against; what holds for one day is taken out of its column."""
    return [*_rules(target, {name for name, told in names.items() if "header" in told}), *_a_day(target, names)]


def _rules(target: Target, brought: set[str]) -> list[dict[str, Any]]:
    """The rules of the target over columns that this file has, without the examples that they are tested by."""
    return [
        {key: value for key, value in told.items() if key not in _EXAMPLES}
        for told in target.rules
        if "in" not in told or told["rule"] == "other-source"
        if looks_at(told) <= brought
    ]


def _a_day(target: Target, names: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """What a row may have at most a day, where its rows may last several: so many times as much."""
    if "header" not in names.get(LAST_DAY, {}):
        return []
    found = [each for each in target.open_fields if each.told.get("a_day") and "header" in names.get(each.name, {})]
    days = {"rule": "most-a-day", "other": target.dated, "until": LAST_DAY}
    return [{**days, "column": each.name, "max": names[each.name].pop("max")} for each in found]


def _format(form: Form) -> dict[str, Any]:
    told = {"kind": "csv" if form.kind == "csv" else "xlsx", "delimiter": form.delimiter, "encoding": form.encoding}
    date = form.date or "%d-%m-%Y"
    if form.kind != "csv" and "%Y" not in date:  # a cell that is a date has all of its year
        date = f"{ISO}|{date}"
    return {**told, "decimal": form.decimal or ",", "date": date, "header_row": form.header_row}


def _columns(target: Target, seen: Sequence[SeenColumn], choices: Choices) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    owner = _owners(target, seen, choices)
    for field in (each for each in target.fields if not each.decides):
        told = {key: as_json(value) for key, value in field.told.items() if key not in _ASKING}
        place, fixed = choices.columns.get(field.name), choices.fixed.get(field.name, "") or field.constant
        if place is not None:
            header = seen[place].header
            shared = {"made_of": header, "label": f"{header} ({field.nl})"}
            own = {"header": header} if owner[header] == field.name else shared
            decided, more = _decided(target, field, seen, choices)
            found[field.name] = {**own, **told, **decided, **translated(field, {**_words(choices, field), **more})}
        elif fixed:
            found[field.name] = {"label": field.nl, "type": "text", "constant": fixed_value(field, fixed)}
        elif spare := spare_columns(field, choices):
            made = list(dict.fromkeys(seen[each].header for each in spare))
            found[field.name] = {"made_of": made, "label": field.nl, "type": "text"}
        elif field.parts and set(field.parts) & choices.columns.keys():
            headers = [seen[choices.columns[part]].header for part in field.parts if part in choices.columns]
            found[field.name] = {"made_of": headers, "type": "text"}
    return found


def _owners(target: Target, seen: Sequence[SeenColumn], choices: Choices) -> dict[str, str]:
    """The field that each header is of, where several are read from it: the one that is called so, or the first."""
    found: dict[str, str] = {}
    for field in (each for each in target.fields if each.name in choices.columns):
        header = seen[choices.columns[field.name]].header
        if header not in found or header.casefold() == field.nl.casefold():
            found[header] = field.name
    return found


def _words(choices: Choices, field: TargetField) -> dict[str, str]:
    return choices.values.get(field.name, {})


def _decided(
    target: Target, field: TargetField, seen: Sequence[SeenColumn], choices: Choices
) -> tuple[dict[str, Any], dict[str, str]]:
    """Which other column says what a field is, and for which of its own values; and what the values of that mean."""
    by = target.decider(field.name)
    if by is None or by.name not in choices.columns:
        return {}, {}
    own = _words(choices, field) or field.told.get("vocabulary", {})
    of = [value for value, becomes in own.items() if becomes in by.told["of"]]
    return {"decided_by": {"header": seen[choices.columns[by.name]].header, "of": of}}, _words(choices, by)


def translated(field: TargetField, values: Mapping[str, str]) -> dict[str, Any]:
    """What was said about each value. One that was not translated refuses its row, where the row must have one."""
    if not values:
        return {}
    kept = {value: becomes for value, becomes in values.items() if becomes not in {"", LEAVE_OUT}}
    left = [value for value, becomes in values.items() if becomes == LEAVE_OUT]
    if field.names_school:  # a name that means nothing today may be that of a school tomorrow
        return _filled(same_as=kept, leave_out=left)
    refused = [value for value, becomes in values.items() if not becomes]
    if not kept:  # nobody said what one means: what the words of the field itself mean stays, but for these
        never = {value.casefold() for value in refused}
        known = as_json(field.told.get("vocabulary", {}))
        kept = {word: becomes for word, becomes in known.items() if word.casefold() not in never}
    answer = {"answer": "drop row", "unknown_value": ""} if field.required else {}
    return {**answer, **_filled(vocabulary=kept, leave_out=left, refused=refused)}


def _filled(**told: Any) -> dict[str, Any]:
    return {key: value for key, value in told.items() if value}


def chosen_before(
    content: Mapping[str, Any],
    target: Target,
    seen: Sequence[SeenColumn],
    proposed: Choices,
    schools: Mapping[str, str],
) -> Choices:
    """What was chosen in the version before, for the columns that are still there; and for new ones what is proposed.

    A column that was there and that nobody chose stays unread, whatever it looks like.
    """
    told = {name: column for each in content["relations"].values() for name, column in each["columns"].items()}
    places = {column.header: column.place for column in reversed(seen)}
    heads = {name: each.get("header", each.get("made_of")) for name, each in told.items()}
    deciding = {f.name: told.get(f.decides, {}) for f in target.open_fields if f.decides}
    heads |= {name: each["decided_by"]["header"] for name, each in deciding.items() if "decided_by" in each}
    columns = {name: places[head] for name, head in heads.items() if isinstance(head, str) and head in places}
    for name, place in proposed.columns.items():
        if name not in columns and seen[place].header not in content["seen"]:
            columns[name] = place
    fixed = {f.name: told[f.name]["constant"] for f in target.open_fields if "constant" in told.get(f.name, {})}
    same = {n: v for n, v in fixed.items() if (f := target.field(n)) and fixed_value(f, v) == v}  # as it is filled in
    values = proposed_values(target, columns, seen, schools)
    for name, words in values.items():
        words.update(_said({**deciding, **told}.get(name, {}), seen[columns[name]]))
    return Choices(columns, {n: v for n, v in {**proposed.fixed, **same}.items() if n not in columns}, values)


def _said(told: Mapping[str, Any], column: SeenColumn) -> dict[str, str]:
    """What each value of a column was said to become, of those that are still there."""
    words = {
        **told.get("vocabulary", {}),
        **told.get("same_as", {}),
        **dict.fromkeys(told.get("leave_out", ()), LEAVE_OUT),
        **dict.fromkeys(told.get("refused", ()), ""),
    }
    return {value: str(words[value]) for value in column.values if value in words}


def as_json(value: Any) -> Any:
    """As JSON can hold it: YAML reads 2000-01-01 as a day, and a list of choices with a boolean among its words."""
    if isinstance(value, Mapping):
        return {str(key): as_json(each) for key, each in value.items()}
    return value if isinstance(value, bool | int | float | str) else str(value)


def as_yaml(content: Mapping[str, Any]) -> str:
    """The declaration as a file that can lie in `mappings/`."""
    return yaml.safe_dump(dict(content), allow_unicode=True, sort_keys=False, width=110)


def read(path: Path) -> dict[str, Any]:
    """A declaration from a file. Raises Unreadable for a file that is none."""
    try:
        content = from_yaml(path.read_text(encoding="utf-8"))
        declared(content)
    except (yaml.YAMLError, UnicodeDecodeError, KeyError, TypeError, AttributeError, ValueError) as error:
        raise Unreadable(_("Dit is geen vertaling die Schakel kan lezen."), where=path.name) from error
    return {"seen": {}, **content}


def fitting(folder: Path, name: str) -> dict[str, Any] | None:
    """The saved mapping in a folder whose files are called like this one; None without any."""
    found = (read(path) for path in sorted(folder.glob("*.yaml")))
    return next((told for told in found if declared(told).fits(name)), None)


def package(path: Path, content: Mapping[str, Any]) -> Package:
    """A file through a saved mapping. Raises Unreadable (code `drift`) where the file is not what it was."""
    known = declared(dict(content))
    found = listing(path)
    entries = [entry for entry in found.entries if not entry.bycatch]
    if len(entries) != 1:
        raise Unreadable(_("Een vertaling leest één bestand. Pak het pakket eerst uit."), where=path.name)
    if path.stat().st_size == 0:
        raise Unreadable(_("Dit bestand is leeg."), where=path.name)
    _refuse_old_year(known.wide, path.name)
    read = mapped.read_as(found, entries[0], known)
    for part in read.files.values():
        told = drift(content, start(part), path.name)
        if told:
            hint = _("Er is niets van bewaard. Maak op het scherm de volgende versie van de vertaling.")
            raise Unreadable(" ".join(told), code="drift", where=path.name, hint=hint)
    return read


def _refuse_old_year(wide: Wide | None, name: str) -> None:
    """Raise Unreadable where the headers leave out the year and the year that was said is over."""
    if wide is None or not wide.school_year or clock.today() < date(int(wide.school_year[-4:]), 10, 1):
        return
    text = _("De kolomkoppen noemen geen jaar, en schooljaar %(year)s waar deze vertaling van uitgaat is voorbij.")
    hint = _("Er is niets van bewaard. Maak op het scherm de volgende versie van de vertaling.")
    raise Unreadable(text % {"year": wide.school_year}, code="drift", where=name, hint=hint)
