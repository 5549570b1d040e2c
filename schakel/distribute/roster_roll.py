"""The roster as a roll of people: how many hold each role where today, and never who.

Whoever also stands in the register is left out here, for the register counted them already. With more than `COMPARED`
people in the register the two are not compared, and someone who stands in both counts twice.
"""

from collections.abc import Callable, Iterable
from typing import Any

import duckdb
from django.db.models import QuerySet
from django.db.models.functions import Lower

from schakel.chain.holders import ANYWHERE, Held, Who, chosen, roll, standing
from schakel.distribute.entitlement import current_snapshot
from schakel.distribute.query import opened
from schakel.distribute.standing import VALID
from schakel.lib import clock

COMPARED = 20_000
_HELD = f"""
WITH held AS (
    SELECT r.role, coalesce(s.organisation_id, '{ANYWHERE}') AS place,
           coalesce(nullif(lower(trim(p.work_email)), ''), p.staff_id) AS who
    FROM (SELECT * FROM staff_role WHERE {VALID}) AS r
    JOIN staff AS p ON p.staff_id = r.staff_id
    LEFT JOIN "group" AS g ON g.group_id = r.group_id
    LEFT JOIN site AS s ON s.site_id = coalesce(r.site_id, g.site_id)
), known AS (
    SELECT unnest(CAST($roles AS VARCHAR[])) AS role, unnest(CAST($places AS VARCHAR[])) AS place,
           unnest(CAST($emails AS VARCHAR[])) AS who
)
"""
_FRESH = "FROM held AS h WHERE NOT EXISTS (SELECT 1 FROM known AS k WHERE k.who = h.who AND k.role = h.role"


@roll
class Roster:
    """The roles that the current snapshot gives; nothing when no approved need made that the roster was collected."""

    def held(self) -> Iterable[Held]:
        """How many people hold each role at each place today."""
        sql = f"{_HELD} SELECT h.role, h.place, count(DISTINCT h.who) {_FRESH} AND k.place = h.place) GROUP BY 1, 2"
        return [Held(*row) for row in _rows(sql, _known)]

    def totals(self) -> Iterable[tuple[str, int]]:
        """How many people hold each role today, each person once per role."""
        return _rows(f"{_HELD} SELECT h.role, count(DISTINCT h.who) {_FRESH}) GROUP BY 1", _known)

    def people(self, who: Who) -> int:
        """How many different people these are."""
        sql = f"""{_HELD} SELECT count(DISTINCT h.who) FROM held AS h
        WHERE (list_contains($wanted, h.role) OR list_contains($at, h.place))
          AND NOT EXISTS (SELECT 1 FROM known AS k WHERE k.who = h.who)"""
        found = _rows(sql, lambda: {**_pairs(chosen(who)), "wanted": sorted(who.roles), "at": sorted(who.places)})
        return int(found[0][0]) if found else 0

    def edition(self) -> str:
        """The snapshot that everyone reads now."""
        snapshot = current_snapshot()
        return snapshot.id if snapshot is not None and snapshot.available else ""


def _known() -> dict[str, list[str]]:
    """Whom the register counted already."""
    return _pairs(standing())


def _pairs(counted: QuerySet[Any]) -> dict[str, list[str]]:
    rows = counted.order_by("pk").values_list("role__key", "organisation_key", Lower("person__email"))[:COMPARED]
    columns = list(zip(*rows, strict=True)) or [(), (), ()]
    return {name: list(column) for name, column in zip(("roles", "places", "emails"), columns, strict=True)}


def _rows(sql: str, parameters: Callable[[], dict[str, Any]]) -> list[tuple[Any, ...]]:
    snapshot = current_snapshot()
    if snapshot is None or not snapshot.available:
        return []
    try:
        return opened(snapshot.model).cursor.execute(sql, {**parameters(), "day": clock.today()}).fetchall()
    except (duckdb.CatalogException, duckdb.BinderException):  # the roster was not collected (law 1)
        return []
