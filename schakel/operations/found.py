"""The rows with findings of what last landed of a source, each with the school that it belongs to, for our own use.

Who may see which of these is decided in repair_lists.py.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from schakel.collect.causes import Place
from schakel.collect.found_rows import SUFFIX
from schakel.collect.landing import latest
from schakel.collect.parts import parts_of
from schakel.collect.sources import Source
from schakel.distribute.entitlement import current_snapshot
from schakel.distribute.query import opened
from schakel.engine.duck import literal, worker
from schakel.lib import clock
from schakel.process import schools
from schakel.process.rosters import told_keys
from schakel.process.snapshots import Snapshot

Stamp = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Found:
    """One finding about one row: its line, the key by which it is found again, and its schools (none: not known).

    `package` is the file that it stands in, where that is not the last one that came in, or the sheet of that one.
    """

    place: Place
    line: int
    action: str
    value: str
    key: str
    sites: frozenset[str]
    package: str = ""


@dataclass(frozen=True)
class _Roster:
    """Where the roster of one source last landed."""

    layout: str
    source: str
    folder: Path


@dataclass(frozen=True)
class _Shelf:
    """What was kept of one delivery: of which source, where, in which state, its keys, and its mark."""

    source: str
    folder: Path
    stamp: Stamp
    layout: str
    keys: tuple[tuple[str, tuple[str, ...]], ...]
    last: str


def found_in(source: Source) -> Sequence[Found]:
    """Every row with a finding in what last landed of a source; empty when nothing was wrong or nothing landed."""
    landed = latest(Path(settings.DATA), source.key)
    if landed is None or landed.quarantine is None:
        return ()
    files = sorted(landed.quarantine.glob(f"*{SUFFIX}"))
    if not files:
        return ()
    stamp = tuple((path.name, path.stat().st_mtime_ns) for path in files)
    snapshot = current_snapshot()
    told = json.loads((landed.folder / "landing.json").read_text(encoding="utf-8"))
    last = told.get("mark") or (parts_of(told)[-1].mark if told.get("parts") else "")
    shelf = _Shelf(source.key, landed.quarantine, stamp, landed.layout, _keys(told), last)
    there = snapshot if snapshot is not None and snapshot.available else None
    return _read(shelf, there, _rosters(), clock.today())


def site_names() -> dict[str, str]:
    """The names of the sites, by key."""
    snapshot = current_snapshot()
    if snapshot is None or not snapshot.available or "site" not in dict(opened(snapshot.model).tables):
        return {}
    return dict(opened(snapshot.model).cursor.execute("SELECT site_id, name FROM site ORDER BY name").fetchall())


def _keys(told: Mapping[str, Any]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((name, tuple(columns)) for name, columns in told.get("keys", {}).items())


def _rosters() -> tuple[_Roster, ...]:
    """The rosters as they last landed: by their numbers other files name people, by their source a school."""
    every = Source.objects.filter(layout__in=schools.ROSTERS, active=True).order_by("key")
    found = ((source, latest(Path(settings.DATA), source.key)) for source in every)
    return tuple(_Roster(source.layout, source.key, landed.folder) for source, landed in found if landed is not None)


@lru_cache(maxsize=16)
def _read(shelf: _Shelf, snapshot: Snapshot | None, rosters: tuple[_Roster, ...], day: date) -> tuple[Found, ...]:
    """Read once for each landing, snapshot and day."""
    keys = told_keys(snapshot.manifest) if snapshot else {}
    with worker(memory="300MB") as con:
        roll = schools.roll_of(con, rosters, keys)
        found: list[Found] = []
        for name, _moment in shelf.stamp:
            file = name.removesuffix(SUFFIX)
            answer = con.execute(f"SELECT * FROM read_parquet({literal(shelf.folder / name)}) ORDER BY _row, _column")
            names = [each[0] for each in answer.description or ()]
            rows = [dict(zip(names, row, strict=True), _source=shelf.source) for row in answer.fetchall()]
            place = (shelf.layout, file)
            sites = [frozenset[str]()] * len(rows)
            if snapshot:
                model = opened(snapshot.model).cursor
                sites = schools.sites_of(model, roll, place, rows, day, keys.get(shelf.source))
            found += _told(file, dict(shelf.keys).get(file, ()), rows, sites, shelf.last)
    return tuple(found)


def _told(
    file: str, keys: Sequence[str], rows: Sequence[Mapping[str, Any]], sites: Sequence[frozenset[str]], last: str
) -> Iterator[Found]:
    for row, at in zip(rows, sites, strict=True):
        key = " · ".join(str(row[name]) for name in keys if row.get(name))
        place = Place(file, row["_column"], row["_rule"])
        package = row.get("_package") or ""
        other = row.get("_mark", last) != last or "#" in package  # of an earlier file, or on one of several sheets
        yield Found(place, row["_row"], row["_action"], row["_value"], key, at, package if other else "")
