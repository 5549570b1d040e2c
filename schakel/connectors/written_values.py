"""How values are written: the order of dates and the sign of decimals, decided for a whole file from all its values."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from operator import itemgetter

from schakel.collect.date_forms import named_month
from schakel.collect.number_forms import bare
from schakel.lib.errors import Unreadable
from schakel.lib.text import gettext as _

ISO = "%Y-%m-%d"
# A day, and perhaps a time behind it: what a database or spreadsheet writes for a day is often midnight.
_TIME = r"[ T](?:[01]?[0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,9})?)?"
DATE = re.compile(rf"([0-9]{{1,4}})([-/.])([0-9]{{1,2}})\2([0-9]{{1,4}})({_TIME})?")
_FORM = re.compile(r"(%-?[Yymbd])([-/. ])(%-?[Yymbd])\2(%-?[Yymbd])([ T]%H:%M(:%S(\.%n)?)?)?")
_NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?|[+-]?[0-9]{1,3}([.,][0-9]{3})+([.,][0-9]+)?")
_COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+|[+-]?[0-9]{1,3}(\.[0-9]{3})+,[0-9]+")
_POINT = re.compile(r"[+-]?[0-9]+\.[0-9]+|[+-]?[0-9]{1,3}(,[0-9]{3})+\.[0-9]+")
_EITHER = re.compile(r"[+-]?[0-9]{1,3}[.,][0-9]{3}")  # 1.234 is a thousand or one and a bit
_Shape = tuple[str, str, str]  # the order of a date, the sign between its parts, how the time behind it is written
_DAY_FIRST, _MONTH_FIRST = ("dmY", "dmy"), ("mdY", "mdy")
_MONTHS = 12
_DAYS = 31
SHARE = 0.9  # of the filled cells, for a column to be of a kind


@dataclass(frozen=True)
class Dates:
    """The form of the dates of a file: forms with a bar between them; `asked` when day and month can be either."""

    form: str = ""
    asked: bool = False


@dataclass(frozen=True)
class _Seen:
    column: str
    line: int
    text: str


def is_date(text: str) -> bool:
    """Whether a text is a date in figures, whatever the order."""
    return bool(_orders(text))


def is_number(text: str) -> bool:
    """Whether a text is a number, whatever its signs."""
    return bool(_NUMBER.fullmatch(text))


def looks_like_value(text: str) -> bool:
    """Whether a cell holds a value rather than a name: a date, a number, an address."""
    plain = text.strip()
    return is_date(plain) or is_number(bare(plain)) or "@" in plain


def mostly(counts: Counter[str], test: Callable[[str], object]) -> bool:
    """Whether nearly every filled cell passes; `counts` has how often each value occurs, which is asked once.

    It is known to be no before all are asked: a text is no date, and that shows in the first tenth.
    """
    total = counts.total()
    spared = total - SHARE * total
    for value, times in counts.items():
        if not test(value):
            spared -= times
            if spared < 0:
                return False
    return total > 0


def date_column(values: Sequence[str]) -> bool:
    """Whether nearly every filled cell is a date."""
    return mostly(Counter(filter(None, values)), is_date)


def date_form(columns: Mapping[str, Sequence[str]], lines: Sequence[int], name: str = "") -> Dates:
    """How the dates of a file are written. Raises Unreadable where two cells cannot both be right.

    Asked too where years have two figures and what stands last differs more than what stands first: perhaps the day is
    last (26-11-04).
    """
    proof: dict[str, _Seen] = {}
    shapes: dict[_Shape, set[bool]] = {}
    ends: dict[str, set[str]] = {"first": set(), "last": set()}
    for column, values in columns.items():
        if not date_column(values):
            continue
        first = dict(zip(reversed(values), range(len(values) - 1, -1, -1), strict=True))  # where each is first
        for text, place in sorted(first.items(), key=itemgetter(1)):
            orders = _orders(text)
            if not orders:
                continue
            order = "|".join(orders)
            sign, written_clock, padded = _signs(text)
            for clock in {"", written_clock}:
                shapes.setdefault((order, sign, clock), set()).add(padded)
            proof.setdefault(order, _Seen(column, lines[place], text))
            if order.endswith("y"):
                figures = re.findall("[0-9]+", text)
                ends["first"].add(figures[0])
                ends["last"].add(figures[1 if "b" in order else 2])
    decided = _decided(proof, shapes, name)
    return replace(decided, asked=decided.asked or len(ends["last"]) > len(ends["first"]))


def _orders(text: str) -> tuple[str, ...]:
    """The orders in which a text can be a date: Ymd, dmY, mdY; dmy, mdy (year in two figures); dbY (named month)."""
    named = named_month(text)
    if named:
        return (f"db{named[0][-1]}",) if 1 <= int(named[1].partition("-")[0]) <= _DAYS else ()
    found = DATE.fullmatch(text)
    if not found:
        return ()
    first, second, last = found[1], int(found[3]), found[4]
    if len(first) == 4:  # noqa: PLR2004 a year
        return ("Ymd",) if 1 <= second <= _MONTHS and 1 <= int(last) <= _DAYS else ()
    if len(first) > 2 or len(last) not in {2, 4}:  # noqa: PLR2004 a year; of two figures it is the last part alone
        return ()
    year = "Y" if len(last) == 4 else "y"  # noqa: PLR2004
    day_first = 1 <= int(first) <= _DAYS and 1 <= second <= _MONTHS
    month_first = 1 <= int(first) <= _MONTHS and 1 <= second <= _DAYS
    return (*((f"dm{year}",) if day_first else ()), *((f"md{year}",) if month_first else ()))


def _signs(text: str) -> tuple[str, str, bool]:
    """Of a date: the sign between its parts, how the time behind it is written, and whether first zeros are there."""
    named, found = named_month(text), DATE.fullmatch(text)
    if named or not found:
        return named[0][3] if named else "", "", False
    return found[2], _clock(found[5]), all(len(part) != 1 for part in found.group(1, 3, 4))


def _clock(text: str | None) -> str:
    """How the time behind a day is written, with the sign before it; empty without one."""
    if not text:
        return ""
    seconds = ":%S" if text.count(":") > 1 else ""
    return f"{text[0]}%H:%M{seconds}{'.%n' if '.' in text else ''}"


def _decided(proof: Mapping[str, _Seen], shapes: Mapping[_Shape, set[bool]], name: str) -> Dates:
    day, month = (
        next((seen for o, seen in proof.items() if o in orders), None) for orders in (_DAY_FIRST, _MONTH_FIRST)
    )
    if day and month:
        raise _mixed(day, month, name)
    asked = not day and not month and any("|" in order for order in proof)
    forms: dict[_Shape, bool] = {}
    for (found, sign, clock), padded in shapes.items():
        day_first, _bar, month_first = found.partition("|")
        key = (month_first if month and month_first else day_first, sign, clock)
        forms[key] = forms.get(key, True) and padded == {True}
    return Dates(
        "|".join(sorted({written(o, sign, padded) + clock for (o, sign, clock), padded in forms.items()})), asked
    )


def _mixed(day: _Seen, month: _Seen, name: str) -> Unreadable:
    text = _(
        "De datums spreken elkaar tegen: regel %(line)s, kolom %(column)s (%(text)s) heeft de dag voorop en regel "
        "%(other)s, kolom %(second)s (%(written)s) de maand."
    )
    words = {"line": day.line, "column": day.column, "text": day.text}
    words |= {"other": month.line, "second": month.column, "written": month.text}
    hint = _("Laat de leverancier één schrijfwijze gebruiken en bied het bestand opnieuw aan.")
    return Unreadable(text % words, code="mixed-dates", where=name, hint=hint)


def written(order: str, sign: str, padded: bool) -> str:
    """The form of a date: %d-%m-%Y, or with a dash behind the percent sign where the first zero is left out."""
    dash = "" if padded else "-"
    return sign.join({"Y": "%Y", "y": "%y", "m": f"%{dash}m", "b": "%b", "d": f"%{dash}d"}[part] for part in order)


def is_form(text: str) -> bool:
    """Whether a text is one form of a date, with or without a time behind it."""
    found = _FORM.fullmatch(text)
    parts = {part[-1].lower().replace("b", "m") for part in found.group(1, 3, 4)} if found else set[str]()
    return parts == {"d", "m", "y"}


def swapped(form: str) -> str:
    """The same form with day and month changed places."""
    return "|".join(
        each if each.startswith("%Y") or "%b" in each else each.translate(str.maketrans("dm", "md"))
        for each in form.split("|")
        if each
    )


def backwards(form: str) -> str:
    """The same form with the year first, where it has two figures and the month has too."""
    parts = ((each, re.findall("%-?[ymbd]", each)[::-1]) for each in form.split("|"))
    return "|".join(each[-3].join(signs) if each.endswith("%y") and "%b" not in each else each for each, signs in parts)


def shown_date(form: str) -> str:
    """The form of a date for people: DD-MM-JJJJ, or DD-MM-JJ."""
    days = (part.partition("%H")[0].rstrip(" T").replace("%-", "%") for part in form.split("|"))
    figures = {"%Y": _("JJJJ"), "%y": _("JJ"), "%m": "MM", "%b": "MMM", "%d": "DD"}
    each = (re.sub("%[Yymbd]", lambda sign: figures[sign[0]], part) for part in days)
    shown = _(" of ").join(dict.fromkeys(each))
    return _("%(date)s, met een tijd erachter") % {"date": shown} if "%H" in form else shown


def span(values: Iterable[str], form: str) -> tuple[date, date] | None:
    """The first and the last day among these values, written in this form; None when none of them is such a day."""
    days = [found for text in set(values) if (found := day(text, form)) is not None]
    return (min(days), max(days)) if days else None


def day(text: str, form: str) -> date | None:
    """The day that a text is, written in this form (or in one of several, with a bar between them)."""
    named, found = named_month(text), DATE.fullmatch(text)
    if named:
        text, form = named[1], f"%d-%m-{named[0][-2:]}" if named[0] in form.split("|") else ""
    clock = _clock(found[5]) if found else ""
    for each in form.split("|") if form else ():
        if not each.endswith(clock) or ("%H" in each) != bool(clock):
            continue
        try:
            bare = text[: found.start(5)] if found and clock else text
            return datetime.strptime(bare, each.removesuffix(clock).replace("%-", "%")).date()
        except ValueError:
            continue
    return None


def decimal_sign(columns: Iterable[Sequence[str]]) -> str | None:
    """The sign of decimals in a file; a comma where there are none, None where both occur or it cannot be told."""
    comma = point = either = False
    for values in columns:
        counts = Counter(filter(None, values))
        if not mostly(counts, lambda value: is_number(bare(value))):
            continue
        for value in map(bare, counts):
            unsure = bool(_EITHER.fullmatch(value))
            either = either or unsure
            comma = comma or (not unsure and bool(_COMMA.fullmatch(value)))
            point = point or (not unsure and bool(_POINT.fullmatch(value)))
    if comma == point:
        return None if comma or either else ","
    return "," if comma else "."
