"""Chance that can be repeated: the same seed and key give the same draw, in Python and in SQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Chance:
    """Draws in Python; each draw names what it is about."""

    seed: int

    def u(self, *key: object) -> float:
        """A number from 0 up to 1."""
        digest = blake2b("|".join(map(str, (self.seed, *key))).encode(), digest_size=8).digest()
        return (int.from_bytes(digest, "big") >> 11) / 2**53

    def whole(self, low: int, high: int, *key: object) -> int:
        """A whole number from low to high, both included."""
        return low + int(self.u(*key) * (high - low + 1))

    def pick(self, items: Sequence[T], *key: object) -> T:
        """One of the items, each as likely."""
        return items[int(self.u(*key) * len(items))]

    def often_first(self, items: Sequence[T], *key: object) -> T:
        """One of the items; the first are drawn far more often than the last, as names are."""
        return items[int(self.u(*key) ** 1.25 * len(items))]
