"""How a figure, a day and a moment look to a person: Dutch in Dutch, English in English; unknown is a value too."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from schakel.lib import clock, text
from schakel.lib.text import gettext as _

Known = Literal["known", "unknown", "none", "hidden"]

_MONTHS = {
    "nl": [
        "januari",
        "februari",
        "maart",
        "april",
        "mei",
        "juni",
        "juli",
        "augustus",
        "september",
        "oktober",
        "november",
        "december",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}
_SHORT = {"nl": {"maart": "mrt"}, "en": {}}
_DAYS = {
    "nl": ["maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"],
    "en": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
}
_MINUTE = 60
_WEEK = 7


@dataclass(frozen=True)
class Figure:
    """A value as it is shown: its text, and whether it is known, unknown, not applicable or hidden (law 11)."""

    text: str
    known: Known = "known"


def unknown() -> Figure:
    """Missing: nobody knows."""
    return Figure(_("onbekend"), "unknown")


def not_applicable() -> Figure:
    """Nobody counts: 0 of 0."""
    return Figure(_("n.v.t."), "none")


def hidden(threshold: int = 5) -> Figure:
    """Fewer people than the threshold (law 5)."""
    return Figure(f"< {threshold}", "hidden")


def figure(value: Any, unit: str = "", decimals: int | None = None) -> Figure:
    """A value with its unit; `None` is unknown. A share is given as a fraction with unit `%`."""
    if value is None:
        return unknown()
    if isinstance(value, bool):
        return Figure(_("ja") if value else _("nee"))
    if isinstance(value, datetime):
        return Figure(moment(value))
    if isinstance(value, date):
        return Figure(day(value))
    if isinstance(value, (int, float)):
        return Figure(number(value, unit, decimals))
    return Figure(str(value))


def number(value: float, unit: str = "", decimals: int | None = None) -> str:
    """1.234 · 1,9% · € 640 in Dutch; 1,234 · 1.9% · €640 in English."""
    if unit == "%":
        return f"{text.number(value * 100, 1 if decimals is None else decimals)}%"
    places = decimals if decimals is not None else _decimals(value)
    if unit in ("€", "EUR", "euro"):
        return f"€{'' if text.language() == 'en' else ' '}{text.number(value, decimals or 0)}"
    return f"{text.number(value, places)} {unit}".strip()


def _decimals(value: float) -> int:
    if isinstance(value, int) or float(value).is_integer():
        return 0
    return 1 if abs(value) >= 10 else 2  # noqa: PLR2004


def month(value: date, short: bool = True) -> str:
    """nov, or november."""
    name = _MONTHS[text.language()][value.month - 1]
    return _SHORT[text.language()].get(name, name[:3]) if short else name


def _local(value: date) -> date:
    return clock.day_of(value) if isinstance(value, datetime) else value


def day(value: date) -> str:
    """23 nov; with the year when that is not this year. Of a moment the day in Dutch time."""
    value = _local(value)
    shown = f"{value.day} {month(value)}"
    return shown if value.year == clock.today().year else f"{shown} {value.year}"


def full_day(value: date) -> str:
    """maandag 23 november 2026."""
    value = _local(value)
    return f"{_DAYS[text.language()][value.weekday()]} {value.day} {month(value, short=False)} {value.year}"


def weekday(value: date) -> str:
    """Maandag 23 november, as the line above a page."""
    name = _DAYS[text.language()][value.weekday()]
    return f"{name.capitalize()} {value.day} {month(value, short=False)}"


def hour(value: datetime) -> str:
    """06.12 uur in Dutch, 06:12 in English."""
    local = value.astimezone(clock.AMSTERDAM) if value.tzinfo else value
    return f"{local:%H:%M}" if text.language() == "en" else f"{local:%H.%M} uur"


def moment(value: datetime) -> str:
    """vandaag 05.48 uur · gisteren 22.00 uur · 19 nov, 05.40 uur."""
    local = value.astimezone(clock.AMSTERDAM) if value.tzinfo else value
    days = (clock.today() - local.date()).days
    if days == 0:
        return _("vandaag %(hour)s") % {"hour": hour(value)}
    if days == 1:
        return _("gisteren %(hour)s") % {"hour": hour(value)}
    return f"{day(local.date())}, {hour(value)}"


def coming(value: datetime) -> str:
    """A moment to come, for in a sentence: vandaag om 07.30 uur · maandag om 08.00 uur · 4 jan om 06.00 uur."""
    local = value.astimezone(clock.AMSTERDAM)
    days = (local.date() - clock.today()).days
    near = {0: _("vandaag"), 1: _("morgen"), -1: _("gisteren")}
    name = near.get(days) or (_DAYS[text.language()][local.weekday()] if 1 < days < _WEEK else day(local.date()))
    return _("%(day)s om %(hour)s") % {"day": name, "hour": hour(local)}


def day_name(number: int) -> str:
    """maandag for 0."""
    return _DAYS[text.language()][number]


def brief(value: datetime) -> str:
    """A moment for in a narrow column: vandaag 05.48 · 19 nov."""
    return moment(value).removesuffix(" uur")


def age(value: date) -> str:
    """How long ago a day was: vandaag, 1 dag, 4 dagen. Of a moment of today the hours: 5 uur."""
    days = (clock.today() - _local(value)).days
    if days <= 0:
        return _hours(value) if isinstance(value, datetime) else _("vandaag")
    return text.ngettext("%(count)s dag", "%(count)s dagen", days) % {"count": number(days)}


def _hours(value: datetime) -> str:
    hours = int((clock.now() - value).total_seconds() // (_MINUTE * _MINUTE))
    if hours < 1:
        return _("minder dan een uur")
    return text.ngettext("%(count)s uur", "%(count)s uur", hours) % {"count": number(hours)}


def hours(minutes: float) -> str:
    """Minutes as hours, with one decimal under ten: 0,7 and 214."""
    value = minutes / 60
    return text.number(value, 1) if 0 < value < 10 else number(round(value))  # noqa: PLR2004


def seconds(value: float) -> str:
    """3,1 seconden · 2 minuten."""
    if value >= _MINUTE:
        minutes = round(value / _MINUTE)
        return text.ngettext("%(count)s minuut", "%(count)s minuten", minutes) % {"count": number(minutes)}
    return _("%(count)s seconden") % {"count": text.number(value, 1)}


def period(value: str) -> str:
    """2026-11 as nov 2026, 2025-2026 as 2025–26; a year, and anything else, as it is."""
    if re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", value):
        return f"{month(date(int(value[:4]), int(value[5:]), 1))} {value[:4]}"
    return school_year(value) if re.fullmatch(r"[0-9]{4}-[0-9]{4}", value) else value


def school_year(value: str) -> str:
    """2025-2026 as 2025–26."""
    start, _dash, end = value.partition("-")
    return f"{start}–{end[-2:]}" if end else value


_COUNTED = {
    "nl": ["nul", "één", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien", "elf", "twaalf"],
    "en": ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"],
}


def counted(value: int) -> str:
    """A small count in words, for in a sentence: drie, twaalf, 13."""
    words = _COUNTED[text.language()]
    return words[value] if 0 <= value < len(words) else number(value)


def inside(name: str) -> str:
    """A name as it stands inside a sentence: its first letter small, the others as they are (1S/2F stays 1S/2F)."""
    return name[:1].lower() + name[1:]


def capital(sentence: str) -> str:
    """A sentence with its first letter as a capital; `één` becomes `Eén`."""
    if sentence.startswith("één"):
        return "Eén" + sentence[3:]
    return sentence[:1].upper() + sentence[1:]


def closed(sentence: str) -> str:
    """A sentence with its full stop; one that ends in a question mark or a stop has its end already."""
    return sentence if sentence.endswith(("?", ".", "!")) else f"{sentence}."
