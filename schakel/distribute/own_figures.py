"""Figures of indicators that need not be hidden from someone, because they may see everyone behind them (law 5).

A figure was counted before, so its query does not read the people. What they are is told by the indicator: which
elements it is made of. Only what a row says itself counts, straight from the one table with figures.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from sqlglot import exp

from schakel.distribute.about_people import NEUTRAL
from schakel.distribute.plans import Plan
from schakel.engine.sql_scope import Relation
from schakel.lib import clock
from schakel.steer.judging import last_day

Opens = Callable[[Sequence[Any]], bool]
_FIGURES = "indicator_value"


def nothing(_row: Sequence[Any]) -> bool:
    """No row is open."""
    return False


def opened_rows(plan: Plan, seen: frozenset[str], day: date) -> Opens:
    """Which rows of an answer are a figure of one of these indicators, in the school year that runs.

    The people behind a figure of an earlier year may be gone, and then nobody may see them.
    """
    key, period = (_place(plan, column) for column in ("indicator_key", "period"))
    if not seen or key is None or period is None or not _of_figures_alone(plan.query.relation):
        return nothing
    first = clock.school_year_start(day)
    return lambda row: row[key] in seen and row[period] is not None and last_day(row[period]) >= first


def _of_figures_alone(relation: Relation) -> bool:
    """Whether a query reads the figures once and no table about people: else a row holds more than its own figure.

    A lesson is about people as soon as who gives it is used.
    """
    tables = [source.table for inner in relation.all() for source in inner.sources if source.table]
    return tables.count(_FIGURES) == 1 and set(tables) <= NEUTRAL - {"slot"}


def _place(plan: Plan, column: str) -> int | None:
    """Where a row says which indicator or period it is of: the very column, not something that is made of it."""
    relation = plan.query.relation
    figures = {source.alias for source in relation.sources if source.table == _FIGURES}
    for place in plan.apart:
        said = relation.outputs[place].expression
        if isinstance(said, exp.Column) and said.name == column and said.table in figures:
            return place
    return None
