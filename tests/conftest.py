"""What every test stands on: a data folder of its own, and the stock people of the demo board."""

import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from schakel.access.people import Person

# Settings read the data folder once, so it is named before Django starts; one folder per worker.
_FOLDER = Path(tempfile.mkdtemp(prefix="schakel-test-"))
os.environ["SCHAKEL_DATA"] = str(_FOLDER)
os.environ.setdefault("SCHAKEL_DEMO", "1")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The full counts run only with `make soak`."""
    if os.environ.get("SCHAKEL_SOAK"):
        return
    for item in items:
        if "soak" in item.keywords:
            item.add_marker(pytest.mark.skip(reason="the full counts run with make soak"))


def pytest_sessionfinish() -> None:
    """Leave nothing behind."""
    shutil.rmtree(_FOLDER, ignore_errors=True)


@pytest.fixture(autouse=True, scope="session")
def no_network() -> Iterator[None]:
    """No test reaches beyond this machine."""
    real = socket.socket.connect

    def connect(self: socket.socket, address: object) -> None:
        if isinstance(address, tuple) and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"a test tried to reach {address[0]}")
        real(self, address)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect)
        yield


@pytest.fixture(scope="session")
def data_folder() -> Path:
    """The data folder of this worker."""
    return _FOLDER


@pytest.fixture
def shared_data() -> Iterator[Path]:
    """Real files that nobody here wrote; skipped where they are absent."""
    folder = Path(__file__).resolve().parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the folder with real files (../shared/data) is not here")
    yield folder


@pytest.fixture
def people(db: None) -> dict[str, "Person"]:
    """The stock people in an otherwise empty register, by name: people["board_member"]."""
    from schakel.kits.stock import bring_in

    return bring_in()
