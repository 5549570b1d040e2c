"""The register's tests pass on a real PostgreSQL too: the very same tests, run again with one setting changed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.system.postgres import binaries, running

ROOMS = [
    "tests/access",
    "tests/chain",
    "tests/governance",
    "tests/collect/test_old_decisions.py",
    "tests/steer/test_norms.py",
    "tests/kits/test_sheet_approvals.py",
    "tests/kits/test_starter_loading.py",
]


@pytest.mark.postgres
def test_the_register_passes_on_postgresql():
    folder = binaries()
    if folder is None:
        pytest.skip("PostgreSQL is not installed (Debian: postgresql)")
    root = Path(__file__).resolve().parents[2]
    rooms = [room for room in ROOMS if (root / room).exists() and list(root.glob(f"{room}/test_*.py") or [root / room])]
    with running(folder) as url:
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-p", "no:xdist", *rooms]
        environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
        done = subprocess.run(
            command,
            check=False,
            cwd=root,
            env={**environment, "SCHAKEL_DATABASE_URL": url},
            capture_output=True,
            text=True,
        )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert " passed" in done.stdout
    assert "test_postgresql_refuses_to_empty_the_table" not in done.stdout  # it ran, it was not skipped
