"""What a publication leaves in the register: the organisations of its roster, and one line that says it was made.

Pointing at a snapshot and writing in the register cannot happen in one step. So the line is written last, and whoever
finds a current snapshot without its line finishes the work.
"""

from typing import Any

from schakel.access import audit
from schakel.access.changes import change
from schakel.access.people import Person
from schakel.operations import organisations
from schakel.process.snapshots import Snapshot

_MADE = "snapshot.publish"


def account(actor: Person | None, snapshot: Snapshot | None) -> None:
    """Write in the register what belongs to this snapshot, and whether it let figures go; once, however often asked."""
    if snapshot is None or audit.history("snapshot", snapshot.id).filter(action=_MADE).exists():
        return
    organisations.derive(actor, snapshot)
    facts: dict[str, Any] = {"snapshot": snapshot.id, "input": snapshot.manifest["input"]}
    if snapshot.manifest.get("anew"):
        facts["anew"] = True
    with change(actor, _MADE, **facts) as log:
        log.kind, log.key = "snapshot", snapshot.id
