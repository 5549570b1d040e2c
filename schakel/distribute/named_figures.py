"""Which indicators a product can give figures of. Its SQL says so, where each reading of the figures names them."""

from collections.abc import Iterator
from functools import lru_cache

import sqlglot
from sqlglot import exp

from schakel.process.lineage import DIALECT
from schakel.steer.values import TABLE as FIGURES

ANY: frozenset[str] = frozenset()
_KEY = "indicator_key"


@lru_cache(maxsize=512)
def named_figures(sql: str) -> frozenset[str]:
    """The keys of the indicators; ANY where they are not named, and where no figure is read."""
    found: set[str] = set()
    for select in sqlglot.parse_one(sql, read=DIALECT).find_all(exp.Select):
        for table in _figures(select):
            named = _named(select, table.alias_or_name)
            if not named:
                return ANY
            found |= named
    return frozenset(found)


def _figures(select: exp.Select) -> Iterator[exp.Table]:
    """The tables with figures that a query reads itself."""
    joined = [select.args.get("from_"), *select.args.get("joins", ())]
    tables = (part.this for part in joined if part is not None)
    return (table for table in tables if isinstance(table, exp.Table) and table.name == FIGURES)


def _named(select: exp.Select, alias: str) -> set[str]:
    """The keys that the WHERE lets through, of what is read under this name; empty where it lets all through."""
    where = select.args.get("where")
    let = where.this if where is not None else None
    for part in let.flatten() if isinstance(let, exp.And) else [let]:
        if not isinstance(part, exp.In | exp.EQ):
            continue
        column, values = part.this, part.expressions if isinstance(part, exp.In) else [part.expression]
        if isinstance(column, exp.Column) and column.name == _KEY and column.table in ("", alias):
            texts = [value.name for value in values if isinstance(value, exp.Literal) and value.is_string]
            return set(texts) if len(texts) == len(values) else set()
    return set()
