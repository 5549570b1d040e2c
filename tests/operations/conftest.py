"""A board that a test may work on: the register of the demo board, and a copy of its folder."""

import shutil
from pathlib import Path

import pytest
import pytest_django

from tests.conftest import Board
from tests.desk import room, small  # noqa: F401 - fixtures
from tests.found import delivered, faulty  # noqa: F401 - fixtures


@pytest.fixture
def own(board: Board, tmp_path: Path, settings: pytest_django.Settings) -> Board:
    """A copy of the board's folder, to publish in without touching what other tests stand on."""
    for name in ("inbox", "landing", "quarantine", "snapshots"):
        shutil.copytree(board.data / name, tmp_path / name, symlinks=True)
    settings.DATA = tmp_path
    return board
