"""What landed, as the build reads it: per source the parquet files of one delivery, their content and their report.

A landing never changes once it is there; `landing.json` beside its files says when it landed and what was counted.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol


class Landed(Protocol):
    """What the build needs to know of a landing; `collect.landing` gives more."""

    @property
    def layout(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def folder(self) -> Path: ...


@dataclass(frozen=True)
class LandedFile:
    """One landing relation of one source: its parquet file and the digest of what is in it."""

    layout: str
    name: str
    source: str
    path: Path
    digest: str


@dataclass(frozen=True)
class Delivery:
    """The latest landing of one source, with the report that was written beside it."""

    layout: str
    source: str
    folder: Path
    files: tuple[LandedFile, ...]
    report: dict[str, Any] = field(default_factory=dict)

    @property
    def fingerprint(self) -> dict[str, str]:
        """What decides whether anything in this delivery changed: the digest of each file, by name."""
        return {file.name: file.digest for file in self.files}

    def described(self) -> dict[str, Any]:
        """The delivery as a manifest tells it: freshness and completeness, without its findings."""
        known = ("version", "digest", "landed_at", "rows", "quarantined", "columns_kept", "columns_dropped")
        return {"source": self.source, "layout": self.layout, "files": self.fingerprint} | {
            key: self.report[key] for key in known if key in self.report
        }


def deliveries(landed: Iterable[Landed]) -> list[Delivery]:
    """The landings with their files and reports, in a fixed order."""
    found = [
        Delivery(item.layout, item.source, Path(item.folder), _files(item), _report(Path(item.folder)))
        for item in landed
    ]
    return sorted(found, key=lambda d: (d.layout, d.source, d.folder.name))


def _files(item: Landed) -> tuple[LandedFile, ...]:
    return tuple(
        LandedFile(item.layout, path.stem, item.source, path, _digest_of(path))
        for path in sorted(Path(item.folder).glob("*.parquet"))
    )


def _report(folder: Path) -> dict[str, Any]:
    path = folder / "landing.json"
    content = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return content if isinstance(content, dict) else {}


def _digest_of(path: Path) -> str:
    stat = path.stat()
    return _digest(path, stat.st_ino, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=1024)
def _digest(path: Path, _inode: int, _modified: int, _size: int) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
