"""How values are written: the order of dates and the sign of decimals, decided for a whole file from all its values."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import chain, product
from operator import itemgetter

from schakel.collect.date_forms import (
    COMPACT,
    DAY_NAME,
    MOMENT,
    compact_day,
    day_of_moment,
    is_moment,
    named_month,
    without_day_name,
)
from schakel.collect.number_forms import bare
from schakel.collect.time_forms import is_time
from schakel.lib.errors import Unreadable
from schakel.lib.text import gettext as _

ISO = "%Y-%m-%d"
# A day, and perhaps a time behind it: what a database or spreadsheet writes for a day is often midnight.
_TIME = r"[ T](?:[01]?[0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,9})?)?"
DATE = re.compile(rf"([0-9]{{1,4}})([-/.])([0-9]{{1,2}})\2([0-9]{{1,4}})({_TIME})?")
_FORM = re.compile(r"(%-?[Yymbd])([-/. ])(%-?[Yymbd])\2(%-?[Yymbd])([ T]%H:%M(:%S(\.%n)?)?)?")
_NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?|[+-]?[0-9]{1,3}([.,][0-9]{3})+([.,][0-9]+)?")
_PROOF = {  # of each sign of decimals, with the sign that parts thousands: 1.234.567 is whole and has no other
    sign: re.compile(
        rf"[+-]?([0-9]+{sign}[0-9]+|[0-9]{{1,3}}({other}[0-9]{{3}})+{sign}[0-9]+|[1-9][0-9]{{0,2}}({other}[0-9]{{3}}){{2,}})"
    )
    for sign, other in ((",", "[.]"), ("[.]", ","))
}
_EITHER = re.compile(r"[+-]?[1-9][0-9]{0,2}[.,][0-9]{3}")
_TIMES = re.compile(
    "(van(af)?|tot|begin|einde?|start|aanvang|from|to|until|end)|"
    "(van|tot|begin|eind|start|aanvangs?|from|to|until|end)?[ _-]?(tijd|tijdstip|time)[ _-]?(van|tot|begin|eind)?",
    re.I,
)
_KIND = {"ymd": "year first", "dby": "named month", "dmy": "figures", "mdy": "figures"}
_ZONED = "T%H:%M:%S%z"
_DAY_FIRST, _MONTH_FIRST = ("dmY", "dmy"), ("mdY", "mdy")
_MONTHS = 12
_DAYS = 31
SHARE = 0.9  # of the filled cells, for a column to be of a kind


@dataclass(frozen=True)
class Dates:
    """The form of the dates of a file: forms with a bar between them; `asked` when `others` may be right as well."""

    form: str = ""
    asked: bool = False
    others: tuple[str, ...] = ()


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


def thousand_or_part(text: str) -> bool:
    """Whether a text is a number as 1.234, which is a thousand or one and a bit."""
    return bool(_EITHER.fullmatch(text))


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
    """Whether nearly every filled cell is a date, or each is a day as 20261109."""
    counts = Counter(filter(None, values))
    return mostly(counts, is_date) or all_compact(counts)


def all_compact(values: Collection[str]) -> bool:
    """Whether each of these is a day as 20261109, of 1900 to 2099: among other values it would be a number."""
    return bool(values) and all(value[:2] in {"19", "20"} and compact_day(value) for value in values)


def date_form(columns: Mapping[str, Sequence[str]], lines: Sequence[int], name: str = "") -> Dates:
    """How the dates of a file are written. Raises Unreadable where two cells cannot both be right.

    Each way of writing is decided by itself: that 25-06-2019 has the day first says nothing of 11/4/2026 8:51. Asked
    too where years have two figures and what stands last differs more than what stands first: perhaps the day is last
    (26-11-04).
    """
    ways: dict[tuple[str, str, bool], _Way] = {}
    ends: dict[str, set[str]] = {"first": set(), "last": set()}
    for column, values in columns.items():
        if not date_column(values):
            continue
        first = dict(zip(reversed(values), range(len(values) - 1, -1, -1), strict=True))  # where each is first
        for text, place in sorted(first.items(), key=itemgetter(1)):
            orders = _orders(text) or (("Ymd",) if compact_day(text) else ())
            if not orders:
                continue
            order = "|".join(orders)
            sign, clock, zero, named = _signs(text)
            way = ways.setdefault((_KIND[order[:3].casefold()], sign, bool(clock)), _Way())
            way.seen.setdefault(order, _Seen(column, lines[place], text))
            way.clocks.add(clock)
            way.zeros.add(zero)
            way.named |= named
            if order.endswith("y"):
                figures = re.findall("[0-9]+", text)
                ends["first"].add(figures[0])
                ends["last"].add(figures[1 if "b" in order else 2])
    for kind, sign, timed in list(ways):
        if timed and (kind, sign, False) not in ways:  # in other rows there may be no time
            ways[kind, sign, True].clocks.add("")
    each = [way.forms(sign, name) for (_kind, sign, _timed), way in ways.items()]
    likely, *others = ("|".join(sorted(set(chain(*chosen)), key=_in_order)) for chosen in product(*each))
    turned = len(ends["last"]) > len(ends["first"])
    return Dates(likely, bool(others) or turned, (*others, *([backwards(likely)] if turned else [])))


def _in_order(form: str) -> tuple[bool, str]:
    """Where a form stands among others: the year first, for a cell that is a date is written in the first of them."""
    return not form.startswith("%Y"), form


@dataclass
class _Way:
    """What was seen of one way of writing dates: the cell that first showed each order, and what else is written."""

    seen: dict[str, _Seen] = field(default_factory=dict)
    clocks: set[str] = field(default_factory=set)
    zeros: set[bool | None] = field(default_factory=set)
    named: bool = False

    def forms(self, sign: str, name: str) -> list[list[str]]:
        """The forms of these dates: twice where day and month can be either, with the day first before the other.

        First zeros are demanded where there is one, and every part below ten has it.
        """
        day, month = (
            next((seen for o, seen in self.seen.items() if o in orders), None) for orders in (_DAY_FIRST, _MONTH_FIRST)
        )
        if day and month:
            raise _mixed(day, month, name)
        either = any("|" in order for order in self.seen)
        ends = (0, -1) if either and not day and not month else (-1,) if month else (0,)
        before, padded = DAY_NAME if self.named else "", True in self.zeros and False not in self.zeros
        return [
            [
                MOMENT if clock == _ZONED else f"{before}{written(order.split('|')[end], sign, padded)}{clock}"
                for order in self.seen
                for clock in self.clocks
            ]
            for end in ends
        ]


def _orders(text: str) -> tuple[str, ...]:
    """The orders in which a text can be a date: Ymd, dmY, mdY; dmy, mdy (year in two figures); dbY (named month)."""
    named = named_month(text)
    if named:
        return (f"db{named[0][-1]}",) if 1 <= int(named[1].partition("-")[0]) <= _DAYS else ()
    found = DATE.fullmatch(without_day_name(text))
    if not found:
        return ("Ymd",) if is_moment(text) else ()
    first, second, last = found[1], int(found[3]), found[4]
    if len(first) == 4:  # noqa: PLR2004 a year
        return ("Ymd",) if 1 <= second <= _MONTHS and 1 <= int(last) <= _DAYS else ()
    if len(first) > 2 or len(last) not in {2, 4}:  # noqa: PLR2004 a year; of two figures it is the last part alone
        return ()
    year = "Y" if len(last) == 4 else "y"  # noqa: PLR2004
    day_first = 1 <= int(first) <= _DAYS and 1 <= second <= _MONTHS
    month_first = 1 <= int(first) <= _MONTHS and 1 <= second <= _DAYS
    return (*((f"dm{year}",) if day_first else ()), *((f"md{year}",) if month_first else ()))


def _signs(text: str) -> tuple[str, str, bool | None, bool]:
    """Of a date: the sign between its parts, how the time behind it is written, whether it has first zeros (None where
    no part is below ten), and whether the name of the day stands before it.
    """
    named, bare = named_month(text), without_day_name(text)
    found = DATE.fullmatch(bare)
    if named:
        return named[0][3], "", None, False
    if not found:
        return ("-", _ZONED, True, False) if is_moment(text) else ("", "", True, False)
    days = found.group(3, 4) if len(found[1]) == 4 else found.group(1, 3)  # noqa: PLR2004 a year
    short, zero = any(len(part) == 1 for part in days), any(part.startswith("0") for part in days)
    zero = zero or (len(found[1]) == 4 and found[2] == "-")  # noqa: PLR2004 2026-11-12 is a standard, which has them
    return found[2], _clock(found[5]), False if short else True if zero else None, bare != text


def _clock(text: str | None) -> str:
    """How the time behind a day is written, with the sign before it; empty without one."""
    if not text:
        return ""
    seconds = ":%S" if text.count(":") > 1 else ""
    return f"{text[0]}%H:%M{seconds}{'.%n' if '.' in text else ''}"


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
    if text in {COMPACT, MOMENT}:
        return True
    found = _FORM.fullmatch(text.removeprefix(DAY_NAME))
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
    return "|".join(map(_backwards, form.split("|")))


def _backwards(form: str) -> str:
    if not form.endswith("%y") or "%b" in form:
        return form
    before = DAY_NAME if form.startswith(DAY_NAME) else ""
    return before + form[-3].join(re.findall("%-?[ymd]", form)[::-1])


def shown_date(form: str) -> str:
    """The form of a date for people: DD-MM-JJJJ, or DD-MM-JJ."""
    bare = (part.removeprefix(DAY_NAME).partition("%H")[0] for part in form.split("|"))
    days = (part.rstrip(" T").replace("%-", "%") for part in bare)
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
    named = named_month(text)
    if named:
        text, form = named[1], f"%d-%m-{named[0][-2:]}" if named[0] in form.split("|") else ""
    days = (_read_as(text, each) for each in form.split("|"))
    return next((found for found in days if found), None)


def _read_as(text: str, form: str) -> date | None:
    if form == COMPACT:
        return compact_day(text)
    if form == MOMENT:
        return day_of_moment(text)
    text = without_day_name(text) if form.startswith(DAY_NAME) else text
    found = DATE.fullmatch(text)
    clock = _clock(found[5]) if found else ""
    if not found or not form.endswith(clock) or ("%H" in form) != bool(clock):
        return None
    try:
        bare = text[: found.start(5)] if clock else text
        plain = form.removeprefix(DAY_NAME).removesuffix(clock).replace("%-", "%")
        return datetime.strptime(bare, plain).date()
    except ValueError:
        return None


def time_column(header: str, counts: Counter[str]) -> bool:
    """Whether these are times of day: 10.15 is one where the column is called so, or another value is one (08.30)."""
    shown = any(not is_number(value) or re.match("0[0-9]", value) for value in counts)
    return (shown or bool(_TIMES.fullmatch(header.strip()))) and mostly(counts, is_time)


@dataclass(frozen=True)
class Decimals:
    """The sign of decimals in a file, empty where that must be asked; `told` says where two columns differ."""

    sign: str
    told: str = ""


def decimal_sign(columns: Mapping[str, Sequence[str]], lines: Sequence[int]) -> Decimals:
    """The sign of decimals in a file; a comma where there are none."""
    proof: dict[str, _Seen] = {}
    for column, values in columns.items():
        counts = Counter(filter(None, values))
        if not time_column(column, counts) and mostly(counts, lambda value: is_number(bare(value))):
            proof = {**sign_cells(column, values, lines).first, **proof}
    if "," in proof and "." in proof:
        return Decimals("", _differ(proof[","], proof["."]))
    return Decimals(next((sign for sign in (",", ".") if sign in proof), "" if proof else ","))


@dataclass
class SignCells:
    """The cells of a column that show a sign of decimals: how many, and the first. `?.` is that of 1.234."""

    cells: Counter[str] = field(default_factory=Counter)
    first: dict[str, _Seen] = field(default_factory=dict)


def sign_cells(column: str, values: Sequence[str], lines: Sequence[int]) -> SignCells:
    """What the numbers of a column show of the sign of decimals."""
    found = SignCells()
    for value, often in Counter(filter(None, values)).items():
        sign = _sign(bare(value))
        if sign:
            found.cells[sign] += often
            found.first.setdefault(sign, _Seen(column, lines[values.index(value)], value))
    return found


def _sign(number: str) -> str:
    """The sign of decimals that a number proves: 0.500 and 1,234,567 a point, 1.234 none."""
    if thousand_or_part(number):
        return "?." if "." in number else "?,"
    return next((sign.strip("[]") for sign, proof in _PROOF.items() if proof.fullmatch(number)), "")


def _differ(comma: _Seen, point: _Seen) -> str:
    text = _(
        "Regel %(line)s, kolom %(column)s (%(text)s) heeft een komma voor de decimalen en regel %(other)s, kolom "
        "%(second)s (%(written)s) een punt."
    )
    words = {"line": comma.line, "column": comma.column, "text": comma.text}
    return text % (words | {"other": point.line, "second": point.column, "written": point.text})
