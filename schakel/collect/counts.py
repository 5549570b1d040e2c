"""How many there are against the delivery before: far fewer pupils than yesterday is more often a broken export.

Counts are taken of what would count: the rows that are kept, as they were and as they would become. Somebody may say
that a low count is right (`collect/low_counts.py`); then the next reading is held against that count.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

from schakel.collect.findings import Finding, finding
from schakel.collect.layouts import Drift, Layout
from schakel.collect.rules import rule
from schakel.engine.duck import literal, quoted
from schakel.lib import clock
from schakel.lib.text import language, number

Confirmed = Mapping[str, int]  # what is counted -> the count that somebody said is right
_DAY = "%d-%m-%Y"


@dataclass(frozen=True)
class Fallen:
    """A count that fell too far."""

    drift: Drift
    found: int
    before: int
    before_on: date

    def finding(self, label: str) -> Finding:
        """What is told of it: both counts, each with its day."""
        what = self.drift.en if language() == "en" else self.drift.nl
        now = f"{number(self.found)} {what} ({clock.today().strftime(_DAY)})"
        then = f"{number(self.before)} ({self.before_on.strftime(_DAY)})"
        return finding(self.drift.rule, label, self.drift.count, action=self.drift.answer, found=now, expected=then)

    @property
    def stops(self) -> bool:
        """Whether nothing comes in because of it."""
        return (self.drift.answer or rule(self.drift.rule).answer) == "stop"

    def told(self) -> dict[str, Any]:
        """In plain values, to ask somebody about."""
        day = self.before_on.isoformat()
        return {"key": self.drift.key, "nl": self.drift.nl, "en": self.drift.en, "found": self.found,
                "before": self.before, "before_on": day}  # fmt: skip


def fallen(
    con: duckdb.DuckDBPyConnection,
    layout: Layout,
    fresh: Callable[[str], str],
    needed: Mapping[str, frozenset[str]],
    standing: tuple[Mapping[str, Any], Path],
    confirmed: Confirmed,
) -> list[Fallen]:
    """The counts that fell further than their rule allows; `fresh` gives SQL of the rows that a file would get.

    What was not kept then or would not be kept now cannot be compared, and is not.
    """
    told, folder = standing
    if told.get("layout") != layout.name:
        return []
    kept = {(file, column) for file, column in told["columns_kept"]}
    found = []
    for drift in layout.drifts:
        before = folder / f"{drift.file}.parquet"
        wanted = set(drift.columns)
        comparable = drift.file in needed and wanted <= needed[drift.file] and {(drift.file, c) for c in wanted} <= kept
        if not comparable or not before.exists():
            continue
        then = confirmed.get(drift.key)
        then = _count(con, drift, f"SELECT * FROM read_parquet({literal(before)})") if then is None else then
        now = _count(con, drift, fresh(drift.file))
        if then >= drift.least and now * 100 <= then * (100 - drift.fewer):
            found.append(Fallen(drift, now, then, _day(told["landed_at"])))
    return found


def _count(con: duckdb.DuckDBPyConnection, drift: Drift, rows: str) -> int:
    what = f"DISTINCT {quoted(drift.count)}" if drift.count else "*"
    where = [f"CAST({quoted(column)} AS VARCHAR) = {literal(value)}" for column, value in drift.where]
    found = con.execute(f"SELECT count({what}) FROM ({rows}) AS r WHERE {' AND '.join(where) or 'true'}").fetchone()
    return int(found[0]) if found else 0


def _day(moment: str) -> date:
    return datetime.fromisoformat(moment).date()
