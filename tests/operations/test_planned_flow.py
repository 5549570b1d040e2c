"""A file in the inbox waits for the moment of its schedule, unless somebody asks for it."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from schakel.access.register import put
from schakel.chain.systems import System
from schakel.collect import runs, schedules
from schakel.collect.runs import Run
from schakel.collect.sources import Source
from schakel.lib import clock
from schakel.operations import flow
from schakel.operations.progress import Teller
from schakel.operations.readings import Reading

pytestmark = pytest.mark.django_db

SIX = datetime(2026, 11, 26, 6, 0, tzinfo=clock.AMSTERDAM)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def source(people: dict, settings: Any, tmp_path: Path) -> Source:
    """A source with a file that cannot be opened, read each school day at six."""
    settings.DATA = tmp_path
    (tmp_path / "work").mkdir()
    system, _ = put(people["ict_manager"], "system.write", System, "las", name="LAS")
    fields = {"name": "LAS", "system": system, "layout": "oneroster", "pattern": "las_*.zip"}
    made = put(people["ict_manager"], "source.write", Source, "las", **fields)[0]
    (flow.inbox() / "las_1.zip").write_bytes(b"PK\x03\x04 this is no zip")
    with clock.held_at(SIX - 7 * DAY):
        return schedules.plan(people["ict_manager"], made, "0 6 * * 1-5", not_in_holidays=True, region="midden")


def looked(of: Source, moment: datetime) -> Run | None:
    """What a round at this moment makes of the source."""
    with clock.held_at(moment):
        reading = Reading(None, flow.data_folder(), {}, Teller(flow.data_folder() / "work"))
        return next(flow._read(reading, of, lambda _name: None), None)


def test_it_is_read_at_its_moment_and_once(source: Source) -> None:
    first = looked(source, SIX)
    assert first is not None
    assert (first.state, first.planned_for, first.attempt) == ("failed", SIX, 1)
    assert looked(source, SIX + HOUR) is None
    assert source.runs.count() == 1


def test_a_new_file_waits_for_the_next_moment(source: Source) -> None:
    looked(source, SIX)
    (flow.inbox() / "las_2.zip").write_bytes(b"PK\x03\x04 nor is this")
    assert looked(source, SIX + 23 * HOUR) is None
    second = looked(source, SIX + DAY)
    assert second is not None
    assert (second.file_name, second.planned_for) == ("las_2.zip", SIX + DAY)


def test_a_file_that_comes_late_is_read_when_it_comes(source: Source) -> None:
    path = flow.inbox() / "las_1.zip"
    content = path.read_bytes()
    path.unlink()
    assert looked(source, SIX) is None
    path.write_bytes(content)
    late = looked(source, SIX + HOUR)
    assert late is not None
    assert late.planned_for == SIX


def test_in_a_holiday_it_lies_there(source: Source) -> None:
    looked(source, datetime(2026, 12, 18, 6, 0, tzinfo=clock.AMSTERDAM))
    (flow.inbox() / "las_2.zip").write_bytes(b"PK\x03\x04 nor is this")
    for day in range(1, 17):
        assert looked(source, datetime(2026, 12, 18, 12, 0, tzinfo=clock.AMSTERDAM) + day * DAY) is None
    assert looked(source, datetime(2027, 1, 4, 6, 0, tzinfo=clock.AMSTERDAM)) is not None


def test_who_asks_does_not_wait(source: Source, people: dict) -> None:
    looked(source, SIX)
    with clock.held_at(SIX + HOUR):
        (asked,) = runs.ask(people["ict_manager"], [source])
    done = looked(source, SIX + HOUR)
    assert done is not None
    assert (done.pk, done.planned_for) == (asked.pk, None)


def test_the_worker_knows_what_comes_first(source: Source) -> None:
    with clock.held_at(SIX + HOUR):
        assert flow.soonest() == 23 * 3600
    with clock.held_at(SIX):
        assert flow.soonest() == 24 * 3600
    put(_manager(), "source.write", Source, "las", active=False)
    with clock.held_at(SIX):
        assert flow.soonest() is None


def _manager() -> Any:
    from schakel.access.people import Person

    return Person.objects.get(email__startswith="daan")
