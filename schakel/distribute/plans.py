"""What is known of a query with hidden columns: which of them count the people behind which figure."""

from dataclasses import dataclass, field
from typing import Literal

from schakel.engine.sql import Checked

Mode = Literal["bits", "keys"]


@dataclass(frozen=True)
class Atom:
    """One counted thing. `hit` and `out` are the hidden columns with the people in it, and with those left out of it.

    They hold bits or keys; or numbers of people (`hit_number`, `out_number`). `family` is shared by counts of the same
    thing under different conditions; `filtered` tells those from their total. `heads`: the figure is itself the number
    of people.
    """

    hit: int
    out: int | None
    hit_number: bool
    out_number: bool
    family: str
    filtered: bool
    heads: bool


@dataclass
class Plan:
    """A query with its hidden columns: `cells` gives per visible column the atoms that it is made of.

    `heads` are the columns that give nothing but a number of people. `dims` name the row; `apart` are those over whose
    values nothing is added up. `keys_only`: mode `bits` says too little; `two_modes`: there is
    anything to count by key.
    """

    query: Checked
    visible: int
    atoms: list[Atom] = field(default_factory=list)
    cells: dict[int, tuple[int, ...]] = field(default_factory=dict)
    heads: frozenset[int] = frozenset()
    dims: tuple[int, ...] = ()
    apart: tuple[int, ...] = ()
    sorted_by_people: bool = False
    keys_only: bool = False
    two_modes: bool = False
