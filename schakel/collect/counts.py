"""How many there are against the deliveries before: far fewer pupils than yesterday is more often a broken export.

Counts are taken of what would count: the rows that are kept, as they were and as they would become. A landing hands on
the counts of the last month, so that a number which drains away a little each day is noticed as well. Somebody may say
that a low count is right (`collect/low_counts.py`); then the next reading is held against that count, and what was
counted before it is forgotten.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from schakel.collect.coverage import Coverage
from schakel.collect.findings import Finding, finding
from schakel.collect.layouts import Drift, Layout, Subject
from schakel.collect.rules import rule
from schakel.engine.duck import literal, quoted
from schakel.lib import clock
from schakel.lib.text import language, number

Counted = tuple[str, int]  # the day (2026-11-25) of a delivery, and how many there were
Confirmed = Mapping[str, tuple[str, int | str]]  # what is compared -> the day and count (or school) said to be right
History = dict[str, list[Counted]]  # what is counted -> per day its highest count
LOOKED_BACK = timedelta(days=30)
FEWEST = 10  # rows of a period, for far fewer of them, or none in another, to say something
_DAY = "%d-%m-%Y"


def stops(compared: Drift | Subject) -> bool:
    """Whether nothing comes in when it is otherwise than before."""
    return (compared.answer or rule(compared.rule).answer) == "stop"


@dataclass(frozen=True)
class Fallen:
    """A count that fell too far."""

    drift: Drift
    found: int
    before: int
    before_on: date
    period: bool = False  # whether it counts the rows of one period, which these would take the place of

    def finding(self, label: str) -> Finding:
        """What is told of it: both counts, each with its day."""
        what = self.drift.en if language() == "en" else self.drift.nl
        now = f"{number(self.found)} {what} ({clock.today().strftime(_DAY)})"
        then = f"{number(self.before)} ({self.before_on.strftime(_DAY)})"
        return finding(self.drift.rule, label, self.drift.count, action=self.drift.answer, found=now, expected=then)

    @property
    def stops(self) -> bool:
        """Whether nothing comes in because of it."""
        return stops(self.drift)

    def told(self) -> dict[str, Any]:
        """In plain values, to ask somebody about."""
        day = self.before_on.isoformat()
        return {"key": self.drift.key, "nl": self.drift.nl, "en": self.drift.en, "found": self.found,
                "before": self.before, "before_on": day, "period": self.period}  # fmt: skip


@dataclass(frozen=True)
class Counts:
    """What is counted in a delivery that may come in, beside what was counted in those before."""

    now: Mapping[str, int]
    before: Mapping[str, list[Counted]]
    fallen: tuple[Fallen, ...]

    @property
    def stopping(self) -> tuple[Fallen, ...]:
        """Those for which nothing comes in."""
        return tuple(each for each in self.fallen if each.stops)

    def history(self) -> History:
        """What the landing hands on. A fall that was told, or that somebody said is right, starts it anew."""
        told, today = {each.drift.key for each in self.fallen}, clock.today().isoformat()
        found: History = {}
        for key, count in self.now.items():
            earlier = [] if key in told else self.before.get(key, [])
            highest = max([count, *(n for day, n in earlier if day == today)])
            found[key] = [*(each for each in earlier if each[0] < today), (today, highest)]
        return found


def counts(
    con: duckdb.DuckDBPyConnection,
    layout: Layout,
    fresh: Callable[[str], str],
    needed: Mapping[str, frozenset[str]],
    standing: tuple[Mapping[str, Any], Path] | None,
    confirmed: Confirmed,
) -> Counts:
    """The counts, and those that fell further than their rule allows; `fresh` gives SQL of the rows of a file.

    `standing` is what the landing that counts now told, and its folder. What was not kept then or would not be kept now
    cannot be compared, and is not.
    """
    drifts = [d for d in layout.drifts if d.file in needed and set(d.columns) <= needed[d.file]]
    now = {d.key: _count(con, d, fresh(d.file)) for d in drifts}
    before = _before(con, layout.name, drifts, standing, confirmed) if standing else {}
    found = []
    for drift in drifts:
        day, then = max(before.get(drift.key, []), key=lambda each: (each[1], each[0]), default=("", 0))
        if drift.falls(then, now[drift.key]):
            found.append(Fallen(drift, now[drift.key], then, date.fromisoformat(day)))
    return Counts(now, before, tuple(found))


def thinned(
    told_again: Iterable[tuple[str, Coverage, date, int, int]], before_on: date, confirmed: Confirmed
) -> Iterator[Fallen]:
    """The periods of which a delivery has far fewer rows than stood: a stray row would take the place of all of them.

    Of each period come its file, its first day, and how many rows it had on `before_on` and would have.
    """
    for name, covers, first, had, has in told_again:
        nl, en = covers.rows_in(first, has)
        drift = Drift(name, nl, en, where=((covers.column, first.isoformat()),), least=FEWEST)
        day, then = confirmed.get(drift.key, (before_on.isoformat(), had))
        if drift.falls(int(then), has):
            yield Fallen(drift, has, int(then), date.fromisoformat(day), period=True)


def _before(
    con: duckdb.DuckDBPyConnection, layout: str, drifts: Sequence[Drift], standing: tuple[Mapping[str, Any], Path],
    confirmed: Confirmed,
) -> History:  # fmt: skip
    told, folder = standing
    if told.get("layout") != layout:
        return {}
    kept, landed = {(file, column) for file, column in told["columns_kept"]}, day_of(told["landed_at"]).isoformat()
    found: History = {}
    for drift in drifts:
        path = folder / f"{drift.file}.parquet"
        if not {(drift.file, c) for c in drift.columns} <= kept or not path.exists():
            continue
        if drift.key in confirmed:
            day, right = confirmed[drift.key]
            found[drift.key] = [(day, int(right))]
        elif drift.key in told.get("counts", {}):
            found[drift.key] = _recent([(day, int(count)) for day, count in told["counts"][drift.key]])
        else:  # a landing of before its counts were handed on
            found[drift.key] = [(landed, _count(con, drift, f"SELECT * FROM read_parquet({literal(path)})"))]
    return found


def _recent(counted: list[Counted]) -> list[Counted]:
    """Those of the last month, and the last one however old it is."""
    since = (clock.today() - LOOKED_BACK).isoformat()
    return [*(each for each in counted[:-1] if each[0] >= since), *counted[-1:]]


def _count(con: duckdb.DuckDBPyConnection, drift: Drift, rows: str) -> int:
    what = f"DISTINCT {quoted(drift.count)}" if drift.count else "*"
    where = [f"CAST({quoted(column)} AS VARCHAR) = {literal(value)}" for column, value in drift.where]
    found = con.execute(f"SELECT count({what}) FROM ({rows}) AS r WHERE {' AND '.join(where) or 'true'}").fetchone()
    return int(found[0]) if found else 0


def day_of(moment: str) -> date:
    """The day of a moment as a landing tells it."""
    return datetime.fromisoformat(moment).date()
