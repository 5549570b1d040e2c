"""What a kit points at, looked up at most once for each load: hundreds of things name the same few roles, systems."""

from collections.abc import Iterable
from typing import Any

from schakel.access.register import by_key


class Found:
    """Remembers what it found. For one load inside one transaction, in which keys do not change hands."""

    def __init__(self) -> None:
        self._known: dict[tuple[type[Any], str], Any] = {}

    def __call__(self, noun: type[Any], key: str) -> Any:
        """The thing with this key; Unknown says which one is missing."""
        name = (noun, key)
        if name not in self._known:
            self._known[name] = by_key(noun, key)
        return self._known[name]

    def keep(self, key: str, thing: Any) -> None:
        """Remember a thing that was just written: what comes after it in the kit points at it."""
        self._known[type(thing), key] = thing

    def all(self, noun: type[Any], keys: Iterable[str]) -> list[Any]:
        """The things with these keys, in that order."""
        return [self(noun, key) for key in keys]
