"""When the last need for an element ends, its data goes (law 1): from landings, quarantine and older snapshots.

A landing is narrowed in place when its file is not there to be read again, of a source that is switched off too. What
stays of an older snapshot is its manifest and its indicator values: figures, no people.
"""

import json
from collections.abc import Mapping
from pathlib import Path

import duckdb

from schakel.collect.landing import Landed, latest
from schakel.collect.shelves import shelves
from schakel.engine.duck import literal, quoted, worker
from schakel.lib.text import gettext as _
from schakel.process import mappings, snapshots

Needed = Mapping[str, Mapping[str, frozenset[str]]]


def narrow(data: Path, elements: frozenset[str]) -> list[str]:
    """Take every stored column that nobody needs any more out of landings and quarantine.

    Returns what went: files relative to the data folder, with the columns that were taken out of them.
    """
    needed: Needed = mappings.columns_for(elements)
    gone = []
    with worker() as con:
        for shelf in shelves(data):
            landed = latest(data, shelf.source)
            if landed is not None:
                gone += _narrowed(con, data, landed, needed.get(landed.layout, {}))
    return gone


def let_go(data: Path, elements: frozenset[str]) -> list[str]:
    """Remove the tables of every older snapshot that holds an element nobody needs any more; what went."""
    now = snapshots.current(data)
    gone = []
    for snapshot in snapshots.history(data):
        superfluous = set(snapshot.manifest["elements"]) - elements
        if snapshot.available and superfluous and (now is None or snapshot.id != now.id):
            snapshot.model.unlink()
            gone.append(str(snapshot.model.relative_to(data)))
    return gone


def _narrowed(
    con: duckdb.DuckDBPyConnection, data: Path, landed: Landed, needed: Mapping[str, frozenset[str]]
) -> list[str]:
    found = [(path, _superfluous(con, path, needed.get(path.stem, frozenset()))) for path in _files(landed)]
    found = [(path, columns) for path, columns in found if columns]
    if found:
        _retell(landed, {(path.stem, column) for path, columns in found for column in columns})
    for path, columns in found:
        _rewrite(con, path, columns, keeps=bool(needed.get(path.stem)))
    return [f"{path.relative_to(data)}: {', '.join(columns)}" for path, columns in found]


def _files(landed: Landed) -> list[Path]:
    folders = [landed.folder, *([landed.quarantine] if landed.quarantine else [])]
    return [path for folder in folders for path in sorted(folder.glob("*.parquet"))]


def _columns(con: duckdb.DuckDBPyConnection, path: Path) -> list[str]:
    described = con.execute(f"DESCRIBE SELECT * FROM read_parquet({literal(path)})").fetchall()
    return [str(row[0]) for row in described]


def _superfluous(con: duckdb.DuckDBPyConnection, path: Path, needed: frozenset[str]) -> list[str]:
    return [name for name in _columns(con, path) if name not in needed and not name.startswith("_")]


def _retell(landed: Landed, gone: set[tuple[str, str]]) -> None:
    """Let the landing say what it will hold. It is no longer what was delivered: the same file may come in again."""
    path = landed.folder / "landing.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    why = _("Geen goedgekeurde behoefte noemt dit gegeven.")
    dropped = [[file, column, why] for file, column in sorted(gone) if [file, column] in told["columns_kept"]]
    told["columns_kept"] = [each for each in told["columns_kept"] if tuple(each) not in gone]
    told["columns_dropped"] = sorted([*told["columns_dropped"], *dropped])
    told["delivered"] = ""
    fresh = _beside(path)
    fresh.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
    fresh.replace(path)


def _rewrite(con: duckdb.DuckDBPyConnection, path: Path, gone: list[str], *, keeps: bool) -> None:
    """Write a file again without these columns; without any left, the file goes."""
    kept = [quoted(name) for name in _columns(con, path) if name not in gone]
    if not keeps or not kept:
        path.unlink()
        return
    fresh = _beside(path)
    narrowed = f"SELECT {', '.join(kept)} FROM read_parquet({literal(path)})"
    con.execute(f"COPY ({narrowed}) TO {literal(fresh)} (FORMAT parquet)")
    fresh.replace(path)


def _beside(path: Path) -> Path:
    """Where the new text of a file is made: on the shelf, where what a crash leaves is cleared."""
    return path.parent.with_name(f".{path.parent.name}-{path.name}")
