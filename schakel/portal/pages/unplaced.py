"""Rows of a source that came in and have no place: who reads a figure does not see that these are not in it."""

from collections.abc import Sequence
from pathlib import Path

from django.conf import settings

from schakel.chain.elements import object_names
from schakel.collect.sources import Source
from schakel.lib.text import gettext as _
from schakel.lib.text import ngettext
from schakel.portal import figures, tables
from schakel.portal.pages.words import element_names
from schakel.portal.tables import Cell, Column, Row, Table
from schakel.process import snapshots
from schakel.process.filling import Unplaced
from schakel.process.model import school_model

_PERSONS = ("pupil_id", "staff_id")
_SMALL = 0.01


def of_source(source: Source) -> list[Unplaced]:
    """What of a source has no place in the snapshot that is read now; most rows first."""
    now = snapshots.current(Path(settings.DATA))
    found = [each for each in now.unplaced if each.source == source.key] if now else []
    return sorted(found, key=lambda each: (-each.rows, each.table, each.column))


def count(found: Sequence[Unplaced]) -> str:
    """How many rows that are."""
    total = sum(each.rows for each in found)
    return ngettext("%(count)s rij", "%(count)s rijen", total) % {"count": figures.number(total)}


def table(found: Sequence[Unplaced]) -> Table:
    """What is missing, in which table, and of how many rows."""
    columns = [
        Column("what", _("Wat ontbreekt"), wide=True),
        Column("table", _("In")),
        Column("rows", _("Rijen"), number=True),
        Column("share", _("Van alle"), number=True),
    ]
    names = object_names()
    return Table(
        _("Rijen zonder plaats"), columns, [_row(each, names) for each in found], key="p", order="-rows", middle=True
    )


def missing(each: Unplaced, names: dict[str, str]) -> str:
    """What is missing, in words: a pupil that was not found, or a value that is empty."""
    refers = school_model()[each.table].columns[each.column].ref
    if each.reason == "not_found" and refers:
        there = refers.partition(".")[0]
        return _("%(thing)s niet gevonden") % {"thing": names.get(there, there)}
    key = f"{each.table}.{each.column}"
    return _("%(thing)s is leeg") % {"thing": element_names([key])[key]}


def _row(each: Unplaced, names: dict[str, str]) -> Row:
    person = each.reason == "not_found" and each.column in _PERSONS
    if person:
        note = _("Het nummer staat in geen andere bron, of bij meer dan één.")
    elif each.reason == "not_found":
        note = _("Waar de rij naar verwijst staat in geen bron.")
    else:
        note = _("Zonder deze waarde is de rij nergens te plaatsen.")
    part = each.rows / each.of if each.of else None
    return Row(
        {
            "what": tables.words(missing(each, names), note=note, href="/wie-is-wie" if person else ""),
            "table": tables.words(names.get(each.table, each.table)),
            "rows": Cell(figures.figure(each.rows), order=each.rows),
            "share": Cell(figures.figure(part, "%", 1 if part and part > _SMALL else 2), order=part or 0),
        }
    )
