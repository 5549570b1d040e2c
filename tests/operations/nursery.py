"""The other side of a nursery (see kills.py): a process in which a board is made, and whose children can be killed."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


class Nursery:
    """The other side of the nursery: orders go in, answers come out."""

    def __init__(self, data: Path, url: str = "", module: str = "tests.operations.kills", *words: str) -> None:
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("SCHAKEL_", "PYTEST", "DJANGO"))}
        environment |= {"SCHAKEL_DATA": str(data), "PYTHONPATH": str(ROOT)}
        environment |= {"SCHAKEL_DATABASE_URL": url} if url else {}
        command = [sys.executable, "-m", module, *words]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment
        )
        assert self._line() == "ready"

    def start(self, order: str, *words: str) -> int:
        """Let a child do something; its process, which keeps its number until `ended` is asked."""
        self._say(order, *words)
        return int(self._line())

    def ended(self) -> tuple[int, str]:
        """How the child of the last order ended (0, or minus the signal), and what it answered."""
        self._say("reap")
        status, _space, answer = self._line().partition(" ")
        return int(status), answer

    def ask(self, order: str, *words: str) -> Any:
        """The answer to an order that must succeed."""
        self.start(order, *words)
        status, answer = self.ended()
        assert status == 0, f"{order} ended with {status}"
        return json.loads(answer)

    def close(self) -> None:
        """Let it end."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.wait(timeout=20)
        self.process.stdout.close()

    def _say(self, *words: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(" ".join(words) + "\n")
        self.process.stdin.flush()

    def _line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()


@contextmanager
def nursery(data: Path, url: str = "") -> Iterator[Nursery]:
    """A board in this folder, after its first two rounds: it is in the state `old`."""
    nurse = Nursery(data, url)
    try:
        yield nurse
    finally:
        nurse.close()
