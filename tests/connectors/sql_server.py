"""A PostgreSQL of the tests' own on a port of 127.0.0.1: a supplier's database, with a user who may read one view."""

import getpass
import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from schakel.collect.providers import Access
from tests.connectors.sftp_server import _free_port
from tests.system import postgres


@dataclass
class Base:
    """Where it is, what it was asked, and the door of its owner."""

    port: int
    log: Path
    owner: str

    @property
    def access(self) -> Access:
        return Access(f"postgresql://127.0.0.1:{self.port}/postgres", "", "basic", "lezer", "geheim")

    def run(self, *statements: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.owner, autocommit=True) as con:
            found = [con.execute(statement) for statement in statements]  # type: ignore[arg-type]
            return found[-1].fetchall() if found[-1].description else []

    def received(self) -> list[str]:
        """What the server says it was asked, by the reader."""
        return re.findall(r"lezer LOG: +(?:statement|execute [^:]*): (.*)", self.log.read_text(errors="replace"))


@contextmanager
def on_a_port() -> Iterator[Base]:
    """The server, until the block ends."""
    folder_of_binaries = postgres.binaries()
    assert folder_of_binaries is not None
    with postgres.running(folder_of_binaries) as url:
        folder = Path(url.partition("host=")[2])
        port = _free_port()
        with psycopg.connect(url, autocommit=True) as con:
            for name, value in (("listen_addresses", "127.0.0.1"), ("port", str(port)), ("log_statement", "all"),
                                ("log_line_prefix", "%u ")):  # fmt: skip
                con.execute(f"ALTER SYSTEM SET {name} = '{value}'")  # type: ignore[arg-type]
        hba = folder / "data" / "pg_hba.conf"
        ours = "host all lezer 127.0.0.1/32 scram-sha-256\n"
        as_owner(["sh", "-c", f"printf '%s' '{ours}' | cat - {hba} > {hba}.new && mv {hba}.new {hba}"])
        command = [str(folder_of_binaries / "pg_ctl"), "-D", str(folder / "data"), "-w", "-m", "fast", "-l",
                   str(folder / "log"), "-o", f"-k {folder} -c fsync=off", "restart"]  # fmt: skip
        as_owner(command)
        user = "postgres" if os.getuid() == 0 else os.environ.get("USER", getpass.getuser())
        yield Base(port, folder / "log", f"host={folder} port={port} user={user} dbname=postgres")


def as_owner(command: list[str]) -> None:
    """Run this as who owns the files of the server."""
    subprocess.run(postgres._as_server(command), check=True, capture_output=True)
