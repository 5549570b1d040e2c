"""Data that did not come in in time, in words: of which sources, and since when."""

from collections.abc import Sequence

from schakel.lib.text import gettext as _
from schakel.lib.text import worded
from schakel.operations.promises import Late
from schakel.portal import figures
from schakel.portal.parts import Note


def words(late: Sequence[Late]) -> str:
    """Of which sources the data is older than a need asks, and since when; those of the same moment together."""
    names: dict[str, list[str]] = {}
    for each in late:
        names.setdefault(figures.moment(each.since) if each.since else "", []).append(worded(each.source, "name"))
    parts = [
        _("%(name)s (voor het laatst %(moment)s)") % {"name": ", ".join(found), "moment": moment}
        if moment
        else _("%(name)s (nog nooit)") % {"name": ", ".join(found)}
        for moment, found in names.items()
    ]
    return "; ".join(parts)


def notes(late: Sequence[Late]) -> list[Note]:
    """What to know before one reads anything from rows or figures of which data is missing."""
    if not late:
        return []
    text = _("%(sources)s. Wat daarna gebeurde staat hier niet in: een nul of een lege lijst zegt nu niets.")
    return [Note(text % {"sources": words(late)}, "warn", _("Er zijn gegevens niet op tijd binnengekomen."))]
