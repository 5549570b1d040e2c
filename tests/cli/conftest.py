"""The whole command line in this process, on the register of the test."""

import contextlib
import contextvars
import io
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from schakel.cli import main as command_line


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    status: int
    out: str
    err: str


@pytest.fixture
def typed(people: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ended]:
    """Run words as they are typed after `schakel`; the working folder is the test's own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SCHAKEL_DATA", str(tmp_path))

    def call(*words: str) -> Ended:
        out, err = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True), io.StringIO()
        monkeypatch.setattr(sys, "argv", ["schakel", *words])
        status: object = 0
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                contextvars.copy_context().run(command_line.main)  # --language holds for this command only
            except SystemExit as end:
                status = end.code or 0
        assert isinstance(status, int)
        return Ended(status, out.buffer.getvalue().decode(), err.getvalue())

    return call
