"""A delivery that is being fetched, page by page on disk, so that a break costs one page.

    <folder>/state.json        what was asked, how far it is, and how long each file was at that moment
    <folder>/keys              the keys that were met in this collection
    <folder>/parts/<file>.csv  the rows so far
    <folder>/package/          the whole delivery: put in place with one rename, when it is complete

Files are written first and the state after them: whatever a crash adds to a file is cut off again when it goes on.
"""

import csv
import json
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from schakel.collect.providers import PACKAGE
from schakel.connectors.oneroster_pages import Mark
from schakel.lib import clock

FRESH = 6 * 3600  # seconds after which a roster that was read half is read anew


@dataclass
class State:
    """How far it is. `plan` says what was asked: with another plan it begins anew."""

    plan: str
    begun: float
    until: str = ""
    done: list[str] = field(default_factory=list)
    modes: dict[str, str] = field(default_factory=dict)
    collection: str = ""
    mark: dict[str, Any] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    base: dict[str, int] = field(default_factory=dict)  # sizes at the start of this collection
    keys: int = 0  # length of the file with keys


class Checkpoint:
    """The fetching of one delivery."""

    def __init__(self, folder: Path, plan: str) -> None:
        self.folder, self.parts, self._keys = folder, folder / "parts", folder / "keys"
        known = self._read()
        now = clock.now().timestamp()
        if known is None or known.plan != plan or not 0 <= now - known.begun < FRESH or not self._whole(known):
            self.discard()
            known = State(plan, now)
        self.state = known
        self.parts.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._cut()

    @property
    def package(self) -> Path:
        """Where the whole delivery lies."""
        return self.folder / PACKAGE

    @property
    def complete(self) -> bool:
        """Whether it was fetched whole before."""
        return self.package.is_dir()

    def begin(self, collection: str) -> tuple[Mark, set[str]]:
        """Where to go on in this collection, and the keys that were met in it before."""
        if self.state.collection == collection and self.state.mark:
            met = self._keys.read_text(encoding="utf-8") if self.state.keys else ""  # a page may have had nothing in it
            return Mark(**self.state.mark), set(met.splitlines())
        self.state.collection, self.state.mark, self.state.base = collection, {}, dict(self.state.sizes)
        self.state.keys = 0
        self._cut()
        return Mark(), set()

    def again(self) -> None:
        """Let go of what was read of this collection."""
        self.state.sizes, self.state.mark, self.state.keys = dict(self.state.base), {}, 0
        self._cut()
        self._write()

    def add(
        self, rows: Mapping[str, Iterable[list[str]]], headers: Mapping[str, list[str]], mark: Mark, met: list[str]
    ) -> None:
        """Keep a page: its rows per file and the keys that were met, and then where it goes on."""
        for name, lines in rows.items():
            self._append(name, headers[name], lines)
        with self._keys.open("a", encoding="utf-8") as file:
            file.writelines(f"{key}\n" for key in met)
        self.state.keys = self._keys.stat().st_size
        self.state.mark = asdict(mark)
        self._write()

    def finish(self, modes: Mapping[str, str]) -> None:
        """This collection is read; `modes` says of its files whether they are whole (bulk) or changes (delta)."""
        self.state.done.append(self.state.collection)
        self.state.modes |= modes
        self.state.collection, self.state.mark = "", {}
        self._write()

    def publish(self, told: Mapping[str, Any], name: str) -> None:
        """Put the whole delivery in place, with a file that says what it is."""
        (self.parts / name).write_text(json.dumps(told, sort_keys=True), encoding="utf-8")
        self.parts.replace(self.package)

    def discard(self) -> None:
        """Let go of everything."""
        if self.folder.exists():
            shutil.rmtree(self.folder)

    def _append(self, name: str, header: list[str], lines: Iterable[list[str]]) -> None:
        path = self.parts / f"{name}.csv"
        with path.open("a", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            for number, line in enumerate(lines):
                if number == 0 and not self.state.sizes.get(name):
                    writer.writerow(header)
                writer.writerow(line)
        self.state.sizes[name] = path.stat().st_size
        if not self.state.sizes[name]:
            path.unlink()
            del self.state.sizes[name]

    def _cut(self) -> None:
        """Bring the files back to what the state says they were."""
        for path in self.parts.glob("*"):
            _shortened(path, self.state.sizes.get(path.stem, 0))
        if self._keys.exists():
            _shortened(self._keys, self.state.keys)

    def _whole(self, state: State) -> bool:
        """Whether the files are at least as long as the state says; a disk that lost power may say otherwise."""
        if self.complete:
            return True
        lengths = {self.parts / f"{name}.csv": size for name, size in state.sizes.items()} | {self._keys: state.keys}
        return all(not size or (path.exists() and path.stat().st_size >= size) for path, size in lengths.items())

    def _read(self) -> State | None:
        try:
            return State(**json.loads((self.folder / "state.json").read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def _write(self) -> None:
        fresh = self.folder / ".state.json"
        fresh.write_text(json.dumps(asdict(self.state)), encoding="utf-8")
        fresh.replace(self.folder / "state.json")


def _shortened(path: Path, size: int) -> None:
    if not size:
        path.unlink()
    elif path.stat().st_size > size:
        with path.open("r+b") as file:
            file.truncate(size)
