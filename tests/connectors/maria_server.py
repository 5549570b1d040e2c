"""A MariaDB of the tests' own on a port of 127.0.0.1: a supplier's database, with a user who may read some columns."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pymysql

from schakel.collect.providers import Access
from tests.connectors.sftp_server import _free_port

SERVER = Path("/usr/sbin/mariadbd")
PATIENCE = 60.0  # seconds: a machine that runs other tests too is slow


def is_here() -> bool:
    """Whether the server and what prepares its folder are on this machine."""
    return SERVER.exists() and all(map(shutil.which, ("mariadb-install-db", "my_print_defaults")))


@dataclass
class Maria:
    """Where it is, and the door of its owner."""

    port: int
    socket: Path
    scheme: str = "mariadb"

    @property
    def access(self) -> Access:
        return Access(f"{self.scheme}://127.0.0.1:{self.port}/las", "", "basic", "lezer", "geheim")

    def run(self, *statements: str) -> list[tuple[object, ...]]:
        with (
            pymysql.connect(unix_socket=str(self.socket), user="root", autocommit=True) as con,
            con.cursor() as cursor,
        ):
            for statement in statements:
                cursor.execute(statement)
            return list(cursor.fetchall())


@contextmanager
def on_a_port() -> Iterator[Maria]:
    """The server, until the block ends."""
    folder = Path(tempfile.mkdtemp(prefix="schakel-maria-"))
    user = "root" if os.getuid() == 0 else os.environ["USER"]
    base = ["--no-defaults", f"--datadir={folder}/data", f"--user={user}"]
    made = ["mariadb-install-db", *base, "--basedir=/usr", "--force", "--skip-name-resolve", "--skip-test-db",
            "--auth-root-authentication-method=normal"]  # fmt: skip
    subprocess.run(made, check=True, capture_output=True)
    port, socket = _free_port(), folder / "socket"
    command = [str(SERVER), *base, f"--socket={socket}", f"--port={port}", "--bind-address=127.0.0.1",
               "--skip-name-resolve", "--innodb-flush-log-at-trx-commit=0", f"--pid-file={folder}/pid"]  # fmt: skip
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        maria = Maria(port, socket)
        _awake(maria)
        yield maria
    finally:
        process.kill()
        process.wait(timeout=PATIENCE)
        shutil.rmtree(folder, ignore_errors=True)


def _awake(maria: Maria) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            maria.run("SELECT 1")
            return
        except pymysql.err.OperationalError:
            assert time.monotonic() < until, "the server did not start"
            time.sleep(0.1)
