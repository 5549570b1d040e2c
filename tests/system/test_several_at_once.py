"""Several processes write at once, on SQLite and PostgreSQL: one chain, no number twice, nobody half done (law 9)."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import pytest

from tests.system.postgres import binaries, running

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def server() -> Iterator[dict[str, str]]:
    """The setting that puts the register in a PostgreSQL server of our own."""
    folder = binaries()
    if folder is None:
        pytest.skip("PostgreSQL is not installed (Debian: postgresql)")
    with running(folder) as url:
        yield {"SCHAKEL_DATABASE_URL": url}


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def played(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the processes of every scene told (see writers.py), and the trail that they left behind."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("SCHAKEL_", "PYTEST"))}
    environment["SCHAKEL_DATA"] = str(tmp_path_factory.mktemp("several"))
    where = server() if request.param == "postgresql" else nullcontext({})
    with where as setting:
        done = subprocess.run(
            [sys.executable, "-m", "tests.system.writers"],
            env={**environment, **setting, "PYTHONPATH": str(ROOT)},
            cwd=ROOT, capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def numbers(played: dict[str, Any], scene: str) -> list[list[int]]:
    """The numbers that the writers of lines in a scene were given."""
    return [told for told in played["told"][scene] if isinstance(told, list) and told and isinstance(told[0], int)]


def test_an_empty_trail_gets_one_first_line(played: dict[str, Any]) -> None:
    """The head of the chain is made by whoever comes first; the others wait for it."""
    assert sorted(played["told"]["the first lines"]) == [[1], [2], [3]]


def test_no_number_is_given_twice_and_none_is_left_out(played: dict[str, Any]) -> None:
    given = numbers(played, "lines")
    together = sorted(number for each in given for number in each)
    assert [len(each) for each in given] == [25, 25, 25]
    assert together == list(range(together[0], together[0] + 75))
    assert all(each == sorted(each) for each in given)


def test_the_chain_holds_after_all_of_it(played: dict[str, Any]) -> None:
    assert played["reason"] == ""
    assert [number for number, _action, _key in played["trail"]] == list(range(1, played["lines"] + 1))
    assert played["lines"] == 3 + 1 + 75 + 10 + 10 + 15 + 120


def test_a_board_is_founded_by_one_of_those_who_try_at_once(played: dict[str, Any]) -> None:
    assert len([each for each in played["told"]["founding"] if "@" in each]) == 1
    assert [action for _number, action, _key in played["trail"]].count("board.found") == 1


def test_changes_and_their_lines_come_together(played: dict[str, Any]) -> None:
    """Every third change fails half-way: it takes its line with it, and no hole stays behind."""
    assert played["told"]["changes"][:2] == [10, 10]
    written = sorted(key for _number, action, key in played["trail"] if action == "goal.write")
    assert written == sorted(f"cha{at}-{n}" for at in (0, 1) for n in range(15) if n % 3 != 2)


def test_verifying_while_others_write_raises_no_false_alarm(played: dict[str, Any]) -> None:
    assert played["told"]["verifying"][0] == []
