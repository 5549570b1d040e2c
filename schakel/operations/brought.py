"""Files that people brought: each lies beside its source until it came in, and then goes.

Only what an approved need names may stay (law 1); a file holds more.

<data>/brought/<source>/<name>
"""

import os
import secrets
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from schakel.lib import clock

KEPT = timedelta(days=7)  # what could not come in


def folder(data: Path, source: str) -> Path:
    """Where the files of a source lie."""
    return data / "brought" / source


def files(data: Path, source: str) -> list[Path]:
    """The files that were brought for a source and did not come in yet."""
    there = folder(data, source)
    return [path for path in there.iterdir() if not path.name.startswith(".")] if there.is_dir() else []


def keep(data: Path, source: str, name: str, pieces: Iterable[bytes]) -> Path:
    """Lay a file down, whole or not at all; it takes the place of one of the same name."""
    path = folder(data, source) / name
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    aside = path.with_name(f".{secrets.token_hex(8)}")  # what begins with a dot is not read
    try:
        with aside.open("xb") as stream:
            stream.writelines(pieces)
            stream.flush()
            os.fsync(stream.fileno())
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
    return path


def let_go(data: Path, source: str, path: Path) -> None:
    """A file came in; one that nobody brought stays where it is."""
    if path.parent == folder(data, source):
        path.unlink(missing_ok=True)


def tidy(data: Path) -> None:
    """Let go of what lies there for a week, read or not."""
    root = data / "brought"
    for path in [each for each in root.rglob("*") if each.is_file()] if root.is_dir() else []:
        if clock.now().timestamp() - path.stat().st_mtime > KEPT.total_seconds():
            path.unlink(missing_ok=True)
