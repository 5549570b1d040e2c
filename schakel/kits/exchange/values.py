"""A cell of a file as a value of the register, and back. What cannot be read is never guessed at."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from schakel.kits.exchange.codes import NO, YES
from schakel.kits.exchange.columns import Column
from schakel.lib.identifiers import is_bsn
from schakel.lib.text import gettext as _
from schakel.lib.text import language as spoken_now

_BLANKS = " \t\r\n\v\f\u00a0\u200b\ufeff"
_KEY = re.compile(r"[A-Za-z0-9_-]+")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(\.\d{3})+")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_DAYS = ("%d-%m-%Y", "%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y")
_BETWEEN = re.compile(r"[;,\n]+")
_YES_WORDS, _NO_WORDS = ("ja", "yes"), ("nee", "no")
LETTERS = ("R", "A", "C", "I")


@dataclass
class BadValue(Exception):
    """A cell that cannot be taken as it is: why, and what to do about it."""

    reason: str
    hint: str = ""


def read(column: Column, cell: Any) -> Any:
    """The value in a cell. Raises BadValue. A relation stays as it is written, to be looked up later."""
    if cell is None or (isinstance(cell, str) and not cell.strip(_BLANKS)):
        return _nothing(column)
    return _READERS[column.kind](column, cell)


def written(column: Column, value: Any, language: str | None = None) -> Any:
    """A value as it stands in a cell: a text, a number, a day, or None for an empty cell."""
    language = language or spoken_now()
    if column.kind == "yes":
        return (_YES_WORDS if value else _NO_WORDS)[language != "nl"]
    if value is None or value in ("", ()):
        return None
    if column.kind == "choice":
        return column.word(str(value), language)
    if column.kind == "refs":
        return "; ".join(value)
    if column.kind == "letters":
        return " ".join(value)
    if column.kind == "json":
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return value


def shown(column: Column, value: Any) -> str:
    """A value in words, for a list of differences."""
    cell = written(column, value)
    if cell is None:
        return ""
    if isinstance(cell, date):
        return f"{cell:%d-%m-%Y}"
    return str(cell).replace(".", ",") if isinstance(cell, Decimal) else str(cell)


def _nothing(column: Column) -> Any:
    if column.required:
        raise BadValue(_("Dit moet ingevuld zijn."), _("Vul de cel."))
    if column.kind in ("refs", "letters"):
        return ()
    return None if column.kind == "ref" else column.default


def _text(column: Column, cell: Any) -> str:
    text = _plain(cell)
    if column.longest and len(text) > column.longest:
        reason = _("De tekst is te lang: %(n)s tekens, en hier passen er %(most)s.")
        raise BadValue(reason % {"n": len(text), "most": column.longest}, _("Maak de tekst korter."))
    if is_bsn(text):
        raise BadValue(_("Dit lijkt een burgerservicenummer."), _("Haal het weg: Schakel neemt die nummers nooit aan."))
    return text


def _plain(cell: Any) -> str:
    """Text as it was typed; a number loses the `.0` that a spreadsheet adds."""
    if isinstance(cell, bool):
        raise BadValue(_("Hier staat waar of onwaar, geen tekst."), _("Typ de tekst opnieuw."))
    if isinstance(cell, datetime | date | time):
        reason = _("Het rekenblad maakte hier een datum of tijd van.")
        raise BadValue(reason, _("Maak de cel op als tekst en typ opnieuw wat er moet staan."))
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:  # noqa: PLR2004 exact in a float
        return str(int(cell))
    return str(cell).replace("\r\n", "\n").replace("\r", "\n").strip(_BLANKS)


def _key(column: Column, cell: Any) -> str:
    text = _text(column, cell)
    if column.noun in _LOOSE_KEYS:
        return text
    if not _KEY.fullmatch(text):
        reason = _("In een sleutel staan alleen letters, cijfers, - en _.")
        raise BadValue(reason, _("Kies een sleutel zonder spaties."))
    return text


# Keys that are more than one word of letters, digits, - and _.
_LOOSE_KEYS = frozenset({"elements", "processes", "organisations", "norms"})


def _yes(column: Column, cell: Any) -> bool:
    if isinstance(cell, bool):
        return cell
    text = _said(cell)
    if text in YES or text in NO:
        return text in YES
    raise BadValue(_("Dit is geen ja of nee."), _("Vul ja of nee in."))


def _said(cell: Any) -> str:
    return (str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)).strip(_BLANKS).casefold()


def _choice(column: Column, cell: Any) -> str:
    text = _said(cell)
    for code, words in column.choices.items():
        if text in (code.casefold(), *(word.casefold() for word in words)):
            return code
    listed = ", ".join(column.word(code, spoken_now()) for code in column.choices)
    raise BadValue(_("Dit woord staat niet in de keuzelijst."), _("Kies uit: %(words)s.") % {"words": listed})


def _whole(column: Column, cell: Any) -> int:
    number = _amount_of(cell)
    if number != number.to_integral_value():
        raise BadValue(_("Dit is geen heel getal."), _("Vul een getal zonder komma in."))
    if not 0 <= number <= column.most:
        reason = _("Dit getal past niet: het moet tussen 0 en %(most)s liggen.")
        raise BadValue(reason % {"most": column.most}, _("Verbeter het getal."))
    return int(number)


def _amount(column: Column, cell: Any) -> Decimal:
    exact = _amount_of(cell)
    if exact.adjusted() + 1 + column.places > column.digits:  # before rounding, which a longer number would not survive
        raise BadValue(_("Dit getal is te groot."), _("Verbeter het getal."))
    number = exact.quantize(Decimal(1).scaleb(-column.places)) if column.places else exact
    if column.places and number != exact:
        reason = _("Dit getal heeft meer dan %(n)s cijfers achter de komma.")
        raise BadValue(reason % {"n": column.places}, _("Rond het getal zelf af."))
    return number


def _amount_of(cell: Any) -> Decimal:
    """A number as a spreadsheet holds it, or written the Dutch way: 1.234,50."""
    wrong = BadValue(_("Dit is geen getal."), _("Vul een getal in, zoals 1250 of 1.250,50."))
    if isinstance(cell, bool | date | time) or cell != cell:  # noqa: PLR0124 what is no number differs from itself
        raise wrong
    if isinstance(cell, Decimal):
        return cell
    if isinstance(cell, int | float):
        cell = repr(cell)
        try:
            return Decimal(cell).quantize(Decimal("1.0000000000")).normalize() + 0
        except InvalidOperation:
            raise wrong from None
    text = str(cell).strip(_BLANKS).removeprefix("€").strip(_BLANKS).replace(" ", "").replace("\u00a0", "")
    if "," in text:
        text = text.replace(".", "").replace(",", ".", 1)
    elif _THOUSANDS.fullmatch(text):
        text = text.replace(".", "")
    if not _NUMBER.fullmatch(text) or len(text) > 40:  # noqa: PLR2004 far more than any amount
        raise wrong
    return Decimal(text)


def _day(column: Column, cell: Any) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = str(cell).strip(_BLANKS)
    for shape in _DAYS if isinstance(cell, str) else ():
        try:
            return datetime.strptime(text, shape).date()
        except ValueError:
            continue
    raise BadValue(_("Dit is geen datum."), _("Vul een datum in als dag-maand-jaar, zoals 31-07-2027."))


def _ref(column: Column, cell: Any) -> str:
    return _plain(cell)


def _refs(column: Column, cell: Any) -> tuple[str, ...]:
    parts = (part.strip(_BLANKS) for part in _BETWEEN.split(_plain(cell)))
    return tuple(dict.fromkeys(part for part in parts if part))


def _letters(column: Column, cell: Any) -> tuple[str, ...]:
    found = {sign for sign in _plain(cell).upper() if sign.isalnum()}
    if found - set(LETTERS):
        raise BadValue(_("Hier staat een andere letter dan R, A, C of I."), _("Gebruik alleen R, A, C en I."))
    return tuple(letter for letter in LETTERS if letter in found)


def _json(column: Column, cell: Any) -> Any:
    try:
        return json.loads(str(cell))
    except ValueError:
        raise BadValue(_("Dit is geen leesbare inhoud (JSON)."), _("Haal het opnieuw uit Schakel.")) from None


def _email(column: Column, cell: Any) -> str:
    text = _text(column, cell).casefold()
    name, at, domain = text.rpartition("@")
    if not (name and at and "." in domain) or any(sign.isspace() for sign in text):
        raise BadValue(_("Dit is geen e-mailadres."), _("Vul het werkadres in, zoals naam@school.nl."))
    return text


_READERS: dict[str, Callable[[Column, Any], Any]] = {
    "key": _key, "text": _text, "yes": _yes, "choice": _choice, "whole": _whole, "amount": _amount, "day": _day,
    "ref": _ref, "refs": _refs, "letters": _letters, "json": _json, "email": _email,
}  # fmt: skip
