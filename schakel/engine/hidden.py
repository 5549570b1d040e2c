"""The mark that stands in a cell whose figure may not be shown. It is not a number, not zero and not empty (law 11)."""

from dataclasses import dataclass

from schakel.lib.text import gettext as _


@dataclass(frozen=True)
class Hidden:
    """A hidden figure. `below` is the threshold when all that is hidden beside it lies under that; 0 says nothing."""

    below: int = 0

    def __str__(self) -> str:
        return f"< {self.below}" if self.below else _("verborgen")

    def __bool__(self) -> bool:
        return False


HIDDEN = Hidden()
