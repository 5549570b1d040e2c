"""Which snapshots keep their tables: the newest few, and the last one of each month for a year.

What is pruned keeps its manifest and its indicator values: last year's figure is still shown and explained. A snapshot
of which the values do not lie beside it keeps its tables, for then they are the only place that has them.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from schakel.access.changes import change
from schakel.access.people import Person
from schakel.lib import clock
from schakel.process import snapshots
from schakel.process.snapshots import Snapshot

NEWEST = 10  # whoever is reading holds one of these, and a publication that went wrong can be looked at
MONTHS = 12


def prune(actor: Person | None, data: Path) -> list[str]:
    """Prune what need not be kept whole, after a line that says so; the ids of what was pruned. For the schedule."""
    going = superfluous(snapshots.history(data), clock.today())
    if not going:
        return []
    ids = [snapshot.id for snapshot in going]
    with change(actor, "snapshot.publish", pruned=ids):
        pass
    return snapshots.prune(data, NEWEST, only=frozenset(ids))


def superfluous(history: Sequence[Snapshot], today: date) -> list[Snapshot]:
    """Of all snapshots, newest first, those that still have tables and need not."""
    monthly = _last_of_each_month(history, today)
    return [s for s in history[NEWEST:] if s.available and s.values.exists() and s.id not in monthly]


def _last_of_each_month(history: Sequence[Snapshot], today: date) -> set[str]:
    """The newest snapshot of each of the last twelve months that has its tables; this month is one of them."""
    first = today.year * 12 + today.month - MONTHS
    kept: dict[int, str] = {}
    for snapshot in history:
        day = date.fromisoformat(snapshot.manifest["day"])
        month = day.year * 12 + day.month
        if month > first and snapshot.available:
            kept.setdefault(month, snapshot.id)
    return set(kept.values())
