"""Snapshots: one immutable state of the school model per publication, and one pointer that says which is current.

    snapshots/.lock                 held by the one build that runs; the system lets go of it when that build dies
    snapshots/.building-<id>/       being made; whatever is found here by the next build is rubbish
    snapshots/<id>/                 complete: model.duckdb, manifest.json, indicator_value.parquet; never changed again
    snapshots/current               the id of the snapshot that readers use, replaced in one step

A reader holds a file that nobody writes to; a build that dies leaves the pointer where it was (law 8).
"""

import json
import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import duckdb

import schakel
from schakel.engine import duck
from schakel.lib import clock
from schakel.lib.errors import Unreadable
from schakel.lib.identifiers import content_hash
from schakel.lib.locks import held
from schakel.lib.text import gettext as _
from schakel.process import filling, mappings, rosters, tellers, twice
from schakel.process.keys import Keys
from schakel.process.landings import Delivery, Landed, Renames, deliveries, under

MODEL = "model.duckdb"
MANIFEST = "manifest.json"
VALUES = "indicator_value.parquet"
POINTER = "current"
_LOCK = ".lock"
_BUILDING = ".building-"


@dataclass(frozen=True)
class Snapshot:
    """A complete snapshot. `model` is one DuckDB file, to be opened read-only; gone once the snapshot is pruned."""

    id: str
    folder: Path
    manifest: Mapping[str, Any] = field(repr=False, compare=False)

    @property
    def model(self) -> Path:
        """The DuckDB file with the tables of the school model."""
        return self.folder / MODEL

    @property
    def values(self) -> Path:
        """The indicator values of this snapshot as parquet; kept when the snapshot is pruned."""
        return self.folder / VALUES

    @property
    def unplaced(self) -> list[filling.Unplaced]:
        """The rows that came in and have no place in a table: they count in no figure and stand in no product."""
        return [filling.Unplaced(**each) for told in self.manifest["tables"].values() for each in told["unplaced"]]

    @property
    def contradicted(self) -> list[filling.Contradicted]:
        """The tables in which rows with one key told different things, of which one was taken."""
        found = ((table, told, told.get("differing", 0)) for table, told in self.manifest["tables"].items())
        return [filling.Contradicted(t, tuple(told["sources"]), n, told["rows"]) for t, told, n in found if n]

    @property
    def told_twice(self) -> list[twice.Twice]:
        """What two sources both tell, and counts twice; nothing in a snapshot of before that was looked for."""
        found = self.manifest.get("twice", [])
        return [twice.Twice(**{**each, "sources": tuple(each["sources"])}) for each in found]

    @property
    def available(self) -> bool:
        """Whether the tables are still there, or only the manifest and the indicator values."""
        return self.model.exists()


@dataclass
class Build:
    """What a later step of the build may use: the open tables, and the manifest to which it adds its own part.

    `before` is the manifest of the snapshot that this one follows, as long as its tables are at hand (as `PREVIOUS`);
    `earlier` are its indicator values, which stay at hand.
    """

    folder: Path
    day: date
    tables: dict[str, tuple[str, ...]]
    manifest: dict[str, Any]
    before: Mapping[str, Any]
    earlier: Path | None = None


class Step(Protocol):
    """A step after the tables are filled. What its outcome depends on beside the tables goes into `fingerprint`."""

    @property
    def fingerprint(self) -> str: ...
    def __call__(self, con: duckdb.DuckDBPyConnection, ctx: Build) -> None: ...


def build(
    data: Path,
    landed: Iterable[Landed],
    elements: frozenset[str],
    then: Iterable[Step] = (),
    tell: Callable[[str], None] = lambda _table: None,
    renames: Renames | None = None,
) -> Snapshot:
    """Publish what landed as a new snapshot, and give it back; the current one when nothing changed.

    Waits for a build that already runs on this data folder. `tell` hears the name of each table before it is filled;
    `renames` are the numbers of people and schools that are read as another, because a person matched them.
    Raises `Unknown` for an element that the school model does not have.
    """
    root = data / "snapshots"
    root.mkdir(parents=True, exist_ok=True)
    steps = tuple(then)
    with held(root / _LOCK):
        before, found = current(data), deliveries(landed, renames)
        keys = _keys(found, before)
        found = under(found, keys)
        inputs = _inputs(found, elements, steps)
        _clear_rubbish(root, before)
        if before is not None and before.available and before.manifest["input"] == inputs:
            return before
        making = _Making(root, _next_id(root, inputs), found, elements, steps, tell, before, keys)
        return making.publish(inputs)


def keys_of(data: Path, landed: Iterable[Landed]) -> dict[str, Keys]:
    """How the next snapshot would read the keys of rosters beside each other."""
    return _keys(deliveries(landed), current(data))


def tidy(data: Path) -> None:
    """Remove what a build that died left behind; waits for a build that is still alive."""
    root = data / "snapshots"
    if root.is_dir():
        with held(root / _LOCK):
            _clear_rubbish(root, current(data))


def current(data: Path) -> Snapshot | None:
    """The snapshot that readers use now, or None before the first. Costs one `stat` while nothing is published."""
    pointer = data / "snapshots" / POINTER
    try:
        stat = pointer.stat()
    except FileNotFoundError:
        return None
    return _pointed(pointer, stat.st_ino, stat.st_mtime_ns)


def get(data: Path, snapshot_id: str) -> Snapshot | None:
    """The snapshot with this id, or None."""
    folder = data / "snapshots" / snapshot_id
    known = snapshot_id in {path.name for path in _complete(data / "snapshots")}
    return _load(folder) if known else None


def history(data: Path) -> list[Snapshot]:
    """Every snapshot that was published, newest first; of pruned ones only the manifest and the values are left."""
    found = []
    snapshot = current(data)
    while snapshot is not None:
        found.append(snapshot)
        previous = snapshot.manifest["previous"]
        snapshot = _load(snapshot.folder.parent / previous) if previous else None
    return found


def prune(data: Path, keep: int, only: frozenset[str] | None = None) -> list[str]:
    """Remove the tables of all but the newest `keep` snapshots (never the current one); the ids that were pruned.

    `only`: the ids that may go; without it each of the older ones.
    Their manifests and indicator values stay: last year's figure can still be shown and explained.
    """
    root = data / "snapshots"
    with held(root / _LOCK):
        now = current(data)
        old = [s for s in history(data)[max(keep, 1) :] if s.available and now and s.id != now.id]
        old = [s for s in old if only is None or s.id in only]
        for snapshot in old:
            snapshot.model.unlink()
            _sync(snapshot.folder)
    return [snapshot.id for snapshot in old]


@dataclass
class _Making:
    """One build: a folder beside the snapshots that becomes one of them when it is complete."""

    root: Path
    id: str
    found: list[Delivery]
    elements: frozenset[str]
    steps: tuple[Step, ...]
    tell: Callable[[str], None]
    before: Snapshot | None
    keys: Mapping[str, Keys]

    def publish(self, inputs: str) -> Snapshot:
        """Make everything, make sure it is on disk, then switch."""
        folder = self.root / f"{_BUILDING}{self.id}"
        folder.mkdir()
        manifest: dict[str, Any] = {
            "id": self.id,
            "previous": self.before.id if self.before else None,
            "input": inputs,
            "software": schakel.__version__,
            "started": clock.now().isoformat(timespec="seconds"),
            "day": clock.today().isoformat(),
            "elements": sorted(self.elements),
            "sources": [delivery.described() for delivery in self.found],
            "keys": {source: keys.described() for source, keys in self.keys.items()},
        }
        try:
            self._make(folder, manifest)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        manifest["finished"] = clock.now().isoformat(timespec="seconds")
        _write(folder / MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
        _sync(folder)
        complete = folder.rename(self.root / self.id)
        _sync(self.root)
        _point(self.root, self.id)
        return _load(complete)

    def _make(self, folder: Path, manifest: dict[str, Any]) -> None:
        con = duck.worker()
        try:
            con.execute("SET preserve_insertion_order = true")  # a sorted table must lie on disk as it was sorted
            con.execute(f"SET temp_directory = {duck.literal(folder / '.spill')}")
            con.execute(f"ATTACH {duck.literal(folder / MODEL)} AS {filling.SNAPSHOT}")
            self._fill(con, manifest)
            con.execute(f"USE {filling.SNAPSHOT}")
            earlier = self.before.values if self.before and self.before.values.exists() else None
            ctx = Build(folder, clock.today(), _columns(manifest), manifest, self._known(), earlier)
            for step in self.steps:
                step(con, ctx)
            con.execute("COMMIT")
            con.execute("USE memory")
            con.execute(f"CHECKPOINT {filling.SNAPSHOT}")
            con.execute(f"DETACH {filling.SNAPSHOT}")
        finally:
            con.close()
        shutil.rmtree(folder / ".spill", ignore_errors=True)
        for path in folder.iterdir():
            _sync(path)

    def _fill(self, con: duckdb.DuckDBPyConnection, manifest: dict[str, Any]) -> None:
        needed = mappings.columns_for(self.elements)
        filling.create_relations(con, self.found, needed)
        before = self._known().get("tables", {})
        if before and self.before is not None:
            con.execute(f"ATTACH {duck.literal(self.before.model)} AS {filling.PREVIOUS} (READ_ONLY)")
        con.execute("BEGIN")
        filled = []
        for table, found in mappings.mappings_for(self.elements).items():
            self.tell(table)
            columns = mappings.columns_of(table, self.elements)
            fingerprint = filling.input_of(found, columns, self.found, schakel.__version__)
            known = before.get(table, {})
            if known.get("input") == fingerprint:
                filled.append(filling.copy(con, table, known))
            else:
                filled.append(filling.fill(con, table, columns, found, self.found, fingerprint))
        manifest["tables"] = {item.table: item.described() for item in filled}
        manifest["twice"] = [asdict(each) for each in twice.told_twice(con, self.found, needed)]
        manifest["told"] = tellers.sites_told(con, filled, mappings.mappings_for(self.elements))

    def _known(self) -> Mapping[str, Any]:
        """The manifest of the snapshot before this one, when what it holds can be taken over."""
        return self.before.manifest if self.before is not None and self.before.available else {}


def _keys(found: Iterable[Delivery], before: Snapshot | None) -> dict[str, Keys]:
    return rosters.keys_of(found, before.manifest if before is not None else {})


def _columns(manifest: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    return {table: tuple(item["columns"]) for table, item in manifest["tables"].items()}


def _inputs(found: list[Delivery], elements: frozenset[str], steps: tuple[Step, ...]) -> str:
    landed = [[d.layout, d.source, d.fingerprint, d.report.get("digest")] for d in found]
    sql = [mapping.sql for table in mappings.mappings_for(elements).values() for mapping in table]
    return content_hash([schakel.__version__, landed, sorted(elements), sql, [step.fingerprint for step in steps]])


def _complete(root: Path) -> list[Path]:
    return sorted(path for path in root.glob("[0-9]*-*") if (path / MANIFEST).exists())


def _next_id(root: Path, inputs: str) -> str:
    numbers = [int(path.name.partition("-")[0]) for path in _complete(root)]
    return f"{max(numbers, default=0) + 1:06d}-{inputs[:8]}"


def _clear_rubbish(root: Path, now: Snapshot | None) -> None:
    """Remove what a build that died left: half a snapshot, or a whole one that was never switched in.

    Without a pointer nothing complete is removed: then it is the pointer that was lost.
    """
    never_used = (path for path in _complete(root) if now is not None and path.name > now.id)
    for path in never_used:  # first the name, so that a second crash cannot leave half of it under a name that counts
        path.rename(root / f"{_BUILDING}{path.name}-gone")
    for path in root.glob(".*"):
        if path.name.startswith((_BUILDING, f".{POINTER}")):
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _point(root: Path, snapshot_id: str) -> None:
    """Switch: from here on every new reader gets this snapshot."""
    fresh = root / f".{POINTER}"
    _write(fresh, snapshot_id)
    fresh.replace(root / POINTER)
    _sync(root)


@lru_cache(maxsize=64)
def _pointed(pointer: Path, _inode: int, _modified: int) -> Snapshot:
    return _load(pointer.parent / pointer.read_text(encoding="utf-8").strip())


@lru_cache(maxsize=64)
def _load(folder: Path) -> Snapshot:
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        message = _("Deze momentopname is niet te lezen. Herstel de map uit de reservekopie, of publiceer opnieuw.")
        raise Unreadable(message, "broken-snapshot", where=str(folder)) from error
    return Snapshot(folder.name, folder, manifest)


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    _sync(path)


def _sync(path: Path) -> None:
    """Wait until a file, or the list of names in a folder, is on disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
