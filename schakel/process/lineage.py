"""Which source columns does a query touch, and what is left of it when only some of its columns are wanted?

One rule gives both answers, so the door and the transformation cannot differ: a select expression belongs to its own
column; what stands in FROM, WHERE, GROUP BY or an inner join belongs to the row itself. A LEFT JOIN is a lookup that
finds at most one row: when nothing that is kept looks at it, it goes with its columns.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.optimizer.pushdown_projections import pushdown_projections
from sqlglot.optimizer.scope import Scope, traverse_scope

from schakel.lib.errors import SchakelError

DIALECT = "duckdb"


@dataclass(frozen=True, order=True)
class SourceColumn:
    """A column of a base table: `schema` is the layout of a landing relation, or empty for the school model."""

    schema: str
    table: str
    column: str


@dataclass
class Untraceable(SchakelError):
    """A query of our own from which not every column can be traced: a fault in the file, not in the data."""

    code: str = "untraceable"


@lru_cache(maxsize=512)
def _parsed(sql: str) -> exp.Query:
    query = sqlglot.parse_one(sql, dialect=DIALECT)
    if not isinstance(query, exp.Query):
        raise Untraceable("Only a single SELECT can be traced.")
    for column in query.find_all(exp.Column):
        if not column.table:
            raise Untraceable(f"The column {column.name} does not say which table it comes from.")
    if any(not isinstance(star.parent, exp.Count) for star in query.find_all(exp.Star)):
        raise Untraceable("A star hides which columns are used.")
    for node in query.walk():  # where each word stood in the text is most of the work of a copy, and nobody asks it
        if node.meta_get("line") is not None:
            node.meta.clear()
    return query


def parsed(sql: str) -> exp.Query:
    """A copy of the parsed query. Raises `Untraceable` for a star, or a column without its table."""
    return _parsed(sql).copy()


def provided(sql: str) -> tuple[str, ...]:
    """The names of the columns that a query gives, in order."""
    return tuple(_parsed(sql).named_selects)


def with_shared(sql: str, shared: Mapping[str, str]) -> str:
    """The query with each shared query that it reads by name, and those that these read, first in its WITH clause."""
    query, needed = parsed(sql), list[str]()

    def need(part: exp.Query) -> None:
        for name in [table.name for table in part.find_all(exp.Table) if not table.db]:
            if name in shared and name not in needed:
                need(_parsed(shared[name]))
                needed.append(name)

    need(query)
    if not needed:
        return sql
    own = len(query.ctes)
    for name in needed:
        query = query.with_(name, as_=parsed(shared[name]), copy=False)
    _with(query).set("expressions", [*query.ctes[own:], *query.ctes[:own]])
    return query.sql(DIALECT, comments=False)


def pruned(sql: str, keep: Collection[str]) -> exp.Query:
    """A copy of the query with only the select columns in `keep`, and without what only the others needed."""
    return _pruned(sql, frozenset(keep)).copy()


@lru_cache(maxsize=512)
def _pruned(sql: str, keep: frozenset[str]) -> exp.Query:
    query = parsed(sql)
    query.set("expressions", [item for item in query.selects if item.alias_or_name in keep])
    while True:
        query = pushdown_projections(query)
        if not (_drop_lookups(query) | _drop_unused_tables(query)):
            return query


def named(query: exp.Query) -> dict[str, str]:
    """The queries of the WITH clause that read no other of it, by name."""
    names = {cte.alias for cte in query.ctes}
    return {
        cte.alias: cte.this.sql(DIALECT)
        for cte in query.ctes
        if not any(table.name in names and not table.db for table in cte.this.find_all(exp.Table))
    }


def without(query: exp.Query, made: Collection[tuple[str, str]]) -> exp.Query:
    """The query without those queries of its WITH clause that are tables now: each by its name and its text."""
    texts = named(query)
    _leave_out(query, [cte for cte in query.ctes if (cte.alias, texts.get(cte.alias)) in made])
    return query


def base_columns(query: exp.Query) -> frozenset[SourceColumn]:
    """Every column of every base table that the query touches. Raises `Untraceable` for what it cannot place."""
    found = {source for scope in traverse_scope(query) for source in _columns_of(scope)}
    return frozenset(found)


def base_tables(query: exp.Query) -> frozenset[tuple[str, str]]:
    """Every base table that the query reads, as (schema, table)."""
    return frozenset(
        (source.db, source.name)
        for scope in traverse_scope(query)
        for source in scope.sources.values()
        if isinstance(source, exp.Table)
    )


def _columns_of(scope: Scope) -> Iterator[SourceColumn]:
    for column in scope.columns:
        source = scope.sources.get(column.table)
        if isinstance(source, exp.Table):
            yield SourceColumn(source.db, source.name, column.name)
        elif source is None and not _outside(scope, column.table):
            raise Untraceable(f"Nothing is called {column.table} where {column.sql(DIALECT)} is used.")


def _outside(scope: Scope, name: str) -> bool:
    parent = scope.parent
    while parent is not None:
        if name in parent.sources:
            return True
        parent = parent.parent
    return False


def _drop_lookups(query: exp.Query) -> bool:
    """Remove left joins that nothing looks at any more; whether anything was removed."""
    dropped = False
    for select in list(query.find_all(exp.Select)):
        for join in list(select.args.get("joins") or []):
            if join.side == "LEFT" and not _looked_at(select, join):
                select.args["joins"].remove(join)
                dropped = True
    return dropped


def _looked_at(select: exp.Select, join: exp.Join) -> bool:
    own = {id(column) for column in join.find_all(exp.Column)}
    name = join.alias_or_name
    return any(column.table == name and id(column) not in own for column in select.find_all(exp.Column))


def _drop_unused_tables(query: exp.Query) -> bool:
    """Remove the tables of the WITH clause that nothing reads any more; whether any was removed."""
    unused = [cte for cte in query.ctes if not _read(query, cte)]
    _leave_out(query, unused)
    return bool(unused)


def _leave_out(query: exp.Query, gone: Collection[exp.CTE]) -> None:
    """Take these out of the WITH clause, and the clause itself when nothing is left in it."""
    for cte in gone:
        cte.pop()
    with_ = _with(query)
    if with_ is not None and not with_.expressions:
        with_.pop()


def _with(query: exp.Query) -> Any:
    """The WITH clause of a query, or None."""
    return query.args.get("with_") or query.args.get("with")


def _read(query: exp.Query, cte: exp.CTE) -> bool:
    inside = {id(table) for table in cte.find_all(exp.Table)}
    return any(t.name == cte.alias and not t.db and id(t) not in inside for t in query.find_all(exp.Table))
