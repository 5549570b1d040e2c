"""What may stand as the name of a row in a figure: a school, a year, a kind; never a person or what tells one apart."""

from collections.abc import Callable, Mapping

from sqlglot import exp

from schakel.distribute.about_people import MEASURES, NEUTRAL, is_day, names_a_group
from schakel.distribute.aggregates import EXTREMES, refused, text
from schakel.engine.sql_scope import Relation, Source
from schakel.lib.text import gettext as _

_ROUNDED = (exp.Year, exp.Quarter, exp.Month, exp.Week)
_UNITS = frozenset({"YEAR", "QUARTER", "MONTH", "WEEK", "ISOYEAR"})
_FORMATS = frozenset({"%Y", "%y", "%m", "%-m", "%V", "%G", "%B", "%b", "%U", "%W"})


class Naming:
    """Judges expressions of one query; `sources` are its tables by our own names."""

    def __init__(self, sources: Mapping[str, Source], reads_people: Callable[[Relation], bool]) -> None:
        self.sources, self.reads_people = sources, reads_people

    def about_nobody(self, node: exp.Expr) -> bool:
        """Whether an aggregate takes the highest, lowest or any of values that are not about people."""
        inner = node.this if isinstance(node, exp.Filter) else node
        return isinstance(inner, EXTREMES) and self.is_neutral(node)

    def is_neutral(self, node: exp.Expr) -> bool:
        """Whether an expression takes nothing from a table about people."""
        return all(map(self._neutral_column, node.find_all(exp.Column)))

    def _neutral_column(self, column: exp.Column) -> bool:
        source = self.sources[column.table]
        if source.relation is not None:
            return not self.reads_people(source.relation)
        element = f"{source.table}.{column.name}"
        return source.table in NEUTRAL and element not in MEASURES and element != "slot.staff_id"

    def check(self, value: exp.Expr) -> None:
        """Raises Refused (code `small-groups`) for a value that could tell one person from another."""
        if isinstance(value, exp.Predicate | exp.Connector | exp.Not):
            return
        if isinstance(value, exp.Case):
            for part in (*(way.args["true"] for way in value.args["ifs"]), value.args.get("default")):
                if part is not None:
                    self.check(part)
        elif isinstance(value, exp.Column):
            self._check_column(value)
        elif not self._rounds_a_day(value):
            for part in value.iter_expressions():
                self.check(part)

    def _check_column(self, column: exp.Column) -> None:
        source = self.sources[column.table]
        if source.relation is not None:
            self.check(next(o.expression for o in source.relation.outputs if o.name == column.name))
        elif not names_a_group(f"{source.table}.{column.name}") or column.name == "staff_id":
            raise refused(_("Hieraan is een persoon te herkennen; het kan geen naam van een groep zijn."), column)

    def _rounds_a_day(self, value: exp.Expr) -> bool:
        rounded = isinstance(value, _ROUNDED)
        if isinstance(value, exp.DateTrunc | exp.TimestampTrunc):
            rounded = text(value.args["unit"]).strip("'").upper() in _UNITS
        elif isinstance(value, exp.Extract):
            rounded = value.name.upper() in _UNITS
        elif isinstance(value, exp.TimeToStr):
            rounded = _format_is_rounded(value.args["format"].name)
        columns = list(value.find_all(exp.Column))
        return rounded and all(self._is_day(column) for column in columns)

    def _is_day(self, column: exp.Column) -> bool:
        source = self.sources[column.table]
        if source.relation is None:
            return is_day(f"{source.table}.{column.name}")
        inner = next(o.expression for o in source.relation.outputs if o.name == column.name)
        return isinstance(inner, exp.Column) and self._is_day(inner)


def _format_is_rounded(pattern: str) -> bool:
    found = pattern.split("%")[1:]
    return all(any(f"%{part}".startswith(known) for known in _FORMATS) for part in found)
