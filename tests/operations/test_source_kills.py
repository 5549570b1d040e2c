"""`kill -9` at random moments of readings from every kind of source: what stands is whole, and the next completes.

Half of the kills fall anywhere in a reading; the others soon after a step of it begins, or while the server answers.
"""

import json
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from schakel.collect.landing import latest
from schakel.engine import duck
from schakel.operations import progress
from schakel.process import snapshots
from tests.operations.nursery import Nursery
from tests.operations.served import KINDS, Served, serving
from tests.operations.source_kills import MODULE
from tests.operations.test_kills import leftovers
from tests.system.postgres import binaries, running

NEW, GOOD = ("good", "repaired"), ("good", "repaired", "unchanged")
PER_KIND, SEEDS = 8, (3, 4)  # of 13 kinds: more than two hundred on each database
PAGED = ("json", "oneroster-rest")  # go on at the page where a reading broke off
BACK = 0.3  # of the kills are followed by another change of the source
ORDERS = ("read", "read", "whole")


class Nest:
    """The board, and where its sources are served."""

    def __init__(self, base: Path, url: str = "") -> None:
        self.base, self.data, self.turn = base, base / "data", 0
        (base / "uit").mkdir()
        self.nurse = Nursery(self.data, url, MODULE, str(base / "uit"))
        self.killed: dict[str, Counter[str]] = {}

    def survive(self, kind: str, wanted: int, seed: int) -> Counter[str]:
        """Kill readings of this kind of source until so many were really at work; what each was doing."""
        self.turn += 1
        with serving(kind, self.data / "inbox", self.base / "uit" / f"{kind}-{self.turn}") as served:
            reading = Reading(self, served, random.Random(f"{kind} {seed}"))
            reading.begin()
            for _attempt in range(5 * wanted + 10):
                if reading.where.total() == wanted:
                    break
                reading.attempt()
            assert self.nurse.ask("trail") is True
            assert self.nurse.ask("stray") == []
        self.killed[kind] = self.killed.get(kind, Counter()) + reading.where
        return reading.where


class Reading:
    """Readings of one source that are killed, and what was learnt on the way."""

    def __init__(self, nest: Nest, served: Served, chance: random.Random) -> None:
        self.nurse, self.data, self.served, self.chance = nest.nurse, nest.data, served, chance
        self.name, self.kind, self.where = served.kind, KINDS[served.kind], Counter[str]()
        self.state, self.longest, self.published = "old", 0.1, False
        self.stood = set[str]()  # what was found in force after a kill: each must be told by a run that went well
        told = nest.base / "uit" / "reached.json"
        told.write_text(json.dumps(served.reached))
        self.nurse.ask("open", self.name, str(told))
        self.first = len(self.nurse.ask("runs"))

    def begin(self) -> None:
        """Both states once, unharmed."""
        for state in ("new", "old"):
            self.served.give(state)
            self.complete(state, "read" if state == "new" else "whole")

    def attempt(self) -> None:
        """One kill on the way to the other state, and what follows: in that state, or back in the one before."""
        before, after = self.state, "new" if self.state == "old" else "old"
        self.served.give(after)
        if self.kill(self.chance.choice(ORDERS)):
            self.check_killed(before, after)
            if self.chance.random() < BACK:
                self.back(before)
                after = before
        self.complete(after, self.chance.choice(ORDERS))

    def back(self, state: str) -> None:
        """The source changes once more; what goes on where it broke off may bring what was fetched, and then not."""
        self.served.give(state)
        if self.name in PAGED:
            assert self.nurse.ask("read", self.name)[0] in GOOD

    def kill(self, order: str) -> bool:
        """Kill a reading at some moment; whether it was still at work."""
        asked = self.served.asked()
        child = self.nurse.start(order, self.name)
        self._moment(order, asked)
        here = progress.read(self.data / "work")
        os.kill(child, signal.SIGKILL)
        status, _answer = self.nurse.ended()
        if status == -signal.SIGKILL:
            self.where[here.step if here else "elsewhere"] += 1
            return True
        assert status == 0  # it was finished already
        return False

    def _moment(self, order: str, asked: int) -> None:
        steps = ["read", *(["fetch"] if self.served.reached else []), *(["answer"] if asked else [])]
        steps += ["publish", "forget"] if order == "whole" else []
        step = self.chance.choice([*["any"] * len(steps), *steps])
        patience, wanted = time.monotonic() + 2 * self.longest, asked + self.chance.randint(1, 6)
        while step != "any" and time.monotonic() < patience:
            here = progress.read(self.data / "work")
            if self.served.asked() >= wanted if step == "answer" else here and here.step == step:
                break
            time.sleep(0.002)
        time.sleep(self.chance.uniform(0, self.longest if step == "any" else self.longest / 5))

    def check_killed(self, before: str, after: str) -> None:
        """What readers see is the old or the new, whole; what the register says is true, if not yet finished."""
        assert self.standing() in (self.kind.keys(before), self.kind.keys(after))
        landed = latest(self.data, self.name)
        self.stood |= {landed.delivered} if landed else set()
        assert self.snapshot() in {self.kind.shown(state) for state in ("old", "new")}
        for run in self.mine(self.nurse.ask("runs")):
            assert (run["state"] in ("waiting", "running")) == (run["finished_at"] == "")
            assert run["finished_at"] or not run["rows_read"]  # nothing that looks finished before it is

    def complete(self, state: str, order: str) -> None:
        """A reading that must succeed: exactly what the source has now, and nothing half, double or in the way."""
        begun = time.monotonic()
        told = self.nurse.ask(order, self.name)
        if order == "read":
            self.longest = max(self.longest, time.monotonic() - begun)
        assert told and told[0] in GOOD, told
        self.state = state
        assert self.standing() == self.kind.keys(state)
        if order == "whole":
            assert self.snapshot() == self.kind.shown(state)
        self.check_runs()
        assert leftovers(self.data) == []
        assert [each.name for each in (self.data / "inbox").iterdir() if each.name.startswith(".")] == []
        fetching = {each.name for each in (self.data / "fetching").glob("*")}
        assert fetching & {self.name, f".{self.name}.json"} == set()
        assert self.served.left() == []

    def check_runs(self) -> None:
        """Every run is closed with a true word, what was killed says so, and nothing came in twice."""
        told, last = self.nurse.ask("register"), ""
        lines, found = told["lines"], self.mine(told["runs"])
        for run in found:
            assert run["finished_at"]
            assert lines[str(run["pk"])][-2:] == ["running", run["state"]]
            if run["state"] == "interrupted":
                assert "stopte onverwacht" in run["message"]
                assert run["rows_read"] == 0
            else:
                assert run["state"] in GOOD, run
                assert run["state"] not in NEW or run["delivered"] != last
                last = run["delivered"]
        assert self.stood <= {run["delivered"] for run in found if run["state"] in GOOD}
        landed = latest(self.data, self.name)
        assert landed is not None
        assert found[-1]["folder"] == str(landed.folder.relative_to(self.data))

    def mine(self, runs: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The runs of this source since its turn began."""
        return [run for run in runs[self.first :] if run["source__key"] == self.name]

    def standing(self) -> list[str]:
        """By which key every row that stands is known, after checking the landing by its own account."""
        landed = latest(self.data, self.name)
        assert landed is not None
        for name, rows in landed.rows.items():
            assert duckdb.sql(f"SELECT count(*) FROM '{landed.folder / name}.parquet'").fetchall() == [(rows,)]
        path = landed.folder / f"{self.kind.file}.parquet"
        return [key for (key,) in duckdb.sql(f"SELECT \"{self.kind.key}\" FROM '{path}' ORDER BY 1").fetchall()]

    def snapshot(self) -> int:
        """How many rows of the source readers see, after checking that the snapshot is all there."""
        now = snapshots.current(self.data)
        assert now is not None
        table, key = ("absence", "absence_id") if self.kind.layout == "verzuim" else ("pupil", "pupil_id")
        with duck.reader(now.model) as con:
            for name, item in now.manifest["tables"].items():
                assert con.execute(f"SELECT count(*) FROM {duck.quoted(name)}").fetchall() == [(item["rows"],)]
            rows, keys = con.execute(f"SELECT count(*), count(DISTINCT {key}) FROM {table}").fetchone() or (0, 0)
        assert rows == keys
        return int(rows)


@pytest.fixture(scope="module")
def on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nest]:
    nest = Nest(tmp_path_factory.mktemp("sources"))
    yield nest
    nest.nurse.close()


@pytest.fixture(scope="module")
def on_postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nest]:
    folder = binaries()
    if folder is None:
        pytest.skip("PostgreSQL is not installed (Debian: postgresql)")
    with running(folder) as url:
        nest = Nest(tmp_path_factory.mktemp("sources"), url)
        yield nest
        nest.nurse.close()


@pytest.mark.parametrize("kind", KINDS)
def test_a_reading_of_each_kind_of_source_killed(on_sqlite: Nest, kind: str) -> None:
    assert on_sqlite.survive(kind, wanted=2, seed=1).total() == 2


@pytest.mark.postgres
@pytest.mark.parametrize("kind", ["zip", "sftp", "oneroster-rest"])
def test_a_reading_killed_on_postgresql(on_postgresql: Nest, kind: str) -> None:
    assert on_postgresql.survive(kind, wanted=2, seed=2).total() == 2


def soak(nest: Nest, kind: str, seed: int) -> None:
    """So many kills of this kind, and in which steps they fell."""
    where = nest.survive(kind, PER_KIND, seed)
    print(f"\n{kind}: {where.total()} killed, {dict(where)}")
    assert where.total() == PER_KIND


def steps(nest: Nest) -> set[str]:
    """In which steps the kills fell."""
    return {step for where in nest.killed.values() for step in where}


@pytest.mark.soak
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", SEEDS)
def test_two_hundred_kills(on_sqlite: Nest, kind: str, seed: int) -> None:
    soak(on_sqlite, kind, seed)


@pytest.mark.soak
def test_two_hundred_kills_fell_in_every_step(on_sqlite: Nest) -> None:
    assert {"fetch", "read", "publish", "forget"} <= steps(on_sqlite)


@pytest.mark.soak
@pytest.mark.postgres
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", SEEDS)
def test_two_hundred_kills_on_postgresql(on_postgresql: Nest, kind: str, seed: int) -> None:
    soak(on_postgresql, kind, seed)


@pytest.mark.soak
@pytest.mark.postgres
def test_two_hundred_kills_on_postgresql_fell_in_every_step(on_postgresql: Nest) -> None:
    assert {"fetch", "read", "publish", "forget"} <= steps(on_postgresql)
