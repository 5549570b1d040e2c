"""`schakel work`: it lives until it is stopped, picks up what people ask for, and outlives a round that goes wrong."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest

from schakel.cli import work
from schakel.lib.errors import Unreadable
from schakel.lib.locks import held
from schakel.operations import rounds
from tests.operations.nursery import ROOT, Nursery, nursery

PATIENCE = 60.0


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Nursery]]:
    folder = tmp_path_factory.mktemp("work")
    with nursery(folder) as nurse:
        yield folder, nurse


@contextmanager
def working(folder: Path, *words: str) -> Iterator[tuple[subprocess.Popen[str], IO[str]]]:
    """A worker on this board, and what it tells."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("SCHAKEL_", "PYTEST", "DJANGO"))}
    command = [sys.executable, "-m", "schakel.cli.main", "--data", str(folder), "work", *words]
    process = subprocess.Popen(
        command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert process.stdout is not None
    try:
        yield process, process.stdout
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def until(true: Callable[[], bool]) -> None:
    patience = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < patience
        time.sleep(0.05)


def told(lines: IO[str], words: str) -> str:
    """What it tells up to and including these words."""
    text = ""
    while words not in text:
        line = lines.readline()
        assert line, text
        text += line
    return text


def test_a_request_is_picked_up_long_before_the_next_round(board: tuple[Path, Nursery]) -> None:
    folder, nurse = board
    nurse.ask("deliver", "old")
    with working(folder, "--every", "3600") as (_process, lines):
        told(lines, "in gebruik")  # the round it begins with
        assert rounds.worker_lives(folder)
        nurse.ask("deliver", "new")
        asked = nurse.ask("ask")
        assert len(asked) == 2
        text = told(lines, "in gebruik")
    assert "oneroster" in text
    assert "verzuim" in text
    states = {run["pk"]: run["state"] for run in nurse.ask("runs")}
    assert [states[run] for run in asked] == ["repaired", "repaired"]


def test_it_ends_when_asked_and_finishes_what_it_does(board: tuple[Path, Nursery]) -> None:
    folder, nurse = board
    nurse.ask("deliver", "old")
    with working(folder, "--every", "3600") as (process, lines):
        until(lambda: rounds.busy(folder))
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=PATIENCE) == 0
        assert "in gebruik" in lines.read()
    assert not rounds.worker_lives(folder)
    assert not [run for run in nurse.ask("runs") if run["state"] in ("running", "interrupted")]


def test_a_worker_that_is_killed_does_not_live(board: tuple[Path, Nursery]) -> None:
    folder, _nurse = board
    with working(folder) as (process, lines):
        told(lines, "in gebruik")
        assert rounds.worker_lives(folder)
        process.kill()
        process.wait()
        assert not rounds.worker_lives(folder)


def test_it_outlives_a_round_that_breaks_off(board: tuple[Path, Nursery]) -> None:
    folder, _nurse = board
    pointer = folder / "snapshots" / "current"
    before = pointer.read_text()
    pointer.write_text("000999-weg")
    try:
        with working(folder) as (process, lines):
            text = told(lines, "De ronde brak af")
            assert "momentopname is niet te lezen" in text
            assert "Traceback" not in text
            assert process.poll() is None
            assert rounds.worker_lives(folder)
    finally:
        pointer.write_text(before)


def test_one_round_is_no_worker(board: tuple[Path, Nursery]) -> None:
    folder, _nurse = board
    with working(folder, "--once") as (process, lines):
        until(lambda: rounds.busy(folder) or process.poll() is not None)
        assert not rounds.worker_lives(folder)
        assert "in gebruik" in lines.read()
        assert process.wait(timeout=PATIENCE) == 0


@pytest.mark.parametrize(
    ("error", "words"),
    [(ZeroDivisionError("Jansen"), "ZeroDivisionError"), (Unreadable("De schijf is vol."), "De schijf is vol")],
)
def test_what_went_wrong_is_told_without_values(
    error: Exception, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def step() -> None:
        raise error

    assert work._told(step) is False
    text = capsys.readouterr().err
    assert words in text
    assert "Jansen" not in text
    assert work._told(lambda: None) is True


def test_collecting_by_hand_says_that_it_waits_for_a_round(board: tuple[Path, Nursery]) -> None:
    folder, nurse = board
    nurse.ask("deliver", "new")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("SCHAKEL_", "PYTEST", "DJANGO"))}
    command = [sys.executable, "-m", "schakel.cli.main", "--data", str(folder), "collect", "oneroster", "--json"]
    with held(folder / "work" / "round.lock"):  # as if a round is at work
        waiting = subprocess.Popen(
            command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert waiting.stderr is not None
        assert "Dit wacht tot die klaar is" in waiting.stderr.readline()
        assert waiting.poll() is None
    out, _err = waiting.communicate(timeout=PATIENCE)
    assert waiting.returncode == 0
    assert json.loads(out)["source"] == "oneroster"


# Without processes: what comes first decides how long the worker waits


@pytest.mark.parametrize(("soonest", "waits"), [(None, 300), (900.0, 300), (42.0, 42.0), (0.0, work.LOOK)])
def test_a_moment_of_a_schedule_shortens_the_wait(
    monkeypatch: pytest.MonkeyPatch, soonest: float | None, waits: float
) -> None:
    monkeypatch.setattr("schakel.operations.flow.soonest", lambda: soonest)
    assert work._pause(300) == waits
