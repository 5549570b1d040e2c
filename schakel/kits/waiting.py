"""A file that was looked at and waits for a yes: kept aside for its owner for an hour, and then gone."""

import os
import re
import secrets
import time
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from schakel.access.people import Person
from schakel.kits.archimate import bringing_in as model
from schakel.kits.exchange.taking import Read
from schakel.kits.sheets import reading as sheets
from schakel.lib.errors import Unreadable
from schakel.lib.text import gettext as _

_HOUR = 60 * 60
_TOKEN = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Waiting:
    """What waits: how it is called, and how it is read. Travels in the session as plain words."""

    token: str
    name: str
    kind: str  # sheet, systems or components: the last two are a model, by what its components become

    def words(self) -> dict[str, str]:
        """As it lies in a session."""
        return {"token": self.token, "name": self.name, "kind": self.kind}


def keep(person: Person, content: bytes, name: str, kind: str) -> Waiting:
    """Put a file aside. Raises Unreadable at once for a file that cannot be read at all; then nothing is kept."""
    reader(person, content, name, kind)
    folder = _folder()
    folder.mkdir(mode=0o700, exist_ok=True)
    _forget_old(folder)
    waiting = Waiting(secrets.token_hex(16), name[:200], kind)
    with os.fdopen(os.open(_path(person, waiting), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    return waiting


def opened(person: Person, waiting: Waiting) -> Read:
    """The waiting file, to be read against the register. Raises Unreadable when it is gone."""
    path = _path(person, waiting)
    try:
        content = path.read_bytes()
    except OSError as error:
        text = _("Dit bestand wacht niet meer: na een uur gaat het weg. Lees het opnieuw in.")
        raise Unreadable(text, code="gone") from error
    return reader(person, content, waiting.name, waiting.kind)


def discard(person: Person, waiting: Waiting) -> None:
    """Throw it away."""
    _path(person, waiting).unlink(missing_ok=True)


def reader(person: Person, content: bytes, name: str, kind: str) -> Read:
    """How a file of a kind is read."""
    if kind == "sheet":
        return sheets.reader(person, content, name)
    return model.reader(content, name, "components" if kind == "components" else "systems")


def _folder() -> Path:
    return Path(settings.DATA) / "exchange"


def _path(person: Person, waiting: Waiting) -> Path:
    """Only the owner's own: the number of the person is part of the name."""
    token = waiting.token if _TOKEN.fullmatch(waiting.token) else "none"
    return _folder() / f"{person.pk}-{token}"


def _forget_old(folder: Path) -> None:
    for path in folder.iterdir():
        if path.stat().st_mtime < time.time() - _HOUR:
            path.unlink(missing_ok=True)
