"""The causes behind findings: the same rule broken in the same column of the same file is one, however many rows.

A cause is told in words of the layout alone. A header or a file name that the layout does not know came from whoever
delivered, and may hold anything: it stays in the report beside the landing.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from schakel.collect.examined import Examination
from schakel.collect.findings import CheckReport, Finding
from schakel.collect.layouts import Layout
from schakel.collect.rules import ANSWERS, rules

LONGEST = 250  # signs of what a rule expected
_HEADER = ("header-", "column-")  # rules about a column as a whole: where one is broken, its values were not judged


@dataclass(frozen=True, order=True)
class Place:
    """Where a cause is: the file and the column as the layout knows them, empty for the whole; and the rule."""

    file: str
    column: str
    rule: str


@dataclass(frozen=True)
class Cause:
    """One cause in one delivery: so many findings, of which so many rows did not come in.

    `field` is the column as the layout calls it, `expected` what the rule wanted, `of_rows` whether it is about values
    in rows (a broken value is repaired by who enters it, a broken file by who keeps the link).
    """

    file: str
    column: str
    rule: str
    field: str
    severity: str
    action: str
    expected: str
    count: int
    refused: int
    of_rows: bool

    @property
    def place(self) -> Place:
        """Where it is."""
        return Place(self.file, self.column, self.rule)


@dataclass(frozen=True)
class Judgement:
    """What a delivery says of its causes. `read` counts the rows of the files that can be judged by it.

    A file that came as a delta, came empty or did not come says nothing of what is not in it; nor do the values of a
    column that was `unseen` (file, column). `earlier` are places in deliveries before, of periods that still stand.
    """

    causes: tuple[Cause, ...]
    read: Mapping[str, int]
    unseen: frozenset[tuple[str, str]] = frozenset()
    earlier: frozenset[Place] = frozenset()

    def judges(self, place: Place) -> bool:
        """Whether a cause that is not in this delivery is gone."""
        seen = (place.file, place.column) not in self.unseen or place.rule.startswith(_HEADER)
        return seen and place not in self.earlier and (place.file in self.read if place.file else bool(self.read))

    def as_json(self) -> dict[str, Any]:
        """As it is written beside a landing."""
        told = {"causes": [asdict(c) for c in self.causes], "read": dict(self.read), "unseen": sorted(self.unseen)}
        return {**told, "earlier": [[p.file, p.column, p.rule] for p in sorted(self.earlier)]}

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> "Judgement":
        """As it was written."""
        unseen = frozenset((file, column) for file, column in content["unseen"])
        earlier = frozenset(Place(*place) for place in content.get("earlier", ()))  # not told by a landing of then
        return cls(tuple(Cause(**each) for each in content["causes"]), dict(content["read"]), unseen, earlier)


def judgement(done: Examination, report: CheckReport) -> Judgement:
    """What an examined delivery says of its causes."""
    causes = tuple(causes_of(report.findings, done.package.layout, _names(done)))
    read = {name: each.records.total for name, each in done.files.items() if each.mode != "delta"}
    unseen = {(c.file, c.column) for c in causes if c.rule.startswith("header-missing") or c.rule == "header-renamed"}
    for name, each in done.files.items():
        there = {column.field.name for column in each.head.columns if column.field} | set(each.part.derived)
        unseen |= {(name, f.source) for f in each.file.fields if f.name not in there and not f.constant}
    return Judgement(causes, {name: rows for name, rows in read.items() if rows}, frozenset(unseen))


def causes_of(findings: Iterable[Finding], layout: Layout, names: Mapping[str, str]) -> Iterator[Cause]:
    """Findings as causes; `names` gives the file of the layout for each label in the findings."""
    groups: dict[Place, list[Finding]] = {}
    for found in findings:
        file = _file(found.file, layout, names)
        groups.setdefault(Place(file, column_of(layout, file, found.column), found.rule), []).append(found)
    for place, group in sorted(groups.items()):
        yield _cause(place, group, layout)


def _cause(place: Place, group: list[Finding], layout: Layout) -> Cause:
    heaviest = max((f.action for f in group), key=ANSWERS.index)
    refused = len({f.row for f in group if f.action == "drop row"})
    return Cause(
        file=place.file,
        column=place.column,
        rule=place.rule,
        field=_field_of(layout, place.file, place.column.partition(", ")[0]),
        severity=group[0].severity,
        action=heaviest,
        expected=_pattern_of(place, layout) or _expected(place.rule, group[0].message),
        count=len(group),
        refused=refused,
        of_rows=any(f.at >= 0 for f in group),
    )


def column_of(layout: Layout, file: str, column: str) -> str:
    """The column as the layout knows it (several joined by a comma for a key); empty for one that it does not know."""
    parts = column.split(", ") if column else []
    return column if parts and all(_field_of(layout, file, part) for part in parts) else ""


def _field_of(layout: Layout, file: str, column: str) -> str:
    known = layout.files[file].fields if file in layout.files else ()
    return next((f.name for f in known if column and column in (f.source, f.name)), "")


def _file(label: str, layout: Layout, names: Mapping[str, str]) -> str:
    stem = label.rpartition("/")[2].partition(".")[0]
    return names.get(label) or (stem if stem in layout.files else "")


def _names(done: Examination) -> dict[str, str]:
    return {label: part.name for part in done.package.files.values() for label in part.labels}


def _pattern_of(place: Place, layout: Layout) -> str:
    """The form that a value should have, as it is declared: its sentence says it in words."""
    known = layout.files[place.file].fields if place.rule == "pattern" and place.file in layout.files else ()
    return next((f.pattern for f in known if place.column in (f.source, f.name)), "")[:LONGEST]


def _expected(rule: str, message: str) -> str:
    """What the rule expected, taken back out of its sentence: the sentence can then be said in either language."""
    for pattern in _patterns(rule):
        if found := pattern.fullmatch(message):
            return found.groupdict().get("expected", "")[:LONGEST]
    return ""


@cache
def _patterns(rule: str) -> tuple[re.Pattern[str], ...]:
    known = rules().get(rule)
    return tuple(_pattern(text) for text in (known.nl, known.en)) if known else ()


def _pattern(text: str) -> re.Pattern[str]:
    named = re.compile(r"%\((column|expected|found)\)s")
    parts, seen = [], set[str]()
    for place, part in enumerate(named.split(text.replace("%%", "%"))):
        if place % 2 == 0:
            parts.append(re.escape(part))
        else:
            parts.append(f"(?P={part})" if part in seen else f"(?P<{part}>.*)")
            seen.add(part)
    return re.compile("".join(parts), re.DOTALL)
