"""Reading the rules of a layout over several columns, files and deliveries, as its data files declare them.

A layout of our own has them in SQL, each statement under a head that says rule, file and column. A mapping has them in
its YAML, in a few forms that need no SQL: what is written there is only ever a name or a value.
"""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from schakel.collect.layouts import Drift, File, Meaning
from schakel.collect.rules import rule
from schakel.engine.duck import literal, quoted
from schakel.lib.identifiers import number_sql

Uses = tuple[tuple[str, str], ...]
_HEAD = re.compile(r"^-- (rule: .*)$", re.M)
_COMMON = {"rule", "form", "column", "when", "answer", "there", "good", "bad"}
_OWN = {
    "filled-together": set[str](),
    "empty-together": set[str](),
    "value-together": {"values"},
    "not-before": {"other"},
    "period-order": {"other"},
    "not-more-than": {"other"},
    "same-school-year": {"other"},
    "usual-range": {"min", "max"},
    "most-a-day": {"other", "until", "max"},
    "parts-or-percentages": set[str](),
    "twice": {"columns"},
    "other-file": {"in"},
    "other-source": {"in"},
}
FORMS = tuple(_OWN)
ANY = "*"  # in `when`: any value at all


def read(path: Path) -> tuple[tuple[Meaning, ...], tuple[Drift, ...]]:
    """The rules in a file of SQL: those that judge rows, and those that compare counts (which need no SQL)."""
    parts = _HEAD.split(path.read_text(encoding="utf-8"))[1:]
    told = [(_told(head), sql) for head, sql in zip(parts[::2], parts[1::2], strict=True)]
    meanings = tuple(_meaning(head, sql) for head, sql in told if "fewer" not in head)
    return meanings, tuple(_drift(head) for head, _sql in told if "fewer" in head)


def _told(head: str) -> dict[str, str]:
    return dict(part.split(": ", 1) for part in head.split(" | "))


def _meaning(told: Mapping[str, str], sql: str) -> Meaning:
    uses = tuple((file, column) for file, _dot, column in (each.partition(".") for each in told["uses"].split()))
    expected, answer = told.get("expected", ""), told.get("answer", "")
    return Meaning(told["rule"], told["file"], told["column"], sql.partition(";")[0], uses, expected, answer)


def _drift(told: Mapping[str, Any]) -> Drift:
    where = told.get("where", {})
    if isinstance(where, str):
        where = dict(part.split(" = ", 1) for part in where.split(", ")) if where else {}
    return Drift(
        told["file"],
        told["nl"],
        told["en"],
        int(told["fewer"]),
        told.get("count", ""),
        tuple((str(column), str(value)) for column, value in where.items()),
        int(told.get("least", 20)),
        told.get("answer", ""),
        rule(told["rule"]).id,
    )


def known(meanings: Iterable[Meaning], drifts: Iterable[Drift], files: Mapping[str, File]) -> dict[str, Any]:
    """The rules of which every column is in these files, as the last fields of a Layout."""
    there = {(name, column) for name, file in files.items() for column in file.names}
    return {
        "meanings": tuple(m for m in meanings if set(m.uses) <= there),
        "drifts": tuple(d for d in drifts if d.file in files and {(d.file, c) for c in d.columns} <= there),
    }


def declared(
    file: File, told: Iterable[Mapping[str, Any]], files: Mapping[str, File]
) -> tuple[list[Meaning], list[Drift]]:
    """The rules of one relation of a mapping. Raises KeyError or ValueError for what is not a rule."""
    rules = list(told)
    drifts = [_drift({"file": file.name, **each}) for each in rules if "fewer" in each]
    return [_Declared(file, each, files).meaning() for each in rules if "fewer" not in each], drifts


def looks_at(told: Mapping[str, Any]) -> set[str]:
    """The columns of its own relation that a declared rule is about."""
    single = {told[key] for key in ("column", "other", "count", "until") if key in told}
    return {*single, *told.get("columns", ()), *told.get("when", {}), *told.get("where", {})}


class _Declared:
    """One rule of a mapping on its way to SQL. The table is `t`."""

    def __init__(self, file: File, told: Mapping[str, Any], files: Mapping[str, File]) -> None:
        self.file, self.told, self.files = file, told, files
        self.rule = rule(told["rule"]).id
        self.form = told.get("form", self.rule)
        strange = set(told) - _COMMON - _OWN[self.form]
        if strange:
            raise ValueError(f"{self.rule}: {', '.join(sorted(strange))}")
        self.column = told["columns"][0] if self.form == "twice" else told["column"]
        self.uses: list[tuple[str, str]] = [(file.name, self.column)]

    def meaning(self) -> Meaning:
        """The rule as the checks take it."""
        make = {"twice": self._twice, "other-file": self._other_file, "other-source": self._other_source}
        sql, expected = make.get(self.form, self._row)()
        form, elsewhere = "" if self.form == self.rule else self.form, self._elsewhere()
        answer, header = self.told.get("answer", ""), self.file.field(self.column).source
        return Meaning(self.rule, self.file.name, header, sql, tuple(self.uses), expected, answer, elsewhere, form)

    def _row(self) -> tuple[str, str]:
        """What one row must be by itself."""
        cell, condition, shown = self._cell(self.column), self._when(), self._shown()
        if self.form == "filled-together":
            return self._rows(f"{cell} IS NULL AND {condition}", "NULL"), shown
        if self.form == "empty-together":
            return self._rows(f"{cell} IS NOT NULL AND {condition}"), shown
        if self.form == "value-together":
            values = [str(value) for value in self.told["values"]]
            wrong = f"CAST({cell} AS VARCHAR) NOT IN ({', '.join(map(literal, values))})"
            return self._rows(f"{wrong} AND {condition}"), ", ".join(self._written(self.column, v) for v in values)
        if self.form == "parts-or-percentages":
            most = f"(SELECT max({quoted(self.file.field(self.column).name)}) FROM {quoted(self.file.name)})"
            return self._rows(f"{cell} > 0 AND {cell} <= 1 AND {most} > 1 AND {condition}"), ""
        if self.form == "usual-range":
            least, most = self.told["min"], self.told["max"]
            outside = f"{cell} NOT BETWEEN {float(least)} AND {float(most)}"
            return self._rows(f"{outside} AND {condition}"), f"{least} - {most}"
        other = self._cell(self.told["other"])
        if self.form == "most-a-day":
            days = f"1 + greatest(0, date_diff('day', {other}, coalesce({self._cell(self.told['until'])}, {other})))"
            return self._rows(f"{cell} > {float(self.told['max'])} * ({days}) AND {condition}"), str(self.told["max"])
        if self.form == "same-school-year":
            wrong = f"{cell} > make_date(CAST(year({other} - INTERVAL 7 MONTH) AS INTEGER) + 1, 7, 31)"
        else:
            wrong = f"{cell} {'>' if self.form == 'not-more-than' else '<'} {other}"
        return self._rows(f"{wrong} AND {condition}"), self.file.field(self.told["other"]).source

    def _twice(self) -> tuple[str, str]:
        cells = [self._cell(name) for name in self.told["columns"]]
        filled = " AND ".join(f"{cell} IS NOT NULL" for cell in cells)
        again = f"row_number() OVER (PARTITION BY {', '.join(cells)} ORDER BY t.rowid) > 1"
        return f"{self._rows(f'{filled} AND {self._when()}')} QUALIFY {again}", ""

    def _other_file(self) -> tuple[str, str]:
        name, _dot, column = self.told["in"].partition(".")
        there = self.files[name].field(column)
        self.uses.append((name, column))
        keys = f"SELECT CAST(o.{quoted(there.name)} AS VARCHAR) FROM {quoted(name)} AS o"
        return self._absent(f"CAST({self._cell(self.column)} AS VARCHAR)", keys), f"{name}.{there.source}"

    def _other_source(self) -> tuple[str, str]:
        known = number_sql(f"CAST({self._cell(self.column)} AS VARCHAR)")
        expected = ", ".join(".".join(each) for each in self._elsewhere())
        return self._absent(known, "SELECT e.k FROM elsewhere AS e"), expected

    def _absent(self, text: str, keys: str) -> str:
        return self._rows(f"{text} IS NOT NULL AND NOT coalesce({text} IN ({keys}), false) AND {self._when()}")

    def _elsewhere(self) -> tuple[tuple[str, str, str], ...]:
        if self.form != "other-source":
            return ()
        found = [str(each).split(".") for each in self.told["in"]]
        return tuple((layout, file, column) for layout, file, column in found)

    def _rows(self, wrong: str, value: str = "") -> str:
        shown = value or self._cell(self.column)
        return f"SELECT t.rowid, {shown} FROM {quoted(self.file.name)} AS t WHERE {wrong}"

    def _cell(self, name: str) -> str:
        """A column, which must be there, and is remembered as one that is looked at."""
        field = self.file.field(name)
        if (self.file.name, field.name) not in self.uses:
            self.uses.append((self.file.name, field.name))
        return f"t.{quoted(field.name)}"

    def _when(self) -> str:
        parts = [_holds(self._cell(name), _several(values)) for name, values in self.told.get("when", {}).items()]
        return " AND ".join(parts) or "true"

    def _shown(self) -> str:
        """The condition as a reader of the delivered file knows it: its header and the values as they are written."""
        parts = []
        for name, values in self.told.get("when", {}).items():
            header, found = self.file.field(name).source, _several(values)
            written = "/".join(self._written(name, value) for value in found)
            parts.append(header if found == [ANY] else f"{header} = {written}")
        return ", ".join(parts)

    def _written(self, name: str, value: str) -> str:
        return next((old for old, kept in self.file.field(name).vocabulary if kept == value), value)


def _holds(cell: str, values: list[str]) -> str:
    if values == [ANY]:
        return f"{cell} IS NOT NULL"
    return f"CAST({cell} AS VARCHAR) IN ({', '.join(map(literal, values))})"


def _several(values: Any) -> list[str]:
    return [str(value) for value in values] if isinstance(values, list | tuple) else [str(values)]
