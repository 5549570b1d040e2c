"""Filling the tables of a new snapshot: landing relations as views, then one CREATE TABLE per table of the model.

A row that cannot be placed (its pupil, site or day was not found) is left out and counted, with its source and what was
missing. A key that occurs twice is kept once, and counted.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

import duckdb

from schakel.engine.duck import literal, quoted
from schakel.lib.identifiers import content_hash, number_sql
from schakel.process import lineage, namings
from schakel.process.keys import KEY
from schakel.process.landings import Delivery, LandedFile
from schakel.process.mappings import ORIGIN, TableMapping
from schakel.process.model import Column, school_model

SNAPSHOT = "snapshot"
PREVIOUS = "previous"

# Reads are scoped by site, then group or person, then time: rows that are read together lie together.
_ORDER = ("site_id", "group_id", "staff_id", "pupil_id", "date", "taken_on", "start_date")


@dataclass(frozen=True)
class Unplaced:
    """Rows of a source that have no place in a table, because a column that every row needs stayed empty.

    `reason`: not_found (what the row refers to is not there, or not just once) or missing (its own value). `of` counts
    all rows that the source has for the table; 0 where a snapshot of before did not count them.
    """

    table: str
    source: str
    column: str
    reason: Literal["not_found", "missing"]
    rows: int
    of: int = 0


@dataclass(frozen=True)
class Contradicted:
    """Of so many of the rows of a table (`of`) the sources told several things, and one was taken."""

    table: str
    sources: tuple[str, ...]
    rows: int
    of: int


@dataclass
class Filled:
    """How a table of the snapshot came to be. `state`: built, copied (unchanged since the last one) or no source.

    `doubled` rows had a key that was there already and were left out; of so many keys these rows were `differing`.
    """

    table: str
    state: str
    rows: int
    columns: tuple[str, ...]
    unfilled: tuple[str, ...]
    sources: tuple[str, ...]
    doubled: int
    input: str
    differing: int = 0
    unplaced: list[Unplaced] = field(default_factory=list)

    def described(self) -> dict[str, Any]:
        """The table as a manifest tells it."""
        return {key: value for key, value in asdict(self).items() if key != "table"}


def create_relations(
    con: duckdb.DuckDBPyConnection, found: Iterable[Delivery], needed: Mapping[str, Mapping[str, Collection[str]]]
) -> None:
    """One view per landing relation with exactly the needed columns; what a source lacks is NULL."""
    files = [file for delivery in found for file in delivery.files]
    for layout, relations in needed.items():
        con.execute(f"CREATE SCHEMA IF NOT EXISTS {quoted(layout)}")
        for name, columns in relations.items():
            landed = [file for file in files if (file.layout, file.name) == (layout, name)]
            create_relation(con, layout, name, landed, columns, columns)


def create_relation(
    con: duckdb.DuckDBPyConnection,
    layout: str,
    name: str,
    landed: Iterable[LandedFile],
    columns: Collection[str],
    needed: Collection[str],
) -> None:
    """The view of one landing relation with these columns; what is not needed, or what a source lacks, is NULL."""
    parts = [_file_select(con, file, columns, needed) for file in landed] or [_empty_select(columns)]
    body = " UNION ALL BY NAME ".join(parts)
    con.execute(f"CREATE VIEW {quoted(layout)}.{quoted(name)} AS {body}")


def input_of(mappings: Iterable[TableMapping], columns: Iterable[str], found: Iterable[Delivery], software: str) -> str:
    """The fingerprint of all that decides the content of one table: SQL, columns, and the files it reads."""
    files = {(f.layout, f.name, f.source): f.digest for delivery in found for f in delivery.files}
    read = {key for mapping in mappings for key in mapping.reads}
    used = sorted([*key, digest] for key, digest in files.items() if key[:2] in read)
    return content_hash([software, list(columns), [mapping.sql for mapping in mappings], used])


def copy(con: duckdb.DuckDBPyConnection, table: str, before: Mapping[str, Any]) -> Filled:
    """Take a table over from the previous snapshot, row for row in the same order, with what was counted then."""
    con.execute(f"CREATE TABLE {SNAPSHOT}.{quoted(table)} AS SELECT * FROM {PREVIOUS}.{quoted(table)}")
    return Filled(
        table=table,
        state="no source" if before["state"] == "no source" else "copied",
        rows=before["rows"],
        columns=tuple(before["columns"]),
        unfilled=tuple(before["unfilled"]),
        sources=tuple(before["sources"]),
        doubled=before["doubled"],
        input=before["input"],
        differing=before.get("differing", 0),
        unplaced=[Unplaced(**item) for item in before["unplaced"]],
    )


def fill(
    con: duckdb.DuckDBPyConnection,
    table: str,
    columns: tuple[str, ...],
    mappings: list[TableMapping],
    found: list[Delivery],
    fingerprint: str,
) -> Filled:
    """Create one table of the snapshot from the mappings of every layout that fills it."""
    model = school_model()[table].columns
    landed = {delivery.layout for delivery in found}
    used = [mapping for mapping in mappings if mapping.layout in landed]
    parts = [_part(mapping, [model[name] for name in columns]) for mapping in used]
    body = " UNION ALL ".join(parts) or _no_rows([model[name] for name in columns])
    made = _count(con, f"CREATE TABLE {SNAPSHOT}.{quoted(table)} AS SELECT * FROM ({body}) {_order(table, columns)}")
    doubled, differing = _remove_doubles(con, table, columns) if made > 1 else (0, 0)
    return Filled(
        table=table,
        state="built" if used else "no source",
        rows=made - doubled,
        columns=columns,
        unfilled=tuple(name for name in columns if not any(name in mapping.provided for mapping in used)),
        sources=tuple(sorted(delivery.source for delivery in found if any(delivery.layout == m.layout for m in used))),
        doubled=doubled,
        input=fingerprint,
        differing=differing,
        unplaced=[item for mapping in used for item in _unplaced(con, mapping, model)],
    )


def _file_select(
    con: duckdb.DuckDBPyConnection, file: LandedFile, columns: Collection[str], needed: Collection[str]
) -> str:
    relation = f"read_parquet({literal(file.path)})"
    present = {row[0] for row in con.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()} & set(needed)
    items = [
        f"{_read(file, c)} AS {quoted(c)}" if c in present else f"CAST(NULL AS VARCHAR) AS {quoted(c)}"
        for c in sorted(columns)
    ]
    matched = "".join(_matched(file, key, site, present) for key, site in sorted(file.renamed) if key in present)
    kept = f" WHERE {rule}" if file.keys and KEY in present and (rule := file.keys.left_out(file.name)) else ""
    return f"SELECT {', '.join([*items, f'{literal(file.source)} AS {ORIGIN}'])} FROM {relation} AS f{matched}{kept}"


def _read(file: LandedFile, column: str) -> str:
    """A column as it is read: a number that somebody matched as the number of whom it is."""
    if not any(column == key for key, _site in file.renamed):
        return _number(file, column)
    table = quoted(f"matched {column}")
    return f"CASE WHEN {table}.number IS NULL THEN {_number(file, column)} ELSE {table}.means END"


def _number(file: LandedFile, column: str) -> str:
    """A column as it stands; where it names a pupil by the ECK iD, the number that the roster has of it; a key as it
    is read beside other rosters.
    """
    if file.keys and (key := file.keys.sql(file.name, column)):
        return key
    names_pupil = ("pupil", column) in {(named.kind, named.key) for named in namings.of_file(file.layout, file.name)}
    return number_sql(f"f.{quoted(column)}") if names_pupil else f"f.{quoted(column)}"


def _matched(file: LandedFile, column: str, site: str, present: Collection[str]) -> str:
    """What is read otherwise, joined by the number; where the file tells the site, by both."""
    numbers = ", ".join(f"({', '.join(_text(value) for value in each)})" for each in file.renamed[column, site])
    table, beside = quoted(f"matched {column}"), f"f.{quoted(site)}" if site in present else "NULL"
    return (
        f" LEFT JOIN (VALUES {numbers}) AS {table}(number, site, means) "
        f"ON {table}.number = {_number(file, column)} AND {table}.site IS NOT DISTINCT FROM {beside}"
    )


def _text(value: str | None) -> str:
    return "CAST(NULL AS VARCHAR)" if value is None else literal(value)


def _empty_select(columns: Collection[str]) -> str:
    items = [f"CAST(NULL AS VARCHAR) AS {quoted(c)}" for c in (*sorted(columns), ORIGIN)]
    return f"SELECT {', '.join(items)} WHERE false"


def _part(mapping: TableMapping, columns: list[Column]) -> str:
    items = [
        f"CAST({f'q.{quoted(c.name)}' if c.name in mapping.provided else 'NULL'} AS {c.type}) AS {quoted(c.name)}"
        for c in columns
    ]
    placed = " AND ".join(f"q.{quoted(name)} IS NOT NULL" for name in _required(mapping))
    return f"SELECT {', '.join(items)} FROM ({mapping.sql}) AS q WHERE {placed or 'true'}"


def _no_rows(columns: list[Column]) -> str:
    return f"SELECT {', '.join(f'CAST(NULL AS {c.type}) AS {quoted(c.name)}' for c in columns)} WHERE false"


def _required(mapping: TableMapping) -> list[str]:
    """The columns without which a row has no place: structural, never empty in the model, and given by this mapping."""
    model = school_model()[mapping.table].columns
    return [name for name in mapping.provided if model[name].structural and not model[name].nullable]


def _unplaced(con: duckdb.DuckDBPyConnection, mapping: TableMapping, model: Mapping[str, Column]) -> list[Unplaced]:
    required = _telling(mapping.table, _required(mapping))
    if not required:
        return []
    query = lineage.pruned(mapping.sql, {*required, ORIGIN}).sql(lineage.DIALECT)
    cases = " ".join(f"WHEN q.{quoted(name)} IS NULL THEN {literal(name)}" for name in required)
    counted = con.execute(
        f"SELECT q.{ORIGIN} AS source, CASE {cases} END AS missing, count(*) AS n FROM ({query}) AS q "
        "GROUP BY source, missing ORDER BY source, missing"
    ).fetchall()
    every = Counter[str]()
    for source, _column, count in counted:
        every[source] += count
    return [
        Unplaced(mapping.table, source, column, "not_found" if model[column].ref else "missing", count, every[source])
        for source, column, count in counted
        if column is not None
    ]


def _telling(table: str, required: list[str]) -> list[str]:
    """The required columns that say why a row has no place, references first.

    A key of one column is left out where there are references: the source always gives it, or we made it of those
    references, and making it again costs as much as the table itself.
    """
    model = school_model()[table]
    refs = [name for name in required if model.columns[name].ref]
    spare = model.keys if refs and len(model.keys) == 1 else ()
    return refs + [name for name in required if name not in {*refs, *spare}]


def _order(table: str, columns: tuple[str, ...]) -> str:
    keys = [name for name in _ORDER if name in columns] or list(school_model()[table].keys)
    return f"ORDER BY {', '.join(quoted(name) for name in keys)}"


def _remove_doubles(con: duckdb.DuckDBPyConnection, table: str, columns: tuple[str, ...]) -> tuple[int, int]:
    """Keep one row of every key that occurs more than once: how many were removed, of how many keys they differed."""
    keys = ", ".join(quoted(name) for name in school_model()[table].keys)
    target = f"{SNAPSHOT}.{quoted(table)}"
    twice = f"SELECT {keys} FROM {target} GROUP BY {keys} HAVING count(*) > 1"
    if not con.execute(f"{twice} LIMIT 1").fetchall():
        return 0, 0
    everything = ", ".join(quoted(name) for name in columns)
    spare = f"SELECT rowid FROM {target} QUALIFY row_number() OVER (PARTITION BY {keys} ORDER BY {everything}) > 1"
    told = f"SELECT DISTINCT * FROM {target} SEMI JOIN ({twice}) USING ({keys})"
    differing = _count(con, f"SELECT count(*) FROM (SELECT {keys} FROM ({told}) GROUP BY {keys} HAVING count(*) > 1)")
    return _count(con, f"DELETE FROM {target} WHERE rowid IN ({spare})"), differing


def _count(con: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = con.execute(sql).fetchone()
    return int(row[0]) if row else 0
