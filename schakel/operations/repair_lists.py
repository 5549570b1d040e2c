"""Which findings, and which of their rows, are for this person today (law 4): by roles, of their schools.

Whoever repairs a source for a school sees its rows of that school, with the key by which each is found again; for the
whole board, all rows. Who keeps the sources sees all rows without their keys. A row of which no school is known is for
these last two only, and nobody sees its key. Values are masked for everyone: no need gives them to who repairs (law 2).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from schakel.access.changes import change
from schakel.access.people import Person
from schakel.access.permissions import decide
from schakel.collect.cases import Case
from schakel.collect.causes import Place
from schakel.collect.sources import Source
from schakel.distribute.addressing import standing_of
from schakel.lib.text import masked
from schakel.operations.found import Found, found_in

KEEPER = "functional_admin"  # repairs in any source that it is for


@dataclass(frozen=True)
class Reach:
    """How far someone sees the rows of a source: all of them or of some schools, and with keys or without."""

    everywhere: bool = False
    repairs_all: bool = False
    sites: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return self.everywhere or bool(self.sites)

    def sees(self, row: Found) -> bool:
        """Whether this row may be shown at all."""
        return self.everywhere or bool(row.sites & self.sites)

    def finds(self, row: Found) -> bool:
        """Whether the key of this row may be shown: only to who repairs it, and only when its school is known."""
        return bool(row.sites) and (self.repairs_all or bool(row.sites & self.sites))

    def shown(self, row: Found) -> Found:
        """The row as it may be shown."""
        return row if self.finds(row) else replace(row, key=masked(row.key))


class Reader:
    """One person today, and what of the findings is theirs to see and to do."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self._reach: dict[str, Reach] = {}
        self._rows: dict[int, dict[Place, list[Found]]] = {}

    @cached_property
    def sees_all(self) -> bool:
        """Whether every finding may be seen: of causes and counts, not of rows."""
        return decide(self.person, "source.read").allowed

    @cached_property
    def keeps(self) -> bool:
        """Whether this person keeps the sources."""
        return decide(self.person, "source.collect").allowed

    @cached_property
    def _place(self) -> "Held":
        held = standing_of(self.person).held
        return Held(
            frozenset(each.role for each in held if each.site_id is None and each.source == "typed"),
            {(each.role, each.site_id) for each in held if each.site_id},
        )

    def reach(self, source: Source) -> Reach:
        """How far this person sees the rows of a source."""
        role = source.repairs_role.key if source.repairs_role else ""
        if role not in self._reach:
            roles = {role, KEEPER} - {""}
            everything = bool(roles & self._place.board)
            sites = frozenset(site for held, site in self._place.at if held in roles)
            self._reach[role] = Reach(everything or self.keeps, everything, sites)
        return self._reach[role]

    def rows(self, case: Case, site: str = "") -> list[Found]:
        """The rows of one finding that this person may see, as they may be seen; of one school when one is named."""
        reach = self.reach(case.source)
        mine = [row for row in self._of(case) if reach.sees(row) and (not site or site in row.sites)]
        return [reach.shown(row) for row in mine]

    def schools(self, cases: Iterable[Case]) -> dict[str, int]:
        """The schools of the rows of these findings that this person may see, with how many rows; the most first."""
        seen = Counter(site for case in cases for row in self.rows(case) for site in row.sites if self._own(case, site))
        return dict(seen.most_common())

    def theirs(self, case: Case) -> bool:
        """Whether it waits on this person: handed to them, or to nobody and they repair it by a role of today."""
        if case.assignee_id is not None:
            return case.assignee_id == self.person.pk
        role = case.role
        if role is None:
            return False
        if role.key in self._place.board:
            return True
        sites = {site for held, site in self._place.at if held == role.key}
        return bool(sites) and (not case.of_rows or any(row.sites & sites for row in self._of(case)))

    def may_open(self, case: Case) -> bool:
        """Whether the page of this finding opens."""
        return self.sees_all or self.theirs(case) or bool(self.reach(case.source) and self.rows(case))

    def may_handle(self, case: Case) -> bool:
        """Whether this person says how it stands: who keeps the sources, and on whom it waits."""
        return self.keeps or self.theirs(case)

    def cases(self) -> list[Case]:
        """Every finding that opens for this person, the repaired ones too."""
        every = Case.objects.filter(source__active=True).whole()
        return [case for case in every if self.may_open(case)]

    def _own(self, case: Case, site: str) -> bool:
        reach = self.reach(case.source)
        return reach.everywhere or site in reach.sites

    def _of(self, case: Case) -> list[Found]:
        if not case.of_rows or case.state == "repaired":
            return []
        rows = self._rows.get(case.source_id)
        if rows is None:
            rows = self._rows[case.source_id] = {}
            for row in found_in(case.source):
                rows.setdefault(row.place, []).append(row)
        return rows.get(case.place, [])


@dataclass(frozen=True)
class Held:
    """Roles of today: for the whole board, and at a school (role, site)."""

    board: frozenset[str]
    at: set[tuple[str, str]]


def note_reading(person: Person, rows: int, *, school: str = "", case: Case | None = None) -> None:
    """Leave the line that this person saw so many rows; it names a finding or a school, never a row."""
    with change(person, "repair_list.read", case, rows=rows, school=school):
        pass
