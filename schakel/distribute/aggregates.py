"""Reading the expressions of a resolved query: how an aggregate counts, which columns it takes, what is the same."""

from collections.abc import Callable, Iterable, Iterator
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
    condition. `heads`: the column of which each value is counted once. `missing`: which rows a count passes over.
    """

    condition: str
    matters: str
    present: str
    family: str
    adds_up: bool
    heads: str = ""
    missing: str = ""


def _never(_value: exp.Expr) -> bool:
    return False


def read(node: exp.Expr, is_flag: Callable[[exp.Expr], bool] = _never) -> Aggregate:
    """Raises Refused for an aggregate that is not a count, a sum or a mean.

    `is_flag` tells whether a value is a truth value made elsewhere: then it chooses rows.
    """
    chosen, counting, value, distinct = _taken(node, is_flag)
    constant = isinstance(value, exp.Star | exp.Literal)
    weighs = "<> 0" if isinstance(counting, exp.Sum) else "IS NOT NULL"
    count = isinstance(counting, exp.Count)
    return Aggregate(
        condition=" AND ".join(f"({part})" for part in chosen),
        matters="" if constant else f"({text(value)}) {weighs}",
        present="" if constant else f"({text(value)}) IS NOT NULL",
        family="rows" if constant else f"{type(counting).__name__} {'distinct ' * distinct}{text(value)}",
        adds_up=isinstance(counting, exp.Sum),
        heads=text(_of_whom(value)) if distinct and count else "",
        missing="" if constant or distinct or not count else f"({text(value)}) IS NULL",
    )


def own_value(node: exp.Expr, is_flag: Callable[[exp.Expr], bool]) -> tuple[exp.Expr, bool]:
    """What an aggregate takes of each row that is chosen, and whether each value counts once."""
    _chosen, counting, value, distinct = _taken(node, is_flag)
    return (_of_whom(value) if distinct and isinstance(counting, exp.Count) else value), distinct


def _taken(node: exp.Expr, is_flag: Callable[[exp.Expr], bool]) -> tuple[list[str], exp.Expr, exp.Expr, bool]:
    """The conditions of an aggregate, the aggregate itself, its value without them, and whether each counts once."""
    chosen = []
    if isinstance(node, exp.Filter):
        chosen.append(text(node.expression.this))
        node = node.this
    if not isinstance(node, _COUNTING):
        raise refused(_("Dit getal kan niet over mensen gaan. Gebruik COUNT, SUM, AVG of MEDIAN."), node)
    value, distinct = node.this, isinstance(node.this, exp.Distinct)
    if isinstance(node, exp.CountIf):
        chosen, value = [*chosen, text(value)], exp.Literal.number(1)
    if distinct:
        return chosen, node, value.expressions[0], True
    condition, value = _choice(value, is_flag)
    return [*chosen, condition] if condition else chosen, node, value, False


def _of_whom(value: exp.Expr) -> exp.Expr:
    """Of `CASE WHEN … THEN column END` the column: each of its values is counted once."""
    plain = value.unnest()
    if isinstance(plain, exp.Case) and plain.this is None and len(plain.args["ifs"]) == 1:
        rest = plain.args.get("default")
        return plain.args["ifs"][0].args["true"] if rest is None or isinstance(rest, exp.Null) else value
    return value


def _choice(value: exp.Expr, is_flag: Callable[[exp.Expr], bool]) -> tuple[str, exp.Expr]:
    """A CASE, or a truth value made a number, chooses rows: the condition, and what is then counted."""
    value = value.unnest()
    if isinstance(value, exp.Cast) and isinstance(value.this.unnest(), _PREDICATES):
        return text(value.this), exp.Literal.number(1)
    if isinstance(value, exp.Case) and value.this is None and len(value.args["ifs"]) == 1:
        way, rest = value.args["ifs"][0], value.args.get("default")
        if is_nothing(rest):
            return text(way.this), way.args["true"]
        if rest is not None and is_nothing(way.args["true"]):
            return f"NOT coalesce({text(way.this)}, FALSE)", rest
    if is_flag(value):
        return f"coalesce({text(value)}, 0) <> 0", exp.Literal.number(1)
    return "", value


def outcomes(value: exp.Case) -> list[exp.Expr]:
    """What a CASE can give, one for each way; without ELSE the last one is nothing."""
    return [*(way.args["true"] for way in value.args["ifs"]), value.args.get("default") or exp.Null()]


def is_nothing(value: exp.Expr | None) -> bool:
    """Whether a value adds nothing: absent, NULL or 0."""
    zero = isinstance(value, exp.Literal) and not value.is_string and not value.this.strip("0.")
    return value is None or isinstance(value, exp.Null) or zero


def is_number(value: exp.Expr | None) -> bool:
    """Whether a value is a number written out."""
    return isinstance(value, exp.Literal) and not value.is_string
