"""The colours of a chart by what they mean. A specification says `$main`; a page, a mail and a PDF each fill that in.

In a page an ink is the variable of the style sheet, so that theme and print apply. Elsewhere, where nobody fills in a
variable, it is the colour of the light theme itself; a test holds those to `tokens.css`.
"""

from dataclasses import dataclass
from typing import Literal

Look = Literal["page", "plain"]
MARK = "$"


@dataclass(frozen=True)
class Ink:
    """A colour: its variable in the style sheet, and how it looks in the light theme."""

    variable: str
    light: str


INKS = {
    "main": Ink("--c-main", "#00566a"),
    "close": Ink("--c-close", "#00566a"),
    "rest": Ink("--c-rest", "#8a9693"),
    "grid": Ink("--c-grid", "#e1e6e4"),
    "band": Ink("--c-band", "#e9eeec"),
    "norm": Ink("--c-norm", "#43504d"),
    "bad": Ink("--bad", "#a51e18"),
    "ink": Ink("--ink", "#15201e"),
    "ink-2": Ink("--ink-2", "#43504d"),
    "edge": Ink("--line-2", "#7d8986"),
    "paper": Ink("--paper", "#fff"),
    "on-close": Ink("--on-accent", "#fff"),
}


def filled(name: str, look: Look) -> str:
    """The colour that stands for `$name`. Raises KeyError for a colour that is not an ink."""
    ink = INKS[name.removeprefix(MARK)]
    return f"var({ink.variable})" if look == "page" else ink.light
