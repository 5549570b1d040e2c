"""A list of one month: its columns are headed with the days 1 to 31 alone, and a line above says of which month.

`2`, `3`, `4` under «Absentielijst groep 6 - november 2026» are 2, 3 and 4 November, unless the names of the days above
them say otherwise.
"""

import re
from collections.abc import Sequence
from datetime import date

from schakel.collect.date_forms import MONTHS

_MONTH = re.compile(rf"(?<![0-9][ -])\b({'|'.join(MONTHS)})\.? (20[0-9]{{2}})\b")  # a day before it is another thing
_NAMES = {
    start: number
    for number, starts in enumerate(("ma mo", "di tu", "wo we", "do th", "vr fr", "za sa", "zo su"))
    for start in starts.split()
}
_NAME = re.compile("(?:(?:maan|dins|woens|donder|vrij|zater|zon)dag|ma|di|wo|do|vr|za|zo|[a-z]{3,6}day|[a-z]{3})[.]?")
_LEAST = 3  # days, for a row to be of such a list
_FIRST, _LAST = 3, 28  # without names of days: from one of the first days of a month to one of its last
_LONGEST = 31


def days(header: Sequence[str], above: Sequence[str] = ()) -> dict[int, int]:
    """By place the days of one month that head the columns; empty for a row that is no such list.

    They are days where they run through a month, or where the row above holds the names of those days.
    """
    found = {at: int(text) for at, text in enumerate(header) if re.fullmatch("[0-9]{1,2}", text)}
    told = list(found.values())
    if len(told) < _LEAST or told != sorted(set(told)) or told[0] < 1 or told[-1] > _LONGEST:
        return {}
    names = _weekdays(above)
    follow = found.keys() <= names.keys() and len({(day - names[at]) % 7 for at, day in found.items()}) == 1
    return found if follow or (told[0] <= _FIRST and told[-1] >= _LAST) else {}


def dated(header: list[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """The headers with the month behind each day, where the rows above name one month and no day differs."""
    above = rows[-1] if rows else ()
    found = days(header, above)
    lines = (" ".join(cell.casefold().split()) for row in rows for cell in row) if found else ()
    months = {(month, int(year)) for line in lines for month, year in _MONTH.findall(line)}
    if len(months) != 1:
        return header
    ((month, year),) = months
    first, names = date(year, MONTHS[month], 1).weekday(), _weekdays(above)
    if any(names.get(at, (first + day - 1) % 7) != (first + day - 1) % 7 for at, day in found.items()):
        return header
    return [f"{text} {month} {year}" if at in found else text for at, text in enumerate(header)]


def _weekdays(row: Sequence[str]) -> dict[int, int]:
    """By place the day of the week (Monday is 0) that a cell names."""
    plain = [cell.strip().casefold() for cell in row]
    return {at: _NAMES[text[:2]] for at, text in enumerate(plain) if _NAME.fullmatch(text) and text[:2] in _NAMES}
