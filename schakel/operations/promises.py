"""The promise of a source: by when its data must be there, derived from the approved needs that rest on it.

Each need says in words how fresh its data must be; the one that asks it soonest wins. Where no need says a moment that
the source can keep, what was agreed with it holds: no older than so many hours. So it does for what comes once a year
by agreement (holidays, published values): that tells ahead, and is not stale because a need is asked each day.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q

from schakel.chain.approvals import InForce, in_force
from schakel.chain.elements import SourceOfRecord
from schakel.chain.freshness import ByMoment, NoOlder, Rule, read
from schakel.chain.needs import InformationNeed
from schakel.collect.connections import Connection, connection_of
from schakel.collect.holidays import Calendar, calendar
from schakel.collect.plans import next_for
from schakel.collect.runs import GOOD, RECENT, delivered
from schakel.collect.schedules import schedule_of
from schakel.collect.sources import Source
from schakel.distribute.entitlement import current_snapshot
from schakel.distribute.explanation import behind, rests_on_figures
from schakel.distribute.named_figures import ANY
from schakel.lib import clock
from schakel.process import mappings
from schakel.steer.values import TABLE

_DAY = timedelta(days=1)
_EACH_DAY = ("school", "work", "all")
_FRIDAY = 4
_SLACK = 0.9  # of the hours after which a source is late: 26 for each day, 170 for each week, 800 for each month
_NOON = time(12)
_YEARLY = timedelta(days=300)  # from here on what was agreed is once a year
_AHEAD = 180  # days: a summer holiday and more


@dataclass(frozen=True)
class Use:
    """A need in force that rests on a source: with which of its elements, and by which rule."""

    need: InformationNeed
    elements: frozenset[str]
    rule: Rule | None


@dataclass(frozen=True)
class Risk:
    """Why the promise is in danger: failed, overdue or planned; the need that asks it, and by when."""

    cause: str
    need: InformationNeed | None = None
    deadline: datetime | None = None


@dataclass(frozen=True)
class Promise:
    """By when the data of a source must be there, for which need, and what endangers that.

    `by` is None when the source was never read and has no schedule: then nothing can be late yet.
    """

    uses: tuple[Use, ...]
    need: InformationNeed | None = None
    rule: Rule | None = None
    by: datetime | None = None
    risks: tuple[Risk, ...] = ()


@dataclass(frozen=True)
class _State:
    """How it stands with a source: when data of it was last there, and when it is read next."""

    source: Source
    days: Calendar
    since: datetime | None
    delivered: bool
    failed: bool
    coming: datetime | None
    apart: timedelta


Asked = tuple[InformationNeed | None, Rule]


@dataclass(frozen=True)
class Ground:
    """What promises follow from: needs in force, where each element is at home, which layouts a system gives."""

    needs: tuple[InForce, ...]
    records: Mapping[str, frozenset[int]]
    layouts: Mapping[int, frozenset[str]]


def ground() -> Ground:
    """As it stands now, in a fixed number of queries."""
    records: dict[str, set[int]] = {}
    for element, system in SourceOfRecord.objects.values_list("element__key", "system_id"):
        records.setdefault(element, set()).add(system)
    layouts: dict[int, set[str]] = {}
    for system, layout in Source.objects.filter(active=True).values_list("system_id", "layout"):
        layouts.setdefault(system, set()).add(layout)
    return _ground(in_force(), records, layouts)


def _ground(needs: Iterable[InForce], records: Mapping[str, set[int]], layouts: Mapping[int, set[str]]) -> Ground:
    frozen = {element: frozenset(systems) for element, systems in records.items()}
    return Ground(tuple(needs), frozen, {system: frozenset(found) for system, found in layouts.items()})


def uses_of(source: Source, on: Ground | None = None) -> tuple[Use, ...]:
    """The needs in force that rest on a source, each with the elements that it takes from there."""
    on = on or ground()
    taken = ((item.need, _taken(item.need, source, on)) for item in on.needs)
    return tuple(Use(need, elements, read(need.freshness)) for need, elements in taken if elements)


def promise_of(source: Source, on: Ground | None = None) -> Promise | None:
    """What is promised of a source; None when no need in force rests on it."""
    uses = uses_of(source, on)
    if not uses or not source.active:
        return None
    state = _state(source)
    asked: list[Asked] = [] if _is_yearly(state) else [(use.need, use.rule) for use in uses if use.rule is not None]
    held = [each for each in asked if not _too_fine(each[1], state)]
    if not held or held != asked:
        held.append((None, _agreed(state)))
    need, rule, by = _first(held, state)
    return Promise(uses, need, rule, by, tuple(_risks(asked, held, state)))


@dataclass(frozen=True)
class Late:
    """A source that a need counts on and of which its data should have been there; since when it is as it is."""

    source: Source
    since: datetime | None


class Lateness:
    """Which sources are late for which needs. However many needs are asked about, each source is looked at once."""

    def __init__(self) -> None:
        self._states: dict[int, _State] = {}

    def of(self, need: InformationNeed, figures: Collection[str] = ANY) -> list[Late]:
        """The sources that are late for a need; what it asks holds as far as the source can keep it.

        `figures`: of these indicators alone, where it asks for figures.
        """
        rule, found = read(need.freshness), []
        for source in _sources_of(need, figures):
            if source.pk not in self._states:
                self._states[source.pk] = _state(source)
            state = self._states[source.pk]
            kept = rule is not None and not _is_yearly(state) and not _too_fine(rule, state)
            by = _by(rule if rule is not None and kept else _agreed(state), state)
            if by is not None and by <= clock.now():
                found.append(Late(source, state.since if state.delivered else None))
        return found


def _sources_of(need: InformationNeed, named: Collection[str]) -> list[Source]:
    """The sources in use that a need rests on; where it asks for figures, those that these are computed from too."""
    records: dict[str, set[int]] = {}
    homes = SourceOfRecord.objects.filter(element__key__in=need.element_keys())
    for element, system in homes.values_list("element__key", "system_id"):
        records.setdefault(element, set()).add(system)
    systems = {system for found in records.values() for system in found}
    figures = _behind_figures(named) if rests_on_figures(need.element_keys()) else set()
    there = Source.objects.filter(Q(system_id__in=systems) | Q(key__in=figures), active=True).order_by("key")
    layouts: dict[int, set[str]] = {}
    for source in there:
        layouts.setdefault(source.system_id, set()).add(source.layout)
    on = _ground((), records, layouts)
    return [source for source in there if source.key in figures or _taken(need, source, on)]


def _behind_figures(named: Collection[str]) -> set[str]:
    snapshot = current_snapshot()
    return behind(snapshot.manifest, (TABLE,), named) if snapshot is not None else set()


def promises() -> dict[int, Promise]:
    """What is promised of each source in use, by its number in the register."""
    on = ground()
    found = ((source.pk, promise_of(source, on)) for source in Source.objects.filter(active=True))
    return {key: promise for key, promise in found if promise is not None}


def _taken(need: InformationNeed, source: Source, on: Ground) -> frozenset[str]:
    """The elements of a need that this source gives: those of its system, by its files where the system has several."""
    beside = on.layouts.get(source.system_id, frozenset()) - {source.layout}
    of_system = (e for e in need.element_keys() if source.system_id in on.records.get(e, ()))
    return frozenset(e for e in of_system if _gives(source.layout, e, beside))


def _gives(layout: str, element: str, beside: frozenset[str]) -> bool:
    if element in mappings.elements_of(layout):
        return True
    return not any(element in mappings.elements_of(other) for other in beside)


def _risks(asked: Sequence[Asked], held: Sequence[Asked], state: _State) -> Iterator[Risk]:
    need, _rule, by = _first(held, state)
    if state.failed:
        yield Risk("failed", need, by)
    if by is not None and by <= clock.now():
        yield Risk("overdue", need, by)
    too_fine = [each for each in asked if each not in held]
    if too_fine:  # the source comes less often than is asked, however well all goes
        yield Risk("planned", too_fine[0][0])
    elif by is not None and state.coming is not None and clock.now() < by < state.coming:
        yield Risk("planned", need, by)


def _state(source: Source) -> _State:
    runs = list(source.runs.finished()[:RECENT])
    connection = connection_of(source)
    last = runs[0] if runs else None
    found = delivered(source, runs, served=connection is not None)
    return _State(
        source,
        calendar(source.region),
        found.started_at if found else _first_planned(source),
        found is not None,
        last is not None and last.state not in GOOD,
        next_for(source, connection, last),
        _apart(source, connection),
    )


def _first_planned(source: Source) -> datetime | None:
    """The first moment of a schedule; before it nothing can be late."""
    schedule = schedule_of(source)
    return schedule.next_after(source.scheduled_at) if schedule and source.scheduled_at else None


def _apart(source: Source, connection: Connection | None) -> timedelta:
    """The shortest time between two deliveries, by schedule, by rhythm, or by what was agreed less its slack."""
    schedule = schedule_of(source)
    if schedule is not None:
        return schedule.apart()
    return timedelta(hours=connection.every_hours if connection else source.expected_hours * _SLACK)


def _agreed(state: _State) -> NoOlder:
    """What holds where no need says a moment that can be kept: the hours agreed, or its plan where that is wider."""
    hours = timedelta(hours=state.source.expected_hours)
    return NoOlder(state.apart / _SLACK if state.apart > hours else hours)


def _is_yearly(state: _State) -> bool:
    """Whether it was agreed that the source comes once a year."""
    return state.apart >= _YEARLY


def _too_fine(rule: Rule, state: _State) -> bool:
    """Whether the source could never keep this: it comes less often than asked, however well all goes."""
    asked = rule.age if isinstance(rule, NoOlder) else _DAY if rule.days in _EACH_DAY else 7 * _DAY
    return asked < state.apart


def _first(asked: Sequence[Asked], state: _State) -> tuple[InformationNeed | None, Rule | None, datetime | None]:
    """Who asks it soonest: the need, its rule, and by when; the first that was missed when one was."""
    found = [(by, need, rule) for need, rule in asked if (by := _by(rule, state)) is not None]
    if not found:
        return None, asked[0][1] if asked else None, None
    by, need, rule = min(found, key=lambda each: each[0])
    return need, rule, by


def _by(rule: Rule, state: _State) -> datetime | None:
    """The moment by which the next data must be there; it lies in the past when that was missed."""
    if state.since is None:
        return None
    if isinstance(rule, NoOlder):
        return _shifted(state.since + rule.age, state)
    moments = _moments(rule, state.since, state.days)
    return next((m for m in moments if not state.delivered or state.since < _fresh_from(rule, m, state.days)), None)


def _shifted(moment: datetime, state: _State) -> datetime:
    """The end of the next school day, when the source rests in holidays and the moment falls in one, or a weekend."""
    local = moment.astimezone(clock.AMSTERDAM)
    if not state.source.not_in_holidays or state.days.is_school_day(local.date()):
        return moment
    return datetime.combine(state.days.next_school_day(local.date()) + _DAY, time.min, clock.AMSTERDAM)


def _moments(rule: ByMoment, since: datetime, days: Calendar) -> Iterator[datetime]:
    """The moments of a rule from here on, half a year ahead."""
    start = since.astimezone(clock.AMSTERDAM).date()
    for number in range(_AHEAD):
        day = start + timedelta(days=number)
        if _counts(rule, day, days) and _at(rule, day) >= since:
            yield _at(rule, day)


def _fresh_from(rule: ByMoment, moment: datetime, days: Calendar) -> datetime:
    """From when on data is fresh enough for a moment: noon of the last day before it on which something happened."""
    day = moment.date() - _DAY
    while not _counts(ByMoment("all" if rule.days == "all" else "school", rule.at), day, days):
        day -= _DAY
    return datetime.combine(day, _NOON, clock.AMSTERDAM)


def _at(rule: ByMoment, day: date) -> datetime:
    return datetime.combine(day, rule.at, clock.AMSTERDAM)


def _counts(rule: ByMoment, day: date, days: Calendar) -> bool:
    if rule.days == "school":
        return days.is_school_day(day)
    if rule.days == "work":
        return day.weekday() <= _FRIDAY
    return rule.days == "all" or day.weekday() == int(rule.days)
