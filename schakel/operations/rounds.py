"""Rounds: one at a time in a data folder, and each begins by putting right what a killed one left.

    work/round.lock      held by the round that is busy
    work/progress.json   how far it is; gone when it ends
    work/worker.lock     held by every worker that lives
    work/trouble.json    why the last round broke off, when it did

Whether a round is busy and a worker lives is seen by looking at the locks: the system releases them at any death.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from schakel.lib import clock
from schakel.lib.errors import SchakelError, outline
from schakel.lib.locks import held, held_if_free, is_held
from schakel.operations import progress, recovery
from schakel.operations.progress import Progress, Teller


@dataclass(frozen=True)
class Trouble:
    """When and why the last round broke off."""

    at: datetime
    text: str


@contextmanager
def alone(data: Path) -> Iterator[Teller]:
    """Be the one round in this data folder, after waiting for another, with what a crash left put right."""
    work = _work(data)
    teller = Teller(work)
    with held(work / "round.lock"), _watched(work):
        teller.end()  # how far a killed one was says nothing any more
        recovery.recover(data)
        try:
            yield teller
        finally:
            teller.end()


def put_right(data: Path) -> None:
    """Put right what a killed round left, unless a round is at work now: that one did so when it began."""
    work = _work(data)
    with held_if_free(work / "round.lock") as free:
        if free:
            Teller(work).end()
            recovery.recover(data)


def busy(data: Path) -> bool:
    """Whether a round is at work now."""
    return is_held(_work(data) / "round.lock")


def seen(data: Path) -> Progress | None:
    """How far the round is that is at work now; None when there is none."""
    return progress.read(_work(data)) if busy(data) else None


@contextmanager
def at_work(data: Path) -> Iterator[None]:
    """Be a worker that lives, for as long as the block lasts."""
    with held(_work(data) / "worker.lock", shared=True):
        yield


def worker_lives(data: Path) -> bool:
    """Whether some worker picks up what people ask for."""
    return is_held(_work(data) / "worker.lock")


def trouble(data: Path) -> Trouble | None:
    """Why the last round broke off; None when it ended well."""
    try:
        told = json.loads((_work(data) / "trouble.json").read_text(encoding="utf-8"))
        return Trouble(datetime.fromisoformat(told["at"]), str(told["text"]))
    except (OSError, ValueError, TypeError, KeyError):
        return None


@contextmanager
def _watched(work: Path) -> Iterator[None]:
    """Leave word of a round that breaks off by a defect or a full disk. A refusal is an answer, not trouble."""
    path = work / "trouble.json"
    try:
        yield
    except SchakelError:
        raise
    except Exception as error:
        told = {"at": clock.now().isoformat(timespec="seconds"), "text": outline(error)}
        path.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
        raise
    path.unlink(missing_ok=True)


def _work(data: Path) -> Path:
    folder = Path(data) / "work"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
