"""What can go wrong, said so that a person can act on it and a program can recognise it."""

import traceback
from dataclasses import dataclass
from pathlib import Path


@dataclass
class SchakelError(Exception):
    """One full sentence for a person, a stable code for a machine.

    `where` comes first in the text (a file, a row, a page); `retry` says whether the same call can succeed later, and
    `wait` how many seconds the other side asked to wait with it.
    """

    message: str
    code: str = "error"
    where: str = ""
    hint: str = ""
    retry: bool = False
    wait: float = 0.0

    def __str__(self) -> str:
        text = f"{self.where}: {self.message}" if self.where else self.message
        return f"{text} {self.hint}".strip()


@dataclass
class Unreadable(SchakelError):
    """A file or package that cannot be read at all; nothing was kept of it."""

    code: str = "unreadable"


@dataclass
class Refused(SchakelError):
    """A person may not do or see this. `who_can` names the roles or people that can help."""

    code: str = "refused"
    who_can: tuple[str, ...] = ()


@dataclass
class Unknown(SchakelError):
    """Something was named that does not exist (or that this person may not know of)."""

    code: str = "unknown"


def outline(error: BaseException) -> str:
    """What kind of failure it was and where in the program, without the values it was about: those may be of people."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" ({Path(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""
    why = f": {error.strerror}" if isinstance(error, OSError) and error.strerror else ""
    return f"{type(error).__name__}{why}{where}"
