"""A noun of the register as a file knows it: its fields, what stands there now, and the function that writes it.

Writing is always by a function that people use: `put` here; nouns with functions of their own override `write`.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from schakel.access.kept import Kept
from schakel.access.people import Person
from schakel.access.register import by_key, plain, put
from schakel.kits.exchange.columns import Column, of_model, said

Fields = dict[str, Any]
Known = Callable[[str], Collection[str]]  # the keys of a noun, in the register and in the file
Remarks = Iterable[tuple[str, str, str]]  # field, what is wrong, what to do


class Finder:
    """Things by noun and key, each looked up at most once during a writing."""

    def __init__(self, nouns: Mapping[str, "Noun"]) -> None:
        self._nouns = nouns
        self._found: dict[tuple[str, str], Any] = {}

    def __call__(self, noun: str, key: str | None) -> Any:
        """The thing, or None for an empty key. Raises Unknown when it is not there."""
        if not key:
            return None
        if (noun, key) not in self._found:
            self._found[noun, key] = self._nouns[noun].find(key)
        return self._found[noun, key]

    def keep(self, noun: str, key: str, thing: Any) -> None:
        """Remember a thing that was just written."""
        self._found[noun, key] = thing

    def forget(self) -> None:
        """Look everything up again: what was written was undone."""
        self._found.clear()


@dataclass(frozen=True)
class Write:
    """One thing to write: what differs, and what stands there now (None for something new)."""

    key: str
    changed: Fields
    standing: Fields | None = None


@dataclass(frozen=True)
class Noun:
    """A table whose rows are written with `put`. `relations`: field -> the noun that it points at."""

    key: str
    model: type[Kept]
    permission: str
    fields: tuple[str, ...]
    relations: Mapping[str, str] = field(default_factory=dict)
    read: str = "chain.read"
    named_by: tuple[str, ...] = ("nl", "en")  # under which names a person may point at it

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """Its key and its fields, in the order of a file."""
        own = (of_model(self.key, self.model, name, self.relations.get(name, "")) for name in self.fields)
        return (self.key_column, *own)

    @cached_property
    def key_column(self) -> Column:
        """The column that says which thing a row is about."""
        kept: Any = self.model._meta
        longest = kept.get_field("key").max_length
        return said(self.key, "key", "key", required=True, longest=longest)

    @cached_property
    def _by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}

    def column(self, name: str) -> Column | None:
        """One of its columns by name."""
        return self._by_name.get(name)

    def things(self) -> Iterable[Any]:
        """All of them as they stand in the register."""
        return self.model.objects.select_related(*self.relations).order_by("key")

    def key_of(self, thing: Any) -> str:
        """By which key a file names it."""
        return str(thing.key)

    def standing(self, thing: Any) -> Fields:
        """What it says now, relations by key."""
        return {name: self._plain(thing, name) for name in self.fields}

    def names(self, thing: Any) -> Iterable[str]:
        """What people call it."""
        return filter(None, (str(getattr(thing, name, "") or "") for name in self.named_by))

    def find(self, key: str) -> Any:
        """The thing with this key; Unknown when there is none."""
        return by_key(self.model, key)

    def permissions(self, changed: Mapping[str, Any], *, new: bool) -> tuple[str, ...]:
        """What a person must be allowed to write this."""
        return (self.permission,)

    def key_from(self, fields: Fields) -> str:
        """The key of a row that has no cell with its key: made of its other fields."""
        return str(fields["key"])

    def remarks(self, said_now: Fields, standing: Fields | None, known: Known) -> Remarks:
        """What is wrong with a whole row, beyond each field by itself."""
        return ()

    def write(self, actor: Person, key: str, changed: Fields, standing: Fields | None, find: Finder) -> None:
        """Write what differs (of a new thing: everything that is said)."""
        find.keep(self.key, key, put(actor, self.permission, self.model, key, **self.resolved(changed, find))[0])

    def write_all(self, actor: Person, writes: Sequence[Write], find: Finder) -> None:
        """Write several things, one after the other; a noun that can do it faster by the set does so."""
        for each in writes:
            self.write(actor, each.key, each.changed, each.standing, find)

    def resolved(self, fields: Fields, find: Finder) -> Fields:
        """The fields with their relations looked up."""
        return {
            name: find(self.relations[name], value) if name in self.relations else value
            for name, value in fields.items()
        }

    def voids(self, thing: Any, changed: Mapping[str, Any]) -> bool:
        """Whether writing this voids an approval."""
        return False

    def _plain(self, thing: Any, name: str) -> Any:
        value = getattr(thing, name)
        return plain(value) if isinstance(value, Kept) else value
