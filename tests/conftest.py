"""What every test stands on: a data folder of its own, and the stock people of the demo board."""

import fcntl
import gc
import os
import socket
import sqlite3
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest
import pytest_django

from schakel.engine import duck
from schakel.lib.loading import loading
from tests.amounts import tenth
from tests.folder import FOLDER
from tests.portal.serving import copy_of_board, files_of_board
from tests.written_once import written_once

if TYPE_CHECKING:
    from schakel.access.people import Person

# A time is never a test. The normal run tries the same examples each time; `make soak` looks for others.
hypothesis.settings.register_profile("schakel", deadline=None, derandomize="SCHAKEL_SOAK" not in os.environ)
hypothesis.settings.load_profile("schakel")

PUPILS = 650  # of the board that tests stand on: small, but every school has every kind of group


# The modules that take minutes, the longest first: two processes share the work, and neither should be left with one
# of these when the other is done.
LONG = (
    "tests/system/test_postgresql.py",
    "tests/portal/test_browser.py",
    "tests/operations/test_kills.py",
    "tests/portal/test_routes.py",
    "tests/portal/test_story.py",
    "tests/cli/test_verbs.py",
    "tests/process/test_kills.py",
    "tests/portal/test_reading_browser.py",
    "tests/portal/test_chain_picture.py",
    "tests/cli/test_people.py",
    "tests/operations/test_two_workers.py",
    "tests/portal/test_browser_sign_in.py",
)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Long modules go first; the full counts run only with `make soak`, one in ten of them with `make tenth`."""
    rank = {name: place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: rank.get(item.nodeid.partition("::")[0], len(LONG)))
    if os.environ.get("SCHAKEL_SOAK"):
        return
    if os.environ.get("SCHAKEL_TENTH"):
        wanted = tenth([item.nodeid for item in items if "soak" in item.keywords])
        config.hook.pytest_deselected(items=[item for item in items if item.nodeid not in wanted])
        items[:] = [item for item in items if item.nodeid in wanted]
        return
    for item in items:
        if "soak" in item.keywords:
            item.add_marker(pytest.mark.skip(reason="the full counts run with make soak"))


def pytest_configure() -> None:
    """Of two processes that share the tests each keeps to a core of its own, with all that it starts."""
    number = os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw")
    if number and hasattr(os, "sched_setaffinity"):
        cores = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {cores[int(number) % len(cores)]})


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is collected is not garbage: nobody looks for any meanwhile (a quarter of the time of collecting)."""
    with loading():
        return (yield)


def pytest_collection_finish() -> None:
    """Thousands of collected tests stay until the end: whoever tidies the memory need not look through them each time.

    It tidies less often, too. Measured on 927 tests of pages, kits and deliveries: 80 seconds of processor, was 86.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture
def two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are read in parallel, as on a machine of its own."""
    monkeypatch.setattr(duck, "cores", lambda: 2)


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
    return FOLDER


@pytest.fixture
def shared_data() -> Iterator[Path]:
    """Real files that nobody here wrote; skipped where they are absent."""
    folder = Path(__file__).resolve().parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the folder with real files (../shared/data) is not here")
    yield folder


@pytest.fixture(scope="session")
def built_board(
    django_db_setup: None,
    django_db_blocker: pytest_django.DjangoDbBlocker,
    data_folder: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[sqlite3.Connection, sqlite3.Connection]:
    """A small demo board, built once for all processes by the code of real use: its register before and after."""
    base = tmp_path_factory.getbasetemp()
    shelf = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "board"
    with django_db_blocker.unblock(), shelf.with_suffix(".lock").open("w") as alone:
        empty = _copied(_register(), sqlite3.connect(":memory:", check_same_thread=False))
        fcntl.flock(alone, fcntl.LOCK_EX)
        if (shelf / "schakel.db").is_file():
            files_of_board(shelf, data_folder)
        else:
            from schakel.cli.demo import build

            build(data_folder, pupils=PUPILS, facts=None, defects=0.002, seed=1)
            copy_of_board(_register(), data_folder, shelf)
            _copied(empty, _register())
        with closing(sqlite3.connect(shelf / "schakel.db")) as built:
            return empty, _copied(built, sqlite3.connect(":memory:", check_same_thread=False))


@pytest.fixture(scope="module")
def board(
    built_board: tuple[sqlite3.Connection, sqlite3.Connection],
    django_db_blocker: pytest_django.DjangoDbBlocker,
    data_folder: Path,
) -> Iterator["Board"]:
    """The demo board, with its stock people; what a test changes in the register is gone after it."""
    from schakel.kits.stock import STOCK

    empty, full = built_board
    with django_db_blocker.unblock():
        from schakel.access.people import Person

        _copied(full, _register())
        people = {stock.key: Person.objects.get(email=stock.email) for stock in STOCK}
    yield Board(data_folder, people)
    with django_db_blocker.unblock():
        _copied(empty, _register())


@dataclass(frozen=True)
class Board:
    """A board to test on: its data folder and its stock people by name."""

    data: Path
    people: dict[str, "Person"]


def _register() -> sqlite3.Connection:
    """The open connection of Django's test database."""
    from django.db import connection

    connection.ensure_connection()
    return connection.connection  # type: ignore[no-any-return]


def _copied(source: sqlite3.Connection, target: sqlite3.Connection) -> sqlite3.Connection:
    source.backup(target)
    return target


@pytest.fixture
@written_once
def people(db: None) -> dict[str, "Person"]:
    """The stock people in an otherwise empty register, by name: people["board_member"]."""
    from schakel.kits.stock import bring_in

    return bring_in()
