"""`schakel connector new`: what it writes works as it is, passes its own tests, and is found by its entry point."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from schakel.connectors import skeleton
from schakel.lib.errors import Refused

ROOT = Path(__file__).resolve().parents[2]


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Python in that folder, which stands on its own: with Schakel, and without the settings of our tests."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("DJANGO", "SCHAKEL", "PYTEST"))}
    env = clean | {"PYTHONPATH": os.pathsep.join([str(folder), str(ROOT)]), "LANG": "C.UTF-8"}
    return subprocess.run([sys.executable, *words], cwd=folder, env=env, capture_output=True, text=True, check=False)


def test_it_passes_its_own_tests(tmp_path: Path) -> None:
    made = run(tmp_path, "-m", "schakel.cli.main", "connector", "new", "weer_bericht")
    assert made.returncode == 0, made.stderr
    folder = tmp_path / "schakel-weer-bericht"
    assert "schakel_weer_bericht/connector.py" in made.stdout
    tests = run(
        folder, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:django", "-c", "pyproject.toml", "tests"
    )
    assert tests.returncode == 0, tests.stdout
    assert "7 passed" in tests.stdout


def test_another_package_is_found_by_its_entry_point(tmp_path: Path) -> None:
    folder = skeleton.write("weer", tmp_path)
    (folder / "uitvoer.csv").write_bytes(b"Nummer;Naam\r\n1;A\r\n1;B\r\n")
    unknown = run(folder, "-m", "schakel.cli.main", "check", "uitvoer.csv")
    assert unknown.returncode == 2
    told = folder / "schakel_weer-0.1.0.dist-info"  # what an installer leaves behind
    told.mkdir()
    (told / "METADATA").write_text("Metadata-Version: 2.1\nName: schakel-weer\nVersion: 0.1.0\n")
    (told / "entry_points.txt").write_text("[schakel.connectors]\nweer = schakel_weer.connector\n")
    known = run(folder, "-m", "schakel.cli.main", "check", "uitvoer.csv")
    assert known.returncode == 1, known.stderr
    assert "duplicate-key" in known.stdout


@pytest.mark.parametrize(
    "name", ["", "a", "Weer", "weer-bericht", "1weer", "../weer", "class", "w" * 41, "weer bericht"]
)
def test_a_name_that_cannot_be_a_package_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(Refused) as refused:
        skeleton.write(name, tmp_path)
    assert refused.value.code == "name"
    assert not list(tmp_path.iterdir())


def test_what_is_there_is_left_alone(tmp_path: Path) -> None:
    mine = skeleton.write("weer", tmp_path) / "schakel_weer" / "connector.py"
    mine.write_text("# mine")
    with pytest.raises(Refused) as refused:
        skeleton.write("weer", tmp_path)
    assert refused.value.code == "exists"
    assert mine.read_text() == "# mine"


def test_a_place_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(Refused) as refused:
        skeleton.write("weer", tmp_path / "file")
    assert refused.value.code == "unwritable"
