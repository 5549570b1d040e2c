"""The parts of a landing that is put together: which delivery each period came of, and what was wrong there.

So a file that was read before is not read again, and a mistake is not called repaired by a file that does not tell of
its period.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from schakel.collect.causes import Place


@dataclass(frozen=True)
class Part:
    """What one delivery told that nothing after it did: its periods per file (first days), and what was wrong in it.

    `delivered` is its fingerprint, empty once a column of it was forgotten; `mark` stays as it was, on its found rows.
    """

    delivered: str
    package: str
    mark: str
    periods: dict[str, list[str]] = field(default_factory=dict)
    places: list[list[str]] = field(default_factory=list)

    def without(self, told: Mapping[str, Iterable[str]]) -> "Part":
        """The same after these periods were replaced; what was wrong in it is gone with the last of them."""
        left = {name: [day for day in days if day not in told.get(name, ())] for name, days in self.periods.items()}
        return replace(self, periods=left, places=self.places if any(left.values()) else [])


def was_read(told: Mapping[str, Any], delivered: str) -> bool:
    """Whether a landing came of this very delivery, the last one or one before."""
    return delivered in {told["delivered"], *(part.delivered for part in parts_of(told))}


def parts_of(told: Mapping[str, Any]) -> list[Part]:
    """The parts of a landing, as it tells them."""
    return [Part(**each) for each in told.get("parts", [])]


def parts_after(before: Mapping[str, Any] | None, part: Part, replaced: Mapping[str, Iterable[str]]) -> list[Part]:
    """The parts of the landing that comes of one more; the periods that it replaced are no longer of those before."""
    stood = parts_of(before or {})
    return [*(each.without(replaced) for each in stood if each.delivered != part.delivered), part]


def marks_of(parts: Iterable[Part], name: str) -> list[str]:
    """The marks of the deliveries of which a period of this file stands."""
    return [part.mark for part in parts if part.periods.get(name)]


def still_wrong(parts: Iterable[Part]) -> frozenset[Place]:
    """Where something was wrong in deliveries of which a period stands: the last one does not tell of those."""
    return frozenset(Place(*place) for part in parts for place in part.places)
