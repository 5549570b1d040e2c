"""How far a round is: readable at any moment by anyone, small, and gone when the round ends."""

import json
import threading
from pathlib import Path

import pytest

from schakel.operations import progress
from schakel.operations.progress import Progress, Teller


def test_before_a_round_there_is_nothing(tmp_path: Path) -> None:
    assert progress.read(tmp_path) is None


def test_each_step_is_told_at_once(tmp_path: Path) -> None:
    teller = Teller(tmp_path)
    teller.begin("read", "verzuim", 100)
    assert progress.read(tmp_path) == Progress("read", "verzuim", "", 0, 100)
    teller.begin("publish", total=7)
    assert progress.read(tmp_path) == Progress("publish", "", "", 0, 7)


def test_what_was_done_adds_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "EVERY", -1.0)
    teller = Teller(tmp_path)
    teller.begin("read", "verzuim", 100)
    teller.more("absence.csv", 30)
    teller.more("absence.csv", 30)
    assert progress.read(tmp_path) == Progress("read", "verzuim", "absence.csv", 60, 100)


def test_a_fast_step_does_not_keep_the_disk_busy(tmp_path: Path) -> None:
    teller = Teller(tmp_path)
    teller.begin("read", "verzuim", 10_000)
    for _ in range(10_000):
        teller.more("absence.csv", 1)
    told = progress.read(tmp_path)
    assert told is not None
    assert told.done < 10_000  # not every step was written


def test_several_threads_may_tell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    teller = Teller(tmp_path)
    teller.begin("read", "verzuim", 400)
    threads = [
        threading.Thread(target=lambda: [teller.more("absence.csv") for _ in range(100)])  # type: ignore[func-returns-value]
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    monkeypatch.setattr(progress, "EVERY", -1.0)
    teller.more("absence.csv", 0)
    told = progress.read(tmp_path)
    assert told is not None
    assert told.done == 400


def test_the_end_leaves_nothing(tmp_path: Path) -> None:
    teller = Teller(tmp_path)
    teller.begin("read")
    (tmp_path / ".progress.json").write_text("half")
    teller.end()
    teller.end()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", ["", "{", "[]", '{"step": "read", "unknown": 1}', json.dumps({"done": 3})])
def test_what_cannot_be_read_is_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "progress.json").write_text(text)
    assert progress.read(tmp_path) is None
