"""What each kind of field demands, as SQL over one text column: when a rule is broken, and the value that is kept.

The same few expressions serve the fast pass (is anything wrong with this row?) and the slow one (what exactly?).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from schakel.collect.date_forms import date_value, shown
from schakel.collect.layouts import Field
from schakel.collect.number_forms import NumberForm
from schakel.collect.rules import rule
from schakel.collect.time_forms import TIME, time_value
from schakel.engine.duck import literal

IDENTIFIER = r"[0-9A-Za-z./@_-]+"
CELL = re.compile(r"\bcell([0-9]+)\b")
TYPED = ("date", "number", "integer", "year", "time", "datetime")  # kept as something other than text
_ANY_SIGNS = re.compile(r"\.(?:\+|\{([0-9]+),([0-9]+)\})")
_PAIR = r"\{[^{}:,]+:[^{}]*\}"


@dataclass(frozen=True)
class Breach:
    """A rule and the SQL that is true where a filled or empty cell breaks it."""

    rule: str
    sql: str
    action: str
    expected: str = ""


def breaches(field: Field, c: str) -> list[Breach]:
    """Every way in which the cell can be wrong, at most one of them per kind of rule."""
    found = []
    if field.required:
        found.append(Breach("required", f"{c} IS NULL", field.if_missing or rule("required").answer))
    for name, sql, expected in _wrong(field, c):
        found.append(Breach(name, f"({c} IS NOT NULL AND ({sql}))", action(field, name), expected))
    return found


def status_breaches(field: Field, c: str, mode: str) -> list[Breach]:
    """What the mode of a delivery demands of status and dateLastModified: empty in bulk, filled in delta."""
    first = field.vocabulary != ()
    if mode == "delta":
        return [Breach("delta-status" if first else "delta-moment", f"{c} IS NULL", "drop row" if first else "accept")]
    deleted = [Breach("bulk-deleted", f"coalesce(lower({c}) = 'tobedeleted', false)", "drop row")] if first else []
    return [*deleted, Breach("bulk-status", f"({c} IS NOT NULL AND lower({c}) <> 'tobedeleted')", "accept")]


def suspect(field: Field, c: str) -> str:
    """One condition that is true where any rule is broken: cheaper than asking each rule, for every row of a file."""
    if field.minimum or field.maximum:
        empty = f"{c} IS NULL" if field.required else "false"
        return f"({empty} OR ({c} IS NOT NULL AND NOT coalesce({kept_value(field, c)} {_between(field)}, false)))"
    if field.vocabulary and field.type != "choices" and not field.ref:
        return _but_of(field, c, {"vocabulary", "vocabulary-case"}, _no_exact_word(field, c))
    if field.type in TYPED and not field.vocabulary and not field.ref:
        return _but_of(field, c, {field.type}, f"({c} IS NOT NULL AND {kept_value(field, c)} IS NULL)")
    return " OR ".join(b.sql for b in breaches(field, c))


def _but_of(field: Field, c: str, rules: set[str], instead: str) -> str:
    """Every rule but these, and one condition that is true wherever one of these is broken."""
    return " OR ".join([*(b.sql for b in breaches(field, c) if b.rule not in rules), instead])


def _no_exact_word(field: Field, c: str) -> str:
    """A word that is not in the list, or is written in other letters there: one look instead of four."""
    own = f" AND NOT starts_with({c}, 'ext:')" if field.extensible else ""
    return f"({c} IS NOT NULL AND {c} NOT IN {_in(value for value, _kept in field.vocabulary)}{own})"


def left_out(field: Field, c: str) -> str:
    """True for a row that the mapping says is not wanted."""
    return f"coalesce(lower({c}) IN {_in(value.lower() for value in field.leave_out)}, false)"


def action(field: Field, name: str) -> str:
    """What is done where a field breaks a rule: the rule's own answer, unless the field says otherwise."""
    default = rule(name).answer
    if default in {"accept", "stop"}:
        return default
    if field.answer:
        return field.answer
    return "drop row" if field.required else "drop value"


def _wrong(field: Field, c: str) -> Iterable[tuple[str, str, str]]:
    if field.pattern:
        yield "pattern", _unlike(c, field.pattern), field.pattern
    if field.max_length:
        yield "length", f"length({c}) > {field.max_length}", str(field.max_length)
    if not field.ref:  # references are resolved once the file is read
        yield from _malformed(field, c)
    if field.minimum or field.maximum:
        yield "bounds", _outside(field, c), f"{field.minimum} - {field.maximum}"


def _unlike(c: str, pattern: str) -> str:
    """True where the text has another form. So many signs of any kind is a length: far quicker than a pattern."""
    any_signs = _ANY_SIGNS.fullmatch(pattern)
    if any_signs:
        least, most = any_signs[1] or "1", any_signs[2] or "9e9"
        return f"(length({c}) NOT BETWEEN {least} AND {most} OR contains({c}, chr(10)))"
    return f"NOT regexp_full_match({c}, {literal(pattern)})"


def _malformed(field: Field, c: str) -> Iterable[tuple[str, str, str]]:
    kind = field.type
    if kind == "identifier" and field.pattern:  # a layout with a form of its own for keys
        return
    if kind == "identifier":
        yield "identifier", f"(NOT regexp_full_match({c}, '{IDENTIFIER}') OR length({c}) > 255)", ""
    elif field.vocabulary:
        yield from _outside_vocabulary(field, c)
    elif kind == "date":
        yield "date", f"{date_value(c, field.date_format)} IS NULL", shown(field.date_format.partition("|")[0])
    elif kind == "number":
        yield "number", _form(field).unlike(c), field.decimal
    elif kind in _PLAIN:
        yield (
            kind,
            f"NOT regexp_full_match({c}, '{_PLAIN[kind]}')" + _EXTRA.get(kind, "").format(c=c),
            _EXPECTED.get(kind, ""),
        )


def _form(field: Field) -> NumberForm:
    return NumberForm(field.decimal, field.unit)


_PLAIN = {
    "integer": "[+-]?[0-9]{1,18}",
    "year": "[0-9]{4}",
    "time": TIME,
    "datetime": r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z",
    "pairs": rf"{_PAIR}(, ?{_PAIR})*",
}
_EXTRA = {"datetime": " OR TRY_CAST({c} AS TIMESTAMP) IS NULL"}
_EXPECTED = {"pairs": "{soort:nummer}"}


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
    return f"coalesce({kept_value(field, c)} NOT {_between(field)}, false)"


def _between(field: Field) -> str:
    least, most = ("0001-01-01", "9999-12-31") if field.type == "date" else ("-1e300", "1e300")
    return f"BETWEEN {_bound(field, field.minimum or least)} AND {_bound(field, field.maximum or most)}"


def _bound(field: Field, bound: str) -> str:
    return f"DATE {literal(bound)}" if field.type == "date" else bound


def stored_value(field: Field, c: str) -> str:
    """What is kept: the value in its own type, and nothing where it breaks a rule whose answer is to drop the value."""
    value = kept_value(field, c)
    lost = [b.sql for b in breaches(field, c) if b.action == "drop value" and b.rule in {"pattern", "bounds"}]
    return f"CASE WHEN NOT ({' OR '.join(lost)}) THEN {value} END" if lost else value


def kept_value(field: Field, c: str) -> str:
    """The value in its own type; null where the text is not one. Text and references stay as they are."""
    if field.vocabulary:
        return _translated(field, c)
    if field.type == "date":
        return date_value(c, field.date_format)
    if field.type == "number":
        return _form(field).value(c)
    if field.type in TYPED:
        value = time_value(c) if field.type == "time" else f"TRY_CAST({c} AS {field.sql_type})"
        return f"CASE WHEN regexp_full_match({c}, '{_PLAIN[field.type]}') THEN {value} END"
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
