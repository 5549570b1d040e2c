"""Rows with a finding in a table: alike on the page of a finding, on the repair list and in its spreadsheet."""

from collections.abc import Mapping

from schakel.lib.text import gettext as _
from schakel.operations.found import Found
from schakel.portal import figures, tables
from schakel.portal.pages.source import answer
from schakel.portal.tables import Cell, Column


def row_columns() -> list[Column]:
    """The columns of a row: where it is, how it is found again, whose it is, what stood there, what was done."""
    return [
        Column("line", _("Regel"), number=True),
        Column("key", _("Sleutel in de bron")),
        Column("school", _("School")),
        Column("value", _("Waarde"), sorts=False),
        Column("done", _("Wat deed Schakel")),
    ]


def row_cells(row: Found, names: Mapping[str, str]) -> dict[str, Cell]:
    """One row as cells; the value is masked already, the key where it may not be seen."""
    school = ", ".join(sorted(names.get(site, site) for site in row.sites))
    state = answer(row.action)
    return {
        "line": Cell(figures.figure(row.line), order=row.line, note=row.package),
        "key": tables.words(row.key) if row.key else Cell(figures.unknown()),
        "school": tables.words(school) if school else Cell(figures.unknown()),
        "value": tables.words(row.value) if row.value else Cell(figures.Figure(_("leeg"), "none")),
        "done": Cell(state=state, order=state.word),
    }
