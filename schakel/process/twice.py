"""Two sources that tell of the same: an old package beside its successor, or a file that was connected twice.

A row of one source is a row of another where both have the same key of several columns (pupil, site, day, lesson,
kind). A key of one column is a number that each package gives out itself, and says nothing over sources.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

import duckdb

from schakel.engine.duck import literal, quoted
from schakel.process.landings import Delivery, LandedFile

SEVERAL = 2


@dataclass(frozen=True)
class Twice:
    """So many rows of a relation that two sources both have; `of` counts those of the source that has fewest."""

    layout: str
    relation: str
    sources: tuple[str, str]
    rows: int
    of: int


def told_twice(
    con: duckdb.DuckDBPyConnection, found: Iterable[Delivery], needed: Mapping[str, Collection[str]]
) -> list[Twice]:
    """What two sources both tell, by what landed of them; `needed` has the relations of each layout that are read."""
    of_relation: dict[tuple[str, str], list[_Keyed]] = {}
    for delivery in found:
        for file in delivery.files:
            keys = delivery.report.get("unique", {}).get(file.name, ())
            if len(keys) >= SEVERAL and file.name in needed.get(file.layout, {}):
                of_relation.setdefault((file.layout, file.name), []).append(_Keyed(file, keys))
    return [each for files in of_relation.values() if len(files) > 1 for each in _told(con, files)]


class _Keyed(NamedTuple):
    """A file and the columns of its key."""

    file: LandedFile
    keys: Collection[str]


def _told(con: duckdb.DuckDBPyConnection, files: list[_Keyed]) -> Iterator[Twice]:
    """Every pair of sources of one relation, held against each other by the columns that both have filled."""
    filled = {each.file.source: _filled(con, each) for each in files}
    shared = {(a, b): filled[a] & filled[b] for a, b in combinations(sorted(filled), SEVERAL)}
    for keys in sorted({keys for keys in shared.values() if len(keys) >= SEVERAL}, key=sorted):
        with_them = [each.file for each in files if keys <= filled[each.file.source]]
        for one, other, both, fewest in con.execute(_both(with_them, sorted(keys))).fetchall():
            if shared[one, other] == keys:
                yield Twice(with_them[0].layout, with_them[0].name, (one, other), both, fewest)


def _filled(con: duckdb.DuckDBPyConnection, each: _Keyed) -> frozenset[str]:
    """The columns of its key that a file has a value in."""
    rows = f"read_parquet({literal(each.file.path)})"
    described = {row[0] for row in con.execute(f"DESCRIBE SELECT * FROM {rows}").fetchall()}
    there = [key for key in each.keys if key in described]
    counts = ", ".join(f"count({quoted(key)})" for key in there)
    counted = con.execute(f"SELECT {counts} FROM {rows}").fetchone() if there else ()
    return frozenset(key for key, count in zip(there, counted or (), strict=True) if count)


def _both(files: list[LandedFile], keys: list[str]) -> str:
    """SQL of each pair of sources with how many rows both have, and how many the one with fewest."""
    cells = ", ".join(f"CAST({quoted(key)} AS VARCHAR) AS {quoted(key)}" for key in keys)
    every = " UNION ALL ".join(
        f"SELECT DISTINCT {literal(file.source)} AS _s, {cells} FROM read_parquet({literal(file.path)})"
        for file in files
    )
    same = " AND ".join(f"a.{quoted(key)} IS NOT DISTINCT FROM b.{quoted(key)}" for key in keys)
    return (
        f"WITH every AS ({every}), counted AS (SELECT _s, count(*) AS n FROM every GROUP BY _s)"
        " SELECT p.one, p.other, p.n, least(x.n, y.n) FROM (SELECT a._s AS one, b._s AS other, count(*) AS n"
        f" FROM every AS a JOIN every AS b ON a._s < b._s AND {same} GROUP BY ALL) AS p"
        " JOIN counted AS x ON x._s = p.one JOIN counted AS y ON y._s = p.other ORDER BY ALL"
    )
