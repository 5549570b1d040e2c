"""`schakel check`: exit status, JSON for programs, words for people, and no web framework."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from schakel.cli.check import command
from tests.collect.small_roster import package, roster

KEYS = {"layout", "version", "conformant", "usable", "rows", "findings"}
FINDING = {"file", "row", "column", "rule", "severity", "action", "message", "value"}


def run(path: Path, *options: str) -> Result:
    return CliRunner().invoke(command, [str(path), *options])


def wrong(folder: Path, count: int = 1) -> Path:
    files = roster()
    for row in files["enrollments"][:count]:
        row["role"] = "professor"
    return package(folder, files)


def test_a_conformant_package_ends_with_0(tmp_path: Path) -> None:
    result = run(package(tmp_path))
    assert result.exit_code == 0
    assert "Geen bevindingen." in result.output


def test_findings_end_with_1(tmp_path: Path) -> None:
    result = run(wrong(tmp_path))
    assert result.exit_code == 1
    assert "Regel 2: p***** (9)" in result.output
    assert "Bruikbaar: ja, met 1 reparatie" in result.output


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_what_cannot_be_read_ends_with_2(tmp_path: Path, options: tuple[str, ...]) -> None:
    (tmp_path / "x.zip").write_bytes(b"niets")
    assert run(tmp_path / "x.zip", *options).exit_code == 2
    assert run(tmp_path / "nergens", *options).exit_code == 2


def test_json_has_exactly_the_keys_of_the_contract(tmp_path: Path) -> None:
    result = run(wrong(tmp_path, 5), "--json")
    told = json.loads(result.output)
    assert set(told) == KEYS
    assert len(told["findings"]) == 5
    assert all(set(each) == FINDING for each in told["findings"])
    assert told["rows"]["enrollments.csv"] == 6
    assert (told["layout"], told["version"], told["conformant"], told["usable"]) == ("oneroster", "1.2.1", False, True)


def test_json_of_what_cannot_be_read_says_why(tmp_path: Path) -> None:
    told = json.loads(run(tmp_path / "nergens", "--json").output)
    assert told["error"] == "unreadable"
    assert "nergens" in told["message"]


def test_people_see_the_first_rows_and_all_of_them_when_they_ask(tmp_path: Path) -> None:
    path = wrong(tmp_path, 5)
    assert "5x" in run(path).output
    assert "; …" in run(path).output
    assert "6: p" in run(path, "--all").output
    assert "; …" not in run(path, "--all").output


def test_no_value_is_shown_whole(tmp_path: Path) -> None:
    for options in ((), ("--json",), ("--all",)):
        assert "professor" not in run(wrong(tmp_path), *options).output


def test_the_words_are_english_for_who_asks(tmp_path: Path) -> None:
    command_line = [
        sys.executable,
        "-c",
        "from schakel.cli.main import main; main()",
        "--language",
        "en",
        "check",
        str(wrong(tmp_path)),
        "--json",
    ]
    told = subprocess.run(command_line, capture_output=True, text=True, check=False)
    assert "is not one of the allowed values" in json.loads(told.stdout)["findings"][0]["message"]


def test_a_real_process_has_the_exit_status_and_no_web_framework(tmp_path: Path) -> None:
    script = (
        "import sys\n"
        "from schakel.cli.main import main\n"
        "sys.argv = ['schakel', 'check', sys.argv[1], '--json']\n"
        "try:\n    main()\n"
        "except SystemExit as end:\n    status = end.code\n"
        "heavy = {'django', 'sqlglot', 'yaml', 'python_calamine', 'pandas', 'numpy', 'pyarrow'} & set(sys.modules)\n"
        "print(sorted(heavy), file=sys.stderr)\n"
        "sys.exit(status)\n"
    )
    (tmp_path / "data").mkdir()  # a board with mappings of its own reads those too
    done = subprocess.run(
        [sys.executable, "-c", script, str(wrong(tmp_path))], capture_output=True, text=True, check=False,
        env={**os.environ, "SCHAKEL_DATA": str(tmp_path / "data")},
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.strip() == "[]"


def test_progress_is_shown_only_when_a_person_watches(tmp_path: Path) -> None:
    command_line = [sys.executable, "-c", "from schakel.cli.main import main; main()", "check", str(package(tmp_path))]
    assert subprocess.run(command_line, capture_output=True, text=True, check=True).stderr == ""
