"""The command line in processes of its own that begin quickly: each is forked from one that has read the libraries.

What runs is a whole process all the same, with its own words, environment, output and exit status, on a register that
it opens itself; only the half second in which Python reads Django and DuckDB from disk is spent once. The tests about
starting (`check` reads no web framework, a terminal, a server) start a Python of their own.
"""

import atexit
import functools
import json
import os
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import IO, NoReturn

ROOT = Path(__file__).resolve().parents[2]
# None of these reads a setting: what is forked finds the settings of its own data folder.
LIBRARIES = (
    "click", "cryptography.hazmat.primitives.asymmetric.rsa", "django.core.management", "django.db.migrations.executor",
    "django.db.models", "django.forms", "django.http", "django.template.backends.django", "django.urls", "duckdb",
    "email.mime.text", "snowballstemmer", "sqlglot.expressions", "sqlparse",
)  # fmt: skip


def schakel(data: Path, *words: str, check: bool = False, **variables: str) -> subprocess.CompletedProcess[str]:
    """Type `schakel --data DATA WORDS`, with these variables set and none of Schakel's beside them."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("SCHAKEL_", "PYTEST", "DJANGO"))}
    command = ["schakel", "--data", str(data), *words]
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        status = _nest().hatch(command, environment | variables, out, err)
        for file in (out, err):
            file.seek(0)
        done = subprocess.CompletedProcess(command, status, out.read(), err.read())
    if check:
        done.check_returncode()
    return done


class Nest:
    """The process from which commands are forked: orders go in, exit statuses come out."""

    def __init__(self) -> None:
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("SCHAKEL_", "PYTEST", "DJANGO"))}
        command = [sys.executable, "-m", "tests.cli.nest"]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment
        )
        atexit.register(self.process.kill)

    def hatch(self, command: list[str], environment: Mapping[str, str], out: IO[str], err: IO[str]) -> int:
        """Run a command with its output in these files; its exit status, or minus the signal that ended it."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        files = [f"/proc/{os.getpid()}/fd/{file.fileno()}" for file in (out, err)]
        order = {"argv": command, "environ": dict(environment), "folder": str(Path.cwd()), "files": files}
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())


@functools.cache
def _nest() -> Nest:
    return Nest()


def main() -> None:
    """Fork a child for each order on the input; tell how it ended."""
    for name in LIBRARIES:
        import_module(name)
    for line in sys.stdin:
        child = os.fork()
        if not child:
            _live(json.loads(line))
        _pid, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _live(order: dict[str, object]) -> NoReturn:
    """Be the process that was ordered, to its end."""
    argv, environ, folder, files = order["argv"], order["environ"], order["folder"], order["files"]
    assert isinstance(argv, list)
    assert isinstance(environ, dict)
    assert isinstance(files, list)
    os.chdir(str(folder))
    os.environ.clear()
    os.environ.update(environ)
    sys.argv = argv
    for number, path in enumerate(["/dev/null", *files]):
        opened = os.open(path, os.O_RDWR | os.O_APPEND)
        os.dup2(opened, number)
        os.close(opened)
    os._exit(_status())


def _status() -> int:
    """What the command line gives back, after everything that it leaves for the end."""
    from schakel.cli.main import main as command_line

    status: object = 0
    try:
        command_line()
    except SystemExit as end:
        status = end.code or 0
    except BaseException:  # noqa: BLE001 as Python itself does: a trace, and 1
        traceback.print_exc()
        status = 1
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    return status if isinstance(status, int) else 1


if __name__ == "__main__":
    main()
