"""One value for every row of a file: written by a person on the screen, kept as a value of its type is kept."""

import re

from schakel.collect.number_forms import HOURS, is_in_unit
from schakel.connectors.proposals import kept_value
from schakel.connectors.targets import TargetField
from schakel.connectors.written_values import ISO, day
from schakel.lib.text import gettext as _

_DATES = f"%d-%m-%Y|{ISO}"
_SHAPES = {
    "decimal": re.compile(r"-?[0-9]{1,12}([.,][0-9]{1,4})?"),
    "integer": re.compile(r"-?[0-9]{1,9}"),
    "time": re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]"),
}


def fixed_value(field: TargetField, text: str) -> str:
    """The value as it is kept, dates as ISO and decimals behind a point; empty for what the field cannot be."""
    kind = str(field.told["type"])
    if field.choices:
        return kept_value(field, text)
    if kind == "date":
        found = day(text, _DATES)
        return found.isoformat() if found and _within(field, found.isoformat(), str) else ""
    if kind in _SHAPES:
        text = _in_hours(text) if field.told.get("unit") == HOURS else text
        kept = text.replace(",", ".") if _SHAPES[kind].fullmatch(text) else ""
        return kept if kind == "time" or (kept and _within(field, kept, float)) else ""
    return text if re.fullmatch(str(field.told.get("pattern", ".*")), text) else ""


def _in_hours(text: str) -> str:
    """5:30 as 5.5; any other text as it is."""
    hours, colon, minutes = text.partition(":")
    return f"{int(hours) + int(minutes) / 60:.4f}" if colon and is_in_unit(text, HOURS) and ":" not in minutes else text


def _within(field: TargetField, kept: str, as_kind: type[str] | type[float]) -> bool:
    """Whether it is not under the least and not over the most that the field can be."""
    least, most = (str(field.told.get(end, kept)) for end in ("min", "max"))
    return as_kind(least) <= as_kind(kept) <= as_kind(most)  # type: ignore[operator]


def what_fits(field: TargetField) -> str:
    """What to write instead, in a sentence."""
    if field.choices:
        return _("Kies uit de lijst.")
    least, most = field.told.get("min"), field.told.get("max")
    kind = str(field.told["type"])
    if kind in {"decimal", "integer"} and least is not None and most is not None:
        return _("Schrijf een getal van %(least)s tot en met %(most)s.") % {"least": least, "most": most}
    words = {
        "date": _("Schrijf een datum als 31-12-2026."),
        "decimal": _("Schrijf een getal, zoals 5,5."),
        "integer": _("Schrijf een heel getal."),
        "time": _("Schrijf een tijd als 08:30."),
    }
    return words.get(kind, _("Het heeft niet de vorm die daarbij hoort."))
