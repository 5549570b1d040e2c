"""What the door decided about each column of a delivery, with the reason: what stayed outside is shown with pride."""

from collections.abc import Sequence

from schakel.collect.reports import ColumnDecision
from schakel.lib.text import gettext as _
from schakel.portal import tables
from schakel.portal.figures import Figure
from schakel.portal.parts import Status
from schakel.portal.tables import Cell, Column, Filter, Row, Table

_DECISIONS = ("keep", "fixed", "drop", "refuse", "missing")


def decision_word(decision: str) -> Status:
    """What the door decided about a column."""
    return {
        "keep": Status(_("Nodig"), "ok"),
        "drop": Status(_("Buiten de deur"), "unk"),
        "fixed": Status(_("Ingevuld"), "ok"),
        "refuse": Status(_("Geweigerd"), "bad"),
        "missing": Status(_("Niet geleverd"), "warn"),
    }[decision]


def _shown(text: str, decision: str) -> Cell:
    """A name; grey for what is never read."""
    return Cell(Figure(text, "none" if decision in ("drop", "refuse") else "known"), order=text.casefold())


def table(decided: Sequence[ColumnDecision]) -> Table:
    """Every column that was offered, and every one that a need misses."""
    columns = [
        Column("column", _("Kolom")),
        Column("file", _("Bestand")),
        Column("decision", _("Besluit aan de deur")),
        Column("why", _("Waarom")),
    ]
    choices = [("", _("Alle besluiten")), *((d, decision_word(d).word) for d in _DECISIONS)]
    rows = [
        Row(
            {
                "column": _shown(d.column, d.decision),
                "file": _shown(d.file, d.decision),
                "decision": Cell(state=decision_word(d.decision), order=_DECISIONS.index(d.decision)),
                "why": tables.words(_(d.reason)),  # written down in Dutch when the file was read
            },
            {"besluit": d.decision},
        )
        for d in decided
    ]
    return Table(
        _("Kolommen"),
        columns,
        rows,
        key="k",
        search=_("kolom of bestand"),
        filters=[Filter("besluit", _("Besluit"), choices)],
        empty=_("Er is nog geen kolom aangeboden."),
    )
