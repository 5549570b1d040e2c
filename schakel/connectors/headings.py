"""What the header of a wide overview says: a day, a week or a lesson, as people write it above a column.

`7-9`, `ma 07-09-2026`, `7-9-26`, `7 september`, `wk 36`, `2026-36`, `7-9 u3`. What a heading leaves out (the year)
comes from the school year that was said once; what can be read in two ways is decided from all headings together, or
asked.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from schakel.collect.date_forms import MONTHS
from schakel.connectors import month_lists
from schakel.connectors.written_values import looks_like_value

KINDS = ("date", "week", "lesson")
ORDERS = ("dmY", "mdY", "Ymd")
LEAST = 3  # columns of one kind, for a file to be a wide overview
_DAY = r"(?:(?:ma|di|wo|do|vr|za|zo|maan|dins|woens|donder|vrij|zater|zon|mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s*)?"
_FIGURES = re.compile(_DAY + r"([0-9]{1,4})\s*[-/.]\s*([0-9]{1,2})(?:\s*[-/.]\s*([0-9]{4}|[0-9]{1,2}))?")
_WORDED = re.compile(_DAY + r"([0-9]{1,2})[\s-]+([a-z]{3,9})\.?(?:[\s-]+([0-9]{4}|[0-9]{2}))?")
_HOUR = r"(?:u|uur|les|lesuur|p)?\.?\s*([0-9]{1,2})\s*(?:e|u)?\s*(?:uur|les)?"
_LESSON = re.compile(rf"(.+?)(?:\s*[,:(/]\s*|\s+){_HOUR}\)?")
_BARE_HOUR = re.compile(_HOUR)
_WEEK = re.compile(r"(?:week|wk|w)\.?\s*([0-9]{1,2})(?:\s*[-/,]?\s*(20[0-9]{2}))?")
_PARTED = r"(?:\s*[-/]?\s*(?:week|wk|w)\.?\s*|\s*[-/]\s*|\s+|(?=[0-9]{2}$))"  # without a sign: six figures
_YEAR_WEEK = re.compile(rf"(20[1-4][0-9]){_PARTED}([0-9]{{1,2}})")
_BARE_WEEK = re.compile(r"[0-9]{1,2}")
_BARE = re.compile(r"[0-9]{1,6}|[0-9]{1,2}\.[0-9]{1,2}")  # 36, 202636 and 7.9 can be anything
_HALF = 31  # weeks from here on lie in the first of the two years of a school year; months from August on
_AUGUST = 8
_MOST_HOURS = 20
_SHORT = range(10, 50)  # years in two figures: below is a day, in a date that has its year in front
_CERTAIN_WEEK = 20  # no lesson hour and no month is called so
_NEAR = 28  # days from one column to the next, at most: a month further on is another chapter of a method
_LEAP = "2003-2004"  # in which every day exists


@dataclass(frozen=True)
class Heading:
    """One header as a moment: figures as they stand there, the year 0 where it is left out.

    `short` is a year that stands there in two figures, and may be a day for all that this header says.
    """

    day: int = 0
    month: int = 0
    year: int = 0
    week: int = 0
    hour: int = 0
    orders: tuple[str, ...] = ()
    short: bool = False


@dataclass(frozen=True)
class Wide:
    """How the columns of a wide overview are headed: what each stands for, in which order day and month are written.

    Of columns that are each headed by a name, `after` is the header of the last column before these and `before` that
    of the first one behind them; empty where they go on to the end.
    """

    per: str
    order: str = ""
    school_year: str = ""
    after: str = ""
    before: str = ""


def heading(text: str, per: str) -> Heading | None:
    """A header as a moment of this kind; None for one that is no such moment."""
    plain = " ".join(text.casefold().split())
    return {"date": _date, "week": _week, "lesson": _lesson}[per](plain)


def _date(text: str) -> Heading | None:
    worded = _WORDED.fullmatch(text)
    if worded and worded[2] in MONTHS:
        return _sensible(int(worded[1]), MONTHS[worded[2]], _whole_year(worded[3]), ("dmY",))
    found = _FIGURES.fullmatch(text)
    if not found:
        return None
    first, second, third = found.groups()
    if len(first) == 4 and third and len(third) < 3:  # noqa: PLR2004 a year in front
        return _sensible(int(third), int(second), int(first), ("Ymd",))
    short = bool(third) and len(third) < 4  # noqa: PLR2004 figures
    if len(first) > 2 or (short and not (len(third) == 2 and int(third) in _SHORT)):  # noqa: PLR2004
        return None
    a, b, year = int(first), int(second), _whole_year(third)
    orders = [order for order, (day, month) in {"dmY": (a, b), "mdY": (b, a)}.items() if _exists(day, month, year)]
    return Heading(a, b, year, orders=tuple(orders), short=short) if orders else None


def _whole_year(text: str | None) -> int:
    """A year in four or two figures, 0 where there is none."""
    return int(text or 0) + (2000 if text and len(text) == 2 else 0)  # noqa: PLR2004 figures


def _sensible(day: int, month: int, year: int, orders: tuple[str, ...]) -> Heading | None:
    return Heading(day, month, year, orders=orders) if _exists(day, month, year) else None


def _exists(day: int, month: int, year: int) -> bool:
    try:
        date(year or 2000, month, day)  # a leap year: 29 February may be meant
    except ValueError:
        return False
    return True


def _week(text: str) -> Heading | None:
    year_first, week_first = _YEAR_WEEK.fullmatch(text), _WEEK.fullmatch(text)
    if year_first:
        year, week = int(year_first[1]), int(year_first[2])
    elif week_first:
        year, week = int(week_first[2] or 0), int(week_first[1])
    elif _BARE_WEEK.fullmatch(text):
        year, week = 0, int(text)
    else:
        return None
    return Heading(year=year, week=week) if 1 <= week <= 53 else None  # noqa: PLR2004


def _lesson(text: str) -> Heading | None:
    found = _LESSON.fullmatch(text)
    day = _date(found[1]) if found else None
    if found is None or day is None or not 1 <= int(found[2]) <= _MOST_HOURS:
        return None
    return replace(day, hour=int(found[2]))


def is_hour(text: str) -> bool:
    """Whether a header is only the number of a lesson: the day then stands in the row above."""
    found = _BARE_HOUR.fullmatch(" ".join(text.casefold().split()))
    return bool(found and 1 <= int(found[1]) <= _MOST_HOURS)


def headed(headers: Sequence[str], per: str) -> dict[int, Heading]:
    """By place what the headers of a row are as moments of this kind.

    Years in two figures are those of one school year. What else they are is days, behind a year that stands in front.
    """
    found = {place: h for place, text in enumerate(headers) if (h := heading(text, per))}
    years = {each.year for each in found.values() if each.short}
    return found if not years or max(years) - min(years) <= 1 else {}


def recognised(headers: Sequence[str]) -> Wide | None:
    """What the columns of this row are headed with, if enough of them are headed alike and no two the same."""
    for per in ("lesson", "date", "week"):
        places = headed(headers, per)
        found = list(places.values())
        if len(found) < LEAST or len(set(found)) < len(found) or 2 * len(found) < _named(headers):
            continue
        if are_bare(headers, places) and not _likely(headers, places):
            continue
        return Wide(per, order_of(found))
    return None


def _named(headers: Sequence[str]) -> int:
    return sum(1 for each in headers if each.strip())


def are_bare(headers: Sequence[str], places: Iterable[int]) -> bool:
    """Whether the moments at these places are only figures, which may be weeks, chapters, marks or ages as well."""
    return all(_BARE.fullmatch(headers[place].strip()) for place in places)


def _likely(headers: Sequence[str], places: dict[int, Heading]) -> bool:
    """Whether bare figures are moments: with names beside them, and in the order of a school year."""
    found = list(places.values())
    if any(looks_like_value(text) for place, text in enumerate(headers) if place not in places):
        return False
    if not found[0].week:
        days = [moment(each, Wide("date", "dmY", _LEAP)) for each in found]
        return all(a and b and 0 < (b - a).days < _NEAR for a, b in pairwise(days))
    weeks = [(each.year, (each.week - _HALF) % 53) for each in found]
    return weeks == sorted(weeks) and not _small(found) and not month_lists.days([text.strip() for text in headers])


def _small(found: Iterable[Heading]) -> bool:
    """Bare numbers that can be lessons or months as well as weeks."""
    return all(each.week <= _CERTAIN_WEEK for each in found)


def order_of(found: Sequence[Heading]) -> str:
    """The order of day and month, from what only one order allows, or from the days that follow each other."""
    if not any(each.orders for each in found):
        return ""
    possible = [order for order in ORDERS if all(order in each.orders for each in found)]
    if len(possible) <= 1:
        return possible[0] if possible else ""
    rising = [order for order in possible if _rises([in_order(each, order) for each in found])]
    return rising[0] if len(rising) == 1 else ""


def _rises(days: Sequence[tuple[int, int, int]]) -> bool:
    """Whether each day lies shortly after the one before: the columns of an overview stand in the order of time."""
    counted = [(year, month if year else (month - _AUGUST) % 12, day) for year, month, day in days]
    return counted == sorted(counted) and len({(y, m) for y, m, _d in counted}) <= max(len(days) // 2, 1)


def in_order(found: Heading, order: str) -> tuple[int, int, int]:
    """Year, month and day of a heading."""
    return (found.year, found.day, found.month) if order == "mdY" else (found.year, found.month, found.day)


def needs_year(found: Sequence[Heading]) -> bool:
    """Whether the school year must be said, because a heading leaves the year out."""
    return any(not each.year for each in found)


def is_school_year(text: str) -> bool:
    """Whether a text is two years that follow each other: 2026-2027."""
    return bool(re.fullmatch(r"20[0-9]{2}-20[0-9]{2}", text)) and int(text[5:]) == int(text[:4]) + 1


def moment(found: Heading, wide: Wide) -> date | None:
    """The day of a heading (of a week: its Monday); None for a day that does not exist in that year."""
    try:
        if found.week:
            year = found.year or _year(wide.school_year, found.week >= _HALF)
            return date.fromisocalendar(year, found.week, 1)
        year, month, day = in_order(found, wide.order)
        return date(year or _year(wide.school_year, month >= _AUGUST), month, day)
    except ValueError:
        return None


def _year(school_year: str, first: bool) -> int:
    begin, _dash, end = school_year.partition("-")
    return int(begin if first else end)
