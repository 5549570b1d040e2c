"""What a publication leaves in the register: the organisations of its roster, and one line that says it was made.

Pointing at a snapshot and writing in the register cannot happen in one step. So the line is written last, and whoever
finds a current snapshot without its line finishes the work.
"""

from schakel.access import audit
from schakel.access.changes import change
from schakel.access.people import Person
from schakel.operations import organisations
from schakel.process.snapshots import Snapshot

_MADE = "snapshot.publish"


def account(actor: Person | None, snapshot: Snapshot | None, *, anew: bool = False) -> None:
    """Write in the register what belongs to this snapshot; once, however often it is asked.

    `anew`: figures of earlier periods were let go, because the actor asked so.
    """
    if snapshot is None or audit.history("snapshot", snapshot.id).filter(action=_MADE).exists():
        return
    organisations.derive(actor, snapshot)
    facts = {"snapshot": snapshot.id, "input": snapshot.manifest["input"]} | ({"anew": True} if anew else {})
    with change(actor, _MADE, **facts) as log:
        log.kind, log.key = "snapshot", snapshot.id
