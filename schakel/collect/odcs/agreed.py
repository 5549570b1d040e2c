"""What a data contract of a source holds: who, how often, and the layout with every answer written out."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TypeVar

from schakel.collect.contracts import MISSING, WRONG, Choice, Term, agreed, terms
from schakel.collect.layouts import Drift, Layout, Meaning, Subject

Rule = TypeVar("Rule", Meaning, Drift, Subject)


@dataclass(frozen=True)
class Contract:
    """One contract. `read` are the columns that an approved need names; `classes` how confidential a column is."""

    source: str
    name: str
    layout: Layout
    system: str = ""
    hours: int = 26
    rhythm: str = ""
    owner: str = ""
    repairs: str = ""
    read: frozenset[tuple[str, str]] = frozenset()
    classes: dict[tuple[str, str], str] = field(default_factory=dict)


@dataclass(frozen=True)
class Difference:
    """One thing that differs. `choice` is what takes it over; without it the difference cannot be taken over."""

    place: str
    what: str
    ours: str
    theirs: str
    choice: Choice | None = None


def explicit(layout: Layout) -> Layout:
    """The same layout with the answer in effect written in every place that has one, and none where there is none."""
    bare = replace(
        layout,
        files={
            name: replace(file, fields=tuple(replace(f, answer="", if_missing="") for f in file.fields))
            for name, file in layout.files.items()
        },
    )
    fixed = {term.place for term in terms(layout) if not term.possible}
    chosen = [Choice(*term.place, term.answer) for term in terms(layout) if term.place not in fixed]
    return _written(bare, chosen)


def _written(layout: Layout, chosen: Iterable[Choice]) -> Layout:
    """As `agreed`, for answers that are in effect already: also those that nobody could choose."""
    answers = {each.place: each.answer for each in chosen}
    files = {
        name: replace(
            file,
            fields=tuple(
                replace(
                    f,
                    answer=answers.get((name, f.name, WRONG), ""),
                    if_missing=answers.get((name, f.name, MISSING), ""),
                )
                for f in file.fields
            ),
        )
        for name, file in layout.files.items()
    }
    over = {(term.file, term.header, term.rule): term.answer for term in terms(layout)}
    meanings = tuple(replace(m, answer=over.get((m.file, m.column, m.rule), m.answer)) for m in layout.meanings)
    drifts = tuple(replace(d, answer=answers.get((d.file, d.key, d.rule), d.answer)) for d in layout.drifts)
    subjects = tuple(replace(s, answer=answers.get((s.file, s.key, s.rule), s.answer)) for s in layout.subjects)
    layout = replace(layout, drifts=_by_file(layout, drifts), subjects=_by_file(layout, subjects))
    return replace(layout, files=files, meanings=_by_file(layout, meanings))


def _by_file(layout: Layout, rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """The rules in the order in which a document names them: file by file."""
    order = list(layout.files)
    return tuple(sorted(rules, key=lambda each: order.index(each.file)))


def differences(ours: Contract, theirs: Contract) -> list[Difference]:
    """Everything in which a contract that was brought differs from ours, what can be taken over first."""
    found = list(_answers(ours.layout, theirs.layout))
    found += _facts(ours, theirs)
    found += _shape(ours.layout, theirs.layout)
    return sorted(found, key=lambda each: (each.choice is None, each.place))


def _answers(ours: Layout, theirs: Layout) -> Iterable[Difference]:
    known = {term.place: term for term in terms(theirs)}
    for term in terms(ours):
        other = known.get(term.place)
        if other is not None and other.answer != term.answer:
            choice = Choice(*term.place, other.answer) if _may_be(term, other.answer) else None
            yield Difference(_place(term), term.rule, term.answer, other.answer, choice)


def _may_be(term: Term, answer: str) -> bool:
    return answer in term.possible


def _place(term: Term) -> str:
    return f"{term.file}.{term.column}"


_FACTS = ("source", "name", "system", "hours", "rhythm", "owner", "repairs", "classes")


def _facts(ours: Contract, theirs: Contract) -> Iterable[Difference]:
    for name in _FACTS:
        if getattr(ours, name) != getattr(theirs, name):
            yield Difference("", name, str(getattr(ours, name)), str(getattr(theirs, name)))
    for file, column in sorted(ours.read ^ theirs.read):
        mine = (file, column) in ours.read
        yield Difference(f"{file}.{column}", "read", str(mine).lower(), str(not mine).lower())


_OF_LAYOUT = ("name", "version", "standard", "title")
_OF_FILE = ("key", "required", "names")


def _shape(ours: Layout, theirs: Layout) -> Iterable[Difference]:
    """What the layout itself says otherwise: that is changed where the layout is made, not by a contract."""
    yield from _unlike("", ours, theirs, _OF_LAYOUT)
    for name in sorted(set(ours.files) | set(theirs.files)):
        mine, other = ours.files.get(name), theirs.files.get(name)
        if mine is None or other is None:
            yield Difference(name, "table", name if mine else "", name if other else "")
            continue
        yield from _unlike(name, mine, other, _OF_FILE)
        there = {f.name: f for f in other.fields}
        for f in mine.fields:
            if f.name in there:
                names = [n for n in f.__dataclass_fields__ if n not in {"answer", "if_missing"}]
                yield from _unlike(f"{name}.{f.name}", f, there[f.name], names)
    yield from _rules(ours, theirs)


def _rules(ours: Layout, theirs: Layout) -> Iterable[Difference]:
    pairs = ((getattr(ours, kind), getattr(theirs, kind)) for kind in ("meanings", "drifts", "subjects"))
    for mine, other in pairs:
        bare = [[replace(each, answer="") for each in one] for one in (mine, other)]
        for each in [x for x in bare[0] if x not in bare[1]]:
            yield Difference(each.file, each.rule, str(each), "")
        for each in [x for x in bare[1] if x not in bare[0]]:
            yield Difference(each.file, each.rule, "", str(each))


def _unlike(place: str, mine: object, other: object, names: Iterable[str]) -> Iterable[Difference]:
    for name in names:
        if getattr(mine, name) != getattr(other, name):
            yield Difference(place, name, str(getattr(mine, name)), str(getattr(other, name)))


def in_effect(layout: Layout, choices: Iterable[Choice]) -> Layout:
    """The layout of a contract: with the answers that were chosen, every answer written out."""
    return explicit(agreed(layout, choices))
