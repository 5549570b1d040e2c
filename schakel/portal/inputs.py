"""What is filled in on a long form, as plain data: each input with its label, its hint and what is wrong above it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from schakel.portal.parts import Part


@dataclass(frozen=True)
class Input(Part):
    """One thing to fill in: a line, a choice (`options`), several lines (`kind` area) or a box to tick (check)."""

    template: ClassVar[str] = "input"
    name: str
    label: str
    value: str = ""
    kind: str = "text"
    hint: str = ""
    options: Sequence[tuple[str, str]] = ()
    needed: bool = False
    most: int = 500
    error: str = ""


@dataclass(frozen=True)
class Group:
    """Inputs that belong together, under a heading."""

    title: str
    inputs: Sequence[Input]
    intro: str = ""
