"""A data folder for this run of the tests. Loaded before Django reads its settings (see addopts in pyproject.toml)."""

import os
import shutil
import tempfile
from pathlib import Path

FOLDER = Path(tempfile.mkdtemp(prefix="schakel-test-"))
os.environ["SCHAKEL_DATA"] = str(FOLDER)
os.environ["SCHAKEL_DEMO"] = "1"
os.environ.pop("SCHAKEL_TODAY", None)


def pytest_sessionfinish() -> None:
    """Leave nothing behind."""
    shutil.rmtree(FOLDER, ignore_errors=True)
