"""Law 8: `kill -9` at any moment of a whole round, from the file in the inbox to what is forgotten.

Each kill is followed by a look at everything (snapshot, shelves, register, trail) and by a round that must succeed, in
the same state or back in the other one. A reader reads all the while.
"""

import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from schakel.engine import duck
from schakel.operations import progress, rounds
from schakel.process import snapshots
from tests.operations import kills
from tests.operations.nursery import Nursery, nursery
from tests.system.postgres import binaries, running

STEPS = ("read", "forget", "publish")
GOOD = ("good", "repaired", "unchanged")


def whole(snapshot: snapshots.Snapshot) -> str:
    """The state that a snapshot shows, after checking that it is all there and is one of the two."""
    with duck.reader(snapshot.model) as con:
        for table, item in snapshot.manifest["tables"].items():
            assert con.execute(f"SELECT count(*) FROM {duck.quoted(table)}").fetchall() == [(item["rows"],)]
        members, pupils = con.execute("SELECT count(*), count(DISTINCT pupil_id) FROM membership").fetchone() or (0, 0)
        absences, keys = con.execute("SELECT count(*), count(DISTINCT absence_id) FROM absence").fetchone() or (0, 0)
    assert members == pupils
    assert absences == keys
    assert absences in (0, 6 * kills.PUPILS["old"])  # none before the first file
    late = "minutes_late" in snapshot.manifest["tables"]["absence"]["columns"]
    state = "new" if late else "old"
    assert members == kills.PUPILS[state] + 5  # five stood in the class already
    assert snapshot.values.stat().st_size > 0
    return state


class Reader(threading.Thread):
    """Reads for as long as it may, and remembers whatever went wrong."""

    def __init__(self, data: Path) -> None:
        super().__init__()
        self.data, self.stop, self.seen, self.trouble = data, threading.Event(), Counter[str](), list[BaseException]()

    def run(self) -> None:
        while not self.stop.wait(0.4):
            now = snapshots.current(self.data)
            try:
                assert now is not None
                self.seen[whole(now)] += 1
            except BaseException as trouble:  # noqa: BLE001 whatever it is, the test must show it
                if now is None or now == snapshots.current(self.data):  # else it was replaced and let go meanwhile
                    self.trouble.append(trouble)


class Board:
    """The board that is killed, and what was learnt on the way."""

    def __init__(self, data: Path, nurse: Nursery, seed: int) -> None:
        self.data, self.nurse, self.chance = data, nurse, random.Random(seed)
        self.where, self.lasted, self.went_back = Counter[str](), 0.5, False

    def turn(self, state: str) -> dict[str, Any]:
        """A round that must succeed, and leaves the board in this state."""
        self.nurse.ask("deliver", state)
        started = time.perf_counter()
        told: dict[str, Any] = self.nurse.ask("work")
        self.lasted = time.perf_counter() - started  # the next one lasts about as long
        now = snapshots.current(self.data)
        assert now is not None
        assert whole(now) == state
        return told

    def kill(self, state: str, order: str = "work") -> bool:
        """Kill a round on its way to this state at some moment; whether it was still at work."""
        self.nurse.ask("deliver", state)
        child = self.nurse.start(order)
        self._moment()
        here = progress.read(self.data / "work")
        os.kill(child, signal.SIGKILL)
        status, _answer = self.nurse.ended()
        if status == -signal.SIGKILL:
            self.where[here.step if here else "elsewhere"] += 1
        else:
            assert status == 0  # it was finished already
        return status != 0

    def _moment(self) -> None:
        """Half of the time any moment; else soon after a step begins, so that short steps are hit as well."""
        if self.chance.random() < 0.5:
            time.sleep(self.chance.uniform(0, self.lasted))
            return
        step, patience = self.chance.choice(STEPS), time.monotonic() + self.lasted
        while time.monotonic() < patience and getattr(progress.read(self.data / "work"), "step", "") != step:
            time.sleep(0.001)
        time.sleep(self.chance.uniform(0, 0.05))

    def check_killed(self, before: str, state: str) -> None:
        """What readers see is the old or the new snapshot; what the register says is true, if not yet finished."""
        now = snapshots.current(self.data)
        assert now is not None
        assert whole(now) in (before, state)
        for run in self.nurse.ask("runs"):
            assert (run["state"] in ("waiting", "running")) == (run["finished_at"] == "")
            assert run["finished_at"] or not run["rows_read"]  # nothing that looks finished before it is

    def check_whole(self) -> None:
        """After a round that went well nothing is half, lost, double, or in the way."""
        told: dict[str, Any] = self.nurse.ask("register")
        self._runs(told)
        made = [snapshot.id for snapshot in reversed(snapshots.history(self.data))]
        assert told["made"] == made  # one line for each that was ever in use, in order
        assert leftovers(self.data) == []
        assert rounds.trouble(self.data) is None

    def _runs(self, told: dict[str, Any]) -> None:
        last: dict[str, dict[str, Any]] = {}
        for run in told["runs"]:
            assert run["finished_at"]
            said = told["lines"][str(run["pk"])]
            assert said[-2:] == ["running", run["state"]]
            assert said[:-2] in ([], ["waiting"])
            if run["state"] == "interrupted":
                assert "stopte onverwacht" in run["message"]
                assert run["rows_read"] == 0
            elif run["state"] == "failed":
                assert said[0] == "waiting"  # somebody asked, and then the file was taken away
                assert "geen bestand in de inbox" in run["message"]
            else:
                assert run["state"] in GOOD
                assert run["state"] == "unchanged" or not twice(last.get(run["source__key"]), run)
                assert run["rows_read"] > 0
                last[run["source__key"]] = run
        for key, run in last.items():
            current = (self.data / "landing" / key / "current").read_text()
            assert run["folder"] == f"landing/{key}/{current}"


def twice(before: dict[str, Any] | None, run: dict[str, Any]) -> bool:
    """Whether a delivery was taken in that was in already. (Absence may be: its landing is narrowed in between.)"""
    return before is not None and run["source__key"] == "oneroster" and before["delivered"] == run["delivered"]


def leftovers(data: Path) -> list[str]:
    """Whatever a round should not leave: hidden folders and files, a second landing, a build, how far it was."""
    found = [path for kind in ("landing", "quarantine") for path in (data / kind).rglob(".*")]
    for shelf in (data / "landing").iterdir():
        found += [path for path in shelf.iterdir() if path.name not in ("current", (shelf / "current").read_text())]
    known = {snapshot.id for snapshot in snapshots.history(data)} | {"current", ".lock"}
    found += [path for path in (data / "snapshots").iterdir() if path.name not in known]
    found += [path for path in (data / "work").iterdir() if path.suffix != ".lock"]
    return sorted(str(path.relative_to(data)) for path in found)


def survive(data: Path, wanted: int, seed: int, url: str = "") -> Board:
    """Kill rounds at random moments until so many were really at work when it happened."""
    with nursery(data, url) as nurse:
        board = Board(data, nurse, seed)
        state = "old"
        board.turn(state)
        board.check_whole()
        reader = Reader(data)
        reader.start()
        try:
            while board.where.total() < wanted:
                state = attempt(board, state)
                if not board.where.total() % 10:
                    assert nurse.ask("stray") == []
                    assert nurse.ask("trail") is True
        finally:
            reader.stop.set()
            reader.join()
        assert_same_again(board, state)
        assert nurse.ask("trail") is True
    assert not reader.trouble, reader.trouble[:3]
    assert set(reader.seen) == {"old", "new"}
    return board


def attempt(board: Board, before: str) -> str:
    """One kill and what follows; the state afterwards.

    Back to the state before is possible once in a row: the file of the other one, killed three times with nothing read
    in between, is set aside (test_readings.py).
    """
    other = "new" if before == "old" else "old"
    killed = board.kill(other, board.chance.choice(("work", "work", "ask-and-work")))
    board.check_killed(before, other)
    after = board.chance.choice((other, other, before)) if killed and not board.went_back else other
    board.went_back = after == before
    board.turn(after)
    board.check_whole()
    return after


def assert_same_again(board: Board, state: str) -> None:
    """The same files once more are once: no run, no snapshot, no line."""
    before = board.nurse.ask("register")
    board.turn(state)
    assert board.nurse.ask("register") == before


def test_a_whole_round_killed_a_few_times(tmp_path: Path) -> None:
    assert survive(tmp_path, wanted=4, seed=20261125).where.total() == 4


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(7, 17))
def test_a_whole_round_killed_hundreds_of_times(tmp_path: Path, seed: int) -> None:
    board = survive(tmp_path, wanted=40, seed=seed)
    assert set(STEPS) <= set(board.where), board.where


@pytest.fixture
def postgresql() -> Iterator[str]:
    folder = binaries()
    if folder is None:
        pytest.skip("PostgreSQL is not installed (Debian: postgresql)")
    with running(folder) as url:
        yield url


@pytest.mark.postgres
def test_a_whole_round_killed_on_postgresql(tmp_path: Path, postgresql: str) -> None:
    assert survive(tmp_path, wanted=3, seed=3, url=postgresql).where.total() == 3


@pytest.mark.soak
@pytest.mark.postgres
@pytest.mark.parametrize("seed", range(30, 40))
def test_a_whole_round_killed_hundreds_of_times_on_postgresql(tmp_path: Path, postgresql: str, seed: int) -> None:
    assert survive(tmp_path, wanted=20, seed=seed, url=postgresql).where.total() == 20
