"""How dates are written in files of any vendor, as forms of strptime with a bar between them where there are several.

Beside `%Y %m %d` a form may have `%y` (a year in two figures: 1969 to 2068), `%-d` and `%-m` (first zeros may be left
out), and a time behind it (`%H:%M:%S`, and `.%n` for parts of a second). Of a month by its name there are `%-d %b %Y`,
`%-d-%b-%y` and the like: Dutch or English, whole or its first letters, perhaps with the name of the day before it (ma 9
nov 2026). With `%a ` before it a date in figures may have that name too (ma 9-11-26).

`%Y%m%d` is 20261109. A moment in a time zone (2026-11-09T07:30:00Z) is the day that is written, and
none where it is another day in the Netherlands: midnight of the 4th may be written as 23:00Z of the 3rd.
"""

import re
from datetime import date, datetime

from schakel.engine.duck import literal
from schakel.lib import clock

ISO = "%Y-%m-%d"
COMPACT = "%Y%m%d"
MOMENT = "%Y-%m-%dT%H:%M:%S%z"
DAY_NAME = "%a "
MONTHS = {  # every way in which one is written, Dutch or English
    name: number
    for number, names in enumerate(
        ("jan januari january", "feb februari february", "mrt maart mar march", "apr april", "mei may", "jun juni june",
         "jul juli july", "aug augustus august", "sep sept september", "okt oktober oct october",
         "nov november", "dec december"), 1,
    )
    for name in names.split()
}  # fmt: skip
_DAY = r"(?:(?:ma|di|wo|do|vr|za|zo|mon|tue|wed|thu|fri|sat|sun)[a-z]{0,7}[.,]{0,2} )?"
_DAY_NAME = re.compile(rf"^{_DAY}", re.I)
_MONTH = rf"({'|'.join(MONTHS)})[.]?"
_NAMED = re.compile(rf"{_DAY}([0-9]{{1,2}})([- ]){_MONTH}\2([0-9]{{4}}|[0-9]{{2}})")
_COMPACT = "[0-9]{8}"
_ZONE = "(Z|[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?)"
_MOMENT = rf"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}[T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{{1,9}})?)?{_ZONE}"
_CLOCK = {"%H": "[0-9]{1,2}", "%M": "[0-9]{2}", "%S": "[0-9]{2}", "%n": "[0-9]{1,9}"}


def date_value(c: str, forms: str) -> str:
    """The date, and nothing unless the text is exactly so written. Alone, DuckDB accepts 2024-1-5 and infinity."""
    cases = " ".join(f"WHEN {test} THEN {value}" for test, value in (_read_as(c, form) for form in forms.split("|")))
    return f"CASE {cases} END"


def _read_as(c: str, form: str) -> tuple[str, str]:
    if form == ISO:
        return f"length({c}) = 10 AND CAST(TRY_CAST({c} AS DATE) AS VARCHAR) = {c}", f"TRY_CAST({c} AS DATE)"
    if form == COMPACT:
        return f"regexp_full_match({c}, {literal(_COMPACT)})", f"CAST(try_strptime({c}, {literal(form)}) AS DATE)"
    if form == MOMENT:
        day = f"TRY_CAST({c}[:10] AS DATE)"
        here = f"CAST(timezone({literal(clock.AMSTERDAM.key)}, TRY_CAST({c} AS TIMESTAMPTZ)) AS DATE)"
        return f"regexp_full_match({c}, {literal(_MOMENT)})", f"CASE WHEN {here} = {day} THEN {day} END"
    if form.startswith(DAY_NAME):
        figures = f"regexp_replace({c}, {literal(f'(?i)^{_DAY}')}, '')"
        return _read_as(figures, form.removeprefix(DAY_NAME))
    if "%b" in form:
        return _named(c, form)
    if "%-" in form or "%H" in form:  # written without first zeros (4/2/2000), or with a time behind it
        part = "[0-9]{1,2}" if "%-" in form else "[0-9]{2}"
        years = {"year": "[0-9]{4}", "short": "[0-9]{2}"}
        figures = shown(re.sub(r"\\([- ])", r"\1", re.escape(form)), month=part, day=part, **years)
        for sign, written in _CLOCK.items():
            figures = figures.replace(sign, written)
        plain = form.replace("%-", "%")
        return f"regexp_full_match({c}, {literal(figures)})", f"CAST(try_strptime({c}, {literal(plain)}) AS DATE)"
    zeros = shown(form, year="0000", month="00", day="00", short="00")
    signs = "".join(f" AND {c}[{at}] = {literal(sign)}" for at, sign in enumerate(zeros, 1) if sign != "0")
    return f"length({c}) = {len(zeros)}{signs}", f"CAST(try_strptime({c}, {literal(form)}) AS DATE)"


def _named(c: str, form: str) -> tuple[str, str]:
    sign, year = re.escape(form[form.index("%b") - 1]), "[0-9]{4}" if form.endswith("%Y") else "[0-9]{2}"
    figures = literal(f"{_DAY}([0-9]{{1,2}}){sign}{_MONTH}{sign}({year})")
    day, month, last = (f"regexp_extract(lower({c}), {figures}, {n})" for n in (1, 2, 3))
    number = f"{list(MONTHS.values())}[list_position({list(MONTHS)}, {month})]"
    figured = f"concat_ws('-', {day}, {number}, {last})"
    return (
        f"regexp_full_match(lower({c}), {figures})",
        f"CAST(try_strptime({figured}, {literal(f'%d-%m-{form[-2:]}')}) AS DATE)",
    )


def named_month(text: str) -> tuple[str, str] | None:
    """The form of a date with a named month, and the date in figures (9-11-2026); None where it is no such date."""
    found = _NAMED.fullmatch(text.lower())
    if not found:
        return None
    year = "%Y" if len(found[4]) == 4 else "%y"  # noqa: PLR2004 figures
    return f"%-d{found[2]}%b{found[2]}{year}", f"{found[1]}-{MONTHS[found[3]]}-{found[4]}"


def without_day_name(text: str) -> str:
    """A date without the name of the day before it: 9-11-26 of «ma 9-11-26»."""
    return _DAY_NAME.sub("", text, count=1)


def compact_day(text: str) -> date | None:
    """The day that 20261109 is; None where it is no such number."""
    try:
        return datetime.strptime(text, COMPACT).date() if re.fullmatch(_COMPACT, text, re.A) else None
    except ValueError:
        return None


def is_moment(text: str) -> bool:
    """Whether a text is a moment in a time zone, as programs write it."""
    return bool(re.fullmatch(_MOMENT, text))


def day_of_moment(text: str) -> date | None:
    """The day of a moment in a time zone; None where it is another day in the Netherlands."""
    try:
        written = datetime.fromisoformat(text).date() if is_moment(text) else None
    except ValueError:
        return None
    return written if written and written == clock.day_of(datetime.fromisoformat(text)) else None


def shown(form: str, year: str = "JJJJ", month: str = "MM", day: str = "DD", short: str = "JJ") -> str:
    """A form with other signs in it: for people (DD-MM-JJJJ), or as a pattern."""
    signs = {"%-": "%", "%Y": year, "%y": short, "%m": month, "%b": "MMM", "%d": day}
    form = form.removeprefix(DAY_NAME)
    for sign, instead in signs.items():
        form = form.replace(sign, instead)
    return form
