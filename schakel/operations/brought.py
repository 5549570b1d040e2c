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


def laid_down(path: Path, pieces: Iterable[bytes]) -> Path:
    """A file, whole or not at all; it takes the place of one of the same name."""
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


Mark = tuple[int, int]


def mark(path: Path) -> Mark | None:
    """What tells a file from the one that takes its place; None when it is gone."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns


def let_go(data: Path, source: str, path: Path, read: Mark | None) -> None:
    """A file came in as it was when it was marked. One that nobody brought stays, and so does what took its place."""
    if path.parent == folder(data, source) and mark(path) == read:
        path.unlink(missing_ok=True)


def tidy(data: Path) -> None:
    """Let go of what could not come in for a week."""
    root = data / "brought"
    for path in [each for each in root.rglob("*") if each.is_file()] if root.is_dir() else []:
        if clock.now().timestamp() - path.stat().st_mtime > KEPT.total_seconds():
            path.unlink(missing_ok=True)
