"""The order of files that come one after the other, from their names.

The last one counts, so the order must be that of people: week 10 comes after week 9, and 3-10-2026 after 14-9-2026.
"""

import re
from datetime import date

_DATE = re.compile(
    r"(?<!\d)(?:(?P<y>\d{4})(?P<a>[-_. ])(?P<m>\d{1,2})(?P=a)(?P<d>\d{1,2})"
    r"|(?P<d2>\d{1,2})(?P<b>[-_. ])(?P<m2>\d{1,2})(?P=b)(?P<y2>\d{4})|(?P<run>\d{8}))(?!\d)",
    re.ASCII,
)
_NUMBER = re.compile(r"([0-9]+)")
_YEARS = range(1990, 2100)
Order = tuple[tuple[str | int, ...], str]


def order(name: str) -> Order:
    """What a file sorts by: numbers as numbers, dates with the year first however they are written."""
    parts = _NUMBER.split(_DATE.sub(_year_first, name.casefold()))
    return tuple(int(part) if at % 2 else part for at, part in enumerate(parts)), name


def _year_first(found: re.Match[str]) -> str:
    """A date as 20261003; what is none stays as it stands."""
    run = found["run"]
    ways = [(run[:4], run[4:6], run[6:]), (run[4:], run[2:4], run[:2])] if run else [
        (found["y"] or found["y2"], found["m"] or found["m2"], found["d"] or found["d2"])
    ]  # fmt: skip
    for year, month, day in ways:
        try:
            told = date(int(year), int(month), int(day))
        except ValueError:
            continue
        if told.year in _YEARS:
            return told.strftime("%Y%m%d")
    return found.group()
