"""The state of the goals, as the board received it: per indicator the figure, the norm, the trend, each school."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from schakel.access.people import Person
from schakel.chain.goals import Goal
from schakel.distribute.deliveries import Delivered, deliver
from schakel.engine.charts.series import Better
from schakel.engine.hidden import Hidden
from schakel.lib.errors import Refused, Unknown
from schakel.lib.text import gettext as _
from schakel.lib.text import ngettext
from schakel.operations.found import site_names
from schakel.operations.promises import Late, Lateness
from schakel.portal import figures
from schakel.portal.figures import Figure
from schakel.portal.pages.words import said
from schakel.portal.parts import Status
from schakel.steer import judging, until
from schakel.steer.norms import Indicator, Norm
from schakel.steer.until import Until

EACH = "goals_state"  # one row for each school and period
FIGURE = frozenset({"indicator", "site", "period", "value", "norm_state"})  # what such a row says
TOTAL = "goals_total"  # all schools together
JUDGED = frozenset({"above", "below"})  # a figure that was held against a norm
BINDING = frozenset({"law", "signal"})  # who breaks such a norm must act
HARDLY = 0.02  # a change of less than two hundredths of the figure itself is no change


@dataclass(frozen=True)
class Series:
    """The figures of one school (or of all together) over time; `hidden` when the last one may not be shown.

    `state` and `norm`: on which side of which norm the last figure lay when it was computed, as far as that is told.
    """

    name: str
    values: Sequence[float | None]
    hidden: bool = False
    state: str = ""
    norm: float | None = None

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
    """One indicator of a goal: what it is, its norm, all periods, everybody together and each school.

    `each_its_own`: there is no norm for all, but a binding one for each school, such as its own signal value. `until`:
    the day up to which the figures are known; `short`: the days of the schools of which that is an earlier one.
    """

    goal: Goal
    indicator: Indicator
    norm: Norm | None
    periods: Sequence[str] = ()
    total: Series = field(default_factory=lambda: Series("", ()))
    schools: Sequence[Series] = ()
    each_its_own: bool = False
    until: date | None = None
    short: Sequence[date] = ()

    @property
    def better(self) -> Better | None:
        """Which side of the norm is the good one."""
        known: Mapping[str, Better] = {"lower": "lower", "higher": "higher"}
        return known.get(self.indicator.direction)

    @property
    def limit(self) -> float | None:
        """The norm as a number; None where there is none for all."""
        return float(self.norm.value) if self.norm else self.total.norm

    @cached_property
    def met(self) -> bool | None:
        """Whether the norm is met; None when that cannot be said."""
        if self.total.last is None or self.indicator.direction == "context":
            return None
        if self.limit is not None:
            return self.meets(self.total)
        return not self.short_of_their_own if self.each_its_own else None

    @property
    def short_of_their_own(self) -> Sequence[Series]:
        """The schools that do not meet the norm that is theirs alone."""
        return [school for school in self.schools if school.state == "below"] if self.each_its_own else []

    def short_words(self) -> str:
        """How many schools do not meet the norm of their own, without a capital and a full stop."""
        count = len(self.short_of_their_own)
        text = ngettext("één school haalt haar eigen norm niet", "%(count)s scholen halen hun eigen norm niet", count)
        return text % {"count": figures.counted(count)}

    def meets(self, school: Series) -> bool:
        """Whether its last figure is on the good side of its norm; without a norm nothing is broken."""
        if school.state in JUDGED:
            return school.state == "above"
        if self.norm is None or school.last is None:
            return True
        amount = Decimal(str(school.last))
        judged = judging.norm_state(amount, _as_norm(self.norm), self.indicator.direction)  # type: ignore[arg-type]
        return judged != "below"

    @property
    def change(self) -> float | None:
        """How much better (positive) or worse it became; 0 when hardly, None without two figures or a direction."""
        known = [v for v in self.total.values if v is not None]
        if len(known) < 2 or self.better is None:  # noqa: PLR2004
            return None
        before, now = known[max(len(known) - 5, 0)], known[-1]
        if abs(now - before) <= HARDLY * max(abs(before), abs(now)):
            return 0.0
        return now - before if self.better == "higher" else before - now

    @property
    def worse(self) -> bool:
        """Whether it does not meet its norm and moves away from it."""
        return self.met is False and (self.change or 0.0) < 0

    @property
    def act(self) -> bool:
        """Whether someone must act: a broken norm of law or inspection that does not get better."""
        binding = self.norm is None or self.norm.kind in BINDING
        return self.met is False and binding and (self.change or 0.0) <= 0

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
        if self.indicator.unit == "EUR":
            return Figure(figures.number(value, "EUR"))
        decimals = 2 if self.indicator.unit == "ratio" else None
        shown = round(value, 1) if decimals is None else value
        return Figure(figures.number(int(shown) if float(shown).is_integer() else shown, "", decimals))

    def when(self) -> str:
        """Of which period the last figure is; of one that still ran up to which day, and which schools less far."""
        if not self.periods:
            return ""
        text, ended = figures.period(self.periods[-1]), judging.last_day(self.periods[-1])
        if self.until is not None and self.until < ended:
            text = _("%(period)s, t/m %(day)s") % {"period": text, "day": figures.day(self.until)}
        short = sorted(day for day in self.short if day < ended)
        if not short:
            return text
        schools = ngettext("%(count)s school t/m %(day)s", "%(count)s scholen t/m %(day)s", len(short))
        if short[0] != short[-1]:
            schools = _("%(count)s scholen t/m %(day)s of later")
        return f"{text}; {schools % {'count': figures.number(len(short)), 'day': figures.day(short[0])}}"

    def norm_words(self) -> str:
        """The norm in words; that it differs from school to school, or that there is none."""
        if self.norm:
            return said(self.norm)
        if self.limit is not None:
            return self.written(self.limit).text
        if any(school.state in JUDGED for school in self.schools):
            return _("verschilt per school")
        return _("geen norm")

    def verdict(self) -> Status:
        """Gehaald, op weg, niet gehaald, of waarom dat niet te zeggen is."""
        if self.total.last is None:
            return Status(_("Onbekend"), "unk")
        if self.met is None:
            return Status(_("Ter informatie"), "info") if self.limit is None else Status(_("Geen oordeel"), "unk")
        if self.met:
            return Status(_("Gehaald"), "ok")
        if self.act:
            return Status(_("Niet gehaald"), "bad")
        if self.worse:
            return Status(_("Wordt slechter"), "warn")
        return Status(_("Op weg") if self.change else _("Nog niet"), "warn", "way")


def _as_norm(norm: Norm) -> judging.Norm:
    return judging.Norm(norm.value, norm.valid_from, norm.source, norm.kind, norm.upper)


@dataclass(frozen=True)
class Received:
    """The state of all goals; `refusal` says why the figures are missing, `late` of which sources data is."""

    states: Sequence[GoalState]
    without_indicator: Sequence[Goal]
    delivered: bool
    refusal: str = ""
    late: Sequence[Late] = ()

    @property
    def leading(self) -> Sequence[GoalState]:
        """One state for each goal: that of its indicator that asks for someone first. It is met when all are."""
        first: dict[str, GoalState] = {}
        for state in self.states:
            first.setdefault(state.goal.key, state)
        return list(first.values())

    @property
    def further(self) -> Sequence[GoalState]:
        """The other indicators of these goals."""
        leading = {state.indicator.key for state in self.leading}
        return [state for state in self.states if state.indicator.key not in leading]


@dataclass(frozen=True)
class Point:
    """One delivered figure: of which school (none: all together), in which period; hidden when it may not be shown."""

    indicator: str
    school: str | None
    period: str
    value: float | None
    hidden: bool
    state: str = ""
    norm: float | None = None
    counted: bool = False  # of a total: it has no denominator


def received(person: Person) -> Received:
    """The goals with what this person may see of their figures: the ones that ask for someone first."""
    points: list[Point] = []
    days: Mapping[str, Until] = {}
    late: Sequence[Late] = ()
    refusal = ""
    try:
        each, total = deliver(person, EACH), deliver(person, TOTAL)
        points, days = [*_points(each, _school_point), *_points(total, _total_point)], _days(each)
        late = Lateness().of(each.need)
    except Unknown:
        refusal = _("Er is nog geen overzicht met de stand van de doelen. Een startpakket brengt het mee.")
    except Refused as error:
        refusal = error.message
    measured = Indicator.objects.filter(goal__isnull=False).select_related("goal").prefetch_related("norms")
    states = [_state(i, [p for p in points if p.indicator == i.key], days.get(i.key)) for i in measured]
    states.sort(key=_urgency)
    bare = list(Goal.objects.filter(indicators__isnull=True))
    return Received(states, bare, not refusal, refusal, late)


def of(delivered: Delivered) -> list[GoalState]:
    """The goals in one delivery of figures, the ones that ask for someone first.

    Who sees one school gets its figures as the total; who sees several gets each school and no total, for that is
    summed in a delivery of its own.
    """
    if not FIGURE.issubset(delivered.answer.names):
        return []
    points = _points(delivered, _school_point)
    named = Indicator.objects.filter(key__in={point.indicator for point in points})
    measured = named.select_related("goal").prefetch_related("norms")
    days = _days(delivered)
    states = [_state(i, [p for p in points if p.indicator == i.key], days.get(i.key)) for i in measured]
    return sorted((_alone(state, points) for state in states), key=_urgency)


def _alone(state: GoalState, points: Sequence[Point]) -> GoalState:
    """The only school as the total; that of the board itself when there are no schools."""
    if len(state.schools) > 1:
        return state
    if not state.schools:
        own = [p for p in points if p.indicator == state.indicator.key and not p.school]
        return replace(state, total=_series("", own, state.periods))
    only = state.schools[0]
    return replace(state, total=only, schools=(), norm=_norm(state.indicator, only), each_its_own=False)


def _urgency(state: GoalState) -> tuple[int, bool, str]:
    order = {"bad": 0, "warn": 1, "ok": 2, "info": 3, "unk": 4}
    return order[state.verdict().tone], not state.worse, state.goal.key


def _days(delivered: Delivered) -> dict[str, Until]:
    """Up to which day each indicator is known, and the schools, by name, of which that is another day."""
    told = delivered.snapshot.manifest
    computed = {key: each for key, each in told.get("indicators", {}).items() if each.get("state") == "computed"}
    found = {key: until.read(each, told["day"]) for key, each in computed.items()}
    names = site_names() if any(each.of for each in found.values()) else {}
    return {key: Until(each.day, {names.get(s, s): day for s, day in each.of.items()}) for key, each in found.items()}


def _points(delivered: Delivered, read: Callable[[Mapping[str, Any]], Point]) -> list[Point]:
    names = delivered.answer.names
    return [read(dict(zip(names, row, strict=True))) for row in delivered.answer.rows]


def _school_point(cells: Mapping[str, Any]) -> Point:
    """The figure of a school (or of the board itself), as it was computed."""
    hidden = isinstance(cells["value"], Hidden) or cells["norm_state"] == "too_small"
    school = None if cells["site"] is None or isinstance(cells["site"], Hidden) else str(cells["site"])
    value = None if hidden or cells["value"] is None else float(cells["value"])
    norm = cells.get("norm")
    told = "" if hidden else str(cells["norm_state"])
    known = None if hidden or norm is None or isinstance(norm, Hidden) else float(norm)
    return Point(str(cells["indicator"]), school or "", str(cells["period"]), value, hidden, told, known)


def _total_point(cells: Mapping[str, Any]) -> Point:
    """All schools together: both sums divided."""
    hidden = any(isinstance(cells[name], Hidden) for name in ("numerator", "denominator"))
    counted = not hidden and cells["denominator"] is None
    value = None if hidden else _amount(cells["numerator"], cells["denominator"], counted)
    return Point(str(cells["indicator"]), None, str(cells["period"]), value, hidden, counted=counted)


def _amount(numerator: Any, denominator: Any, counted: bool) -> float | None:
    found = judging.amount(numerator, denominator, counted=counted)
    return None if found is None else float(found)


def _state(indicator: Indicator, points: Sequence[Point], known: Until | None = None) -> GoalState:
    goal = indicator.goal or Goal()
    periods = sorted({p.period for p in points}, key=judging.last_day)
    if not periods:
        return GoalState(goal, indicator, indicator.norm_on())
    names = sorted({p.school for p in points if p.school})
    schools = [_series(name, [p for p in points if p.school == name], periods) for name in names]
    totals = [p for p in points if p.school is None and not _is_half(p, points)]
    together = [p for p in totals if not (indicator.unit != "%" and _misses(p, points))]
    of_the_board = _series("", [p for p in points if p.school == ""], periods)
    total = replace(_series("", together, periods), state=of_the_board.state, norm=of_the_board.norm)
    norm = _norm(indicator, total)
    each_its_own = norm is None and any(_binding(indicator, school) for school in schools)
    days = [known.at(name) for name in names or [""]] if known else []
    last = max(days, default=None)
    short = [day for day in days if day != last]
    return GoalState(goal, indicator, norm, periods, total, schools, each_its_own, last, short)


def _norm(indicator: Indicator, series: Series) -> Norm | None:
    """The norm that a figure was held against, else the one for all; None: the data gave it, or there is none."""
    return indicator.norm_on() if series.norm is None else indicator.norm_of(series.norm)


def _binding(indicator: Indicator, school: Series) -> bool:
    """Whether a school was held against a norm of law or inspection; what the data give of a school is one."""
    if school.norm is None or school.state not in JUDGED:
        return False
    found = indicator.norm_of(school.norm)
    return found is None or found.kind in BINDING


def _is_half(total: Point, points: Sequence[Point]) -> bool:
    """Whether a total without a denominator is that of a share: no school has a figure, and half of one is none."""
    beside = [p for p in points if p.school and p.period == total.period]
    return total.counted and bool(beside) and not any(p.value is not None or p.hidden for p in beside)


def _misses(total: Point, points: Sequence[Point]) -> bool:
    """Whether a school without a figure is missing from a total: then a count would only seem smaller."""
    beside = [p for p in points if p.school and p.period == total.period]
    return any(p.value is None and not p.hidden for p in beside)


def _series(name: str, points: Sequence[Point], periods: Sequence[str]) -> Series:
    by_period = {p.period: p for p in points}
    values = [by_period[p].value if p in by_period else None for p in periods]
    last = by_period.get(periods[-1])
    return Series(name, values, last.hidden, last.state, last.norm) if last else Series(name, values)
