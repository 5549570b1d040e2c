"""When the last need for an element ends, its data goes (law 1): from landings, quarantine and older snapshots.

A landing is narrowed in place when its file is not there to be read again, of a source that is switched off too. What
stays of an older snapshot is its manifest and its indicator values: figures, no people.
"""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from schakel.collect.found_rows import SUFFIX
from schakel.collect.landing import Landed, latest
from schakel.collect.shelves import shelves
from schakel.engine.duck import literal, quoted, worker
from schakel.lib.text import gettext as _
from schakel.process import mappings, snapshots


@dataclass(frozen=True)
class Going:
    """A stored file that goes, or that loses these columns; `text` says so, relative to the data folder."""

    path: Path
    text: str
    columns: tuple[str, ...] = ()
    stays: bool = False
    landed: Landed | None = None


def superfluous(data: Path, elements: frozenset[str]) -> list[Going]:
    """Every stored column that nobody needs any more, in landings and quarantine."""
    needed = mappings.columns_for(elements)
    stored = {landed.source: landed for shelf in shelves(data) if (landed := latest(data, shelf.source)) is not None}
    files = {path: landed for landed in stored.values() for path in _files(landed)}
    with worker() as con:
        columns = _columns(con, files)
    found = []
    for path, landed in files.items():
        wanted = needed.get(landed.layout, {}).get(path.stem, frozenset())
        gone = tuple(name for name in columns[path] if name not in wanted and not name.startswith("_"))
        if gone:
            stays = bool(wanted) and len(gone) < len(columns[path])
            found.append(Going(path, f"{path.relative_to(data)}: {', '.join(gone)}", gone, stays, landed))
    return found


def outdated(data: Path, elements: frozenset[str]) -> list[Going]:
    """The tables of every older snapshot that holds an element nobody needs any more."""
    now = snapshots.current(data)
    return [
        Going(snapshot.model, str(snapshot.model.relative_to(data)))
        for snapshot in snapshots.history(data)
        if snapshot.available and snapshot != now and set(snapshot.manifest["elements"]) - elements
    ]


def remove(going: Iterable[Going]) -> None:
    """Let it go. A crash halfway leaves the rest to be found again."""
    with worker() as con:
        for each in going:
            if each.landed is not None:
                _retell(each.landed, each.path.stem, each.columns)
            _rewrite(con, each) if each.stays else each.path.unlink()


def _files(landed: Landed) -> list[Path]:
    folders = [landed.folder, *([landed.quarantine] if landed.quarantine else [])]
    return [path for folder in folders for kind in (".parquet", SUFFIX) for path in sorted(folder.glob(f"*{kind}"))]


def _columns(con: duckdb.DuckDBPyConnection, paths: Collection[Path]) -> dict[Path, list[str]]:
    """What each of these files holds, in one look: none of our own columns has parts."""
    found = {path: list[str]() for path in paths}
    if found:
        files = ", ".join(literal(path) for path in paths)
        told = f"SELECT file_name, name FROM parquet_schema([{files}]) WHERE coalesce(num_children, 0) = 0"
        for path, column in con.execute(told).fetchall():
            found[Path(path)].append(column)
    return found


def _retell(landed: Landed, file: str, gone: tuple[str, ...]) -> None:
    """Let the landing say what it will hold. It is no longer what was delivered: the same file may come in again."""
    path = landed.folder / "landing.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    why = _("Geen goedgekeurde behoefte noemt dit gegeven.")
    lost = [[file, column] for column in gone if [file, column] in told["columns_kept"]]
    told["columns_kept"] = [each for each in told["columns_kept"] if each not in lost]
    told["columns_dropped"] = sorted([*told["columns_dropped"], *([*each, why] for each in lost)])
    told["delivered"] = ""
    told["parts"] = [{**part, "delivered": ""} for part in told.get("parts", [])]
    fresh = _beside(path)
    fresh.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
    fresh.replace(path)


def _rewrite(con: duckdb.DuckDBPyConnection, going: Going) -> None:
    """Write a file again without the columns that go."""
    kept = ", ".join(quoted(name) for name in _columns(con, [going.path])[going.path] if name not in going.columns)
    fresh = _beside(going.path)
    source = f"SELECT {kept} FROM read_parquet({literal(going.path)})"
    con.execute(f"COPY ({source}) TO {literal(fresh)} (FORMAT parquet)")
    fresh.replace(going.path)


def _beside(path: Path) -> Path:
    """Where the new text of a file is made: on the shelf, where what a crash leaves is cleared."""
    return path.parent.with_name(f".{path.parent.name}-{path.name}")
