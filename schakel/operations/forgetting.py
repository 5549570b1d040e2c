"""When the last need for an element ends, its data goes (law 1): from landings, quarantine and older snapshots.

A landing is narrowed in place when its file is not there to be read again. What stays of an older snapshot is its
manifest and its indicator values: figures, no people.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

from schakel.collect.landing import Landed
from schakel.engine.duck import literal, quoted, worker
from schakel.process import mappings, snapshots

Needed = Mapping[str, Mapping[str, frozenset[str]]]


def forget(data: Path, elements: frozenset[str], standing: Iterable[Landed]) -> list[str]:
    """Remove every stored column and every snapshot that holds an element nobody needs any more.

    Returns what went: files relative to the data folder, with the columns that were taken out of them.
    """
    needed: Needed = mappings.columns_for(elements)
    gone = [text for landed in standing for text in _narrowed(data, landed, needed.get(landed.layout, {}))]
    return gone + _snapshots(data, elements)


def _narrowed(data: Path, landed: Landed, needed: Mapping[str, frozenset[str]]) -> list[str]:
    folders = [landed.folder, *([landed.quarantine] if landed.quarantine else [])]
    files = [path for folder in folders for path in sorted(folder.glob("*.parquet"))]
    return [text for path in files if (text := _narrow(data, path, needed.get(path.stem, frozenset())))]


def _narrow(data: Path, path: Path, needed: frozenset[str]) -> str:
    """Write a file again without the columns nobody needs; without any left, the file goes."""
    with worker() as con:
        described = con.execute(f"DESCRIBE SELECT * FROM read_parquet({literal(path)})").fetchall()
        present = [str(row[0]) for row in described]
        superfluous = [name for name in present if name not in needed and not name.startswith("_")]
        if not superfluous:
            return ""
        kept = [quoted(name) for name in present if name not in superfluous]
        if not needed:
            path.unlink()
        else:
            fresh = path.with_name(f".{path.name}")
            columns = ", ".join(kept)
            con.execute(
                f"COPY (SELECT {columns} FROM read_parquet({literal(path)})) TO {literal(fresh)} (FORMAT parquet)"
            )
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
