"""What landed, as the build reads it: per source the parquet files of one delivery, their content and their report.

A landing never changes once it is there; `landing.json` beside its files says when it landed and what was counted.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from schakel.lib.identifiers import content_hash
from schakel.process import namings
from schakel.process.keys import Keys


class Reread(NamedTuple):
    """A number in a file with the site beside it, if that is told, and as it is read: None is nobody's."""

    number: str
    site: str | None
    means: str | None


Renamed = tuple[Reread, ...]
Renames = Mapping[tuple[str, str], Renamed]  # by source and by the kind of what is named


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
    """One landing relation of one source: its parquet file, the digest of how it is read, and what is read otherwise.

    `renamed`: by column, and that of the site beside it or empty, the numbers that a person matched. `keys`: how its
    keys are read; None as they stand.
    """

    layout: str
    name: str
    source: str
    path: Path
    digest: str
    renamed: Mapping[tuple[str, str], Renamed] = field(default_factory=dict)
    keys: Keys | None = None


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
        counted = ("rows", "quarantined", "quarantined_stayed", "columns_kept", "columns_dropped")
        known = ("version", "digest", "landed_at", *counted)
        return {"source": self.source, "layout": self.layout, "files": self.fingerprint} | {
            key: self.report[key] for key in known if key in self.report
        }


def deliveries(landed: Iterable[Landed], renames: Renames | None = None) -> list[Delivery]:
    """The landings with their files and reports, in a fixed order; `renames` are the numbers that people matched."""
    found = [
        Delivery(item.layout, item.source, Path(item.folder), _files(item, renames or {}), _report(Path(item.folder)))
        for item in landed
    ]
    return sorted(found, key=lambda d: (d.layout, d.source, d.folder.name))


def under(found: Iterable[Delivery], keys: Mapping[str, Keys]) -> list[Delivery]:
    """These deliveries with the keys of each source as they are read beside the others."""
    return [
        replace(each, files=tuple(_under(file, keys[each.source]) for file in each.files))
        if each.source in keys
        else each
        for each in found
    ]


def _under(file: LandedFile, keys: Keys) -> LandedFile:
    return replace(file, keys=keys, digest=content_hash([file.digest, keys.described()]))


def _files(item: Landed, renames: Renames) -> tuple[LandedFile, ...]:
    return tuple(_file(item, path, renames) for path in sorted(Path(item.folder).glob("*.parquet")))


def _file(item: Landed, path: Path, renames: Renames) -> LandedFile:
    named = namings.of_file(item.layout, path.stem)
    renamed = {(n.key, n.site): renames[item.source, n.kind] for n in named if (item.source, n.kind) in renames}
    digest = content_hash([_digest_of(path), sorted(renamed.items())]) if renamed else _digest_of(path)
    return LandedFile(item.layout, path.stem, item.source, path, digest, renamed)


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
