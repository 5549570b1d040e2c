"""Judging a figure: what it amounts to, which norm holds for it, and on which side of that norm it lies.

Norms are data with a date and a source. Above means at or better than the norm in the direction that is good; below
means worse. No judgement is made where there is no norm, no figure, or a direction that is only context.
"""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

Direction = Literal["higher", "lower", "range", "context"]
NormState = Literal["above", "below", "no_norm", "too_small", "unknown"]

_DECIMALS = Decimal("0.0001")
_MONTH, _SCHOOL_YEAR = 7, 9  # the length of 2026-11 and of 2026-2027


@dataclass(frozen=True)
class Norm:
    """What is good enough from a day on, according to a source. `upper` ends a range.

    It may hold for one sector only, or for organisations whose size (in the unit of the definition) lies in a band:
    from `size_from` up to but not including `size_below`.
    """

    value: Decimal
    valid_from: date
    source: str
    kind: str = "own"
    upper: Decimal | None = None
    sector: str | None = None
    size_from: Decimal | None = None
    size_below: Decimal | None = None
    confirmed: bool = False

    def holds(self, day: date, sector: str | None, size: Decimal | None) -> bool:
        """Whether the norm holds on a day for a sector and a size; without a size no band is chosen."""
        if self.valid_from > day or (self.sector is not None and self.sector != sector):
            return False
        if self.size_from is None and self.size_below is None:
            return True
        return (
            size is not None
            and (self.size_from or size) <= size
            and (self.size_below is None or size < self.size_below)
        )


def amount(numerator: Decimal | None, denominator: Decimal | None, *, counted: bool) -> Decimal | None:
    """A share as a fraction with four decimals, or a count; None when it is not known or 0 of 0.

    A count has a denominator only where it says how many could have been counted: none at all means no figure.
    """
    if numerator is None or denominator == 0:
        return None
    if counted:
        return numerator
    return None if denominator is None else (numerator / denominator).quantize(_DECIMALS)


def norm_for(
    norms: Iterable[Norm], period: str, today: date, sector: str | None = None, size: Decimal | None = None
) -> Norm | None:
    """The newest norm that holds at the end of the period, or today when the period still runs."""
    day = min(last_day(period), today)
    holding = [norm for norm in norms if norm.holds(day, sector, size)]
    return max(holding, key=lambda norm: (norm.valid_from, norm.sector is not None), default=None)


def norm_state(value: Decimal | None, norm: Norm | None, direction: Direction) -> NormState:
    """On which side of the norm a figure lies: above is at the norm or better, below is worse."""
    if value is None:
        return "unknown"
    if norm is None or direction == "context":
        return "no_norm"
    if direction == "range":
        return "above" if norm.value <= value <= (norm.upper if norm.upper is not None else value) else "below"
    good = value >= norm.value if direction == "higher" else value <= norm.value
    return "above" if good else "below"


def last_day(period: str) -> date:
    """The last day of a period: `2026-2027` (to 31 July), `2026-11` or `2026`. Raises ValueError for anything else."""
    if len(period) == _SCHOOL_YEAR:
        return date(int(period[5:]), 7, 31)
    if len(period) == _MONTH:
        year, month = int(period[:4]), int(period[5:])
        return date(year, month, monthrange(year, month)[1])
    return date(int(period), 12, 31)
