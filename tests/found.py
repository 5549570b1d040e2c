"""Deliveries of a small roster with faults in it, read the way the flow reads them, on the small board of desk.py."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import pytest_django
from django.test import override_settings

from schakel.access.people import Person
from schakel.access.register import add_person, put
from schakel.access.roles import Role
from schakel.chain.systems import System
from schakel.collect.cases import Case
from schakel.collect.runs import Run
from schakel.collect.sources import Source
from schakel.lib import clock
from schakel.operations.progress import Teller
from schakel.operations.readings import Reading
from tests.collect.small_roster import Rows, package, roster
from tests.desk import Desk
from tests.distribute import school
from tests.distribute.school import START

NEEDED = {
    "orgs": frozenset({"sourcedId", "type", "name"}),
    "users": frozenset({"sourcedId", "givenName"}),
    "enrollments": frozenset({"sourcedId", "classSourcedId", "schoolSourcedId", "userSourcedId", "beginDate", "role"}),
}
LEFT_OUT = ("results", "lineItems", "categories", "demographics")  # nothing refers to them
SECRET = "Noor"  # the first name of everyone in the roster: it may stand on no page about findings


class Supply:
    """A source of the small board, what it delivers, and who repairs it at which school."""

    def __init__(self, room: Desk) -> None:
        self.room, self.people, self.hours = room, room.people, 100
        ict = self.people["ict_manager"]
        put(room.manager, "role.write", Role, "functional_admin", nl="beheerder", en="administrator", side="supply")
        system, _ = put(ict, "system.write", System, "las", name="LAS")
        roles = {"repairs_role": self.role("school_admin"), "owner_role": self.role("ict_manager")}
        given = {"name": "Leerlingen", "system": system, "layout": "oneroster", "pattern": "roster*.zip", **roles}
        self.source: Source = put(ict, "source.write", Source, "las", **given)[0]
        for name, place in (("admin-A", "school-A"), ("admin-B", "school-B")):
            self.people[name] = self.person(name)
            self.room.assign(name, "school_admin", START, organisation_key=place)
        self.people["keeper"] = self.person("keeper")
        self.room.assign("keeper", "functional_admin", START)

    def role(self, key: str) -> Role:
        found: Role = Role.objects.get(key=key)
        return found

    def person(self, name: str) -> Person:
        return add_person(self.room.manager, f"{name}@oever.example", name)

    def rows(self) -> dict[str, Rows]:
        """The good roster with the schools of the small board: the first pupils at A, the last at B."""
        files = {name: rows for name, rows in roster().items() if name not in LEFT_OUT}
        names = {"s1": "A", "s2": "B"}
        for rows in files.values():
            for row in rows:
                row |= {key: names[value] for key, value in row.items() if value in names}
        for row in files["enrollments"][3:5]:
            row |= {"schoolSourcedId": "B", "classSourcedId": "k2", "endDate": "2027-02-01"}
        return files

    def read(self, files: dict[str, Rows] | None = None, mode: str = "bulk") -> Run:
        """Read a delivery, two hours after the one before."""
        self.hours -= 2
        inbox = self.room.data / "inbox"
        inbox.mkdir(exist_ok=True)
        path = package(inbox, files or self.rows(), mode=mode)
        with clock.held_at(clock.now() - timedelta(hours=self.hours)):
            reading = Reading(None, self.room.data, {"oneroster": NEEDED}, Teller(self.room.data / "work"))
            return reading.read(self.source, path)[0]

    def faulty(self, *numbers: int, date: str = "32-13") -> dict[str, Rows]:
        """The roster with a date that cannot be in these enrolments (0 to 2 are at A, 3 and 4 at B)."""
        files = self.rows()
        for number in numbers or (0, 1, 3):
            files["enrollments"][number]["beginDate"] = date
        return files

    def case(self, rule: str = "date") -> Case:
        """The finding of a rule as it stands now."""
        found: Case = Case.objects.whole().get(rule=rule)
        return found


FOLDERS = ("inbox", "landing", "quarantine")


@pytest.fixture(scope="module")
def delivered(small: Desk, django_db_blocker: pytest_django.DjangoDbBlocker) -> Iterator[Supply]:
    """A source with its people, of which two wrong dates of school A and one of school B were read; once a module."""
    with django_db_blocker.unblock(), override_settings(DATA=small.data), clock.held_at(school.DAY):
        (small.data / "work").mkdir(exist_ok=True)
        made = Supply(small)
        assert made.read(made.faulty()).state == "repaired"
    for name in FOLDERS:
        shutil.copytree(small.data / name, small.data / "before" / name)
    yield made
    for name in (*FOLDERS, "before"):
        shutil.rmtree(small.data / name, ignore_errors=True)


@pytest.fixture
def faulty(delivered: Supply, room: Desk) -> Iterator[Supply]:
    """The same for one test; what it reads and writes is gone afterwards."""
    hours, people = delivered.hours, dict(delivered.people)
    yield delivered
    delivered.hours = hours
    delivered.people.clear()
    delivered.people.update(people)
    for name in FOLDERS:
        shutil.rmtree(room.data / name)
        shutil.copytree(room.data / "before" / name, room.data / name)


def shown(rows: Any) -> list[tuple[int, str]]:
    """Line and key of rows, as they were given."""
    return [(row.line, row.key) for row in rows]
