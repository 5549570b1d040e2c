"""What a column of a delivery must be, in words."""

import re
from collections.abc import Sequence
from datetime import date

from schakel.collect import contracts
from schakel.collect.layouts import Field
from schakel.collect.written_forms import in_words
from schakel.connectors.targets import choice_words
from schakel.lib.text import gettext as _
from schakel.portal import figures

_LONG = 60  # signs of a list of values
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER = re.compile(r"-?[0-9]{1,15}\.[0-9]{1,6}")


def demands(each: Field, key: Sequence[str] = ()) -> str:
    """What a column must be, in words."""
    if contracts.barred(each):
        return _("komt nooit binnen")
    if each.constant:
        return _("in elke rij %(value)s") % {"value": _as_read(choice_words(each.constant))}
    parts = [_("sleutel")] if each.name in key else []
    parts.append(_("verplicht") if each.required else _("mag leeg"))
    if each.vocabulary:
        values = ", ".join(value for value, _kept in each.vocabulary)
        parts.append(_("een van: %(values)s") % {"values": shortened(values)})
    elif each.ref:
        parts.append(_("verwijst naar %(file)s") % {"file": each.ref.file})
    else:
        parts.append(_type_words(each.type))
    if each.pattern:
        form = in_words(each.pattern)
        parts.append(_("in de vorm: %(form)s") % {"form": form} if form else _("in een vaste vorm"))
    if each.minimum or each.maximum:
        ends = {"least": _as_read(each.minimum) or "…", "most": _as_read(each.maximum) or "…"}
        parts.append(_("van %(least)s tot en met %(most)s") % ends)
    if each.max_length:
        parts.append(_("ten hoogste %(count)s tekens") % {"count": figures.number(each.max_length)})
    return ", ".join(parts)


def shortened(text: str) -> str:
    """The beginning of a long list."""
    return text if len(text) <= _LONG else f"{text[:_LONG]}…"


def _as_read(value: str) -> str:
    """A day or a number as it is declared, the way a reader of the page writes it."""
    if _NUMBER.fullmatch(value):
        return figures.number(float(value), decimals=len(value.partition(".")[2]))
    try:
        return figures.day(date.fromisoformat(value)) if _DAY.fullmatch(value) else value
    except ValueError:  # 2026-02-30 is a text
        return value


def _type_words(kind: str) -> str:
    return {
        "date": _("datum"),
        "datetime": _("moment"),
        "time": _("tijd"),
        "year": _("jaar"),
        "integer": _("heel getal"),
        "number": _("getal"),
        "decimal": _("getal"),
        "identifier": _("sleutel van het pakket"),
        "pairs": _("lijst van paren"),
        "list": _("lijst"),
    }.get(kind, _("tekst"))
