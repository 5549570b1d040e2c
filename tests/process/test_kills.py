"""Law 8: `kill -9` at any moment of a build. Readers see the old or the new snapshot, and the next build succeeds."""

import random
import threading
import time
from pathlib import Path

import pytest

from schakel.engine import duck
from schakel.process import snapshots
from tests.process import boards, kills


def whole(snapshot: snapshots.Snapshot) -> int:
    """The number of absences, after checking that the snapshot is exactly one of the two states and all there."""
    with duck.reader(snapshot.model) as con:
        for table, item in snapshot.manifest["tables"].items():
            assert con.execute(f"SELECT count(*) FROM {duck.quoted(table)}").fetchall() == [(item["rows"],)]
        absences = con.execute("SELECT count(*), count(DISTINCT absence_id) FROM absence").fetchone()
    assert absences and absences[0] == absences[1]
    assert absences[0] in kills.DAYS.values()
    assert snapshot.values.stat().st_size == 6000
    return int(absences[0])


class Reader(threading.Thread):
    """Reads as fast as it can for as long as it may, and remembers whatever went wrong."""

    def __init__(self, data: Path) -> None:
        super().__init__()
        self.data, self.stop, self.reads, self.trouble = data, threading.Event(), 0, list[BaseException]()

    def run(self) -> None:
        while not self.stop.is_set():
            try:
                now = snapshots.current(self.data)
                assert now is not None
                whole(now)
                self.reads += 1
            except BaseException as trouble:  # noqa: BLE001 whatever it is, the test must show it
                self.trouble.append(trouble)
            time.sleep(0.01)


def check(data: Path, state: str, landed: list[boards.LandedHere], before: snapshots.Snapshot) -> None:
    """What is current is whole, and the old or the new one; the next build succeeds, and nothing half is left."""
    seen = snapshots.current(data)
    assert seen is not None
    assert seen == before or whole(seen) == kills.DAYS[state]
    after = kills.build(data, landed)
    assert whole(after) == kills.DAYS[state]
    assert not list((data / "snapshots").glob(".building-*"))
    snapshots.prune(data, keep=3)


def survive(data: Path, kills_wanted: int, seed: int) -> None:
    """Kill builds at random moments until so many were really at work when it happened."""
    chance = random.Random(seed)
    landed = kills.landings(data)
    started = time.perf_counter()
    kills.build(data, landed["old"])
    longest = max(0.05, time.perf_counter() - started) * 1.5
    reader = Reader(data)
    reader.start()
    at_work = attempt = 0
    try:
        while at_work < kills_wanted:
            attempt += 1
            state = ("new", "old")[attempt % 2]
            before = snapshots.current(data)
            assert before is not None
            at_work += kills.killed_after(chance.uniform(0, longest), data, landed[state])
            check(data, state, landed[state], before)
    finally:
        reader.stop.set()
        reader.join()
    assert not reader.trouble
    assert reader.reads > kills_wanted


def test_killed_while_it_builds(tmp_path: Path) -> None:
    """Whole rounds, builds included, are killed in tests/operations/test_kills.py; by `make test` 54 in all."""
    survive(tmp_path, kills_wanted=15, seed=20261123)


@pytest.mark.soak
def test_killed_hundreds_of_times(tmp_path: Path) -> None:
    survive(tmp_path, kills_wanted=400, seed=7)
