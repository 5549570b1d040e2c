"""Time that comes free: the minutes that a need cost before and costs now, for each day on which someone opened it.

Counted, not assumed: what was really delivered and opened this school year. Never more often than the need was met
before: looking daily at what was made twice a year saves two times. Who does the work corrects the minutes; their last
word counts for themselves, the estimate of the need for everybody else. Missing is not zero: a need of which nobody
said what it cost returns nothing, and is listed as unknown.
"""

from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

import duckdb
from django.db.models import Count

from schakel.access.changes import change
from schakel.access.people import Person
from schakel.access.roles import Role, RoleAssignment
from schakel.chain.needs import InformationNeed
from schakel.chain.organisations import Organisation
from schakel.chain.time_returned import TimeCorrection
from schakel.distribute.delivery import Delivery
from schakel.distribute.entitlement import current_snapshot
from schakel.distribute.query import opened
from schakel.distribute.standing import roster_holders
from schakel.lib import clock
from schakel.lib.errors import Refused
from schakel.lib.text import gettext as _

LONGEST = 24 * 60  # minutes a time
_Held = dict[int, list[tuple[str, str]]]


@dataclass(frozen=True)
class NeedTime:
    """One need this year: minutes before and now (None: nobody said), times opened and counted, minutes returned."""

    need: InformationNeed
    before: int | None
    now: int | None
    opened: int
    counted: int
    minutes: float
    corrected: int


@dataclass(frozen=True)
class Share:
    """How many minutes came back in one school or role; `key` is empty for what belongs to none."""

    key: str
    minutes: float


@dataclass(frozen=True)
class Returned:
    """The time that came back since a day: per need (the most first), per school, per role."""

    since: date
    needs: tuple[NeedTime, ...]
    schools: tuple[Share, ...]
    roles: tuple[Share, ...]

    @property
    def minutes(self) -> float:
        """All of it."""
        return sum(item.minutes for item in self.needs)

    @property
    def counted(self) -> int:
        """How many times count."""
        return sum(item.counted for item in self.needs)

    @property
    def unknown(self) -> list[NeedTime]:
        """Needs that are opened while nobody said what they cost before."""
        return [item for item in self.needs if item.before is None]

    @property
    def whole(self) -> list[NeedTime]:
        """Needs that count for all the time they cost before: nobody said what they cost now."""
        return [item for item in self.needs if item.now is None and item.counted and not item.corrected]


def returned(since: date | None = None) -> Returned:
    """The time that came back since a day; by default since the beginning of this school year."""
    start = since or clock.school_year_start(clock.today())
    days = _days_opened(start)
    needs = InformationNeed.objects.select_related("role").in_bulk(list({need for need, _person in days}))
    corrections = _corrections(needs)
    saved: dict[tuple[int, int], float] = {}
    found = []
    for pk, need in needs.items():
        own = {person: count for (of, person), count in days.items() if of == pk}
        minutes = {person: _saving(need, corrections.get((pk, person))) * count for person, count in own.items()}
        total = sum(own.values())
        counted = _most(need, total)
        share = counted / total
        saved |= {(pk, person): value * share for person, value in minutes.items()}
        known = need.minutes_before is not None or any(of == pk for of, _person in corrections)
        found.append(
            NeedTime(
                need, need.minutes_before, need.minutes_now, total, counted if known else 0,
                sum(minutes.values()) * share, sum(1 for of, _person in corrections if of == pk),
            )
        )  # fmt: skip
    held = _held({person for _need, person in saved})
    return Returned(
        start,
        tuple(sorted(found, key=lambda item: (-item.minutes, item.need.key))),
        _shared(saved, _schools(held)),
        _shared(saved, _roles(held)),
    )


def _days_opened(since: date) -> dict[tuple[int, int], int]:
    """On how many different days each person opened each need."""
    rows = Delivery.objects.opened().filter(at__date__gte=since).order_by().values_list("need", "person")
    return {(need, person): days for need, person, days in rows.annotate(days=Count("at__date", distinct=True))}


def _corrections(needs: Iterable[int]) -> dict[tuple[int, int], TimeCorrection]:
    """The last word of each person on each need."""
    found = TimeCorrection.objects.filter(need__in=list(needs)).order_by("at", "pk")
    return {(c.need_id, c.person_id): c for c in found}


def _saving(need: InformationNeed, correction: TimeCorrection | None) -> int:
    """Minutes that one time saves; never below zero, and nothing while nobody said what it cost."""
    if correction:
        return max(0, correction.minutes_before - correction.minutes_now)
    return max(0, (need.minutes_before or 0) - (need.minutes_now or 0))


def _most(need: InformationNeed, count: int) -> int:
    """How often counts: as often as it was met before by everyone together in a year, or as opened when nobody said."""
    if not need.times_per_year:
        return count
    return min(count, need.times_per_year * (need.people or 1))


def _shared(saved: dict[tuple[int, int], float], places: dict[int, tuple[str, ...]]) -> tuple[Share, ...]:
    """Minutes per place; what someone with several places saved is divided over them, so that the parts add up."""
    totals: dict[str, float] = defaultdict(float)
    for (_need, person), minutes in saved.items():
        where = places.get(person) or ("",)
        for place in where:
            totals[place] += minutes / len(where)
    return tuple(Share(key, totals[key]) for key in sorted(totals, key=lambda k: (-totals[k], k)) if totals[key])


def _held(people: Iterable[int]) -> _Held:
    """(role, school) pairs of these people today, from the register and the roster; a school may be empty."""
    wanted = list(people)
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for person, role, where in (
        RoleAssignment.objects.on(clock.today())
        .filter(person__in=wanted)
        .values_list("person", "role__key", "organisation_key")
    ):
        found[person].append((role, where))
    snapshot = current_snapshot()
    if snapshot is not None and snapshot.available:
        by_email = {email.lower(): pk for pk, email in Person.objects.filter(pk__in=wanted).values_list("pk", "email")}
        roles = list(Role.objects.values_list("key", flat=True))
        for email, held in roster_holders(opened(snapshot.model).cursor, roles, clock.today()):
            if email in by_email:
                found[by_email[email]].append((held.role, held.site_id or ""))
    return found


def _schools(held: _Held) -> dict[int, tuple[str, ...]]:
    return {person: tuple(sorted({where for _role, where in own if where})) for person, own in held.items()}


def _roles(held: _Held) -> dict[int, tuple[str, ...]]:
    return {person: tuple(sorted({role for role, _where in own})) for person, own in held.items()}


def school_names() -> dict[str, str]:
    """The names of schools and their sites by key, from the register and the current snapshot."""
    names = dict(Organisation.objects.values_list("key", "name"))
    snapshot = current_snapshot()
    if snapshot is not None and snapshot.available:
        with suppress(duckdb.CatalogException):  # no need for schools: their names were not collected (law 1)
            names |= dict(opened(snapshot.model).cursor.execute("SELECT site_id, name FROM site").fetchall())
    return names


def correct(actor: Person, need: InformationNeed, before: int, now: int, note: str = "") -> TimeCorrection:
    """Say what it really cost and costs. Only by who does the work: someone who asked for it or received it."""
    with change(actor, "time.correct", need, before=before, now=now) as log:
        if need.requester_id != actor.pk and not Delivery.objects.opened().filter(need=need, person=actor).exists():
            raise Refused(_("Alleen wie dit overzicht gebruikt kan zeggen hoeveel tijd het kost."), code="not_yours")
        if not 0 <= before <= LONGEST or not 0 <= now <= LONGEST:
            raise Refused(_("Kies een aantal minuten van 0 tot en met 1.440."), code="minutes")
        correction = TimeCorrection(need=need, person=actor, minutes_before=before, minutes_now=now, note=note[:250])
        correction.full_clean()
        correction.save()
        log.facts["correction"] = correction.pk
    return correction
