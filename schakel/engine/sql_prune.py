"""Leaving columns out of a query: what was only wished for, and is not there, takes nothing else down with it."""

from collections.abc import Collection

import sqlglot
from sqlglot import exp

from schakel.engine.sql_allowed import AGGREGATES
from schakel.engine.sql_scope import key

# Aggregates that do not mind how often a row occurs.
_ONCE = (exp.Min, exp.Max, exp.AnyValue, exp.LogicalOr, exp.LogicalAnd, exp.ArgMax, exp.ArgMin)


def pruned(sql: str, names: Collection[str]) -> str:
    """The query without these columns, and without the parts before it that only they used.

    Expects a query that was checked. What it gives is text, to be checked again; it can only use less than before. What
    stays gives the same rows: a query whose first few rows would become others is given back as it is.
    """
    tree = sqlglot.parse_one(sql, dialect="duckdb")
    if not isinstance(tree, exp.Select):
        return sql
    order = len(tree.args["order"].expressions) if tree.args.get("order") else 0
    _leave_out(tree, {key(name) for name in names})
    left = len(tree.args["order"].expressions) if tree.args.get("order") else 0
    if left < order and (tree.args.get("limit") or tree.args.get("offset")):
        return sql
    while _unused_columns(tree) or _unused_joins(tree):
        pass
    return tree.sql(dialect="duckdb", comments=False)


def _leave_out(select: exp.Select, names: set[str]) -> None:
    """Take columns out of one SELECT, and out of its GROUP BY and ORDER BY; numbers there keep pointing at the same."""
    items = list(select.expressions)
    kept = [item for item in items if key(item.alias_or_name) not in names]
    gone = [item for item in items if key(item.alias_or_name) in names]
    places = {str(items.index(item) + 1): str(place) for place, item in enumerate(kept, start=1)}
    out = {item.unalias().sql() for item in gone} | {item.alias_or_name for item in gone}
    out |= {str(place) for place, item in enumerate(items, start=1) if item in gone}
    select.set("expressions", kept)
    for clause in ("group", "order"):
        node = select.args.get(clause)
        left = [part for part in node.expressions if _value(part).sql() not in out] if node is not None else []
        for value in map(_value, left):
            if isinstance(value, exp.Literal):
                value.set("this", places.get(value.this, value.this))
        if node is not None:
            node.set("expressions", left)
            select.set(clause, node if left else None)


def _value(item: exp.Expr) -> exp.Expr:
    return item.this if isinstance(item, exp.Ordered) else item


def _unused_columns(tree: exp.Select) -> bool:
    """Take out of each inner SELECT the columns whose name is written nowhere else."""
    inner = [node for node in tree.find_all(exp.Select) if isinstance(node.parent, exp.CTE | exp.Subquery)]
    for select in inner:
        holder = select.parent.parent if select.parent is not None else None
        if select.args.get("distinct") or not isinstance(holder, exp.With | exp.From | exp.Join):
            continue
        own = {id(column) for column in select.find_all(exp.Column)}
        used = {key(column.name) for column in tree.find_all(exp.Column) if id(column) not in own}
        unused = {key(item.alias_or_name) for item in select.expressions} - used
        if unused and len(unused) < len(select.expressions) and not unused <= _grouped(select):
            _leave_out(select, unused - _grouped(select))
            return True
    return False


def _grouped(select: exp.Select) -> set[str]:
    """Columns that make the groups: without them the rows would be others. What hangs on a key does not."""
    group = select.args.get("group")
    if group is None:
        return set()
    written = {item.sql() for item in group.expressions}
    meant = {
        key(item.alias_or_name): item.unalias()
        for place, item in enumerate(select.expressions, start=1)
        if item.unalias().sql() in written or item.alias_or_name in written or str(place) in written
    }
    values = [*meant.values(), *group.expressions]
    keyed = {v.table for v in values if isinstance(v, exp.Column) and v.table and key(v.name).endswith("_id")}
    return {
        n
        for n, v in meant.items()
        if not (isinstance(v, exp.Column) and v.table in keyed and not v.name.endswith("_id"))
    }


def _unused_joins(tree: exp.Select) -> bool:
    """Take out each LEFT JOIN of which nothing is used but to join it, and that changes no figure by going."""
    counting = _counts_rows(tree)
    for join in tree.find_all(exp.Join):
        select = join.parent
        if str(join.args.get("side") or "").upper() != "LEFT" or not isinstance(select, exp.Select):
            continue
        if counting and not _finds_one(join):
            continue
        alias = key(join.this.alias_or_name)
        inside = {id(column) for column in join.find_all(exp.Column)}
        names = {key(item.alias_or_name) for item in select.expressions}
        columns = [
            c for c in select.find_all(exp.Column) if id(c) not in inside and (c.table or key(c.name) not in names)
        ]
        if all(column.table and key(column.table) != alias for column in columns):
            join.pop()
            return True
    return False


def _counts_rows(tree: exp.Select) -> bool:
    """Whether a figure anywhere in the query depends on how often a row occurs."""
    if tree.find(exp.Window):
        return True
    return any(
        not isinstance(each, _ONCE) and not isinstance(each.this, exp.Distinct) for each in tree.find_all(*AGGREGATES)
    )


def _finds_one(join: exp.Join) -> bool:
    """Whether a join looks up one row at most: a table by its own key, `group.group_id`."""
    on, table = join.args.get("on"), join.this
    named = {key(query.alias) for query in join.root().find_all(exp.CTE)}
    if not isinstance(table, exp.Table) or on is None or key(table.name) in named:
        return False
    own = (key(table.alias_or_name), f"{key(table.name)}_id")
    sides = [side for each in on.flatten() if isinstance(each, exp.EQ) for side in (each.this, each.expression)]
    both = isinstance(on, exp.And | exp.EQ)
    return both and any(isinstance(s, exp.Column) and (key(s.table), key(s.name)) == own for s in sides)
