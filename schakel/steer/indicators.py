"""Indicators: one query each, giving numerator and denominator per school and period, judged against a dated norm.

A share is a fraction (0.015 is 1.5%); so is its norm. What is not known stays empty: no denominator, or a denominator
of zero, gives no value. Figures are added up over schools by `rolled_up`, never by averaging averages.
"""

import csv
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from itertools import takewhile
from pathlib import Path
from typing import Any, Literal

import duckdb

from schakel.engine.duck import literal
from schakel.lib.identifiers import content_hash
from schakel.process import lineage
from schakel.process.filling import PREVIOUS
from schakel.process.model import school_model
from schakel.process.snapshots import VALUES, Build
from schakel.steer import judging
from schakel.steer.judging import Direction, Norm, NormState

FOLDER = Path(__file__).with_name("definitions")
SHARED = Path(__file__).with_name("shared")  # what several definitions read by name
TABLE = "indicator_value"
SMALL = 5
_GIVEN = ("site_id", "period", "numerator", "denominator", "people", "people_hit")
_SIZE = "size"  # an optional column of a definition: by which the band of its norm is chosen

Measure = Literal["share", "count"]


@dataclass(frozen=True)
class Definition:
    """How an indicator is computed.

    `sql` reads the tables of a snapshot and `$today`, and gives the columns site_id (empty for the board), period,
    numerator, denominator, people, people_hit and, where the norm depends on it, size. `measure`: a share is numerator
    by denominator, a count is the numerator. `people`: the figure is about people, so that few of them are hidden.
    """

    key: str
    sql: str = field(repr=False)
    unit: str
    direction: Direction
    level: Literal["group", "school", "board"]
    people: bool
    measure: Measure = "share"
    norms: tuple[Norm, ...] = ()

    @property
    def elements(self) -> frozenset[str]:
        """The data elements that the definition needs; the size for its norm is welcome, not needed."""
        return _needed(self.sql)

    def query(self, known: Collection[str]) -> str:
        """The SQL over what is in a snapshot: without the size when its elements are not there."""
        return _query(self.sql, with_size=_with_size(self.sql) <= set(known))


@dataclass(frozen=True)
class Value:
    """One figure: of one site, or of the board when `site_id` is empty, in one period, as known on one day.

    `unknown`: how many sites are left out of a rolled-up figure because theirs is not known.
    """

    indicator_key: str
    site_id: str | None
    period: str
    snapshot_on: date
    numerator: Decimal | None
    denominator: Decimal | None
    value: Decimal | None = None
    norm_state: NormState = "unknown"
    people: int | None = None
    people_hit: int | None = None
    unknown: int = 0


@dataclass(frozen=True)
class Standing:
    """What a build may take over: the fingerprint of each table, and what the snapshot before it told of its figures.

    Without fingerprints nothing is taken over.
    """

    inputs: Mapping[str, str] = field(default_factory=dict)
    before: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def stands(self, key: str, fingerprint: str) -> bool:
        """Whether the figures of this indicator were computed from the very same."""
        return bool(fingerprint) and self.before.get(key, {}).get("input") == fingerprint


NOTHING = Standing()


@dataclass(frozen=True)
class Computing:
    """The step of a build that fills `indicator_value` and keeps a copy beside the snapshot."""

    definitions: tuple[Definition, ...]
    today: date
    small: int = SMALL

    @property
    def fingerprint(self) -> str:
        """Figures depend on their definitions, the norms and the day."""
        return content_hash([str(self.today), self.small, [repr(d) + d.sql for d in self.definitions]])

    def __call__(self, con: duckdb.DuckDBPyConnection, ctx: Build) -> None:
        """Compute all that can be computed; what cannot is told in the manifest."""
        inputs = {table: item["input"] for table, item in ctx.manifest["tables"].items()}
        standing = Standing(inputs, ctx.before.get("indicators", {}))
        ctx.manifest["indicators"] = compute(con, self.definitions, self.today, self.small, standing)
        con.execute(f"COPY {TABLE} TO {literal(ctx.folder / VALUES)} (FORMAT parquet)")


def definitions(norms: Mapping[str, tuple[Norm, ...]] | None = None) -> list[Definition]:
    """The indicators that come with Schakel, by key, each with its norms (those of the register, see norms.py)."""
    norms = norms or {}
    with (FOLDER / "definitions.csv").open(encoding="utf-8", newline="") as stream:
        return [_definition(row, norms.get(row["key"], ())) for row in csv.DictReader(stream)]


def compute(
    con: duckdb.DuckDBPyConnection,
    definitions: Iterable[Definition],
    today: date,
    small: int = SMALL,
    standing: Standing = NOTHING,
) -> dict[str, dict[str, Any]]:
    """Fill table `indicator_value` in the open snapshot; per key what came of it.

    A definition whose elements are not in the snapshot is not computed, and `missing` names them: no approved need asks
    for them. Figures over fewer than `small` people keep numerator and denominator but get no value. What is computed
    from the same tables, definition, norms and day as in the previous snapshot is taken over from it.
    """
    con.execute(f"CREATE TABLE IF NOT EXISTS {TABLE} ({_columns()})")
    known = _known(con)
    sectors = _sectors(con, known)
    told: dict[str, dict[str, Any]] = {}
    for definition in definitions:
        missing = sorted(definition.elements - known)
        if missing:
            told[definition.key] = {"state": "not computed", "missing": missing}
            continue
        fingerprint = _input(definition, known, [str(today), small, sorted(sectors.items())], standing.inputs)
        if standing.stands(definition.key, fingerprint):
            rows = _taken_over(con, definition.key)
        else:
            found = [_judged(row, definition, sectors, today, small) for row in _rows(con, definition, known, today)]
            rows = _insert(con, found)
        elements = sorted(definition.elements)
        told[definition.key] = {"state": "computed", "rows": rows, "elements": elements, "input": fingerprint}
    return told


def values(con: duckdb.DuckDBPyConnection, key: str = "") -> list[Value]:
    """The figures in an open snapshot, of one indicator or of all."""
    names = ", ".join(_STORED)
    rows = con.execute(f"SELECT {names} FROM {TABLE} WHERE $1 IN ('', indicator_key) ORDER BY ALL", [key]).fetchall()
    return [Value(*row) for row in rows]


def rolled_up(found: Iterable[Value], definition: Definition, small: int = SMALL) -> list[Value]:
    """One figure per period for all sites together: numerators and denominators summed, never values averaged.

    A site whose figure is not known is left out of both sums and counted in `unknown`; a count that misses a site has
    no value, because it would only seem smaller. Figures of the board itself come back as they are.
    """
    periods: dict[tuple[str, date], list[Value]] = {}
    for value in found:
        periods.setdefault((value.period, value.snapshot_on), []).append(value)
    return [
        parts[0] if [p.site_id for p in parts] == [None] else _sum(parts, definition, small)
        for _period, parts in sorted(periods.items())
    ]


def _definition(row: dict[str, str], norms: tuple[Norm, ...]) -> Definition:
    return Definition(
        key=row["key"],
        sql=_text_of(row["key"]),
        unit=row["unit"],
        direction=row["direction"],  # type: ignore[arg-type]  # the file is our own, and tested
        level=row["level"],  # type: ignore[arg-type]
        people=row["people"] == "yes",
        measure=row["measure"],  # type: ignore[arg-type]
        norms=norms,
    )


@cache
def _text_of(key: str) -> str:
    """The SQL of one definition: first what it says of itself, and in its WITH clause what it shares with others."""
    own = (FOLDER / f"{key}.sql").read_text(encoding="utf-8")
    notes = "".join(takewhile(lambda line: line.startswith("--"), own.splitlines(keepends=True)))
    shared = {path.stem: path.read_text(encoding="utf-8") for path in sorted(SHARED.glob("*.sql"))}
    return notes + lineage.with_shared(own.removeprefix(notes), shared)


@lru_cache(maxsize=512)
def _needed(sql: str) -> frozenset[str]:
    return _elements(lineage.pruned(sql, _GIVEN))


@lru_cache(maxsize=512)
def _with_size(sql: str) -> frozenset[str]:
    return _elements(lineage.parsed(sql))


@lru_cache(maxsize=512)
def _query(sql: str, *, with_size: bool) -> str:
    has_size = with_size and _SIZE in lineage.provided(sql)
    keep = (*_GIVEN, _SIZE) if has_size else _GIVEN
    size = _SIZE if has_size else "CAST(NULL AS DECIMAL(18,4))"
    return f"SELECT {', '.join(_GIVEN)}, {size} AS {_SIZE} FROM ({lineage.pruned(sql, keep).sql(lineage.DIALECT)})"


@lru_cache(maxsize=512)
def _tables(sql: str) -> frozenset[str]:
    return frozenset(table for _schema, table in lineage.base_tables(lineage.parsed(sql)))


def _input(definition: Definition, known: Collection[str], beside: list[Any], inputs: Mapping[str, str]) -> str:
    """The fingerprint of all that decides these figures; empty where the tables have none."""
    read = sorted(_tables(definition.sql) & inputs.keys())
    own = [definition.query(known), repr(definition)]
    return content_hash([*own, beside, [inputs[table] for table in read]]) if read else ""


def _elements(query: Any) -> frozenset[str]:
    return frozenset(f"{c.table}.{c.column}" for c in lineage.base_columns(query))


def _columns() -> str:
    model = school_model()[TABLE].columns
    return ", ".join(f"{column.name} {column.type}" for column in model.values())


_STORED = [f.name for f in fields(Value) if f.name != "unknown"]


def _known(con: duckdb.DuckDBPyConnection) -> frozenset[str]:
    rows = con.execute(
        "SELECT table_name || '.' || column_name FROM duckdb_columns() WHERE database_name = current_database()"
    ).fetchall()
    return frozenset(row[0] for row in rows)


def _sectors(con: duckdb.DuckDBPyConnection, known: Collection[str]) -> dict[str, str]:
    if not {"organisation.sector", "site.organisation_id"} <= set(known):
        return {}
    rows = con.execute(
        "SELECT s.site_id, o.sector FROM site AS s JOIN organisation AS o ON o.organisation_id = s.organisation_id "
        "WHERE o.sector IS NOT NULL"
    ).fetchall()
    return dict(rows)


def _rows(
    con: duckdb.DuckDBPyConnection, definition: Definition, known: Collection[str], today: date
) -> list[tuple[Any, ...]]:
    query = definition.query(known)
    parameters = {"today": today} if "$today" in query else None
    return con.execute(f"{query} ORDER BY site_id, period", parameters).fetchall()


def _judged(row: tuple[Any, ...], definition: Definition, sectors: dict[str, str], today: date, small: int) -> Value:
    site_id, period, numerator, denominator, people, people_hit, size = row
    sector = sectors.get(site_id or "")
    value = Value(
        definition.key,
        site_id,
        period,
        today,
        _exact(numerator),
        _exact(denominator),
        people=people,
        people_hit=people_hit,
    )
    return _valued(value, definition, judging.norm_for(definition.norms, period, today, sector, _exact(size)), small)


def _valued(value: Value, definition: Definition, norm: Norm | None, small: int) -> Value:
    """The figure with its value and its state against the norm."""
    amount = judging.amount(value.numerator, value.denominator, counted=definition.measure == "count")
    if definition.people and value.people is not None and 0 < value.people < small:
        return replace(value, value=None, norm_state="too_small")
    return replace(value, value=amount, norm_state=judging.norm_state(amount, norm, definition.direction))


def _sum(parts: Sequence[Value], definition: Definition, small: int) -> Value:
    known = [
        p for p in parts if p.numerator is not None and (p.denominator is not None or definition.measure == "count")
    ]
    first = parts[0]
    total = replace(
        first,
        site_id=None,
        numerator=_total(p.numerator for p in known),
        denominator=_total(p.denominator for p in known),
        people=_count(p.people for p in known),
        people_hit=_count(p.people_hit for p in known),
        unknown=len(parts) - len(known),
    )
    if definition.measure == "count" and total.unknown:
        return replace(total, value=None, norm_state="unknown")
    return _valued(total, definition, judging.norm_for(definition.norms, first.period, first.snapshot_on), small)


def _total(amounts: Iterable[Decimal | None]) -> Decimal | None:
    there = [amount for amount in amounts if amount is not None]
    return sum(there, Decimal(0)) if there else None


def _count(counts: Iterable[int | None]) -> int | None:
    there = [count for count in counts if count is not None]
    return sum(there) if there else None


def _exact(amount: Any) -> Decimal | None:
    return None if amount is None else Decimal(str(amount)).quantize(Decimal("0.0001"))


def _taken_over(con: duckdb.DuckDBPyConnection, key: str) -> int:
    """Bring the figures of an indicator along from the snapshot before this one; how many."""
    names = ", ".join(_STORED)
    sql = f"INSERT INTO {TABLE} ({names}) SELECT {names} FROM {PREVIOUS}.{TABLE} WHERE indicator_key = $1"
    return int((con.execute(sql, [key]).fetchone() or (0,))[0])


def _insert(con: duckdb.DuckDBPyConnection, found: list[Value]) -> int:
    """All rows in one statement, a list per column, unrolled side by side; how many."""
    if not found:
        return 0
    model = school_model()[TABLE].columns
    lists = [[getattr(value, name) for value in found] for name in _STORED]
    items = ", ".join(f"unnest(CAST(? AS {model[name].type}[]))" for name in _STORED)
    con.execute(f"INSERT INTO {TABLE} ({', '.join(_STORED)}) SELECT {items}", lists)
    return len(found)
