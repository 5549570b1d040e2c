"""School years, holidays and the days on which there is school.

The holidays follow the pattern of the Dutch school holidays (regions in turn), not the ministry's yearly table.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import duckdb

from .loading import load, run
from .schools import SCHOOLS

_SATURDAY = 5
_REGIONS = ("noord", "midden", "zuid")


@dataclass(frozen=True)
class SchoolYear:
    """One school year. `stop` is the first day after it; `number` is 0 for the oldest of three."""

    number: int
    start: date

    @property
    def stop(self) -> date:
        return date(self.start.year + 1, 8, 1)

    @property
    def ends(self) -> int:
        return self.start.year + 1

    @property
    def label(self) -> str:
        return f"{self.start.year}-{self.ends}"

    @property
    def terms(self) -> tuple[tuple[date, date], ...]:
        """First day and first day after, of three periods that fill the year."""
        cuts = (self.start, date(self.start.year, 12, 1), date(self.ends, 4, 1), self.stop)
        return tuple(zip(cuts, cuts[1:], strict=False))


@dataclass(frozen=True)
class Holiday:
    """Days without school at one site, first and last day included."""

    school: int
    region: str
    name: str
    first: date
    last: date


def school_years(today: date) -> list[SchoolYear]:
    """The current school year and the two before it, oldest first."""
    current = today.year if (today.month, today.day) >= (8, 1) else today.year - 1
    return [SchoolYear(number, date(current - 2 + number, 8, 1)) for number in range(3)]


def easter(year: int) -> date:
    """Easter Sunday (Gregorian computus, anonymous algorithm)."""
    a, b, c = year % 19, year // 100, year % 100
    d = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    e = (32 + 2 * (b % 4) + 2 * (c // 4) - d - c % 4) % 7
    m = (a + 11 * d + 22 * e) // 451
    month, day = divmod(d + e - 7 * m + 114, 31)
    return date(year, month, day + 1)


def _saturday_from(day: date) -> date:
    return day + timedelta((_SATURDAY - day.weekday()) % 7)


def _weeks(first: date, weeks: int) -> tuple[date, date]:
    return first, first + timedelta(7 * weeks + 1)


def _summer(ends: int, turn: int) -> tuple[date, date]:
    return _weeks(_saturday_from(date(ends, 7, 4)) + timedelta(7 * turn), 6)


def _long_holidays(year: SchoolYear, region: str) -> list[tuple[str, date, date]]:
    place = _REGIONS.index(region)
    turn, before = (place + year.ends) % 3, (place + year.ends - 1) % 3
    late = timedelta(7 * (turn == 0))
    days = [
        ("Herfstvakantie", *_weeks(_saturday_from(date(year.start.year, 10, 11)) + late, 1)),
        ("Kerstvakantie", *_weeks(_saturday_from(date(year.start.year, 12, 19)), 2)),
        ("Voorjaarsvakantie", *_weeks(_saturday_from(date(year.ends, 2, 13)) + late, 1)),
        ("Meivakantie", *_weeks(_saturday_from(date(year.ends, 4, 22)), 2)),
        ("Zomervakantie", *_summer(year.ends, turn)),
    ]
    return [("Zomervakantie", *_summer(year.start.year, before)), *days] if year.number == 0 else days


def _single_days(year: SchoolYear) -> list[tuple[str, date, date]]:
    sunday = easter(year.ends)
    days = {"Goede Vrijdag": (-2, -2), "Tweede paasdag": (1, 1), "Hemelvaart": (39, 40), "Tweede pinksterdag": (50, 50)}
    found = [(name, sunday + timedelta(a), sunday + timedelta(b)) for name, (a, b) in days.items()]
    king = date(year.ends, 4, 27)
    return found if _saturday_from(date(year.ends, 4, 22)) <= king else [*found, ("Koningsdag", king, king)]


def _study_days(year: SchoolYear, school: int) -> list[tuple[str, date, date]]:
    first = date(year.start.year, 9, 21) + timedelta(7 * (school % 3))
    second = date(year.ends, 3, 8) + timedelta(7 * (school % 4))
    return [("Studiedag", day, day) for day in (d + timedelta(school % 5 - d.weekday()) for d in (first, second))]


def holidays(years: list[SchoolYear]) -> list[Holiday]:
    """The holidays and days off of each site in these years, in order of site and day."""
    found = []
    for number, school in enumerate(SCHOOLS):
        for year in years:
            days = _long_holidays(year, school.region) + _single_days(year)
            study = [d for d in _study_days(year, number) if not any(first <= d[1] <= last for _, first, last in days)]
            found += [Holiday(number, school.region, *day) for day in days + study]
    return sorted(found, key=lambda h: (h.school, h.first, h.name))


def lay_out(con: duckdb.DuckDBPyConnection, years: list[SchoolYear]) -> None:
    """Make the tables school_year, holiday, date_of_site (every date) and school_day (numbered per site)."""
    load(con, "school_year", "y INTEGER; label VARCHAR; start DATE; stop DATE; ends INTEGER",
         [(y.number, y.label, y.start, y.stop, y.ends) for y in years])  # fmt: skip
    load(con, "holiday", "s INTEGER; region VARCHAR; name VARCHAR; first DATE; last DATE",
         [(h.school, h.region, h.name, h.first, h.last) for h in holidays(years)])  # fmt: skip
    load(con, "term", "y INTEGER; n INTEGER; start DATE; stop DATE",
         [(y.number, n, *term) for y in years for n, term in enumerate(y.terms, start=1)])  # fmt: skip
    run(con, "school_days", first_day=years[0].start, last_day=years[-1].stop)
