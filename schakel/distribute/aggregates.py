"""Reading the expressions of a resolved query: how an aggregate counts, which columns it takes, what is the same."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlglot import exp

from schakel.engine.sql_scope import Relation
from schakel.lib.errors import Refused
from schakel.lib.text import gettext as _

EXTREMES = (exp.Min, exp.Max, exp.AnyValue, exp.GroupConcat, exp.ArgMax, exp.ArgMin)
_COUNTING = (exp.Count, exp.Sum, exp.Avg, exp.Median, exp.CountIf, exp.Stddev, exp.StddevSamp)
_PREDICATES = (exp.Predicate, exp.Connector, exp.Not, exp.Boolean)


def refused(message: str, node: exp.Expr | None = None) -> Refused:
    """A refusal because the people behind a figure cannot be told, or could be recognised."""
    where = "" if node is None else f"«{node.sql(dialect='duckdb', comments=False)[:60]}»"
    return Refused(message, code="small-groups", where=where)


def text(node: exp.Expr) -> str:
    """An expression as it will be run."""
    return node.sql(dialect="duckdb", identify=True, comments=False)


def refs(node: exp.Expr) -> list[tuple[str, str]]:
    """The columns in an expression: our own name of the table, and the column."""
    return [(column.table, column.name) for column in node.find_all(exp.Column)]


def own(relation: Relation, kind: type[exp.Expr]) -> Iterator[exp.Expr]:
    """The parts of one kind in a query itself, not in the queries within it."""
    inner = {id(deeper.node) for deeper in relation.all() if deeper is not relation}
    for node in relation.node.walk(prune=lambda n: id(n) in inner):
        if isinstance(node, kind):
            yield node


def conjuncts(node: exp.Expr) -> Iterator[exp.Expr]:
    """The conditions that must all hold."""
    node = node.unnest()
    if isinstance(node, exp.And):
        yield from conjuncts(node.this)
        yield from conjuncts(node.expression)
    else:
        yield node


def equals(conditions: Iterable[exp.Expr | None]) -> Iterator[tuple[str, str]]:
    """The pairs of columns that the conditions hold equal."""
    for condition in conditions:
        for part in conjuncts(condition) if condition is not None else ():
            left, right = part.args.get("this"), part.args.get("expression")
            if isinstance(part, exp.EQ) and isinstance(left, exp.Column) and isinstance(right, exp.Column):
                yield text(left), text(right)


def is_presence(node: exp.Expr) -> bool:
    """Whether a condition asks only if a figure is there, or is more than nothing."""
    if isinstance(node, exp.Not):
        return is_presence(node.this.unnest())
    if isinstance(node, exp.Is):
        return isinstance(node.this, exp.Column) and isinstance(node.expression, exp.Null)
    zero = isinstance(node.args.get("expression"), exp.Literal) and node.expression.this == "0"
    return isinstance(node, exp.GT | exp.EQ | exp.NEQ) and isinstance(node.this, exp.Column) and zero


class Same:
    """Which columns the joins of a query hold equal: each column has one name for its whole class."""

    def __init__(self, relation: Relation) -> None:
        self._parent: dict[str, str] = {}
        where = relation.node.args.get("where")
        joins = relation.node.args.get("joins") or []
        for left, right in equals([*(join.args.get("on") for join in joins), where.this if where else None]):
            if self.of(left) != self.of(right):
                self._parent[self.of(left)] = self.of(right)

    def of(self, column: str) -> str:
        """The name of the class of a column."""
        while column in self._parent:
            column = self._parent[column]
        return column


@dataclass(frozen=True)
class Aggregate:
    """How an aggregate counts.

    `condition`: which rows are chosen (FILTER, CASE, COUNT_IF; empty: all). `matters`: which of those weigh in the
    value. `present`: which rows count for the whole from which is chosen. `family`: what is counted, apart from the
    condition. `heads`: the column of which each value is counted once.
    """

    condition: str
    matters: str
    present: str
    family: str
    adds_up: bool
    heads: str = ""


def read(node: exp.Expr) -> Aggregate:
    """Raises Refused for an aggregate that is not a count, a sum or a mean."""
    chosen = []
    if isinstance(node, exp.Filter):
        chosen.append(text(node.expression.this))
        node = node.this
    if not isinstance(node, _COUNTING):
        raise refused(_("Dit getal kan niet over mensen gaan. Gebruik COUNT, SUM, AVG of MEDIAN."), node)
    value = node.this
    if isinstance(node, exp.CountIf):
        chosen, value = [*chosen, text(value)], exp.Literal.number(1)
    distinct = "distinct " if isinstance(value, exp.Distinct) else ""
    value = value.expressions[0] if isinstance(value, exp.Distinct) else value
    if not distinct:
        condition, value = _choice(value)
        chosen += [condition] if condition else []
    constant = isinstance(value, exp.Star | exp.Literal)
    weighs = "<> 0" if isinstance(node, exp.Sum) else "IS NOT NULL"
    return Aggregate(
        condition=" AND ".join(f"({part})" for part in chosen),
        matters="" if constant else f"({text(value)}) {weighs}",
        present="" if constant else f"({text(value)}) IS NOT NULL",
        family="rows" if constant else f"{type(node).__name__} {distinct}{text(value)}",
        adds_up=isinstance(node, exp.Sum),
        heads=text(value) if distinct and isinstance(node, exp.Count) else "",
    )


def _choice(value: exp.Expr) -> tuple[str, exp.Expr]:
    """A CASE, or a truth value made a number, chooses rows: the condition, and what is then counted."""
    value = value.unnest()
    if isinstance(value, exp.Cast) and isinstance(value.this.unnest(), _PREDICATES):
        return text(value.this), exp.Literal.number(1)
    if not isinstance(value, exp.Case):
        return "", value
    ways, rest = value.args["ifs"], value.args.get("default")
    if value.this is None and len(ways) == 1 and _is_nothing(rest):
        return text(ways[0].this), ways[0].args["true"]
    numbers = all(_is_number(way.args["true"]) for way in ways) and (_is_nothing(rest) or _is_number(rest))
    return (f"coalesce({text(value)}, 0) <> 0", exp.Literal.number(1)) if numbers else ("", value)


def _is_nothing(value: exp.Expr | None) -> bool:
    zero = isinstance(value, exp.Literal) and not value.is_string and not value.this.strip("0.")
    return value is None or isinstance(value, exp.Null) or zero


def _is_number(value: exp.Expr | None) -> bool:
    return isinstance(value, exp.Literal) and not value.is_string
