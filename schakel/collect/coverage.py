"""Deliveries that tell of a period: what stood of other periods stays, what stood of theirs is replaced.

Absence is exported by the week or by the school year. A relation that `covers` says by which date its rows have their
place in time. Each period in which a delivery has a row is then replaced as a whole; earlier ones go when they are
older than so many school years, for nothing is kept without an end (GDPR, article 5, first paragraph, under e).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from schakel.engine.duck import literal, quoted
from schakel.lib import clock

EACH = ("school_year", "month", "week")
YEARS = ("1", "2", "3", "4", "5")  # that can be chosen on the screen; three is what trends look back
_FIRST = {
    "school_year": "CAST(date_trunc('year', {day} - INTERVAL 7 MONTH) AS DATE) + INTERVAL 7 MONTH",
    "month": "date_trunc('month', {day})",
    "week": "date_trunc('week', {day})",
}


@dataclass(frozen=True)
class Coverage:
    """How a file tells of a period: by which date, in which periods, and for how many school years it is kept."""

    column: str
    each: str
    years: int

    def __post_init__(self) -> None:
        if self.each not in EACH or self.years < 1:
            raise ValueError(f"{self.each}, {self.years}: a period is one of {', '.join(EACH)}, for a year or more")

    def first_day(self) -> str:
        """SQL of the first day of the period of a row; null where it has no date."""
        return f"CAST({_FIRST[self.each].format(day=quoted(self.column))} AS DATE)"

    def after(self, first: date) -> date:
        """The first day of the period that follows the one that begins on this day."""
        if self.each == "week":
            return first + timedelta(days=7)
        if self.each == "month":
            return (first.replace(day=28) + timedelta(days=4)).replace(day=1)
        return first.replace(year=first.year + 1)

    def periods(self, first: date, last: date) -> Iterator[date]:
        """The first days of all periods from one to another, these included."""
        while first <= last:
            yield first
            first = self.after(first)

    def named(self, day: date) -> tuple[str, str]:
        """What the period that begins on a day is called, in Dutch and English."""
        if self.each == "week":
            return f"de week van {day:%d-%m-%Y}", f"the week of {day:%d-%m-%Y}"
        if self.each == "month":
            return f"maand {day:%m-%Y}", f"month {day:%m-%Y}"
        return f"schooljaar {day.year}-{day.year + 1}", f"school year {day.year}-{day.year + 1}"

    def rows_in(self, day: date, count: int) -> tuple[str, str]:
        """What so many rows of the period that begins on a day are called, in Dutch and English."""
        (nl, en), one = self.named(day), count == 1
        return f"{'rij' if one else 'rijen'} in {nl}", f"{'row' if one else 'rows'} in {en}"

    def begins(self) -> date:
        """The first day that is kept of what stood."""
        first = clock.school_year_start(clock.today())
        return first.replace(year=first.year - self.years + 1)

    def joined(self, stood: str, fresh: str) -> str:
        """SQL of the rows as they become: those that came, and of what stood the periods that they do not tell of."""
        column, since = quoted(self.column), literal(self.begins().isoformat())
        told = f"SELECT {self.first_day()} FROM ({fresh}) AS f WHERE {column} IS NOT NULL"
        stays = f"{column} >= DATE {since} AND {self.first_day()} NOT IN ({told})"
        return f"SELECT * FROM ({stood}) AS b WHERE {stays} UNION ALL {fresh}"
