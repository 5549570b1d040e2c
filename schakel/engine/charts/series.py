"""Values in their order, with holes: what is known, what is last, what stands alone."""

from collections.abc import Iterable, Sequence
from typing import Literal

Better = Literal["lower", "higher"]
Values = Sequence[float | None]


def last(values: Values) -> int | None:
    """The place of the last value that is known."""
    return next((i for i in reversed(range(len(values))) if values[i] is not None), None)


def alone(values: Values) -> list[int]:
    """Places of values with nothing beside them: a line cannot show those, a dot can."""
    size = len(values)
    return [
        place
        for place, value in enumerate(values)
        if value is not None and all(values[i] is None for i in (place - 1, place + 1) if 0 <= i < size)
    ]


def bounds(*groups: Iterable[float | None]) -> tuple[float, float]:
    """The lowest and highest known value; 0 and 1 when nothing is known."""
    known = [v for group in groups for v in group if v is not None]
    return (min(known), max(known)) if known else (0.0, 1.0)
