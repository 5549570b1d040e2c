"""The effective contract of a source: its layout with the answers that this board chose itself.

An answer is chosen per field: for a value that is wrong, for one that is missing, and for each rule over several
columns. What the law says is not among them: a forbidden column stays out whatever is chosen here. Plain Python, so
that `schakel check` reads with the same answers (`<data>/contracts/<source>.json`).
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from pathlib import Path

from schakel.collect import conditions
from schakel.collect.layouts import Drift, Field, File, Layout, Meaning, Subject
from schakel.collect.rules import rule
from schakel.lib.identifiers import forbidden_name

FOLDER = "contracts"
WRONG, MISSING = "wrong", "missing"  # what is chosen for a field by itself; else the name of a rule
_TYPED = ("date", "datetime", "time", "year", "integer", "number")


@dataclass(frozen=True)
class Choice:
    """One answer that a board chose; `rule` is WRONG, MISSING, or the name of a rule over several columns."""

    file: str
    column: str
    rule: str
    answer: str

    @property
    def place(self) -> tuple[str, str, str]:
        """What it is the answer to."""
        return self.file, self.column, self.rule


@dataclass(frozen=True)
class Term:
    """One line of a contract: what may go wrong in a place, the answer in effect, and those that may be chosen.

    `rules` are the names of the rules it is about, `expected` what each of them wants. Without `possible` the answer is
    fixed.
    """

    file: str
    column: str
    header: str
    rule: str
    rules: tuple[str, ...]
    answer: str
    possible: tuple[str, ...] = ()
    expected: tuple[str, ...] = ("",)

    @property
    def place(self) -> tuple[str, str, str]:
        """Where it stands in the contract."""
        return self.file, self.column, self.rule


def barred(field: Field) -> bool:
    """Whether the law keeps a field out, so that there is nothing to choose."""
    return field.secret or bool(field.forbidden) or forbidden_name(field.source) or forbidden_name(field.name)


def terms(layout: Layout) -> list[Term]:
    """Every answer of a layout, in the order of its files and columns."""
    found: list[Term] = []
    for file in layout.files.values():
        for field in file.fields:
            if not barred(field) and not field.constant:
                found += _of_field(file, field)
        found += [_of_meaning(layout, file, each) for each in layout.meanings if each.file == file.name]
        found += [_compared(each) for each in layout.drifts if each.file == file.name]
        found += [_compared(each) for each in layout.subjects if each.file == file.name]
    return found


def _of_field(file: File, field: Field) -> Iterable[Term]:
    key = field.name in file.key
    if field.required:
        own = field.if_missing or rule("required").answer
        answer = "accept" if own == "drop value" else own  # what is missing has no value to drop
        possible = _in_order({answer, "drop row", "stop", *(() if key else ("accept",))})
        yield Term(file.name, field.name, field.source, MISSING, ("required",), answer, possible)
    open_ = {name: wish for name, wish in _value_rules(field) if rule(name).answer not in {"accept", "stop"}}
    if open_:
        answer = conditions.action(field, next(iter(open_)))
        possible = _in_order({answer, *_possible(field, key)})
        wishes = tuple(open_.values())
        yield Term(file.name, field.name, field.source, WRONG, tuple(open_), answer, possible, wishes)


def _value_rules(field: Field) -> list[tuple[str, str]]:
    """The rules that a filled cell of this field is held against, with what each wants."""
    found = [(each.rule, each.expected) for each in conditions.breaches(field, "cell0") if each.rule != "required"]
    return [*found, ("reference", field.ref.file)] if field.ref else found


def _possible(field: Field, key: bool) -> tuple[str, ...]:
    """A text can be taken as it is; what is no date cannot be kept as one. A row without its key is no row."""
    if key:
        return ("drop row", "stop")
    as_it_is = field.type not in _TYPED and not field.ref
    return ("accept", "drop value", "drop row", "stop") if as_it_is else ("drop value", "drop row", "stop")


def _of_meaning(layout: Layout, file: File, meaning: Meaning) -> Term:
    field = next((each for each in file.fields if each.source == meaning.column), None)
    name, possible = field.name if field else meaning.column, ["accept"]
    if field and not field.required and name not in file.key:
        possible.append("drop value")
    if not any(file.name in layout.parents(other) for other in layout.files):  # else rows would refer to nothing
        possible.append("drop row")
    answer = meaning.answer or rule(meaning.rule).answer
    shown = {*possible, answer, "stop"}
    return Term(
        file.name, name, meaning.column, meaning.rule, (meaning.rule,), answer, _in_order(shown), (meaning.expected,)
    )


def _compared(each: Drift | Subject) -> Term:
    answer = each.answer or rule(each.rule).answer
    return Term(each.file, each.key, "", each.rule, (each.rule,), answer, ("accept", "stop"))


def _in_order(answers: Iterable[str]) -> tuple[str, ...]:
    found = set(answers)
    return tuple(each for each in ("accept", "drop value", "drop row", "stop") if each in found)


def agreed(layout: Layout, choices: Iterable[Choice]) -> Layout:
    """The layout with these answers in effect; a choice for what this version does not have, or may not be, counts for
    nothing."""
    allowed = {term.place: term.possible for term in terms(layout)}
    chosen = {c.place: c.answer for c in choices if c.answer in allowed.get(c.place, ())}
    if not chosen:
        return layout
    return replace(
        layout,
        files={name: _file(file, chosen) for name, file in layout.files.items()},
        meanings=tuple(_meaning(layout.files[m.file], m, chosen) for m in layout.meanings),
        drifts=tuple(replace(d, answer=chosen.get((d.file, d.key, d.rule), d.answer)) for d in layout.drifts),
        subjects=tuple(replace(s, answer=chosen.get((s.file, s.key, s.rule), s.answer)) for s in layout.subjects),
    )


def _file(file: File, chosen: Mapping[tuple[str, str, str], str]) -> File:
    fields = (
        replace(
            field,
            answer=chosen.get((file.name, field.name, WRONG), field.answer),
            if_missing=chosen.get((file.name, field.name, MISSING), field.if_missing),
        )
        for field in file.fields
    )
    return replace(file, fields=tuple(fields))


def _meaning(file: File, meaning: Meaning, chosen: Mapping[tuple[str, str, str], str]) -> Meaning:
    name = next((each.name for each in file.fields if each.source == meaning.column), meaning.column)
    return replace(meaning, answer=chosen.get((file.name, name, meaning.rule), meaning.answer))


def keep_copy(data: Path, source: str, layout: str, pattern: str, choices: Iterable[Choice]) -> Path:
    """Leave the answers of a source in the data folder, for who reads without the register."""
    folder = data / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    answers = [[c.file, c.column, c.rule, c.answer] for c in choices]
    told = {"source": source, "layout": layout, "pattern": pattern, "answers": answers}
    path, aside = folder / f"{source}.json", folder / f".{source}.new"
    aside.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    aside.replace(path)
    return path


def copied(data: Path, name: str, layout: str) -> list[Choice]:
    """The answers of the source whose files are called like this one; none where no source has chosen any."""
    for path in sorted((data / FOLDER).glob("*.json")):
        try:
            told = json.loads(path.read_text(encoding="utf-8"))
            if told["layout"] == layout and fnmatch(name.casefold(), told["pattern"].casefold()):
                return [Choice(*each) for each in told["answers"]]
        except (OSError, ValueError, KeyError, TypeError):  # a copy only; the register holds the contract
            continue
    return []
