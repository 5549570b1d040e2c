"""Where a source names a person or a school by a number that another source gives: declared in `namings.csv`.

The rosters say who there are (`rolls/<kind>.sql`); every other source only names them.
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, cast, get_args

from schakel.process import mappings

Kind = Literal["pupil", "staff", "organisation"]
KINDS: tuple[Kind, ...] = get_args(Kind)
_FILE = Path(__file__).with_name("namings.csv")
_ROLLS = Path(__file__).with_name("rolls")


@dataclass(frozen=True)
class Naming:
    """A column of a landing relation that names someone; `name` and `birth_date`: what it tells of them, or empty.

    `site`: the column of the site at which its mapping looks the number up first, or empty.
    """

    kind: Kind
    layout: str
    file: str
    key: str
    site: str
    name: str
    birth_date: str


@cache
def namings() -> tuple[Naming, ...]:
    """Every declared naming, in the order of the file."""
    with _FILE.open(encoding="utf-8", newline="") as stream:
        return tuple(Naming(cast(Kind, row.pop("kind")), **row) for row in csv.DictReader(stream))


def of_layout(layout: str, kind: Kind) -> tuple[Naming, ...]:
    """How one layout names this kind; empty when it does not."""
    return tuple(naming for naming in namings() if (naming.layout, naming.kind) == (layout, kind))


def of_file(layout: str, file: str) -> tuple[Naming, ...]:
    """Whom one file names, a naming per kind."""
    return tuple(naming for naming in namings() if (naming.layout, naming.file) == (layout, file))


@cache
def roll(kind: Kind) -> str:
    """The SQL of everyone whom the rosters know, over landing relations."""
    return mappings.text_of(_ROLLS / f"{kind}.sql")
