"""The state of the goals, as the board received it: per indicator the figure, the norm, the trend, each school."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from schakel.access.people import Person
from schakel.chain.goals import Goal
from schakel.distribute.deliveries import Delivered, deliver
from schakel.engine.hidden import Hidden
from schakel.lib import clock
from schakel.lib.errors import Refused, Unknown
from schakel.lib.text import gettext as _
from schakel.portal import charts, figures
from schakel.portal.figures import Figure
from schakel.portal.parts import Status
from schakel.steer import indicators, judging
from schakel.steer.indicators import Definition, Value
from schakel.steer.norms import Indicator, Norm

PRODUCT = "goals_state"


@dataclass(frozen=True)
class Series:
    """The figures of one school (or of all together) over time; `hidden` when the last one may not be shown."""

    name: str
    values: Sequence[float | None]
    hidden: bool = False

    @property
    def last(self) -> float | None:
        """The last figure; None when it is unknown or hidden."""
        return self.values[-1] if self.values else None

    @property
    def holes(self) -> int:
        """Periods without a figure, after the first one that had one."""
        known = [i for i, v in enumerate(self.values) if v is not None]
        return sum(1 for v in self.values[known[0] :] if v is None) if known else 0


@dataclass(frozen=True)
class GoalState:
    """One indicator of a goal: what it is, its norm, all periods, everybody together and each school."""

    goal: Goal
    indicator: Indicator
    norm: Norm | None
    periods: Sequence[str] = ()
    total: Series = field(default_factory=lambda: Series("", ()))
    schools: Sequence[Series] = ()

    @property
    def better(self) -> charts.Better | None:
        """Which side of the norm is the good one."""
        known: Mapping[str, charts.Better] = {"lower": "lower", "higher": "higher"}
        return known.get(self.indicator.direction)

    @property
    def limit(self) -> float | None:
        """The norm as a number."""
        return float(self.norm.value) if self.norm else None

    @cached_property
    def met(self) -> bool | None:
        """Whether the norm is met; None when that cannot be said."""
        if self.total.last is None or self.norm is None or self.indicator.direction == "context":
            return None
        value = Decimal(str(self.total.last))
        judged = judging.norm_state(value, _as_norm(self.norm), self.indicator.direction)  # type: ignore[arg-type]
        return judged == "above"

    @property
    def change(self) -> float | None:
        """How much better (positive) or worse it is than a year or so ago; None without two figures."""
        known = [v for v in self.total.values if v is not None]
        if len(known) < 2 or self.better is None:  # noqa: PLR2004
            return None
        difference = known[-1] - known[max(len(known) - 5, 0)]
        return difference if self.better == "higher" else -difference

    @property
    def act(self) -> bool:
        """A broken norm of law or inspection that does not get better: someone must act."""
        binding = self.norm is not None and self.norm.kind in ("law", "signal")
        return self.met is False and (binding or (self.change or 0.0) < 0) and (self.change or 0.0) <= 0

    @property
    def percent(self) -> bool:
        """Whether it is a share."""
        return self.indicator.unit == "%"

    def written(self, value: float | None) -> Figure:
        """A figure with its unit."""
        if value is None:
            return figures.unknown()
        if self.percent:
            return Figure(figures.number(value, "%"))
        decimals = 2 if self.indicator.unit == "ratio" else None
        shown = round(value, 1) if decimals is None else value
        return Figure(figures.number(int(shown) if float(shown).is_integer() else shown, "", decimals))

    def verdict(self) -> Status:
        """Gehaald, op weg, niet gehaald, of waarom dat niet te zeggen is."""
        if self.total.last is None:
            return Status(_("Onbekend"), "unk")
        if self.met is None:
            return Status(_("Ter informatie"), "info") if self.norm is None else Status(_("Geen oordeel"), "unk")
        if self.met:
            return Status(_("Gehaald"), "ok")
        return Status(_("Niet gehaald"), "bad") if self.act else Status(_("Op weg"), "warn", "way")


def _as_norm(norm: Norm) -> judging.Norm:
    return judging.Norm(norm.value, norm.valid_from, norm.source, norm.kind, norm.upper)


@dataclass(frozen=True)
class Received:
    """The state of all goals; `refusal` says why the figures are missing."""

    states: Sequence[GoalState]
    without_indicator: Sequence[Goal]
    delivered: Delivered | None
    refusal: str = ""


def received(person: Person) -> Received:
    """The goals with what this person may see of their figures: the ones that ask for someone first."""
    refusal, delivered = "", None
    try:
        delivered = deliver(person, PRODUCT)
    except (Refused, Unknown) as error:
        refusal = error.message
    by_key = _values(delivered) if delivered else {}
    known = {d.key: d for d in indicators.definitions()}
    measured = Indicator.objects.filter(goal__isnull=False).select_related("goal").prefetch_related("norms")
    states = [_state(i, by_key.get(i.key, ()), known.get(i.key)) for i in measured]
    states.sort(key=_urgency)
    bare = list(Goal.objects.filter(indicators__isnull=True))
    return Received(states, bare, delivered, refusal)


def _urgency(state: GoalState) -> tuple[int, str]:
    order = {"bad": 0, "warn": 1, "ok": 2, "info": 3, "unk": 4}
    return order[state.verdict().tone], state.goal.key


def _values(delivered: Delivered) -> dict[str, list[tuple[Value, bool]]]:
    """The rows as figures per indicator, each with whether it is hidden."""
    names = delivered.answer.names
    found: dict[str, list[tuple[Value, bool]]] = {}
    for row in delivered.answer.rows:
        cells = dict(zip(names, row, strict=True))
        found.setdefault(str(cells["indicator"]), []).append(_value(cells))
    return found


def _value(cells: Mapping[str, Any]) -> tuple[Value, bool]:
    hidden = any(isinstance(cells[name], Hidden) for name in ("value", "numerator", "denominator"))
    value = Value(
        indicator_key=str(cells["indicator"]),
        site_id=_text(cells["site"]),
        period=str(cells["period"]),
        snapshot_on=cells["snapshot_on"] if isinstance(cells["snapshot_on"], date) else clock.today(),
        numerator=_exact(cells["numerator"]),
        denominator=_exact(cells["denominator"]),
        value=_exact(cells["value"]),
    )
    return value, hidden or cells.get("norm_state") == "too_small"


def _text(value: Any) -> str | None:
    return None if value is None or isinstance(value, Hidden) else str(value)


def _exact(value: Any) -> Decimal | None:
    return None if value is None or isinstance(value, Hidden) else Decimal(str(value))


def _state(indicator: Indicator, found: Sequence[tuple[Value, bool]], definition: Definition | None) -> GoalState:
    goal = indicator.goal or Goal()
    norm = indicator.norm_on()
    if not found or definition is None:
        return GoalState(goal, indicator, norm)
    periods = sorted({value.period for value, _hidden in found}, key=judging.last_day)
    together = {v.period: v.value for v in indicators.rolled_up([v for v, _hidden in found], definition)}
    total = Series("", [_float(together.get(period)) for period in periods])
    return GoalState(goal, indicator, norm, periods, total, _schools(found, periods))


def _schools(found: Sequence[tuple[Value, bool]], periods: Sequence[str]) -> list[Series]:
    names = sorted({value.site_id for value, _hidden in found if value.site_id})
    return [_school(name, [pair for pair in found if pair[0].site_id == name], periods) for name in names]


def _school(name: str, found: Sequence[tuple[Value, bool]], periods: Sequence[str]) -> Series:
    by_period = {value.period: value for value, _hidden in found}
    values = [_float(by_period[p].value) if p in by_period else None for p in periods]
    hidden = any(hidden for value, hidden in found if value.period == periods[-1])
    return Series(name, values, hidden)


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
