"""What a file offers to the register, and what is wrong with it: each with its place in the file."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Place:
    """Where something stands in a file (`Behoeften!D17`), and what stands there as a report may show it."""

    where: str
    value: str = ""
    sheet: str = ""
    row: int = 0
    column: int = 0


@dataclass(frozen=True)
class Fault:
    """Something that cannot be taken in: where, what stands there, why not, and what to do."""

    place: Place
    reason: str
    hint: str = ""


@dataclass
class Offered:
    """One thing as a file says it. What a file does not say is not in `fields` and stays as it is."""

    noun: str
    key: str
    place: Place
    fields: dict[str, Any] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)

    def at(self, name: str) -> Place:
        """Where a field stands; the thing itself when it has no place of its own."""
        return self.places.get(name, self.place)


@dataclass
class Offers:
    """Everything in a file: the offers, what was wrong on reading it, and what was left aside on purpose."""

    digest: str
    offered: list[Offered] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    identities: list[tuple[str, str, str]] = field(default_factory=list)  # noun, key, identifier in a model
