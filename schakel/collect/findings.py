"""What was found in a delivery, and the two verdicts that follow from it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import Any

from schakel.collect.rules import rule as rule_of
from schakel.lib.text import masked


@dataclass(slots=True)
class Finding:
    """One thing that is not right. `row` is the line in the file, the header being line 1; 0 is the file as a whole.

    `value` is masked: never a whole personal value. `at` is the row while it is held in memory (-1: about no row that
    could be read); it is not written down.
    """

    file: str
    row: int
    column: str
    rule: str
    severity: str
    action: str
    message: str
    value: str = ""
    at: int = field(default=-1, compare=False, repr=False)


_TOLD = tuple(each.name for each in fields(Finding) if each.name != "at")
_told = attrgetter(*_TOLD)


def finding(rule: str, file: str, column: str = "", *, row: int = 0, action: str = "", value: object = None,
            **words: str) -> Finding:  # fmt: skip
    """A finding of a declared rule, with the rule's own answer unless the field says otherwise."""
    found = rule_of(rule)
    message = found.sentence({"column": column, **words})
    return Finding(file, row, column, rule, found.severity, action or found.answer, message, masked(value))


@dataclass
class CheckReport:
    """What a check says. `conformant`: no error against the standard; `usable`: nothing said stop."""

    layout: str
    version: str
    conformant: bool
    usable: bool
    rows: dict[str, int]
    findings: list[Finding] = field(default_factory=list)

    @classmethod
    def of(cls, layout: str, version: str, rows: dict[str, int], findings: Iterable[Finding]) -> "CheckReport":
        """The report over these findings, in the order of file, row and column."""
        ordered = sorted(findings, key=lambda f: (f.file, f.row, f.column, f.rule))
        conformant = all(f.severity != "error" for f in ordered)
        usable = all(f.action != "stop" for f in ordered)
        return cls(layout, version, conformant, usable, rows, ordered)

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> "CheckReport":
        """The report as it was written down."""
        found = [Finding(**each) for each in content["findings"]]
        return cls(**{**content, "findings": found})

    def as_json(self) -> dict[str, Any]:
        """The report for a program: exactly the keys of the command line's contract."""
        about = {key: value for key, value in vars(self).items() if key != "findings"}
        return {**about, "findings": [dict(zip(_TOLD, _told(each), strict=True)) for each in self.findings]}

    def counts(self) -> list[tuple[str, str, int]]:
        """Rule, severity and number of findings; the gravest and most frequent first."""
        counted = Counter((f.rule, f.severity) for f in self.findings)
        grave = {"error": 0, "warning": 1, "info": 2}
        return sorted(((r, s, n) for (r, s), n in counted.items()), key=lambda c: (grave[c[1]], -c[2], c[0]))
