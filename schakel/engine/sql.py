"""Reading a product's SQL: parse it, hold it to the allowed part, resolve every column, put scoped tables in.

What is run is never the text that a person wrote, but text made again from the tree that was understood.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from schakel.engine.sql_allowed import MAX_LENGTH, check, refused
from schakel.engine.sql_scope import Relation, Resolver, Schema
from schakel.lib.text import gettext as _

logging.getLogger("sqlglot").setLevel(logging.ERROR)


@dataclass
class Checked:
    """A query that may be run once its tables are scoped.

    `elements` are all base columns that it uses anywhere, also merely to filter, join, group or sort; `tables` the base
    tables that it reads; `needs_day` says whether it asks which day it is (parameter `$day`). `hidden` are base columns
    that were added to count people and are never shown.
    """

    relation: Relation
    elements: frozenset[str]
    tables: frozenset[str]
    needs_day: bool
    hidden: frozenset[str] = frozenset()

    def text(self, scoped: Callable[[str, tuple[str, ...]], str], prelude: dict[str, str] | None = None) -> str:
        """The query with each base table replaced by `scoped(table, columns)`: a SELECT that gives those columns.

        `prelude` are named queries that the scoped tables lean on; their names cannot be written in a product.
        """
        columns: dict[str, tuple[str, ...]] = {
            table: tuple(sorted(e.partition(".")[2] for e in self.elements | self.hidden if _table(e) == table))
            for table in self.tables
        }
        replacements = {table: _subquery(scoped(table, columns[table])) for table in self.tables}
        tree = self.relation.node.copy()
        named = {cte.alias for query in tree.find_all(exp.Query) for cte in query.ctes}
        for node in list(tree.find_all(exp.Table)):
            if node.name not in named:
                node.replace(exp.Subquery(this=replacements[node.name].copy(), alias=node.args["alias"]))
        text = tree.sql(dialect="duckdb", identify=True, comments=False)
        return _with_prelude(text, bool(tree.ctes), prelude or {})


def checked(sql: str, schema: Schema) -> Checked:
    """Parse and check a product's SQL against a schema (table -> column -> type).

    Raises Refused (code `sql`) with one sentence that names what is not allowed and where.
    """
    if len(sql) > MAX_LENGTH:
        raise refused(_("De vraag is te groot. Maak haar korter."))
    try:
        tree = _single(sql)
        check(tree)
        resolver = Resolver(schema)
        relation = resolver.query(tree, {})
    except RecursionError:
        raise refused(_("De vraag is te diep genest. Maak haar eenvoudiger.")) from None
    if not relation.outputs:
        raise refused(_("De vraag geeft geen kolommen."))
    return Checked(relation, frozenset(resolver.elements), frozenset(resolver.tables), resolver.needs_day)


def parameters(text: str) -> frozenset[str]:
    """The names of the parameters in a query that we made."""
    return frozenset(str(node.this) for node in _subquery(text).find_all(exp.Placeholder))


def _single(sql: str) -> exp.Expr:
    try:
        statements = [s for s in sqlglot.parse(sql, dialect="duckdb") if s is not None]
    except SqlglotError as error:
        raise refused(_("De vraag is geen leesbare SQL: %(reason)s.") % {"reason": _reason(error)}) from None
    if len(statements) != 1:
        raise refused(_("Schrijf precies één vraag; dit zijn er %(count)d.") % {"count": len(statements)})
    return statements[0]


def _reason(error: SqlglotError) -> str:
    details = getattr(error, "errors", None)
    if details:
        return f"{details[0].get('description')}, regel {details[0].get('line')}, teken {details[0].get('col')}"
    return type(error).__name__


def _table(element: str) -> str:
    return element.partition(".")[0]


def _subquery(text: str) -> exp.Expr:
    return sqlglot.parse_one(text, dialect="duckdb")


def _with_prelude(text: str, has_ctes: bool, prelude: dict[str, str]) -> str:
    if not prelude:
        return text
    named = ", ".join(f'"{name}" AS MATERIALIZED ({query})' for name, query in prelude.items())
    return f"WITH {named}, {text.removeprefix('WITH ')}" if has_ctes else f"WITH {named} {text}"
