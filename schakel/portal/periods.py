"""Periods one after the other, also those that nothing is known of: a line must break there."""

from collections.abc import Sequence
from datetime import MAXYEAR, date, timedelta
from typing import Any

MOST = 400  # more than this between the first and the last is a mistake in the data, not a line


def unbroken(times: Sequence[Any], kind: str) -> list[Any]:
    """The times in order, with every month or week between the first and the last when that is what they are."""
    known = sorted(set(times), key=str)
    if kind not in ("month", "week") or not all(isinstance(t, date) for t in known):
        return known
    every: list[Any] = known[:1]
    while every and every[-1] < known[-1] and len(every) <= MOST and every[-1].year < MAXYEAR:
        every.append(_following(every[-1], kind))
    return every if set(known) <= set(every) else known


def _following(day: date, kind: str) -> date:
    if kind == "week":
        return day + timedelta(days=7)
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)
