"""Where the landings of a source stand: made in a hidden folder, put in place whole, the pointer last.

```
<data>/landing/<source>/<digest>/     one landing
<data>/landing/<source>/current       the digest that counts now
<data>/quarantine/<source>/<digest>/  what was refused of it
```
"""

import hashlib
import json
import os
import re
import shutil
from pathlib import Path
from typing import Any

from schakel.lib.errors import SchakelError
from schakel.lib.text import gettext as _

_SOURCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


class Shelf:
    """The folders of one source."""

    def __init__(self, data: Path, source: str) -> None:
        if not _SOURCE.fullmatch(source):
            raise SchakelError(_("De naam van een bron heeft alleen letters, cijfers, punt en streepje."), where=source)
        self.source = source
        self.landing = data / "landing" / source
        self.quarantine = data / "quarantine" / source

    def clear(self) -> None:
        """Remove what a crash left behind: half-made folders, and quarantine without its landing.

        Without a pointer nothing complete is removed: then it is the pointer that was lost.
        """
        current = self._pointer()
        for root in (self.landing, self.quarantine):
            for each in root.iterdir() if root.is_dir() else ():
                if each.name.startswith(".") or (current and each.is_dir() and each.name != current):
                    self._removed(each)

    def _removed(self, path: Path) -> None:
        """Take something away: first its name, so that a second crash leaves nothing half under a name that counts."""
        if path.is_file():
            path.unlink()
            return
        hidden = path if path.name.startswith(".") else path.with_name(f".{path.name}-gone")
        shutil.rmtree(path.replace(hidden))

    def current(self) -> dict[str, Any] | None:
        """What the landing in force says of itself."""
        name = self._pointer()
        try:
            content = json.loads((self.landing / name / "landing.json").read_text(encoding="utf-8")) if name else None
        except (OSError, ValueError):
            return None
        return content if isinstance(content, dict) else None

    def _pointer(self) -> str:
        try:
            return (self.landing / "current").read_text(encoding="ascii").strip()
        except (OSError, ValueError):
            return ""

    def free_name(self, digest: str) -> str:
        """This name, or one that follows from it when a landing has it: what counts is never taken away first."""
        while (self.landing / digest).exists():
            digest = hashlib.sha256(digest.encode()).hexdigest()[:32]
        return digest

    def begin(self, digest: str) -> tuple[Path, Path]:
        """Fresh hidden folders for a landing and its quarantine."""
        made = (self.landing / f".{digest}", self.quarantine / f".{digest}")
        for folder in made:
            folder.mkdir(parents=True)
        return made

    def publish(self, digest: str) -> None:
        """Put both folders in place, then let the landing count, then let go of the one before."""
        for root in (self.quarantine, self.landing):
            _settled(root / f".{digest}")
            if (root / digest).exists():  # refused rows whose landing never counted
                self._removed(root / digest)
            (root / f".{digest}").replace(root / digest)
        pointer = self.landing / ".current"
        pointer.write_text(digest, encoding="ascii")
        _synced(pointer)
        pointer.replace(self.landing / "current")
        _synced(self.landing)
        self.clear()


def shelves(data: Path) -> list[Shelf]:
    """Every source of which something was ever taken in, as the folders say."""
    roots = (data / "landing", data / "quarantine")
    names = {folder.name for root in roots if root.is_dir() for folder in root.iterdir() if folder.is_dir()}
    return [Shelf(data, name) for name in sorted(names) if _SOURCE.fullmatch(name)]


def _settled(folder: Path) -> None:
    """Let the disk hold the files before their names count."""
    for path in [*folder.iterdir(), folder]:
        _synced(path)


def _synced(path: Path) -> None:
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
