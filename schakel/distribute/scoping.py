"""Which rows of each table someone may see, from the keys of the school model (law 4).

The tables below are the rule: a table that stands in none of them gives nothing. Values of people travel only as
parameters; the text of a scope depends on nothing but which scopes there are and how many keys they begin with.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from schakel.distribute.standing import VALID, Standing
from schakel.engine.duck import quoted

# No people and no place in them: open to whoever has any standing.
OPEN = frozenset({"subject", "course", "school_year", "period", "holiday", "test"})

# Table -> column -> the keys that it must be one of. Several columns: all of them must hold.
_SCHOOL: dict[str, dict[str, str]] = {
    "organisation": {"organisation_id": "school_organisations"},
    "site": {"site_id": "sites"},
    "group": {"site_id": "sites"},
    "slot": {"site_id": "sites"},
    "staff_budget": {"site_id": "sites"},
    "site_year": {"site_id": "sites"},
    "inspection_value": {"site_id": "sites"},
    "exam_outcome": {"site_id": "sites"},
    "exam_mark": {"site_id": "sites"},
    "indicator_value": {"site_id": "sites"},
    "finance_year": {"organisation_id": "school_organisations"},
    "enrolment": {"site_id": "sites"},
    "absence": {"site_id": "sites"},
    "pupil": {"pupil_id": "school_pupils"},
    "absence_report": {"pupil_id": "school_pupils"},
    "result": {"pupil_id": "school_pupils"},
    "school_advice": {"pupil_id": "school_pupils"},
    "reference_level": {"pupil_id": "school_pupils"},
    "membership": {"pupil_id": "school_pupils", "group_id": "school_groups"},
    "staff_role": {"site_id": "sites"},
    "staff_contract": {"site_id": "sites"},
    "staff": {"staff_id": "school_staff"},
    "sick_leave": {"staff_id": "school_staff"},
}
_BY_PUPIL = ("pupil", "enrolment", "absence", "absence_report", "result", "school_advice", "reference_level")
_GROUPS: dict[str, dict[str, str]] = {
    **{table: {"pupil_id": "group_members"} for table in _BY_PUPIL},
    "membership": {"pupil_id": "group_members", "group_id": "groups"},
    "group": {"group_id": "groups"},
    "slot": {"group_id": "groups"},
    "site": {"site_id": "group_sites"},
    "organisation": {"organisation_id": "group_organisations"},
}
_PUPILS: dict[str, dict[str, str]] = {
    **{table: {"pupil_id": "mentor_pupils"} for table in (*_BY_PUPIL, "membership")},
    "group": {"group_id": "mentor_pupils_groups"},
    "slot": {"group_id": "mentor_pupils_groups"},
    "site": {"site_id": "mentor_sites"},
    "organisation": {"organisation_id": "mentor_organisations"},
}
_SELF: dict[str, dict[str, str]] = {
    **{table: {"staff_id": "me"} for table in ("staff", "staff_role", "staff_contract", "sick_leave", "slot")},
    "group": {"group_id": "my_groups"},
    "site": {"site_id": "my_sites"},
    "organisation": {"organisation_id": "my_organisations"},
}
PATHS: dict[str, dict[str, dict[str, str]]] = {
    "board": {table: {} for table in _SCHOOL},
    "own_school": _SCHOOL,
    "own_groups": _GROUPS,
    "own_pupils": _PUPILS,
    "self": _SELF,
}

# Sets of keys that come straight from the standings, and the scope whose standings they come from.
_GIVEN = {
    "sites": "own_school",
    "groups": "own_groups",
    "mentor_groups": "own_pupils",
    "me": "self",
    "own_self_groups": "self",
    "group_sites": "own_groups",
    "mentor_sites": "own_pupils",
    "my_sites": "self",
}
# Sets of keys that follow from the roster: the table, its key, and the set that it must lie in. Last: dated.
_DERIVED: dict[str, tuple[str, str, str, str, bool]] = {
    "school_organisations": ("site", "organisation_id", "site_id", "sites", False),
    "group_organisations": ("site", "organisation_id", "site_id", "group_sites", False),
    "mentor_organisations": ("site", "organisation_id", "site_id", "mentor_sites", False),
    "my_organisations": ("site", "organisation_id", "site_id", "my_sites", False),
    "school_groups": ("group", "group_id", "site_id", "sites", False),
    "school_pupils": ("enrolment", "pupil_id", "site_id", "sites", True),
    "school_staff": ("staff_role", "staff_id", "site_id", "sites", True),
    "group_members": ("membership", "pupil_id", "group_id", "groups", True),
    "mentor_pupils": ("membership", "pupil_id", "group_id", "mentor_groups", True),
    "pupils_groups": ("membership", "group_id", "pupil_id", "mentor_pupils", True),
    "slot_groups": ("slot", "group_id", "staff_id", "me", False),
}
# Sets of keys that are two others together.
_TOGETHER = {
    "mentor_pupils_groups": ("mentor_groups", "pupils_groups"),
    "my_groups": ("own_self_groups", "slot_groups"),
}


@dataclass(frozen=True)
class Shape:
    """What the text of a scope depends on: which scopes, with how many given keys each. Never the keys themselves."""

    scopes: tuple[str, ...]
    counts: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Scoping:
    """The rows that a set of standings opens on a day."""

    shape: Shape
    values: Mapping[str, tuple[str, ...]]
    day: date

    def parameters(self, names: Iterable[str]) -> dict[str, Any]:
        """The values for the parameters that a text uses."""
        every: dict[str, Any] = {"day": self.day}
        for name, keys in self.values.items():
            every.update({f"{name}_{number}": value for number, value in enumerate(keys)})
        return {name: every[name] for name in names}


def scoping(standings: Iterable[Standing], day: date) -> Scoping:
    """The union of what these standings open. A board-wide standing makes the others superfluous."""
    standings = [s for s in standings if s.opens_anything]
    scopes = {s.scope for s in standings}
    if "board" in scopes:
        return Scoping(Shape(("board",), ()), {}, day)
    values = {name: _given(name, [s for s in standings if s.scope == scope]) for name, scope in _GIVEN.items()}
    counts = tuple((name, len(keys)) for name, keys in sorted(values.items()))
    return Scoping(Shape(tuple(sorted(scopes)), counts), values, day)


def _given(name: str, standings: list[Standing]) -> tuple[str, ...]:
    keys: set[str] = set()
    for standing in standings:
        if name == "me":
            keys |= standing.staff
        else:
            keys |= standing.sites if name.endswith("sites") else standing.groups
    return tuple(sorted(keys))


class Scoper:
    """Writes the scoped tables of one shape for one snapshot: `tables` are the columns that it has."""

    def __init__(self, shape: Shape, tables: Mapping[str, Iterable[str]]) -> None:
        self.shape = shape
        self.counts = dict(shape.counts)
        self.tables = {table: frozenset(columns) for table, columns in tables.items()}
        self.prelude: dict[str, str] = {}

    def table(self, table: str, columns: tuple[str, ...]) -> str:
        """A SELECT of these columns of the rows that the shape opens. Nothing where no path leads to the table."""
        shown = ", ".join(map(quoted, columns)) or '1 AS "row"'
        condition = self.condition(table)
        return f"SELECT {shown} FROM {quoted(table)}" + ("" if condition == "TRUE" else f" WHERE {condition}")

    def condition(self, table: str) -> str:
        """The rule for one table as a condition: TRUE for everything, FALSE for nothing."""
        if not self.shape.scopes or table not in self.tables:
            return "FALSE"
        if table in OPEN:
            return "TRUE"
        paths = [PATHS[scope][table] for scope in self.shape.scopes if table in PATHS[scope]]
        if {} in paths:
            return "TRUE"
        ways = sorted({self._path(table, path) for path in paths} - {"FALSE"})
        return " OR ".join(f"({way})" for way in ways) if ways else "FALSE"

    def _path(self, table: str, path: dict[str, str]) -> str:
        parts = [self._in(column, keys) if column in self.tables[table] else "FALSE" for column, keys in path.items()]
        return "FALSE" if "FALSE" in parts else " AND ".join(parts)

    def _in(self, column: str, keys: str) -> str:
        if keys in _GIVEN:
            names = ", ".join(f"${keys}_{number}" for number in range(self.counts.get(keys, 0)))
            return f"{quoted(column)} IN ({names})" if names else "FALSE"
        if keys in _TOGETHER:
            either = [way for way in (self._in(column, part) for part in _TOGETHER[keys]) if way != "FALSE"]
            return f"({' OR '.join(either)})" if either else "FALSE"
        return f"{quoted(column)} IN (SELECT key FROM {quoted('keys ' + keys)})" if self._needs(keys) else "FALSE"

    def _needs(self, keys: str) -> bool:
        table, wanted, column, within, dated = _DERIVED[keys]
        used = {wanted, column} | ({"start_date", "end_date"} if dated else set())
        if not used <= self.tables.get(table, frozenset()):
            return False
        condition = self._in(column, within)
        if condition == "FALSE":
            return False
        days = f" AND {VALID}" if dated else ""
        text = f"SELECT DISTINCT {quoted(wanted)} AS key FROM {quoted(table)} WHERE {condition}{days}"
        # A key that is missing belongs to nobody; without this a NULL would make IN unknown for all rows.
        self.prelude.setdefault("keys " + keys, f"{text} AND {quoted(wanted)} IS NOT NULL")
        return True
