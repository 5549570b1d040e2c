"""What a kit points at, looked up once for each load: hundreds of things name the same few roles and systems."""

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

    def all(self, noun: type[Any], keys: Iterable[str]) -> list[Any]:
        """The things with these keys, in that order."""
        return [self(noun, key) for key in keys]
