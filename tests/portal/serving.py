"""Servers that tests start: the production server on a board of their own, on a free port of this machine."""

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

PATIENCE = 180  # seconds: a machine that runs other tests too is slow


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def copy_of_board(register: sqlite3.Connection, data: Path, folder: Path) -> Path:
    """A data folder with the same files and the same register."""
    files_of_board(data, folder)
    with closing(sqlite3.connect(folder / "schakel.db")) as target:
        register.backup(target)
    return folder


def files_of_board(data: Path, folder: Path) -> None:
    """The files of a board, in another data folder."""
    for name in ("landing", "quarantine", "snapshots", "inbox"):
        if (data / name).is_dir():
            shutil.copytree(data / name, folder / name, dirs_exist_ok=True)


def demo_environment(folder: Path) -> dict[str, str]:
    """What a demo on this folder is started with."""
    told = {"SCHAKEL_DATA": str(folder), "SCHAKEL_DEMO": "1", "DJANGO_SETTINGS_MODULE": "schakel.config.settings"}
    return {**os.environ, **told}


@contextmanager
def started(command: list[str], environment: Mapping[str, str]) -> Iterator[None]:
    """A process that lives as long as the test needs it."""
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE)


@contextmanager
def served(environment: Mapping[str, str]) -> Iterator[str]:
    """The production server; gives its address once it answers."""
    address = f"127.0.0.1:{free_port()}"
    command = [sys.executable, "-m", "gunicorn", "-b", address, "--threads", "4", "schakel.config.wsgi"]
    with started(command, environment):
        awake(f"http://{address}")
        yield f"http://{address}"


def awake(address: str) -> None:
    """Wait until a server answers."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{address}/gezondheid", timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server did not start")
