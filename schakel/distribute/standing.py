"""Who someone is today, according to the roster: the roles, schools and groups that open rows (law 4).

First and last day count. A role that has not begun, or that ended yesterday, is not in the answer.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal, cast

import duckdb

from schakel.lib.errors import Refused
from schakel.lib.text import gettext as _

Scope = Literal["board", "own_school", "own_groups", "own_pupils", "self"]
SCOPES: tuple[Scope, ...] = ("board", "own_school", "own_groups", "own_pupils", "self")
VALID = "start_date <= $day AND (end_date IS NULL OR end_date >= $day)"
ROSTER = frozenset({"staff.work_email", "staff_role.role"})  # the least by which somebody is known


@dataclass(frozen=True)
class Held:
    """One role that someone holds on a day: where, in which group, from when to when, and whence that is known."""

    role: str
    site_id: str | None = None
    group_id: str | None = None
    staff_id: str | None = None
    since: date | None = None
    until: date | None = None
    source: str = "roster"


@dataclass(frozen=True)
class Standing:
    """A role with the scope that a need gives it: the schools, groups and staff keys that its rows follow from."""

    role: str
    scope: Scope
    sites: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    staff: frozenset[str] = frozenset()
    since: date | None = None
    until: date | None = None
    source: str = "roster"

    @property
    def opens_anything(self) -> bool:
        """Whether there is a place, a group or a person to start from."""
        start = {"board": True, "own_school": self.sites, "own_groups": self.groups, "own_pupils": self.groups}
        return bool(start.get(self.scope, self.staff))


def roster_standings(con: duckdb.DuckDBPyConnection, email: str, day: date) -> list[Held]:
    """The roles that the person with this work address holds on a day.

    Empty when the roster does not know them, or when no approved need made that the roster was collected. Somebody who
    works at two schools may stand in the roster of each, with a key of each (EDEXML, two packages): see `_SHARED`.

    Raises Refused (code `ambiguous-roster`) when two people share the address: then nobody can be told apart.
    """
    try:
        rows = con.execute(_ROLES, {"email": email.strip().lower(), "day": day}).fetchall()
    except duckdb.CatalogException:  # no approved need for the roster: it was not collected (law 1)
        return []
    if len({row[3] for row in rows}) > 1 and con.execute(_SHARED, {"email": email.strip().lower()}).fetchone():
        text = _(
            "Twee medewerkers in het rooster hebben dit e-mailadres. Wie op twee scholen werkt, staat bij elke school "
            "één keer, met dezelfde achternaam. Laat dit herstellen bij de bron."
        )
        raise Refused(text, code="ambiguous-roster", who_can=("school_admin",))
    return [Held(*row) for row in rows if row[0] is not None]


_ROLES = f"""
SELECT r.role, coalesce(r.site_id, g.site_id), r.group_id, s.staff_id, r.start_date, r.end_date
FROM staff AS s
LEFT JOIN (SELECT * FROM staff_role WHERE {VALID}) AS r ON r.staff_id = s.staff_id
LEFT JOIN "group" AS g ON g.group_id = r.group_id
WHERE lower(trim(s.work_email)) = $email
ORDER BY ALL
"""

# The addresses of which nobody can tell whose they are: several have them, and they are not one person, who stands at
# each of their schools once under one family name, or anywhere under one first and family name (the board in the roster
# of each sector). A name that no approved need collects tells nothing.
_SHARED = """
WITH everyone AS (
    SELECT NULL::VARCHAR AS first_name, NULL::VARCHAR AS family_name WHERE false UNION ALL BY NAME SELECT * FROM staff
), named AS (
    SELECT e.staff_id AS staff_id, lower(trim(e.work_email)) AS email, nullif(lower(trim(e.family_name)), '') AS family,
           nullif(lower(trim(e.first_name)), '') AS first
    FROM everyone AS e
), places AS (
    SELECT DISTINCT r.staff_id AS staff_id, coalesce(r.site_id, g.site_id) AS site_id
    FROM staff_role AS r LEFT JOIN "group" AS g ON g.group_id = r.group_id
)
SELECT n.email AS email
FROM named AS n
LEFT JOIN places AS p ON p.staff_id = n.staff_id AND p.site_id IS NOT NULL
WHERE n.email IS NOT NULL AND ($email IS NULL OR n.email = $email)
GROUP BY n.email
HAVING count(DISTINCT n.staff_id) > 1
   AND NOT (count(n.family) = count(*) AND count(DISTINCT n.family) = 1 AND (
       count(DISTINCT p.site_id) = count(*) OR (count(n.first) = count(*) AND count(DISTINCT n.first) = 1)))
"""


def roster_holders(con: duckdb.DuckDBPyConnection, roles: Iterable[str], day: date) -> list[tuple[str, Held]]:
    """Everyone who holds one of these roles on a day, by work address; nobody where two people share it."""
    text = f"""
    SELECT lower(trim(s.work_email)), r.role, coalesce(r.site_id, g.site_id), r.group_id, s.staff_id,
           r.start_date, r.end_date
    FROM (SELECT * FROM staff_role WHERE {VALID} AND list_contains($roles, role)) AS r
    JOIN staff AS s ON s.staff_id = r.staff_id
    LEFT JOIN "group" AS g ON g.group_id = r.group_id
    WHERE s.work_email IS NOT NULL AND lower(trim(s.work_email)) NOT IN (SELECT x.email FROM ({_SHARED}) AS x)
    ORDER BY ALL
    """
    try:
        rows = con.execute(text, {"roles": sorted(roles), "day": day, "email": None}).fetchall()
    except duckdb.CatalogException:  # no approved need for the roster: it was not collected (law 1)
        return []
    return [(row[0], Held(*row[1:])) for row in rows]


def registered(
    con: duckdb.DuckDBPyConnection, role: str, organisation_key: str, since: date, until: date | None = None
) -> list[Held]:
    """A role that the register gives: for the whole board when no organisation is named, else for each of its sites."""
    if not organisation_key:
        return [Held(role, since=since, until=until, source="typed")]
    text = "SELECT site_id FROM site WHERE organisation_id = $key OR site_id = $key ORDER BY site_id"
    rows = con.execute(text, {"key": organisation_key}).fetchall()
    return [Held(role, site_id, since=since, until=until, source="typed") for (site_id,) in rows]


def standings(held: Iterable[Held], audience: Iterable[tuple[str, str]]) -> tuple[Standing, ...]:
    """What a need's audience (role, scope) gives to someone who holds these roles; empty is: nothing."""
    held = list(held)
    found = (_standing(role, cast(Scope, scope), held) for role, scope in sorted(set(audience)))
    return tuple(standing for standing in found if standing is not None and standing.opens_anything)


def _standing(role: str, scope: Scope, held: list[Held]) -> Standing | None:
    mine = [h for h in held if h.role == role]
    if not mine or scope not in SCOPES:
        return None
    ends = [h.until for h in mine]
    return Standing(
        role,
        scope,
        sites=frozenset(h.site_id for h in mine if h.site_id),
        groups=frozenset(h.group_id for h in mine if h.group_id),
        staff=frozenset(h.staff_id for h in mine if h.staff_id),
        since=min((h.since for h in mine if h.since), default=None),
        until=None if None in ends else max(end for end in ends if end),
        source=mine[0].source,
    )
