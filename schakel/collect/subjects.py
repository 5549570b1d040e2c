"""Whom a full delivery is about against the landing in force: of another school it is more often a file put in wrong.

Somebody may say that it is right (`collect/low_counts.py`): the school got another BRIN. Where what is kept does not
tell it, then or now, nothing is compared.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from schakel.collect.counts import Confirmed, day_of, stops
from schakel.collect.examined import Examined
from schakel.collect.findings import Finding, finding
from schakel.collect.layouts import Layout, Subject
from schakel.engine.duck import literal, quoted


@dataclass(frozen=True)
class Other:
    """A delivery about another than the landing in force; `row` tells it (counted from 0)."""

    subject: Subject
    row: int
    found: str
    before: str
    before_on: date

    def finding(self, each: Examined) -> Finding:
        """What is told of it: both, and the line that tells the new one."""
        line = each.line(self.row, each.file.field(self.subject.columns[0]).source)
        words = {"action": self.subject.answer, "found": self.found, "expected": self.before}
        return finding(self.subject.rule, each.label_of(self.row), row=line, **words)

    @property
    def stops(self) -> bool:
        """Whether nothing comes in because of it."""
        return stops(self.subject)

    def told(self) -> dict[str, Any]:
        """In plain values, to ask somebody about."""
        day = self.before_on.isoformat()
        return {"key": self.subject.key, "found": self.found, "before": self.before, "before_on": day}


def others(
    con: duckdb.DuckDBPyConnection,
    layout: Layout,
    fresh: Callable[[str], str],
    needed: Mapping[str, frozenset[str]],
    standing: tuple[Mapping[str, Any], Path],
    confirmed: Confirmed,
) -> Iterator[Other]:
    """Whom it is about and was not about before; `fresh` gives SQL of the rows of a file, each with its place `_at`.

    `standing` is what the landing that counts now told, and its folder.
    """
    told, folder = standing
    for subject in layout.subjects:
        path, wanted = folder / f"{subject.file}.parquet", set(subject.columns)
        same = told["layout"] == layout.name and path.exists()
        if not same or not wanted <= needed.get(subject.file, frozenset()):
            continue
        landed = f"SELECT *, 0 AS _at FROM read_parquet({literal(path)})"
        if not wanted <= {row[0] for row in con.execute(f"DESCRIBE {landed}").fetchall()}:
            continue
        before, _row = _whom(con, subject, landed)
        found, row = _whom(con, subject, fresh(subject.file))
        _day, right = confirmed.get(subject.key, ("", ""))
        if before and found and found not in {before, right}:
            yield Other(subject, row, found, before, day_of(told["landed_at"]))


def _whom(con: duckdb.DuckDBPyConnection, subject: Subject, rows: str) -> tuple[str, int]:
    """Whom these rows are about, and which row tells it; empty when none does. Of more the first by name."""
    whom = ", ".join(" || ".join(_part(*part) for part in way) for way in subject.ways)
    told = f"SELECT coalesce({whom}) AS whom, r._at FROM ({rows}) AS r"
    found = con.execute(f"SELECT t.whom, t._at FROM ({told}) AS t WHERE t.whom <> '' ORDER BY ALL LIMIT 1").fetchone()
    return (str(found[0]), int(found[1])) if found else ("", 0)


def _part(column: str, empty: str) -> str:
    cell = f"nullif(CAST(r.{quoted(column)} AS VARCHAR), '')"
    return f"coalesce({cell}, {literal(empty)})" if empty else cell
