"""What each kind of field demands, as SQL over one text column: when a rule is broken, and the value that is kept.

The same few expressions serve the fast pass (is anything wrong with this row?) and the slow one (what exactly?).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from schakel.collect.layouts import Field, Reference
from schakel.collect.rules import rule
from schakel.engine.duck import literal, quoted

IDENTIFIER = r"[0-9A-Za-z./@_-]+"
CELL = re.compile(r"\bcell([0-9]+)\b")
_PAIR = r"\{[^{}:,]+:[^{}]*\}"
_NUMBER = {
    ".": r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?",
    ",": r"[+-]?([0-9]+|[0-9]{1,3}(\.[0-9]{3})+)(,[0-9]+)?",
}


@dataclass(frozen=True)
class Breach:
    """A rule and the SQL that is true where a filled or empty cell breaks it."""

    rule: str
    sql: str
    action: str
    expected: str = ""


@dataclass(frozen=True)
class Keys:
    """The key types of this examination: which DuckDB enum holds the values that a reference may have."""

    names: Mapping[tuple[str, str, str], str]

    def of(self, ref: Reference) -> str | None:
        """The enum of all keys the reference may point to, regardless of its condition; None when unknown."""
        return self.names.get((ref.file, ref.column, ""))

    def narrowed(self, ref: Reference) -> str | None:
        """The enum of the keys for which the condition of the reference holds."""
        return self.names.get((ref.file, ref.column, ref.where)) if ref.where else None


def breaches(field: Field, c: str, keys: Keys) -> list[Breach]:
    """Every way in which the cell can be wrong, at most one of them per kind of rule."""
    found = []
    if field.required:
        found.append(Breach("required", f"{c} IS NULL", field.if_missing or rule("required").answer))
    for name, sql, expected in _wrong(field, c, keys):
        found.append(Breach(name, f"({c} IS NOT NULL AND ({sql}))", _action(field, name), expected))
    return found


def _action(field: Field, name: str) -> str:
    default = rule(name).answer
    if default in {"accept", "stop"}:
        return default
    if field.answer:
        return field.answer
    return "drop row" if field.required else "drop value"


def _wrong(field: Field, c: str, keys: Keys) -> Iterable[tuple[str, str, str]]:
    if field.pattern:
        yield "pattern", f"NOT regexp_full_match({c}, {literal(field.pattern)})", field.pattern
    if field.max_length:
        yield "length", f"length({c}) > {field.max_length}", str(field.max_length)
    if field.ref:
        yield from _unresolved(field, c, keys)
    else:
        yield from _malformed(field, c)
    if field.minimum or field.maximum:
        yield "bounds", _outside(field, c), f"{field.minimum} - {field.maximum}"


def _malformed(field: Field, c: str) -> Iterable[tuple[str, str, str]]:
    kind = field.type
    if kind == "identifier":
        yield "identifier", f"(NOT regexp_full_match({c}, '{IDENTIFIER}') OR length({c}) > 255)", ""
    elif field.vocabulary:
        yield from _outside_vocabulary(field, c)
    elif kind == "date":
        yield "date", f"NOT {_dated(c, field.date_format)}", _shown(field.date_format)
    elif kind == "number":
        yield "number", f"NOT regexp_full_match({c}, '{_NUMBER[field.decimal]}')", field.decimal
    elif kind in _PLAIN:
        yield (
            kind,
            f"NOT regexp_full_match({c}, '{_PLAIN[kind]}')" + _EXTRA.get(kind, "").format(c=c),
            _EXPECTED.get(kind, ""),
        )


_PLAIN = {
    "integer": "[+-]?[0-9]{1,18}",
    "year": "[0-9]{4}",
    "time": "([01]?[0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?",
    "datetime": r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z",
    "pairs": rf"{_PAIR}(, ?{_PAIR})*",
}
_EXTRA = {"datetime": " OR TRY_CAST({c} AS TIMESTAMP) IS NULL"}
_EXPECTED = {"pairs": "{soort:nummer}"}


def _dated(c: str, form: str) -> str:
    """True where the text is an existing date in exactly this form. DuckDB alone would accept 2024-1-5 and infinity."""
    iso = _iso(c, form)
    return (
        f"coalesce(length({c}) = 10 AND CAST(TRY_CAST({iso} AS DATE) AS VARCHAR) = {iso}{_separators(c, form)}, false)"
    )


def _iso(c: str, form: str) -> str:
    if form == "%Y-%m-%d":
        return c
    at = _places(form)
    return (
        f"({c}[{at['Y']}:{at['Y'] + 3}] || '-' || {c}[{at['m']}:{at['m'] + 1}] || '-' || {c}[{at['d']}:{at['d'] + 1}])"
    )


def _separators(c: str, form: str) -> str:
    if form == "%Y-%m-%d":
        return ""
    shown = _shown(form, year="0000", month="00", day="00")
    return "".join(f" AND {c}[{at}] = {literal(sign)}" for at, sign in enumerate(shown, 1) if sign != "0")


def _places(form: str) -> dict[str, int]:
    shown = _shown(form, year="YYYY", month="mm", day="dd")
    return {mark: shown.index(mark) + 1 for mark in "Ymd"}


def _shown(form: str, year: str = "JJJJ", month: str = "MM", day: str = "DD") -> str:
    return form.replace("%Y", year).replace("%m", month).replace("%d", day)


def _outside_vocabulary(field: Field, c: str) -> Iterable[tuple[str, str, str]]:
    exact = _in(value for value, _kept in field.vocabulary)
    loose = _in(value.lower() for value, _kept in field.vocabulary)
    extra = f" OR starts_with({c}, 'ext:')" if field.extensible else ""
    shown = ", ".join(value for value, _kept in field.vocabulary) + (", ext:…" if field.extensible else "")
    if field.type == "choices":
        item = f"trim(x) IN {exact}{extra.replace(c, 'trim(x)')}"
        yield "vocabulary", f"len(list_filter(string_split({c}, ','), lambda x: NOT ({item}))) > 0", shown
        return
    yield "vocabulary", f"NOT ({c} IN {exact} OR lower({c}) IN {loose}{extra})", shown
    yield "vocabulary-case", f"({c} NOT IN {exact} AND lower({c}) IN {loose})", shown


def _in(values: Iterable[str]) -> str:
    return f"({', '.join(literal(value) for value in values)})"


def _outside(field: Field, c: str) -> str:
    value = kept_value(field, c)
    low = f"{value} < {_bound(field, field.minimum)}" if field.minimum else "false"
    high = f"{value} > {_bound(field, field.maximum)}" if field.maximum else "false"
    return f"coalesce({low} OR {high}, false)"


def _bound(field: Field, bound: str) -> str:
    return f"DATE {literal(bound)}" if field.type == "date" else bound


def _unresolved(field: Field, c: str, keys: Keys) -> Iterable[tuple[str, str, str]]:
    ref = field.ref
    known = keys.of(ref) if ref else None
    if ref is None or known is None:
        many = rf"({IDENTIFIER})(, ?{IDENTIFIER})*" if field.type == "references" else IDENTIFIER
        if field.type != "text":
            yield "identifier", f"NOT regexp_full_match({c}, '{many}')", ""
        return
    if field.type == "references":
        lost = f"len(list_filter(string_split({c}, ','), lambda x: TRY_CAST(trim(x) AS {quoted(known)}) IS NULL)) > 0"
        yield "reference", f"(TRY_CAST({c} AS {quoted(known)}) IS NULL AND {lost})", ref.file
        return
    yield "reference", f"TRY_CAST({c} AS {quoted(known)}) IS NULL", ref.file
    if narrow := keys.narrowed(ref):
        wrong = f"(TRY_CAST({c} AS {quoted(narrow)}) IS NULL AND TRY_CAST({c} AS {quoted(known)}) IS NOT NULL)"
        yield "reference-type", wrong, ref.kind


def stored_value(field: Field, c: str, keys: Keys) -> str:
    """What is kept: the value in its own type, and nothing where it breaks a rule whose answer is to drop the value."""
    value = _referring(field, c, keys) if field.ref else kept_value(field, c)
    lost = [b.sql for b in breaches(field, c, keys) if b.action == "drop value" and b.rule in {"pattern", "bounds"}]
    return f"CASE WHEN NOT ({' OR '.join(lost)}) THEN {value} END" if lost else value


def _referring(field: Field, c: str, keys: Keys) -> str:
    known = keys.of(field.ref) if field.ref else None
    if known is None or _action(field, "reference") == "accept":
        return c
    if field.type != "references":
        return f"TRY_CAST({c} AS {quoted(known)})"
    alive = f"list_filter(string_split({c}, ','), lambda x: TRY_CAST(trim(x) AS {quoted(known)}) IS NOT NULL)"
    return f"CASE WHEN TRY_CAST({c} AS {quoted(known)}) IS NOT NULL THEN {c} ELSE nullif(array_to_string({alive}, ','), '') END"


def kept_value(field: Field, c: str) -> str:
    """The value in its own type; null where the text is not one. Text and references stay as they are."""
    if field.vocabulary:
        return _translated(field, c)
    if field.type == "date":
        return f"CASE WHEN {_dated(c, field.date_format)} THEN TRY_CAST({_iso(c, field.date_format)} AS DATE) END"
    if field.type == "number":
        plain = c if field.decimal == "." else f"replace(replace({c}, '.', ''), ',', '.')"
        return f"CASE WHEN regexp_full_match({c}, '{_NUMBER[field.decimal]}') THEN TRY_CAST({plain} AS DOUBLE) END"
    if field.type in {"integer", "year", "time", "datetime"}:
        return f"CASE WHEN regexp_full_match({c}, '{_PLAIN[field.type]}') THEN TRY_CAST({c} AS {field.sql_type}) END"
    return c


def _translated(field: Field, c: str) -> str:
    if field.type == "choices":
        return c
    same = all(value == kept for value, kept in field.vocabulary)
    cases = " ".join(f"WHEN {literal(v.lower())} THEN {literal(k)}" for v, k in field.vocabulary)
    exact = _in(value for value, _kept in field.vocabulary)
    lost = c if field.answer == "accept" else (literal(field.unknown_value) if field.unknown_value else "NULL")
    if field.extensible:
        lost = f"CASE WHEN starts_with({c}, 'ext:') THEN {c} ELSE {lost} END"
    case = f"CASE lower({c}) {cases} ELSE {lost} END"
    return (
        f"CASE WHEN {c} IN {exact} THEN {c} WHEN {c} IS NOT NULL THEN {case} END"
        if same
        else f"CASE WHEN {c} IS NOT NULL THEN {case} END"
    )
