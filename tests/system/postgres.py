"""A PostgreSQL server of our own for the duration of a test: in its own folder, on a socket."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# A server for minutes need not survive a power cut, has nobody who follows it, and knows nothing of tables that every
# test empties again; what it is asked is too small to be compiled, or to look for the best order of its tables.
SETTINGS = (
    "listen_addresses=''", "fsync=off", "full_page_writes=off", "synchronous_commit=off", "autovacuum=off",
    "wal_level=minimal", "max_wal_senders=0", "track_counts=off", "jit=off",
    "join_collapse_limit=1", "from_collapse_limit=1",
)  # fmt: skip


def binaries() -> Path | None:
    """The folder with initdb and postgres of the newest PostgreSQL on this machine, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    command = shutil.which("initdb")
    return Path(command).parent if command else None


def _as_server(command: list[str]) -> list[str]:
    # PostgreSQL refuses to run as root; Debian's package brings the user postgres.
    return ["runuser", "-u", "postgres", "--", *command] if os.getuid() == 0 else command


@contextmanager
def running(bin_folder: Path) -> Iterator[str]:
    """The URL of a fresh server with an empty database; gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="schakel-pg-"))
    folder.chmod(0o777)
    home, user = folder / "data", "postgres" if os.getuid() == 0 else os.environ.get("USER", "schakel")
    subprocess.run(
        _as_server([str(bin_folder / "initdb"), "-D", str(home), "-A", "trust", "-U", user, "-E", "UTF8", "--no-sync"]),
        check=True,
        capture_output=True,
    )
    options = " ".join([f"-k {folder}", *(f"-c {setting}" for setting in SETTINGS)])
    pg_ctl = str(bin_folder / "pg_ctl")
    subprocess.run(
        _as_server([pg_ctl, "-D", str(home), "-w", "-l", str(folder / "log"), "-o", options, "start"]),
        check=True,
        capture_output=True,
    )
    try:
        yield f"postgresql://{user}@/postgres?host={folder}"
    finally:
        subprocess.run(
            _as_server([pg_ctl, "-D", str(home), "-m", "immediate", "stop"]), check=False, capture_output=True
        )
        shutil.rmtree(folder, ignore_errors=True)
