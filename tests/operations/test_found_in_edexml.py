"""Schools that deliver EDEXML: what is wrong in a file is for the administration of that school, and for no other."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from schakel.access.register import put
from schakel.access.roles import Role
from schakel.chain.systems import System
from schakel.collect.landing import land
from schakel.collect.sources import Source
from schakel.operations.found import found_in
from schakel.process import snapshots
from schakel.process.mappings import columns_for
from tests.connectors.edexml_files import GOOD, opened
from tests.process.conftest import EVERYTHING

pytestmark = pytest.mark.django_db
WRONG = GOOD.replace("2019-06-21", "2019-13-21")  # the date of birth of pupil 00001


@pytest.fixture
def data(tmp_path: Path, settings: Any, people: Any) -> Iterator[Path]:
    settings.DATA = tmp_path
    (tmp_path / "secret.key").touch(mode=0o600)
    yield tmp_path


def source(people: Any, key: str, layout: str) -> Source:
    ict = people["ict_manager"]
    system, _ = put(ict, "system.write", System, "las", name="LAS")
    role, _ = put(people["information_manager"], "role.write", Role, "school_admin", nl="a", en="a", side="use")
    given = {"name": key, "system": system, "layout": layout, "pattern": f"{key}_*", "repairs_role": role}
    return put(ict, "source.write", Source, key, **given)[0]


def landed(data: Path, key: str, text: str) -> Any:
    place = data / "inbox" / key
    place.mkdir(parents=True)
    return land(opened(place, text), key, columns_for(EVERYTHING)["edexml"], data)


def test_rows_of_a_file_are_of_the_school_that_it_is_about(data: Path, people: Any) -> None:
    one, other = source(people, "zz", "edexml"), source(people, "yy", "edexml")
    deliveries = [landed(data, "zz", WRONG), landed(data, "yy", WRONG.replace("99ZZ", "98YY"))]
    assert {row.sites for row in found_in(one)} == {frozenset()}  # before there is a snapshot nobody knows
    snapshots.build(data, deliveries, EVERYTHING)
    assert {(row.place.column, row.key, row.sites) for row in found_in(one)} == {
        ("geboortedatum", "00001", frozenset({"99ZZ00"}))
    }
    assert {row.sites for row in found_in(other)} == {frozenset({"98YY00"})}
