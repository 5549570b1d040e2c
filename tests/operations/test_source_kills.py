"""`kill -9` at random moments of readings from every kind of source: what stands is whole, and the next completes."""

import json
import os
import random
import signal
import time
from pathlib import Path

import duckdb
import pytest

from schakel.collect.landing import latest
from tests.connectors.sftp_server import SSHD
from tests.operations import source_kills
from tests.operations.kills import Nursery
from tests.operations.source_kills import KINDS, rows_of, serving, table
from tests.system.postgres import binaries, running

MODULE = "tests.operations.source_kills"
ENDED = ("good", "repaired", "unchanged")


def standing(data: Path, kind: str) -> int:
    """How many rows stand for the source, after checking that each is there once and the landing is whole."""
    landed = latest(data, "bron")
    assert landed is not None
    path, file = landed.folder / f"{table(kind)}.parquet", table(kind)
    key = {"absence": "pupil_number", "users": "sourcedId", "pupil": "key"}[file]
    rows, keys = duckdb.sql(f"SELECT count(*), count(DISTINCT \"{key}\") FROM '{path}'").fetchone() or (0, 0)
    assert rows == keys == landed.rows[file]
    return int(rows)


def survive(base: Path, kind: str, wanted: int, seed: int, url: str = "") -> list[float]:
    """Kill readings until so many were really at work; when each was killed, as a part of a whole reading."""
    data, chance, killed = base / "data", random.Random(seed), list[float]()
    with serving(kind, data, base / "uit") as (serve, reached):
        (base / "uit" / "reached.json").write_text(json.dumps(reached))
        nurse = Nursery(data, url, MODULE, kind, str(base / "uit"))
        try:
            longest, state = 0.0, "old"
            for first in ("new", "old"):
                serve(source_kills.SIZES[first])
                begun = time.monotonic()
                told = nurse.ask("ask-and-work")
                longest = time.monotonic() - begun
                assert told["runs"], nurse.ask("runs")
                assert standing(data, kind) == rows_of(kind, first), nurse.ask("runs")
            while len(killed) < wanted:
                other = "new" if state == "old" else "old"
                serve(source_kills.SIZES[other])
                child, moment = nurse.start("ask-and-work"), chance.uniform(0, longest)
                time.sleep(moment)
                os.kill(child, signal.SIGKILL)
                status, _answer = nurse.ended()
                assert status in (0, -signal.SIGKILL)
                killed += [moment / longest] if status else []
                assert standing(data, kind) in (rows_of(kind, state), rows_of(kind, other))
                completes(nurse, data, kind, other)
                state = other
            assert nurse.ask("trail") is True
            assert nurse.ask("stray") == []
        finally:
            nurse.close()
    return killed


def completes(nurse: Nursery, data: Path, kind: str, state: str) -> None:
    """The next round brings what the source has now; every run is closed, and nothing half is left."""
    nurse.ask("ask-and-work")
    runs = nurse.ask("runs")
    assert standing(data, kind) == rows_of(kind, state), runs[-3:]
    assert all(run["finished_at"] for run in runs)
    assert {run["state"] for run in runs} <= {*ENDED, "interrupted"}
    assert runs[-1]["state"] in ENDED
    assert not [path for kind in ("landing", "quarantine") for path in (data / kind).rglob(".*")]
    assert not [path for path in (data / "fetching").glob("*") if path.is_dir()]
    shelf = data / "landing" / "bron"
    assert {path.name for path in shelf.iterdir()} == {"current", (shelf / "current").read_text()}


def here(kind: str) -> str:
    if kind == "sftp" and SSHD is None:
        pytest.skip("OpenSSH is not installed (Debian: openssh-server)")
    return kind


@pytest.mark.parametrize("kind", ["sql", "oneroster-rest"])
def test_a_reading_killed_once_or_twice(tmp_path: Path, kind: str) -> None:
    assert len(survive(tmp_path, here(kind), wanted=2, seed=1)) == 2


@pytest.mark.soak
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_source_on_sqlite(tmp_path: Path, kind: str) -> None:
    assert len(survive(tmp_path, here(kind), wanted=13, seed=2)) == 13


@pytest.mark.soak
@pytest.mark.postgres
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_source_on_postgresql(tmp_path: Path, kind: str) -> None:
    folder = binaries()
    if folder is None:
        pytest.skip("PostgreSQL is not installed (Debian: postgresql)")
    with running(folder) as url:
        assert len(survive(tmp_path, here(kind), wanted=10, seed=3, url=url)) == 10
