"""To which school does a row of a source belong? Declared per column in `schools.csv`; looked up in a snapshot.

The first column that leads to a school of today decides. A pupil number or staff number is looked up among the people
that the rosters delivered, as the mappings do (`known/*.sql`); one that two people share leads nowhere (law 11: never
guessed). A file that is about one school leads there by its source, `_source`.
"""

import csv
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from schakel.engine.duck import quoted
from schakel.process import filling, lineage, mappings
from schakel.process.keys import AS_THEY_STAND, Keys
from schakel.process.landings import Landed, LandedFile

_FILE = Path(__file__).with_name("schools.csv")
_TODAY = "start_date <= $day AND (end_date IS NULL OR end_date >= $day)"
_ENROLLED = f"SELECT pupil_id, site_id FROM enrolment WHERE {_TODAY}"
_WORKING = (
    'SELECT r.staff_id, coalesce(r.site_id, g.site_id) AS site_id FROM staff_role AS r LEFT JOIN "group" AS g'
    f" ON g.group_id = r.group_id WHERE r.{_TODAY.replace('end_date', 'r.end_date')}"
)


class _LookUp(NamedTuple):
    """What only the rosters tell: a look-up of the mappings, what stands in its column, and of what its key is one."""

    name: str
    column: str
    key: str
    element: str

    @property
    def sql(self) -> str:
        """Column and key, and nothing else."""
        return lineage.pruned(mappings.known(self.name), {self.column, self.key}).sql(lineage.DIALECT)


_LOOK_UPS = {
    "pupil.pupil_number": _LookUp("known_pupils", "pupil_number", "pupil_id", "pupil.pupil_id"),
    "staff.staff_number": _LookUp("known_staff", "staff_number", "staff_id", "staff.staff_id"),
    "source.key": _LookUp("known_places", mappings.ORIGIN, "site_id", "site.site_id"),
}
ROSTERS = ("oneroster", "edexml")  # the layouts that these look-ups read
Roll = Callable[[str, Collection[str]], Mapping[str, str]]  # for an element of the look-ups and its values the keys
# What a key of the school model leads to: SQL of (key, site).
_SITES = {
    "site.site_id": "SELECT site_id, site_id FROM site",
    "site.code": "SELECT o.brin || s.site_number, s.site_id FROM site AS s"
    " JOIN organisation AS o ON o.organisation_id = s.organisation_id",
    "group.group_id": 'SELECT group_id, site_id FROM "group"',
    "pupil.pupil_id": _ENROLLED,
    "staff.staff_id": _WORKING,
}


@dataclass(frozen=True)
class Lead:
    """A column of a file whose values are keys of the school model."""

    column: str
    element: str


@cache
def _leads() -> Mapping[tuple[str, str], tuple[Lead, ...]]:
    found: dict[tuple[str, str], tuple[Lead, ...]] = {}
    with _FILE.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            place = (row["layout"], row["file"])
            found[place] = (*found.get(place, ()), Lead(row["column"], row["element"]))
    return found


def leads(layout: str, file: str) -> tuple[Lead, ...]:
    """The columns that lead to a school, the surest first; none for a file of which that is not known."""
    return _leads().get((layout, file), ())


def sites_of(
    model: duckdb.DuckDBPyConnection,
    roll: Roll,
    place: tuple[str, str],
    rows: Iterable[Mapping[str, Any]],
    day: date,
    keys: Keys | None = None,
) -> list[frozenset[str]]:
    """The sites of each row of a file (layout, name), as the snapshot has them on a day; empty where it cannot tell.

    `keys`: how the keys of the source of these rows are read; as they stand without.
    """
    every = list(rows)
    found: list[frozenset[str]] = [frozenset()] * len(every)
    for lead in leads(*place):
        open_ = [n for n, sites in enumerate(found) if not sites and every[n].get(lead.column)]
        told = {n: _read(keys, place, lead.column, every[n][lead.column]) for n in open_}
        known = _led(model, roll, lead, {key for each in told.values() for key in each}, day)
        for n in open_:
            found[n] = frozenset(site for key in told[n] for site in known.get(key, ()))
    return found


def roll_of(
    con: duckdb.DuckDBPyConnection, rosters: Iterable[Landed], keys: Mapping[str, Keys] = AS_THEY_STAND
) -> Roll:
    """What the rosters tell, as they last landed; nothing without them, or of what no need asked for (law 1)."""
    read: dict[tuple[str, str], set[str]] = {}
    for known in _LOOK_UPS.values():
        for column in lineage.base_columns(lineage.parsed(known.sql)):
            read.setdefault((column.schema, column.table), set()).add(column.column)
    landed = list(rosters)
    for (layout, file), columns in read.items():
        con.execute(f"CREATE SCHEMA IF NOT EXISTS {quoted(layout)}")
        paths = [(item.source, Path(item.folder) / f"{file}.parquet") for item in landed if item.layout == layout]
        there = [(source, path) for source, path in paths if path.exists()]
        files = [LandedFile(layout, file, source, path, digest="", keys=keys.get(source)) for source, path in there]
        filling.create_relation(con, layout, file, files, columns - {mappings.ORIGIN}, columns)

    def look(element: str, values: Collection[str]) -> Mapping[str, str]:
        known = _LOOK_UPS[element]
        asked = f"list_contains($values, {known.column}) AND {known.key} IS NOT NULL"
        text = f"SELECT {known.column}, {known.key} FROM ({known.sql}) WHERE {asked}"
        return dict(con.execute(text, {"values": sorted(values)}).fetchall())

    return look


def _led(
    model: duckdb.DuckDBPyConnection, roll: Roll, lead: Lead, keys: Collection[str], day: date
) -> Mapping[str, list[str]]:
    """The sites that these values lead to."""
    if lead.element not in _LOOK_UPS:
        return _known(model, lead.element, keys, day)
    told = roll(lead.element, keys) if keys else {}
    sites = _known(model, _LOOK_UPS[lead.element].element, set(told.values()), day)
    return {value: sites.get(key, []) for value, key in told.items()}


def _read(keys: Keys | None, place: tuple[str, str], column: str, value: Any) -> list[str]:
    """The keys in a cell, as they are read: one, or a list with commas."""
    found = [part.strip() for part in str(value or "").split(",") if part.strip()]
    return found if keys is None else keys.read_all(*place, column, found)


def _known(model: duckdb.DuckDBPyConnection, element: str, keys: Collection[str], day: date) -> dict[str, list[str]]:
    if not keys:
        return {}
    where = {"keys": sorted(keys), **({"day": day} if "$day" in _SITES[element] else {})}
    text = (
        f"SELECT key, list(DISTINCT site) FROM ({_SITES[element]}) AS l(key, site)"
        " WHERE site IS NOT NULL AND list_contains($keys, key) GROUP BY key"
    )
    try:
        return dict(model.execute(text, where).fetchall())
    except (duckdb.CatalogException, duckdb.BinderException):  # no need for it: it is not in the snapshot (law 1)
        return {}
