"""What may be added up over people: their own amounts, each with the same weight.

A sum in which one group of people weighs 1 and another 1000 gives both numbers away at once. So may a truth value that
is counted as 1 or 0 only stand alone, and then it chooses people as a FILTER does.
"""

from collections.abc import Mapping

from sqlglot import exp

from schakel.distribute.aggregates import is_nothing, is_number, outcomes, own_value, refused
from schakel.engine.sql_scope import Source
from schakel.lib.errors import Refused
from schakel.lib.text import gettext as _
from schakel.process.model import school_model

TRUTH = (exp.Predicate, exp.Connector, exp.Not, exp.Boolean)
_SAME = (exp.Paren, exp.Cast, exp.TryCast, exp.Max, exp.Min, exp.AnyValue, exp.IgnoreNulls)
_PER_PERSON = (exp.Count, exp.CountIf, exp.Sum, exp.Avg, exp.Median, exp.Max, exp.Min, exp.AnyValue, exp.IgnoreNulls)
_AMOUNTS = (
    exp.Literal, exp.Paren, exp.Neg, exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Round, exp.Abs, exp.Cast, exp.TryCast,
    exp.DataType, exp.DataTypeParam, exp.DateDiff, exp.CurrentDate, exp.Var, exp.Placeholder, exp.Null,
)  # fmt: skip


class Weighing:
    """Judges what the aggregates of one query add up; `sources` are its tables by our own names."""

    def __init__(self, sources: Mapping[str, Source]) -> None:
        self.sources = sources

    def is_flag(self, value: exp.Expr) -> bool:
        """Whether a value is one number or nothing, true or false; also where it comes from a query inside."""
        value = value.unnest()
        if isinstance(value, exp.Column):
            inner = self._inner(value)
            return self.is_flag(inner) if inner is not None else self._type(value) == "BOOLEAN"
        if isinstance(value, exp.Case):
            numbers = [way for way in outcomes(value) if not is_nothing(way)]
            return bool(numbers) and all(is_number(way) for way in numbers) and len({way.this for way in numbers}) == 1
        return isinstance(value, TRUTH) or (isinstance(value, _SAME) and self.is_flag(value.this))

    def check(self, node: exp.Expr) -> None:
        """Raises Refused (code `small-groups`) for an aggregate in which some people weigh otherwise than others."""
        value, distinct = own_value(node, self.is_flag)
        if distinct and any(value.find_all(exp.Case, exp.If, exp.Nullif, exp.Coalesce, exp.Least, exp.Greatest)):
            raise refused(_("Tel met DISTINCT een kolom zelf, of CASE WHEN … THEN die kolom END."), node)
        if not distinct and node.find(exp.Count) is None:
            self._check(value, node)

    def _check(self, value: exp.Expr, node: exp.Expr) -> None:
        value = value.unnest()
        if isinstance(value, exp.Star | exp.Literal):
            return
        if isinstance(value, exp.Case):
            self._check_ways(value, node)
        elif isinstance(value, exp.Column):
            self._check_column(value, node)
        elif self._is_amount(value):
            for part in value.iter_expressions():
                if isinstance(part, exp.Case):
                    raise self._uneven(node)
                self._check(part, node)
        else:
            raise self._uneven(node)

    def _check_ways(self, value: exp.Case, node: exp.Expr) -> None:
        """A choice between columns; every way a column as it is, or nothing."""
        for way in outcomes(value):
            plain = way.unnest()
            if is_nothing(plain):
                continue
            if not isinstance(plain, exp.Column | exp.Case):
                raise self._uneven(node)
            self._check(plain, node)

    def _check_column(self, column: exp.Column, node: exp.Expr) -> None:
        """A column of a query inside is judged by what it is made of."""
        inner = self._inner(column)
        if inner is None or self.is_flag(inner):
            return
        if isinstance(inner, exp.Filter):
            inner = inner.this
        if isinstance(inner, exp.Count | exp.CountIf):
            return
        self._check(inner.this if isinstance(inner, _PER_PERSON) else inner, node)

    @staticmethod
    def _is_amount(value: exp.Expr) -> bool:
        if isinstance(value, exp.Coalesce):
            return all(is_nothing(other) or isinstance(other, exp.Column) for other in value.expressions)
        return isinstance(value, (*_AMOUNTS, *_PER_PERSON))

    def _inner(self, column: exp.Column) -> exp.Expr | None:
        """What a column of a query inside is made of; None for a column of a table."""
        relation = self.sources[column.table].relation if column.table in self.sources else None
        if relation is None:
            return None
        return next(output.expression for output in relation.outputs if output.name == column.name)

    def _type(self, column: exp.Column) -> str:
        table = self.sources[column.table].table if column.table in self.sources else None
        return school_model()[table].columns[column.name].type if table else ""

    @staticmethod
    def _uneven(node: exp.Expr) -> Refused:
        return refused(_("Tel elk mens even zwaar mee: maak van elke keuze een eigen getal."), node)
