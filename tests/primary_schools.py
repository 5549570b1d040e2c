"""A board with two primary schools that deliver EDEXML, alone or beside a OneRoster roster, and a file of advice."""

from dataclasses import dataclass

import pytest

from schakel.access.people import Person
from schakel.access.register import add_person, assign, put
from schakel.access.roles import Role
from schakel.collect.sources import Source
from schakel.engine import duck
from schakel.lib import clock
from schakel.operations import flow
from schakel.process import snapshots
from tests.connectors.edexml_files import GOOD
from tests.operations.conftest import own

__all__ = ["own"]
HERE, THERE = "99ZZ00", "98YY00"  # both have a pupil 00001; 00002 is here, 00003 there
TEXTS = {HERE: GOOD, THERE: GOOD.replace("99ZZ", "98YY").replace("00002", "00003")}
ADVICE = "Leerlingnummer;Schooljaar;Voorlopig advies"
ABSENCE = "Leerlingnummer;Vestiging;Datum;Lesuur;Soort"


@dataclass(frozen=True)
class Primary:
    """A board with two schools on EDEXML, and who has the administration of each."""

    people: dict[str, Person]
    here: Person
    there: Person

    def deliver(self, key: str, *lines: str) -> None:
        """A new file of a source."""
        path = flow.inbox() / f"{key}_20261127.csv"
        path.write_bytes("\r\n".join([*lines, ""]).encode("cp1252"))
        run, landed = flow.collect(self.people["ict_manager"], path)
        assert landed, run.error

    def publish(self, table: str = "school_advice") -> list[str]:
        """Whose rows the next publication has."""
        flow.publish(self.people["ict_manager"])
        snapshot = snapshots.current(flow.data_folder())
        assert snapshot is not None
        with duck.reader(snapshot.model) as con:
            return [row[0] for row in con.execute(f"SELECT pupil_id FROM {table} ORDER BY ALL").fetchall()]


@pytest.fixture
def both(own):
    """Two schools on EDEXML beside the roster of the demo board."""
    ict, role = own.people["ict_manager"], Role.objects.get(key="school_admin")
    system = Source.objects.get(key="oneroster").system
    manager, admins = own.people["information_manager"], {}
    for site, text in TEXTS.items():
        given = {"name": site, "system": system, "layout": "edexml", "pattern": f"edex-{site}_*", "repairs_role": role}
        source, _ = put(ict, "source.write", Source, f"edex-{site.lower()}", **given)
        path = flow.inbox() / f"edex-{site}_20261126.xml"
        path.write_text(text, encoding="utf-8")
        run, landed = flow.collect(ict, path, source)
        assert landed, run.error
        admins[site] = add_person(manager, f"{site.lower()}@school.example", site)
        assign(manager, admins[site], role, clock.today(), organisation_key=site[:4])
    return Primary(own.people, admins[HERE], admins[THERE])


@pytest.fixture
def primary(both):
    """Two schools on EDEXML and nothing else, with a file of advice."""
    for key in ("oneroster", "rooster", "vakanties", "meldingen", "personeel", "financien"):
        put(both.people["ict_manager"], "source.write", Source, key, active=False)
    both.deliver("adviezen", ADVICE, *(f"{number};2026-2027;havo" for number in ("00001", "2", "00003", "7")))
    both.publish()
    return both
