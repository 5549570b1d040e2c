"""Days without school: national holidays, school holidays per region, and the board's own free days.

School holidays stand in holidays.csv as the ministry published them; a school may differ, and a board says so by a free
day of its own. National holidays are those of article 3, first paragraph, of the Algemene termijnenwet. Good Friday is
none: reading on a day that turns out free costs nothing, not reading on a school day does.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from django.db import models
from django.db.models import F, Q

from schakel.access.changes import change
from schakel.access.kept import Kept
from schakel.access.people import Person
from schakel.lib.errors import SchakelError
from schakel.lib.text import gettext as _

REGIONS = ("noord", "midden", "zuid")
ENGLISH = {
    "Nieuwjaarsdag": "New Year's Day", "Tweede paasdag": "Easter Monday", "Koningsdag": "King's Day",
    "Bevrijdingsdag": "Liberation Day", "Hemelvaartsdag": "Ascension Day", "Tweede pinksterdag": "Whit Monday",
    "Eerste kerstdag": "Christmas Day", "Tweede kerstdag": "Boxing Day",
}  # fmt: skip
LONGEST = 100  # days that one free period of a board may last
_FRIDAY, _SUNDAY = 4, 6


@dataclass(frozen=True)
class Period:
    """Days without school, the first and the last included. `region` is empty when it holds everywhere."""

    first: date
    last: date
    nl: str
    en: str = ""
    region: str = ""
    source: str = ""


class FreeDay(Kept):
    """Days on which the schools of this board are closed, and others are not: a study day, an extra week in May."""

    first = models.DateField()
    last = models.DateField()
    name = models.CharField(max_length=120)

    class Meta:
        ordering = ["first", "name"]
        constraints = [models.CheckConstraint(condition=Q(last__gte=F("first")), name="free_day_ends_after_it_begins")]

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Calendar:
    """The school days of a region. Without a region only those days are free that are free in every region."""

    region: str = ""
    own: tuple[Period, ...] = ()

    def free(self, day: date) -> str:
        """What the day is called that has no school; empty for a school day and a weekend."""
        if name := national(day.year).get(day):
            return name
        for period in self.own:
            if period.first <= day <= period.last:
                return period.nl
        return _school_holiday(day, self.region)

    def is_school_day(self, day: date) -> bool:
        """Whether schools are open."""
        return day.weekday() <= _FRIDAY and not self.free(day)

    def is_surely_open(self, day: date) -> bool:
        """Whether schools are open as far as is known: holidays differ by region, and are published for some years."""
        if not (school_holidays()[0].first <= day <= known_until()) or not self.is_school_day(day):
            return False
        return bool(self.region) or not any(_school_holiday(day, region) for region in REGIONS)

    def next_school_day(self, day: date) -> date:
        """The first school day from this day on."""
        while not self.is_school_day(day):
            day += timedelta(days=1)
        return day


def calendar(region: str = "") -> Calendar:
    """The school days of a region, with the board's own free days."""
    own = FreeDay.objects.values_list("first", "last", "name")
    return Calendar(region, tuple(Period(first, last, name) for first, last, name in own))


def add_free_days(actor: Person, first: date, last: date, name: str) -> FreeDay:
    """Days on which the schools of this board are closed too. Raises SchakelError for a period that cannot be."""
    if not name.strip() or not name.isprintable():
        raise SchakelError(_("Geef de vrije dagen een naam."), code="free-day")
    if not timedelta(0) <= last - first < timedelta(days=LONGEST):
        raise SchakelError(
            _("Kies een laatste dag die niet voor de eerste ligt, hoogstens 100 dagen erna."), code="free-day"
        )
    with change(actor, "source.write", first=first.isoformat(), last=last.isoformat()) as log:
        free = FreeDay(first=first, last=last, name=name.strip()[:120])
        free.save()
        log.about(free)
    return free


def remove_free_days(actor: Person, free: FreeDay) -> None:
    """The schools are open on these days after all."""
    with change(actor, "source.write", free, removed=f"{free.first.isoformat()} {free.last.isoformat()}"):
        free.delete()


@cache
def school_holidays() -> tuple[Period, ...]:
    """The school holidays of all regions that are known, in order of day."""
    with (Path(__file__).parent / "holidays.csv").open(encoding="utf-8", newline="") as file:
        found = [_period(row) for row in csv.DictReader(file)]
    return tuple(sorted(found, key=lambda period: (period.first, period.region)))


def known_until() -> date:
    """The last day of the last holiday that is known in every region; after it nobody can say."""
    return min(max(p.last for p in school_holidays() if p.region == region) for region in REGIONS)


@cache
def national(year: int) -> dict[date, str]:
    """The national holidays of a year, by their Dutch name."""
    sunday = easter(year)
    kings_day = date(year, 4, 26) if date(year, 4, 27).weekday() == _SUNDAY else date(year, 4, 27)
    return {
        date(year, 1, 1): "Nieuwjaarsdag",
        sunday + timedelta(days=1): "Tweede paasdag",
        kings_day: "Koningsdag",
        date(year, 5, 5): "Bevrijdingsdag",
        sunday + timedelta(days=39): "Hemelvaartsdag",
        sunday + timedelta(days=50): "Tweede pinksterdag",
        date(year, 12, 25): "Eerste kerstdag",
        date(year, 12, 26): "Tweede kerstdag",
    }


def easter(year: int) -> date:
    """Easter Sunday (Gregorian; the algorithm of Butcher, in Meeus, Astronomical Algorithms, chapter 8)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    weekday = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * weekday) // 451
    month, day = divmod(h + weekday - 7 * m + 114, 31)
    return date(year, month, day + 1)


@cache
def _school_holiday(day: date, region: str) -> str:
    found = {period.region: period.nl for period in school_holidays() if period.first <= day <= period.last}
    if region:
        return found.get(region, "")
    return next(iter(found.values())) if _everywhere(found) else ""


def _everywhere(regions: Iterable[str]) -> bool:
    return set(regions) >= set(REGIONS)


def _period(row: dict[str, str]) -> Period:
    first, last = date.fromisoformat(row["first"]), date.fromisoformat(row["last"])
    return Period(first, last, row["nl"], row["en"], row["region"], row["source"])
