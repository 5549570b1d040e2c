"""Two clicks are one request, and two workers never read the same: on SQLite and on PostgreSQL, in real processes."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.operations.nursery import Nursery, nursery
from tests.system.postgres import binaries, running


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def nurse(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    """A small board with a register in each kind of database."""
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "sqlite":
        with nursery(folder) as made:
            yield made
        return
    programs = binaries()
    if programs is None:
        pytest.skip("PostgreSQL is not installed (Debian: postgresql)")
    with running(programs) as url, nursery(folder, url) as made:
        yield made


def lines(nurse: Nursery, run: int) -> list[str]:
    found: list[str] = nurse.ask("register")["lines"][str(run)]
    return found


def run_of(nurse: Nursery, key: int) -> dict[str, Any]:
    return next(run for run in nurse.ask("runs") if run["pk"] == key)


def test_two_clicks_at_once_are_one_request(nurse: Nursery) -> None:
    nurse.ask("deliver", "new")
    first, second = nurse.ask("two-clicks")
    assert first == second
    assert len(first) == 2  # both sources have a file
    assert [lines(nurse, run) for run in first] == [["waiting"], ["waiting"]]


def test_two_workers_at_once_do_it_once(nurse: Nursery) -> None:
    waiting = [run["pk"] for run in nurse.ask("runs") if run["state"] == "waiting"]
    one, other = nurse.ask("two-workers")
    assert sorted(one + other) == waiting
    assert one == [] or other == []
    for run in waiting:
        assert lines(nurse, run) == ["waiting", "running", "repaired"]
    assert nurse.ask("trail") is True


def test_of_two_that_begin_the_same_source_one_is_told_to_wait(nurse: Nursery) -> None:
    told = nurse.ask("two-machines")
    assert "busy" in told
    begun = int(next(text for text in told if text != "busy"))
    assert run_of(nurse, begun)["state"] == "running"
    assert nurse.ask("recover") == ["interrupted"]
    assert run_of(nurse, begun)["state"] == "interrupted"


def test_a_planned_moment_is_read_by_one_of_two_workers(nurse: Nursery) -> None:
    nurse.ask("deliver", "new")
    nurse.ask("work")
    nurse.ask("deliver", "old")  # so that there is something new at that moment, whatever ran before
    moment = nurse.ask("plan")
    one, other = nurse.ask("two-planned", moment)
    assert one + other == [moment], "one of the two, and once"
    assert nurse.ask("trail") is True


def test_of_two_machines_one_reads_a_planned_moment_also_when_the_other_was_done(nurse: Nursery) -> None:
    told = nurse.ask("two-machines-planned")
    assert sorted(told)[1:] == ["busy", "busy"]


def test_after_all_that_the_next_round_has_nothing_to_do(nurse: Nursery) -> None:
    nurse.ask("work")
    before = nurse.ask("register")
    nurse.ask("work")
    assert nurse.ask("register") == before
