"""Holes between deliveries that tell of a period: nothing of a week in which schools were open reads as no absence."""

from collections.abc import Callable, Collection
from datetime import date, timedelta

import duckdb

from schakel.collect.counts import FEWEST
from schakel.collect.coverage import Coverage
from schakel.collect.findings import Finding, finding
from schakel.lib.text import gettext as _
from schakel.lib.text import language, number

IsOpen = Callable[[date], bool]
SCHOOL_DAYS = 3  # that such a period has at least
_NAMED = 4


def never(_day: date) -> bool:
    """Where nobody knows when schools are open, nothing is said."""
    return False


def holes(
    con: duckdb.DuckDBPyConnection, covers: Coverage, rows: str, told: Collection[date], is_open: IsOpen
) -> list[date]:
    """The first days of the periods of which nothing stands, between two that are well filled.

    `rows` is SQL of the file as it would stand, `told` has periods that were delivered and of which no row came in.
    """
    days = f"SELECT {covers.first_day()} AS day FROM ({rows}) AS r"
    counted = con.execute(f"SELECT day, count(*) FROM ({days}) WHERE day IS NOT NULL GROUP BY day").fetchall()
    there, full = {*told, *(day for day, _n in counted)}, [day for day, n in counted if n >= FEWEST]
    between = covers.periods(min(full), max(full)) if full else ()
    return [first for first in between if first not in there and _open_days(covers, first, is_open) >= SCHOOL_DAYS]


def _open_days(covers: Coverage, first: date, is_open: IsOpen) -> int:
    return sum(is_open(first + timedelta(days=each)) for each in range((covers.after(first) - first).days))


def told_of(found: list[date], covers: Coverage, label: str) -> Finding:
    """One finding for all holes of a file: the first of them by name."""
    names = [covers.named(first)[language() == "en"] for first in found[:_NAMED]]
    if len(found) > _NAMED:
        names.append(_("en nog %(count)s") % {"count": number(len(found) - _NAMED)})
    return finding("period-missing", label, found=", ".join(names))
