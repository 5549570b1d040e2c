"""A product's answer as a page shows it: its signals, its finding, its figures, as the product describes them.

Nothing is decided here about who may see what: the answer arrives as it was delivered, hidden cells included.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from decimal import Decimal
from functools import cached_property
from typing import Any

from schakel.engine.hidden import Hidden
from schakel.lib.text import gettext as _
from schakel.lib.text import language
from schakel.portal import figures
from schakel.portal.figures import Figure
from schakel.portal.parts import Status, Tone

Words = Mapping[str, Mapping[str, Mapping[str, str]]]
Cells = tuple[Any, ...]


def told(spec: Mapping[str, Any], name: str = "") -> str:
    """A text of a description in the language of the page: `nl`/`en`, or `<name>_nl`/`<name>_en`."""
    prefix = f"{name}_" if name else ""
    dutch = str(spec.get(f"{prefix}nl", ""))
    return str(spec.get(f"{prefix}en") or dutch) if language() == "en" else dutch


@dataclass(frozen=True)
class ColumnSpec:
    """A column as the product describes it."""

    spec: Mapping[str, Any]

    @property
    def key(self) -> str:
        """Its name in the answer."""
        return str(self.spec["key"])

    @property
    def label(self) -> str:
        """Its name on the page."""
        return told(self.spec)

    @property
    def format(self) -> str:
        """How its values are written."""
        return str(self.spec.get("format", "text"))

    @property
    def number(self) -> bool:
        """Whether it stands to the right."""
        return self.format in ("integer", "decimal", "hours", "percent", "euro", "ratio", "figure")

    @property
    def shown(self) -> bool:
        """Whether it stands in the table; some columns are only there for a signal or a sentence."""
        return self.spec.get("show") is not False


@dataclass(frozen=True)
class Presented:
    """An answer with the description of its product. `rows` are in the order of the product."""

    columns: Sequence[ColumnSpec]
    rows: Sequence[Cells]
    names: Sequence[str]
    signals: Mapping[str, Any] = field(default_factory=dict)
    findings: Sequence[Mapping[str, Any]] = ()
    words: Words = field(default_factory=dict)

    @cached_property
    def place(self) -> dict[str, int]:
        """Where each column is in a row."""
        return {name: place for place, name in enumerate(self.names)}

    @cached_property
    def present(self) -> list[ColumnSpec]:
        """The described columns that were delivered, in the order of the description."""
        return [column for column in self.columns if column.key in self.place]

    def value(self, row: Cells, key: str) -> Any:
        """The value of a column in a row; None when the column was not delivered."""
        return row[self.place[key]] if key in self.place else None

    def figure(self, row: Cells, column: ColumnSpec) -> Figure:
        """The value as it is written."""
        value = self.value(row, column.key)
        if isinstance(value, Hidden):
            return Figure(str(value), "hidden")
        if value is None or value == "":
            empty = told(column.spec, "empty")
            return Figure(empty) if empty else figures.unknown()
        if column.format == "figure":
            return Figure(written(value, replace(column, spec={**column.spec, "format": self._unit(row)}), self.words))
        if column.key in self._decimals:
            return Figure(figures.number(float(value), decimals=self._decimals[column.key]))
        return Figure(written(value, column, self.words))

    @cached_property
    def _decimals(self) -> dict[str, int]:
        """How many decimals the figures of a column have: all as many, to be compared at a glance."""
        found = {}
        for column in self.present:
            if column.format in {"decimal", "hours"}:
                values = [self.value(row, column.key) for row in self.rows]
                numbers = [abs(float(v)) for v in values if isinstance(v, Decimal | float | int)]
                if not all(number.is_integer() for number in numbers):
                    found[column.key] = 1 if column.format == "hours" or max(numbers) >= 10 else 2  # noqa: PLR2004
        return found

    def _unit(self, row: Cells) -> str:
        """The format of a figure: that of the unit of what the row is about, as the words for it tell."""
        lists = ((column.key, column.spec.get("words")) for column in self.present)
        told_of = (words.get(str(self.value(row, key))) for key, words in lists if isinstance(words, Mapping))
        units = (str(each["unit"]) for each in told_of if isinstance(each, Mapping) and "unit" in each)
        return _OF_UNIT.get(next(units, ""), "decimal")

    @cached_property
    def signal_of(self) -> list[str]:
        """The key of the signal of each row; empty when the product has no signals."""
        rules = self.signals.get("rules", ())
        return [next((str(r["key"]) for r in rules if self._fits(row, r)), "") for row in self.rows]

    def _fits(self, row: Cells, rule: Mapping[str, Any]) -> bool:
        if rule.get("otherwise"):
            return True
        value = self.value(row, str(rule.get("column", "")))
        if "empty" in rule:
            return (value is None or value == "") is bool(rule["empty"])
        if value is None or value == "" or isinstance(value, Hidden):
            return False
        try:
            return all(test(value, rule[name]) for name, test in _TESTS.items() if name in rule)
        except TypeError:  # a limit in hours cannot be held against a word: then the rule does not fit
            return False

    def rule(self, key: str) -> Mapping[str, Any]:
        """The signal with this key."""
        return next((r for r in self.signals.get("rules", ()) if r["key"] == key), {})

    def status(self, key: str) -> Status | None:
        """A signal as a chip; what needs nothing is said without one."""
        rule = self.rule(key)
        tone = str(rule.get("tone", "no"))
        return Status(told(rule), tone) if rule and tone != "no" else None  # type: ignore[arg-type]

    def tone(self, row: int) -> Tone | str:
        """The tone of a row's signal; empty without signals."""
        return str(self.rule(self.signal_of[row]).get("tone", "")) if self.signal_of else ""

    @cached_property
    def finding(self) -> str:
        """The first sentence that is true: it is the title of the page. Empty when none is."""
        for sentence in self.findings:
            text = self._sentence(sentence)
            if text:
                return figures.capital(text)
        return ""

    def _sentence(self, sentence: Mapping[str, Any]) -> str:
        when = sentence.get("when")
        matching = [i for i, key in enumerate(self.signal_of) if when in ("rows", key)]
        if not matching:
            return ""
        text = told(sentence, "one" if len(matching) == 1 else "many")
        filled = {"{count}": figures.counted(len(matching)), **self._top()}
        if any(not words for mark, words in filled.items() if mark in text):
            return ""  # what would be named is hidden or unknown: the next sentence speaks
        return _MARK.sub(lambda mark: filled.get(mark[0], mark[0]), text)  # once: a name may look like a mark

    def _top(self) -> dict[str, str]:
        """The values of the first row, for in a sentence; empty where hidden or unknown."""
        if not self.rows:
            return {}
        shown = {column.key: self._alone(self.rows[0], column) for column in self.present}
        return {f"{{top.{key}}}": f.text if f.known == "known" else "" for key, f in shown.items()}

    def _alone(self, row: Cells, column: ColumnSpec) -> Figure:
        """The value as it is written where nothing stands beside it: 0 hours, and not 0,0."""
        shown = self.figure(row, column)
        one = column.key in self._decimals and shown.known == "known"
        return Figure(written(self.value(row, column.key), column, self.words)) if one else shown


_OF_UNIT = {"%": "percent", "EUR": "euro", "ratio": "ratio"}
_MARK = re.compile(r"\{[^{}]*\}")
_TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "at_least": lambda value, limit: value >= limit,
    "at_most": lambda value, limit: value <= limit,
    "above": lambda value, limit: value > limit,
    "below": lambda value, limit: value < limit,
    "equals": lambda value, limit: value == limit,
}


def written(value: Any, column: ColumnSpec, words: Words) -> str:
    """A known value in the format of its column."""
    if column.format == "state":
        return _state(value, column, words)
    if column.format == "period":
        return figures.period(str(value))
    if isinstance(value, bool):
        return _("ja") if value else _("nee")
    if isinstance(value, Decimal | float | int):
        return _number(value, column.format)
    if isinstance(value, date | time):
        return _moment(value, column.format)
    return str(value)


def _number(value: Decimal | float | int, kind: str) -> str:
    styles = {"percent": ("%", None), "euro": ("€", 0), "ratio": ("", 2)}
    if kind in styles:
        unit, decimals = styles[kind]
        return figures.number(float(value), unit, decimals)
    return _plain(value, kind)


def _moment(value: date | time, kind: str) -> str:
    if isinstance(value, time):
        return f"{value:%H:%M}" if language() == "en" else f"{value:%H.%M}"
    if isinstance(value, datetime):
        return figures.moment(value)
    return f"{figures.month(value, short=False)} {value.year}" if kind == "month" else figures.day(value)


def _plain(value: Decimal | float | int, kind: str) -> str:
    if kind in ("text", "grade"):
        return str(value)
    number = float(value)
    if number.is_integer():
        return figures.number(int(number))
    return figures.number(number, decimals=1 if kind == "hours" or abs(number) >= 10 else 2)  # noqa: PLR2004


def _state(value: Any, column: ColumnSpec, words: Words) -> str:
    """The word for a value from a list of the product; the value itself when nobody gave it one."""
    listed = column.spec.get("words", {})
    known = words.get(listed, {}) if isinstance(listed, str) else listed
    entry = known.get(str(value))
    return told(entry) if isinstance(entry, Mapping) else str(entry or value)
