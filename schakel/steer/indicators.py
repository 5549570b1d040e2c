"""Indicators: one query each, giving numerator and denominator per school and period, judged against a dated norm.

A share is a fraction (0.015 is 1.5%); so is its norm. What is not known stays empty: no denominator, or a denominator
of zero, gives no value. Over schools both are added up (the products do), averages are never averaged.
"""

import csv
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
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
from schakel.process.snapshots import VALUES, Build
from schakel.steer import judging
from schakel.steer.history import with_earlier
from schakel.steer.judging import Direction, Norm
from schakel.steer.until import Until, earliest, of_table
from schakel.steer.values import TABLE, Value, create, insert, take_over, values_of_file

FOLDER = Path(__file__).with_name("definitions")
SHARED = Path(__file__).with_name("shared")  # what several definitions read by name
SMALL = 5
_GIVEN = ("site_id", "period", "numerator", "denominator", "people", "people_hit")
# What a definition may give besides: the size by which the band of its norm is chosen, or the norm of that very site.
_WELCOME = ("size", "norm")

Measure = Literal["share", "count"]
Made = frozenset[tuple[str, str]]  # the shared queries that are tables now: name and SQL


@dataclass(frozen=True)
class Definition:
    """How an indicator is computed.

    `sql` reads the tables of a snapshot and `$today`, and gives the columns site_id (empty for the board), period,
    numerator, denominator, people, people_hit and, where the norm depends on it, size; or norm, where the data give the
    norm of each site, written as the figure is. `measure`: a share is numerator by denominator, a count is the
    numerator. `people`: the figure is about people, so that few of them are hidden. `events`: the tables of what
    happened; the figure is as of the day on which the sources of these last delivered.
    """

    key: str
    sql: str = field(repr=False)
    unit: str
    direction: Direction
    level: Literal["group", "school", "board"]
    people: bool
    measure: Measure = "share"
    norms: tuple[Norm, ...] = ()
    events: tuple[str, ...] = ()

    def until(self, delivered: Mapping[str, Until], today: date) -> Until:
        """The day up to which it is known; `delivered`: by table that of its last delivery."""
        return earliest((delivered[table] for table in self.events if table in delivered), today)

    @property
    def elements(self) -> frozenset[str]:
        """The data elements that the definition needs; the size for its norm, or the norm, is welcome, not needed."""
        return _needed(self.sql, _GIVEN)

    def query(self, known: Collection[str], made: Made = frozenset()) -> str:
        """The SQL over what is in a snapshot: without a size or norm whose elements are not there."""
        return _query(self.sql, made, self._kept(known))

    def shared(self, known: Collection[str]) -> Made:
        """What that SQL shares with other definitions, as far as it uses it."""
        return _shared(self.sql, self._kept(known))

    def _kept(self, known: Collection[str]) -> tuple[str, ...]:
        given = set(lineage.provided(self.sql))
        return (*_GIVEN, *(n for n in _WELCOME if n in given and _needed(self.sql, (*_GIVEN, n)) <= set(known)))


@dataclass(frozen=True)
class Standing:
    """What a build may take over: the fingerprint of each table, what the snapshot before it told of its figures, and
    those figures themselves by indicator, of which some stay (history.py).

    Without fingerprints nothing is taken over.
    """

    inputs: Mapping[str, str] = field(default_factory=dict)
    before: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    figures: Mapping[str, Sequence[Value]] = field(default_factory=dict)

    def stands(self, key: str, fingerprint: str) -> bool:
        """Whether the figures of this indicator were computed from the very same."""
        return bool(fingerprint) and self.before.get(key, {}).get("input") == fingerprint


NOTHING = Standing()


@dataclass(frozen=True)
class Computing:
    """The step of a build that fills `indicator_value` and keeps a copy beside the snapshot.

    `anew`: only with what can be computed today; figures of earlier that cannot are let go. `delivered`: by source the
    day on which it last delivered; of a source that is not in it that is today.
    """

    definitions: tuple[Definition, ...]
    today: date
    small: int = SMALL
    anew: bool = False
    delivered: Mapping[str, date] = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        """Figures depend on their definitions, the norms, the day, and the days on which sources delivered."""
        days = sorted((source, str(day)) for source, day in self.delivered.items())
        return content_hash([str(self.today), days, self.small, self.anew, [repr(d) + d.sql for d in self.definitions]])

    def __call__(self, con: duckdb.DuckDBPyConnection, ctx: Build) -> None:
        """Compute all that can be computed; what cannot is told in the manifest."""
        standing = NOTHING if self.anew else self._standing(con, ctx)
        ctx.manifest["anew"] = self.anew
        tables = self._tables(ctx.manifest["tables"], ctx.manifest["told"])
        ctx.manifest["indicators"] = compute(con, self.definitions, self.today, self.small, standing, tables)
        con.execute(f"COPY {TABLE} TO {literal(ctx.folder / VALUES)} (FORMAT parquet)")

    def _tables(
        self, filled: Mapping[str, Mapping[str, Any]], told: Mapping[str, Mapping[str, list[str]]]
    ) -> dict[str, Until]:
        """By table up to which day it was delivered; `told`: of which sites each of several sources tells."""
        used = {table: item["sources"] for table, item in filled.items() if item["sources"]}
        days = {source: self.delivered.get(source, self.today) for sources in used.values() for source in sources}
        return {table: of_table(sources, told.get(table, {}), days) for table, sources in used.items()}

    def _standing(self, con: duckdb.DuckDBPyConnection, ctx: Build) -> Standing:
        inputs = {table: item["input"] for table, item in ctx.manifest["tables"].items()}
        figures: dict[str, list[Value]] = {}
        for value in values_of_file(con, ctx.earlier) if ctx.earlier else ():
            figures.setdefault(value.indicator_key, []).append(value)
        return Standing(inputs, ctx.before.get("indicators", {}), figures)


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
    delivered: Mapping[str, Until] | None = None,
) -> dict[str, dict[str, Any]]:
    """Fill table `indicator_value` in the open snapshot; per key what came of it, and until which day it is known.

    What happened after the last delivery of a table (`delivered`) is not known: for a figure of such events that day
    is `$today`, for each site its own. Else nobody would have fallen ill since, and who was ill would be so still.

    A definition whose elements are not in the snapshot is not computed, and `missing` names them: no approved need asks
    for them. Figures over fewer than `small` people keep numerator and denominator but get no value. What is computed
    from the same tables, definition, norms and day as in the previous snapshot is taken over from it, and so is what
    was known of periods that are over and can no longer be computed (history.py): `stayed` of the rows.
    """
    create(con)
    known = _known(con)
    sectors, sites = _sectors(con, known), _sites(con, known)
    beside = [str(today), small, sorted(sectors.items())]
    able = [d for d in definitions if d.elements <= known]
    until = {d.key: d.until(delivered or {}, today) for d in able}
    inputs = {d.key: _input(d, known, [*beside, until[d.key].described()], standing.inputs) for d in able}
    anew = [d for d in able if not standing.stands(d.key, inputs[d.key])]
    rows = _computed(con, anew, until, known)
    told: dict[str, dict[str, Any]] = {}
    for definition in anew:
        key = definition.key
        found = [_judged(row, definition, sectors, today, small) for row in rows[key]]
        figures, stayed = with_earlier(found, standing.figures.get(key, ()), sites, today)
        told[key] = {"rows": insert(con, figures), "stayed": stayed}
    for definition in definitions:
        key = definition.key
        if key not in inputs:
            told[key] = {"state": "not computed", "missing": sorted(definition.elements - known)}
            continue
        if key not in told:
            told[key] = {"rows": take_over(con, key), "stayed": standing.before[key].get("stayed", 0)}
        told[key] |= {"state": "computed", "elements": sorted(definition.elements), "input": inputs[key]}
        told[key] |= until[key].described()
    return told


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
        events=tuple(row["events"].split()),
    )


@cache
def _text_of(key: str) -> str:
    """The SQL of one definition: first what it says of itself, and in its WITH clause what it shares with others."""
    own = (FOLDER / f"{key}.sql").read_text(encoding="utf-8")
    notes = "".join(takewhile(lambda line: line.startswith("--"), own.splitlines(keepends=True)))
    return notes + lineage.with_shared(own.removeprefix(notes), _shared_queries())


@cache
def _shared_queries() -> Mapping[str, str]:
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(SHARED.glob("*.sql"))}


@lru_cache(maxsize=512)
def _needed(sql: str, keep: tuple[str, ...]) -> frozenset[str]:
    return _elements(lineage.pruned(sql, keep))


@lru_cache(maxsize=512)
def _query(sql: str, made: Made, keep: tuple[str, ...]) -> str:
    welcome = [name if name in keep else f"CAST(NULL AS DECIMAL(18,4)) AS {name}" for name in _WELCOME]
    rest = lineage.without(lineage.pruned(sql, keep), made).sql(lineage.DIALECT)
    return f"SELECT {', '.join((*_GIVEN, *welcome))} FROM ({rest})"


@lru_cache(maxsize=512)
def _shared(sql: str, keep: tuple[str, ...]) -> Made:
    found = lineage.named(lineage.pruned(sql, keep))
    return frozenset((name, text) for name, text in found.items() if name in _shared_queries())


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


def _sites(con: duckdb.DuckDBPyConnection, known: Collection[str]) -> frozenset[str] | None:
    if "site.site_id" not in known:
        return None
    return frozenset(row[0] for row in con.execute("SELECT site_id FROM site").fetchall())


def _computed(
    con: duckdb.DuckDBPyConnection,
    definitions: Sequence[Definition],
    until: Mapping[str, Until],
    known: Collection[str],
) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of each definition, each site as of its own day; what those of one day share is computed once."""
    found: dict[str, list[tuple[Any, ...]]] = {definition.key: [] for definition in definitions}
    for day in sorted({day for d in definitions for day in until[d.key].days}):
        same = [d for d in definitions if day in until[d.key].days]
        made = _make_shared(con, same, known, day)
        for definition in same:
            rows = _rows(con, definition, known, day, made)
            found[definition.key] += [row for row in rows if until[definition.key].at(row[0]) == day]
        for name, _sql in made:
            con.execute(f"DROP TABLE temp.{name}")
    return found


def _make_shared(
    con: duckdb.DuckDBPyConnection, computed: Iterable[Definition], known: Collection[str], today: date
) -> Made:
    """Make a table of what more than one definition reads in the very same form: the dear part is computed once."""
    counted = Counter(each for definition in computed for each in definition.shared(known))
    made = {name: sql for (name, sql), times in sorted(counted.items(), key=lambda each: each[1]) if times > 1}
    for name, sql in made.items():
        con.execute(f"CREATE TEMP TABLE {name} AS {sql}", _given(sql, today))
    return frozenset(made.items())


def _rows(
    con: duckdb.DuckDBPyConnection, definition: Definition, known: Collection[str], today: date, made: Made
) -> list[tuple[Any, ...]]:
    query = definition.query(known, made)
    return con.execute(f"{query} ORDER BY site_id, period", _given(query, today)).fetchall()


def _given(query: str, today: date) -> dict[str, date] | None:
    return {"today": today} if "$today" in query else None


def _judged(row: tuple[Any, ...], definition: Definition, sectors: dict[str, str], today: date, small: int) -> Value:
    site_id, period, numerator, denominator, people, people_hit, size, own = row
    sector, own = sectors.get(site_id or ""), _exact(own)
    norm = Norm(own, today, "", "signal") if own is not None else None
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
    norm = norm or judging.norm_for(definition.norms, period, today, sector, _exact(size))
    return _valued(value, definition, norm, small)


def _valued(value: Value, definition: Definition, norm: Norm | None, small: int) -> Value:
    """The figure with its value and its state against the norm."""
    amount = judging.amount(value.numerator, value.denominator, counted=definition.measure == "count")
    value = replace(value, norm=norm.value if norm and definition.direction != "context" else None)
    if definition.people and value.people is not None and 0 < value.people < small:
        return replace(value, value=None, norm_state="too_small")
    return replace(value, value=amount, norm_state=judging.norm_state(amount, norm, definition.direction))


def _exact(amount: Any) -> Decimal | None:
    return None if amount is None else Decimal(str(amount)).quantize(Decimal("0.0001"))
