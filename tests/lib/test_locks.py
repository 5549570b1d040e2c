"""Locks: one holder, many who share, and nobody once the holder is dead."""

import multiprocessing
import threading
import time
from pathlib import Path

from schakel.lib.locks import held, held_if_free, is_held

_PROCESSES = multiprocessing.get_context("spawn")


def hold(path: Path, told: "multiprocessing.synchronize.Event") -> None:
    with held(path):
        told.set()
        time.sleep(60)


def test_a_lock_is_held_inside_the_block_only(tmp_path: Path) -> None:
    lock = tmp_path / "map" / "slot"
    assert not is_held(lock)
    with held(lock):
        assert is_held(lock)
    assert not is_held(lock)


def test_a_second_holder_waits_for_the_first(tmp_path: Path) -> None:
    lock, order = tmp_path / "slot", list[str]()

    def second() -> None:
        with held(lock):
            order.append("second")

    with held(lock):
        waiting = threading.Thread(target=second)
        waiting.start()
        time.sleep(0.1)
        order.append("first")
    waiting.join(timeout=10)
    assert order == ["first", "second"]


def test_who_does_not_wait_holds_it_or_is_told(tmp_path: Path) -> None:
    lock = tmp_path / "map" / "slot"
    with held_if_free(lock) as first:
        assert first and is_held(lock)
        with held_if_free(lock) as second:
            assert not second
        assert is_held(lock)
    assert not is_held(lock)


def test_those_who_share_do_not_wait_for_each_other(tmp_path: Path) -> None:
    with held(tmp_path / "slot", shared=True), held(tmp_path / "slot", shared=True):
        assert is_held(tmp_path / "slot")


def test_looking_takes_nothing(tmp_path: Path) -> None:
    with held(tmp_path / "slot", shared=True):
        assert is_held(tmp_path / "slot")
        assert is_held(tmp_path / "slot")
    assert not is_held(tmp_path / "slot")
    assert not is_held(tmp_path / "slot")


def test_a_holder_that_is_killed_holds_nothing(tmp_path: Path) -> None:
    told = _PROCESSES.Event()
    holder = _PROCESSES.Process(target=hold, args=(tmp_path / "slot", told))
    holder.start()
    assert told.wait(20)
    assert is_held(tmp_path / "slot")
    holder.kill()
    holder.join()
    assert not is_held(tmp_path / "slot")


def test_a_block_that_fails_lets_go(tmp_path: Path) -> None:
    try:
        with held(tmp_path / "slot"):
            raise RuntimeError
    except RuntimeError:
        pass
    assert not is_held(tmp_path / "slot")
