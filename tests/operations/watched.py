"""A board with one source that is read on school days, and whatever was read of it, for tests of what is promised."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from schakel.access.changes import change
from schakel.access.register import put
from schakel.chain.elements import SourceOfRecord
from schakel.chain.systems import System
from schakel.collect import schedules
from schakel.collect.runs import Run
from schakel.collect.sources import Source
from schakel.kits.stock import bring_in
from schakel.lib import clock
from schakel.operations import promises
from schakel.operations.promises import Promise
from tests.desk import Desk, register_of_this_module

MONDAY = datetime(2026, 11, 23, 6, 0, tzinfo=clock.AMSTERDAM)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(scope="module")
def founded_desk(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Desk]:
    """A board with one source, read each school day at six, where absence comes from; and no needs."""
    with register_of_this_module(django_db_blocker):
        with django_db_blocker.unblock(), clock.held_at(MONDAY - 7 * DAY):
            made = Desk(bring_in()).at(tmp_path_factory.mktemp("watched"))
            system, _ = put(made.manager, "system.write", System, "las", name="LAS")
            element = made.element("absence.kind")
            put(made.manager, "element.write", SourceOfRecord, "absence.kind@las", element=element, system=system)
            fields = {"name": "Verzuim", "name_en": "Absence", "system": system, "layout": "verzuim", "pattern": "x*"}
            source = put(made.manager, "source.write", Source, "verzuim", **fields)[0]
            schedules.plan(made.manager, source, "0 6 * * 1-5", not_in_holidays=True, region="midden")
        yield made


@pytest.fixture
def desk(founded_desk, db, settings) -> Iterator[Desk]:
    """That board; what a test changes in its register is gone after it."""
    settings.DATA = founded_desk.data
    with clock.held_at(MONDAY):
        yield founded_desk


@pytest.fixture
def source(desk: Desk) -> Source:
    found: Source = Source.objects.get(key="verzuim")
    return found


def need(desk: Desk, key: str, freshness: str) -> Any:
    return desk.approve(desk.need(key, ["absence.kind"], [("mentor", "own_pupils")], freshness=freshness))


def run(of: Source, moment: datetime, state: str = "good", **fields: Any) -> Run:
    with change(None, "source.collect", of):
        made = Run(source=of, state=state, started_at=moment, finished_at=moment, file_name=f"{moment}", **fields)
        made.save()
    return made


def promise(of: Source, moment: datetime) -> Promise | None:
    with clock.held_at(moment):
        return promises.promise_of(of)


def causes(of: Source, moment: datetime) -> list[str]:
    found = promise(of, moment)
    return [risk.cause for risk in found.risks] if found else []
