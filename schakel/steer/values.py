"""The figures themselves: what is kept of each, and how they go into a snapshot and come out of one."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb

from schakel.process.filling import PREVIOUS
from schakel.process.model import school_model
from schakel.steer.judging import NormState

TABLE = "indicator_value"


@dataclass(frozen=True)
class Value:
    """One figure: of one site, or of the board when `site_id` is empty, in one period, as known on one day.

    `norm`: the one that it was judged against, of a range its lower end; none where there is none.
    """

    indicator_key: str
    site_id: str | None
    period: str
    snapshot_on: date
    numerator: Decimal | None
    denominator: Decimal | None
    value: Decimal | None = None
    norm_state: NormState = "unknown"
    norm: Decimal | None = None
    people: int | None = None
    people_hit: int | None = None


_STORED = [f.name for f in fields(Value)]


def create(con: duckdb.DuckDBPyConnection) -> None:
    """Make the table of figures in the open snapshot, if it is not there yet."""
    columns = ", ".join(f"{column.name} {column.type}" for column in school_model()[TABLE].columns.values())
    con.execute(f"CREATE TABLE IF NOT EXISTS {TABLE} ({columns})")


def values(con: duckdb.DuckDBPyConnection, key: str = "") -> list[Value]:
    """The figures in an open snapshot, of one indicator or of all."""
    names = ", ".join(_STORED)
    rows = con.execute(f"SELECT {names} FROM {TABLE} WHERE $1 IN ('', indicator_key) ORDER BY ALL", [key]).fetchall()
    return [Value(*row) for row in rows]


def values_of_file(con: duckdb.DuckDBPyConnection, path: Path) -> list[Value]:
    """The figures that a snapshot left beside it; what an older Schakel did not keep of them stays empty."""
    found = con.execute("SELECT * FROM read_parquet($1)", [str(path)])
    names = [column[0] for column in found.description]
    return [
        Value(**{name: cell for name, cell in zip(names, row, strict=True) if name in _STORED})
        for row in found.fetchall()
    ]


def insert(con: duckdb.DuckDBPyConnection, found: Sequence[Value]) -> int:
    """All rows in one statement, a list per column, unrolled side by side; how many."""
    if not found:
        return 0
    model = school_model()[TABLE].columns
    lists = [[getattr(value, name) for value in found] for name in _STORED]
    items = ", ".join(f"unnest(CAST(? AS {model[name].type}[]))" for name in _STORED)
    con.execute(f"INSERT INTO {TABLE} ({', '.join(_STORED)}) SELECT {items}", lists)
    return len(found)


def take_over(con: duckdb.DuckDBPyConnection, key: str) -> int:
    """Bring the figures of an indicator along from the snapshot before this one; how many."""
    names = ", ".join(_STORED)
    sql = f"INSERT INTO {TABLE} ({names}) SELECT {names} FROM {PREVIOUS}.{TABLE} WHERE indicator_key = $1"
    return int((con.execute(sql, [key]).fetchone() or (0,))[0])
