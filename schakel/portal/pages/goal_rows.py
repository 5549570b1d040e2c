"""The figures of the goals as small rows: goal, figure, norm and course, or norm and schools, on one line.

Each row has a scale and a unit of its own: a share, hours and a count never stand on one axis.
"""

from collections.abc import Sequence
from dataclasses import replace

from schakel.distribute.deliveries import Delivered
from schakel.lib.text import gettext as _
from schakel.portal import tables
from schakel.portal.figures import Figure
from schakel.portal.pages import board, goals
from schakel.portal.pages.goals import GoalState
from schakel.portal.tables import Cell, Column, Row, Shown, Table

KIND = "rows"  # what the chart of a product calls it


def picture(delivered: Delivered) -> Shown | None:
    """The rows of what was delivered; None when it has no figures of indicators that the register knows."""
    states = goals.of(delivered)
    return tables.shown(table(states)) if states else None


def table(states: Sequence[GoalState]) -> Table:
    """Of one school its figure, its course and the verdict; of several the schools beside each other."""
    several = any(state.schools for state in states)
    columns = [
        Column("goal", _("Doel en indicator"), sorts=False),
        Column("value", _("Stand"), number=True, sorts=False),
        Column("norm", _("Norm"), sorts=False),
        Column("trend", _("Verloop"), sorts=False),
        Column("schools", _("Scholen naast elkaar"), sorts=False),
        Column("verdict", _("Oordeel"), sorts=False),
    ]
    left_out = {"trend", "verdict"} if several else {"schools"}
    kept = [column for column in columns if column.key not in left_out]
    return Table(_("Elk doel in zijn eigen eenheid"), kept, [_row(state) for state in states], key="d", middle=True)


def _row(state: GoalState) -> Row:
    row, instead = board.row(state), None
    if state.schools:
        instead = Figure(_("per school"), "none")
    elif state.total.hidden:
        instead = Figure(_("verborgen"), "hidden")
    return replace(row, cells={**row.cells, "value": Cell(instead, note=state.when())}) if instead else row
