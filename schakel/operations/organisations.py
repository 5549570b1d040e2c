"""The board and its schools in the register, derived from the roster (law 12: derived before typed)."""

from schakel.access.people import Person
from schakel.access.register import put
from schakel.chain.organisations import Organisation
from schakel.distribute.query import opened
from schakel.process.snapshots import Snapshot

_COLUMNS = ("organisation_id", "parent_id", "kind", "name", "board_number", "brin", "sector")


def derive(actor: Person | None, snapshot: Snapshot) -> None:
    """Add the organisations that the roster names, and change what differs. Without a roster nothing is derived."""
    if "organisation" not in snapshot.manifest["tables"]:
        return
    query = f"SELECT {', '.join(_COLUMNS)} FROM organisation ORDER BY kind, name"  # boards come before schools
    found = opened(snapshot.model).cursor.execute(query).fetchall()
    rows = [dict(zip(_COLUMNS, row, strict=True)) for row in found]
    for row in rows:
        parent = Organisation.objects.filter(key=row["parent_id"]).first() if row["parent_id"] else None
        fields = {name: row[name] or "" for name in ("name", "board_number", "brin", "sector")}
        put(actor, "snapshot.publish", Organisation, row["organisation_id"], level=row["kind"], parent=parent, **fields)
