"""How values are written: the order of dates and the sign of decimals, decided for a whole file from all its values."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from schakel.lib.errors import Unreadable
from schakel.lib.text import gettext as _

ISO = "%Y-%m-%d"
DATE = re.compile(r"([0-9]{1,4})([-/.])([0-9]{1,2})\2([0-9]{1,4})")
_NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?|[+-]?[0-9]{1,3}([.,][0-9]{3})+([.,][0-9]+)?")
_COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+|[+-]?[0-9]{1,3}(\.[0-9]{3})+,[0-9]+")
_POINT = re.compile(r"[+-]?[0-9]+\.[0-9]+|[+-]?[0-9]{1,3}(,[0-9]{3})+\.[0-9]+")
_EITHER = re.compile(r"[+-]?[0-9]{1,3}[.,][0-9]{3}")  # 1.234 is a thousand or one and a bit
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
    return is_date(plain) or is_number(plain) or "@" in plain


def date_column(values: Sequence[str]) -> bool:
    """Whether nearly every filled cell is a date."""
    filled = [value for value in values if value]
    return bool(filled) and sum(map(is_date, filled)) >= SHARE * len(filled)


def date_form(columns: Mapping[str, Sequence[str]], lines: Sequence[int], name: str = "") -> Dates:
    """How the dates of a file are written. Raises Unreadable where two cells cannot both be right."""
    proof: dict[str, _Seen] = {}
    shapes: dict[tuple[str, str], set[bool]] = {}
    for column, values in columns.items():
        if not date_column(values):
            continue
        for text, line in zip(values, lines, strict=True):
            orders = _orders(text)
            if not orders:
                continue
            order = "|".join(orders)
            found = DATE.fullmatch(text)
            assert found is not None  # noqa: S101 it has an order
            padded = all(len(part) != 1 for part in found.group(1, 3, 4))
            shapes.setdefault((order, found[2]), set()).add(padded)
            proof.setdefault(order, _Seen(column, line, text))
    return _decided(proof, shapes, name)


def _orders(text: str) -> tuple[str, ...]:
    """The orders in which a text can be a date: Ymd, dmY, mdY."""
    found = DATE.fullmatch(text)
    if not found:
        return ()
    first, second, last = found[1], int(found[3]), found[4]
    if len(first) == 4:  # noqa: PLR2004 a year
        return ("Ymd",) if 1 <= second <= _MONTHS and 1 <= int(last) <= _DAYS else ()
    if len(first) > 2 or len(last) != 4:  # noqa: PLR2004 a year of two figures says too little
        return ()
    day_first = 1 <= int(first) <= _DAYS and 1 <= second <= _MONTHS
    month_first = 1 <= int(first) <= _MONTHS and 1 <= second <= _DAYS
    return (*(("dmY",) if day_first else ()), *(("mdY",) if month_first else ()))


def _decided(proof: Mapping[str, _Seen], shapes: Mapping[tuple[str, str], set[bool]], name: str) -> Dates:
    if "dmY" in proof and "mdY" in proof:
        raise _mixed(proof["dmY"], proof["mdY"], name)
    order = next((o for o in ("dmY", "mdY") if o in proof), "")
    asked = "dmY|mdY" in proof and not order
    forms: dict[tuple[str, str], bool] = {}
    for (found, sign), padded in shapes.items():
        key = ((order or "dmY") if "|" in found else found, sign)
        forms[key] = forms.get(key, True) and padded == {True}
    return Dates("|".join(sorted({written(o, sign, padded) for (o, sign), padded in forms.items()})), asked)


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
    return sign.join({"Y": "%Y", "m": f"%{dash}m", "d": f"%{dash}d"}[part] for part in order)


def swapped(form: str) -> str:
    """The same form with day and month changed places."""
    return "|".join(
        each if each.startswith("%Y") else each.translate(str.maketrans("dm", "md")) for each in form.split("|") if each
    )


def span(values: Iterable[str], form: str) -> tuple[date, date] | None:
    """The first and the last day among these values, written in this form; None when none of them is such a day."""
    days = [found for text in set(values) if (found := day(text, form)) is not None]
    return (min(days), max(days)) if days else None


def day(text: str, form: str) -> date | None:
    """The day that a text is, written in this form (or in one of several, with a bar between them)."""
    for each in form.split("|") if form else ():
        try:
            return datetime.strptime(text, each.replace("%-", "%")).date()
        except ValueError:
            continue
    return None


def decimal_sign(columns: Iterable[Sequence[str]]) -> str | None:
    """The sign of decimals in a file; a comma where there are none, None where both occur or it cannot be told."""
    comma = point = either = False
    for values in columns:
        filled = [value for value in values if value]
        if not filled or sum(map(is_number, filled)) < SHARE * len(filled):
            continue
        for value in filled:
            unsure = bool(_EITHER.fullmatch(value))
            either = either or unsure
            comma = comma or (not unsure and bool(_COMMA.fullmatch(value)))
            point = point or (not unsure and bool(_POINT.fullmatch(value)))
    if comma == point:
        return None if comma or either else ","
    return "," if comma else "."
