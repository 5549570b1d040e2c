"""How far a round is, in a small file that anyone may read: work, progress.json. Gone when the round ends."""

import json
import threading
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path

EVERY = 0.2  # seconds between two writes while the same step goes on


@dataclass(frozen=True)
class Progress:
    """One moment of a round: `step` is fetch, read, publish or forget.

    `done` of `total` are bytes when a source is read and tables when a snapshot is made; `what` is the file or table.
    """

    step: str
    source: str = ""
    what: str = ""
    done: int = 0
    total: int = 0


class Teller:
    """Writes how far a round is. May be called from several threads."""

    def __init__(self, work: Path) -> None:
        self._path, self._fresh = work / "progress.json", work / ".progress.json"
        self._lock, self._written = threading.Lock(), 0.0
        self._now = Progress("")

    def begin(self, step: str, source: str = "", total: int = 0) -> None:
        """A next step starts."""
        with self._lock:
            self._now = Progress(step, source, total=total)
            self._write()

    def more(self, what: str, count: int = 1) -> None:
        """So much of this step was done again."""
        with self._lock:
            self._now = replace(self._now, what=what, done=self._now.done + count)
            if time.monotonic() - self._written > EVERY:
                self._write()

    def end(self) -> None:
        """The round is over, or a killed one is cleared."""
        self._path.unlink(missing_ok=True)
        self._fresh.unlink(missing_ok=True)

    def _write(self) -> None:
        self._fresh.write_text(json.dumps(asdict(self._now)), encoding="utf-8")
        self._fresh.replace(self._path)
        self._written = time.monotonic()


def read(work: Path) -> Progress | None:
    """What was written last; None when nothing is there, or nothing that can be read."""
    try:
        return Progress(**json.loads((work / "progress.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
