"""Round values on an axis, and how many decimals it takes to tell them apart."""

from collections.abc import Sequence
from math import ceil, floor, log10

SMALLEST = 1e-9  # a difference below this is no difference on any axis


def ticks(high: float, low: float = 0.0, about: int = 4) -> list[float]:
    """Round values on an axis that begins at or under `low` and reaches `high`: 0, 1, 2, 3."""
    span = high - low
    if span < SMALLEST:
        return [low, low + 1]
    rough = span / about
    unit = 10.0 ** floor(log10(rough))
    step = next(m * unit for m in (1, 2, 2.5, 5, 10) if m * unit >= rough * 0.999)
    first = floor(low / step + SMALLEST)
    return [round((first + i) * step, 10) for i in range(ceil(high / step - SMALLEST) - first + 1)]


def decimals(marks: Sequence[float]) -> int:
    """How many decimals these values need: 0 for 0, 25, 50; 2 for 0, 0.25, 0.5."""
    return next((d for d in range(10) if all(abs(round(m, d) - m) < SMALLEST for m in marks)), 10)
