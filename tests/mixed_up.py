"""A board on which two pupils are written with a zero too many in the file of advice; looked at by several tests."""

from dataclasses import dataclass

import pytest

from schakel.access.people import Person
from schakel.collect.sources import Source
from schakel.engine import duck
from schakel.operations import flow, who_is_who
from schakel.process import snapshots
from tests.operations.conftest import own

__all__ = ["own"]


@dataclass(frozen=True)
class Mixed:
    """A board whose file of advice writes two pupils with a zero too many: one of the own school, one of another."""

    people: dict[str, Person]
    own: tuple[str, str]
    other: tuple[str, str]

    @property
    def admin(self) -> Person:
        return self.people["school_admin"]

    def publish(self) -> list[tuple[str, ...]]:
        """The advice in the next publication."""
        flow.publish(self.people["ict_manager"])
        return advice()


def advice() -> list[tuple[str, ...]]:
    snapshot = snapshots.current(flow.data_folder())
    assert snapshot is not None
    with duck.reader(snapshot.model) as con:
        return con.execute("SELECT * FROM school_advice ORDER BY ALL").fetchall()


def numbers() -> dict[str, str]:
    """The pupils that have advice now: their number by their key."""
    landed = {each.layout: each for each in flow.standing_landings()}
    users, given = (landed[layout].folder / name for layout, name in (
        ("oneroster", "users.parquet"), ("adviezen", "school_advice.parquet")))  # fmt: skip
    sql = (
        "SELECT u.sourcedId, u.identifier FROM read_parquet(?) AS u SEMI JOIN read_parquet(?) AS a "
        "ON a.pupil_number = u.identifier ORDER BY 1"
    )
    with duck.worker() as con:
        return dict(con.execute(sql, [str(users), str(given)]).fetchall())


@pytest.fixture
def mixed(own) -> Mixed:
    source = Source.objects.get(key="adviezen")
    path = flow.newest_file(source)
    mine, known = who_is_who.own_people(own.people["school_admin"], "pupil"), numbers()
    here = next(item for item in known.items() if item[0] in mine)
    there = next(item for item in known.items() if item[0] not in mine)
    text = path.read_bytes().decode("cp1252")
    for _key, number in (here, there):
        text = text.replace(f"{number};", f"0{number};")
    path.write_bytes(text.encode("cp1252"))
    flow.collect(own.people["ict_manager"], path)
    return Mixed(own.people, (f"0{here[1]}", here[0]), (f"0{there[1]}", there[0]))
