"""When the last need for an element ends, its data goes (law 1): from landings, quarantine and older snapshots.

What stays of an older snapshot is its manifest and its indicator values: figures, no people.
"""

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from schakel.process import snapshots


class Standing(Protocol):
    """A landing that is in use."""

    @property
    def source(self) -> str: ...
    @property
    def folder(self) -> Path: ...


def forget(data: Path, elements: frozenset[str], standing: Iterable[Standing]) -> list[str]:
    """Remove every landing that is no longer in use and every snapshot that holds an element nobody needs.

    Returns what went, as folder names relative to the data folder.
    """
    return _landings(data, {item.folder for item in standing}) + _snapshots(data, elements)


def _landings(data: Path, standing: set[Path]) -> list[str]:
    """Older landings, with the quarantine of the same delivery."""
    gone = []
    kept = {(folder.parent.name, folder.name) for folder in standing}
    for kind in ("landing", "quarantine"):
        for folder in sorted((data / kind).glob("*/*")):
            if folder.is_dir() and (folder.parent.name, folder.name) not in kept:
                shutil.rmtree(folder)
                gone.append(str(folder.relative_to(data)))
    return gone


def _snapshots(data: Path, elements: frozenset[str]) -> list[str]:
    now = snapshots.current(data)
    gone = []
    for snapshot in snapshots.history(data):
        superfluous = set(snapshot.manifest["elements"]) - elements
        if snapshot.available and superfluous and (now is None or snapshot.id != now.id):
            snapshot.model.unlink()
            gone.append(str(snapshot.model.relative_to(data)))
    return gone
