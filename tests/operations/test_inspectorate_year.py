"""The yearly file of the Inspectorate, from the inbox to the school leader: what similar schools reach."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from schakel.access.people import Person
from schakel.access.register import put
from schakel.chain.systems import System
from schakel.collect.sources import Source
from schakel.lib import clock
from schakel.operations import flow
from tests.connectors.inspectorate_files import NAME, School, nationwide
from tests.desk import key_in, register_of_this_module
from tests.operations.test_yearly_figures import MAY, approve, founded, read_by, rows, told

pytestmark = pytest.mark.django_db

THIS_YEAR = NAME.replace("2223_2324_2425", "2425_2526_2627")
KIEM: School = ("98AB|C1", "28,4", "28 - 29", "49,6", "88,1", "43,0", "20")
ALIKE: list[School] = [(f"01A{x}|C1", "28,5", "28 - 29", "49,5", "95", "61", "20") for x in "ABCD"]


def published(ict: Person, system: System) -> None:
    """As downloaded: without the school De Vlonder, which the Inspectorate does not name."""
    nationwide(flow.inbox(), [KIEM, *ALIKE], THIS_YEAR)
    put(ict, "source.write", Source, "inspectie", name="Inspectie", system=system,
        layout="inspectie_referentieniveaus", pattern="*referentieniveaus_per_school*")  # fmt: skip


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[dict[str, Any]]:
    """The board with its need for reference levels approved; made once for the tests of this module."""
    from django.test import override_settings

    data: Path = key_in(tmp_path_factory.mktemp("inspectorate"))
    with register_of_this_module(django_db_blocker), override_settings(DATA=data), clock.held_at(MAY):
        with django_db_blocker.unblock():
            people = founded(published)
            approve(people, "reference_levels")
            flow.run_all(people["ict_manager"])
        yield {"data": data, "people": people}


def test_the_leader_sees_what_similar_schools_reach_and_what_is_published(made: dict[str, Any]) -> None:
    got = read_by(made, "school_leader", "reference_levels")
    latest = [row for row in told(got, "school_year", "indicator", "share", "signal_value", "similar", "published")
              if row[0] == "2026-2027"]  # fmt: skip
    assert sorted(latest) == [
        ("2026-2027", "I_1F", 0.875, None, 0.9362, 0.881),
        ("2026-2027", "I_1S2F", 0.4286, 0.496, 0.574, 0.43),
    ]


def test_what_the_file_does_not_tell_of_a_school_is_unknown(made: dict[str, Any]) -> None:
    got = read_by(made, "neighbour", "reference_levels")
    latest = [
        row[1:] for row in told(got, "school_year", "signal_value", "similar", "published") if row[0] == "2026-2027"
    ]
    assert latest == [(None, None, None)] * 2


def test_a_school_is_held_against_the_signal_value_of_the_year_in_the_name(made: dict[str, Any]) -> None:
    figures = "SELECT site_id, norm_state FROM indicator_value WHERE indicator_key = 'I_1S2F' AND period = '2026-2027'"
    assert rows(made, f"{figures} ORDER BY ALL") == [("s1", "below"), ("s2", "no_norm")]
