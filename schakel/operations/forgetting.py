"""When the last need for an element ends, its data goes (law 1): from landings, quarantine and older snapshots.

A landing is narrowed in place when its file is not there to be read again, of a source that is switched off too. What
stays of an older snapshot is its manifest and its indicator values: figures, no people.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

import duckdb

from schakel.collect.landing import Landed, latest
from schakel.collect.shelves import shelves
from schakel.engine.duck import literal, quoted, worker
from schakel.process import mappings, snapshots

Needed = Mapping[str, Mapping[str, frozenset[str]]]


def forget(data: Path, elements: frozenset[str]) -> list[str]:
    """Remove every stored column and every snapshot that holds an element nobody needs any more.

    Returns what went: files relative to the data folder, with the columns that were taken out of them.
    """
    needed: Needed = mappings.columns_for(elements)
    with worker() as con:
        gone = [_narrow(con, data, path, columns) for path, columns in _stored(data, needed)]
    return [text for text in gone if text] + _snapshots(data, elements)


def _stored(data: Path, needed: Needed) -> Iterator[tuple[Path, frozenset[str]]]:
    """Every file in storage, with the columns that may stay in it."""
    for shelf in shelves(data):
        landed = latest(data, shelf.source)
        if landed is not None:
            allowed = needed.get(landed.layout, {})
            yield from ((path, allowed.get(path.stem, frozenset())) for path in _files(landed))


def _files(landed: Landed) -> list[Path]:
    folders = [landed.folder, *([landed.quarantine] if landed.quarantine else [])]
    return [path for folder in folders for path in sorted(folder.glob("*.parquet"))]


def _narrow(con: duckdb.DuckDBPyConnection, data: Path, path: Path, needed: frozenset[str]) -> str:
    """Write a file again without the columns nobody needs; without any left, the file goes."""
    described = con.execute(f"DESCRIBE SELECT * FROM read_parquet({literal(path)})").fetchall()
    present = [str(row[0]) for row in described]
    superfluous = [name for name in present if name not in needed and not name.startswith("_")]
    if not superfluous:
        return ""
    kept = [quoted(name) for name in present if name not in superfluous]
    if not needed or not kept:
        path.unlink()
    else:
        fresh = path.parent.with_name(f".{path.parent.name}-{path.name}")  # on the shelf, where a crash is cleared
        narrowed = f"SELECT {', '.join(kept)} FROM read_parquet({literal(path)})"
        con.execute(f"COPY ({narrowed}) TO {literal(fresh)} (FORMAT parquet)")
        fresh.replace(path)
    return f"{path.relative_to(data)}: {', '.join(superfluous)}"


def _snapshots(data: Path, elements: frozenset[str]) -> list[str]:
    now = snapshots.current(data)
    gone = []
    for snapshot in snapshots.history(data):
        superfluous = set(snapshot.manifest["elements"]) - elements
        if snapshot.available and superfluous and (now is None or snapshot.id != now.id):
            snapshot.model.unlink()
            gone.append(str(snapshot.model.relative_to(data)))
    return gone
