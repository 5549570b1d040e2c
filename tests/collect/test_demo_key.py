"""The demo board against its key: every planted mistake is found where it was planted, and nothing else is."""

import random
from pathlib import Path

import pytest

from schakel.collect.checks import check
from schakel.collect.connectors import open_package
from schakel.collect.findings import Finding
from schakel.kits.demo_board import Generated, generate

# A mistake that only shows when files of different systems are laid side by side is no business of one package.
ELSEWHERE = "roster"


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Generated:
    return generate(tmp_path_factory.mktemp("board"), pupils=900, defects=0.01, seed=3)


@pytest.fixture(scope="module")
def findings(board: Generated) -> list[Finding]:
    kinds = [kind for kind in board.files if kind != "sleutel"]
    return [found for kind in kinds for found in check(open_package(board.files[kind])).findings]


def named(file: str, sheet: str) -> str:
    return f"{file}#{sheet}" if sheet and "#" not in file else file


def test_every_planted_mistake_is_found_in_its_file_row_and_column(board: Generated, findings: list[Finding]) -> None:
    found = {(f.file, f.row, column) for f in findings for column in f.column.split(", ")}
    planted = [d for d in board.key.defects if d.found_in != ELSEWHERE]
    missed = [d for d in planted if (named(d.file, d.sheet), d.row, d.column) not in found]
    assert len(planted) > 100
    assert missed == []


def test_nothing_else_is_found(board: Generated, findings: list[Finding]) -> None:
    planted = {(named(d.file, d.sheet), d.row) for d in board.key.defects}
    extra = [
        (f.file, f.row, f.column, f.rule) for f in findings if (f.file, f.row) not in planted and f.severity != "info"
    ]
    refused = {(named(c.file, c.sheet), 1, c.column) for c in board.key.columns if c.kind.startswith("forbidden")}
    assert {each[:3] for each in extra} == refused


def cells(board: Generated, *, elsewhere: bool) -> set[tuple[str, int, str]]:
    """Every cell in which a mistake was planted; those that one file need not show as well, or not."""
    wanted = [d for d in board.key.defects if elsewhere or d.found_in != ELSEWHERE]
    return {(named(d.file, d.sheet), d.row, d.column) for d in wanted}


def held_against_its_key(folder: Path, seed: int) -> int:
    """A board of random size and rate, made and checked: all that is planted is found, at its cell, and no more."""
    dice = random.Random(seed)
    pupils, facts, rate = dice.randint(200, 320), dice.randint(300, 1500), dice.choice([0.002, 0.01, 0.03])
    made = generate(folder, pupils=pupils, facts=facts, defects=rate, seed=seed)
    packages = [open_package(path) for kind, path in made.files.items() if kind != "sleutel"]
    told = [found for package in packages for found in check(package).findings if found.severity != "info"]
    found = {(f.file, f.row, column) for f in told for column in f.column.split(", ")}
    refused = {(named(c.file, c.sheet), 1, c.column) for c in made.key.columns if c.kind.startswith("forbidden")}
    empty = {(path.name, 0, "") for kind, path in made.files.items() if made.key.rows.get(kind) == 0}  # truly empty
    assert cells(made, elsewhere=False) - found == set(), seed
    assert found - cells(made, elsewhere=True) == refused | empty, seed
    return len(made.key.defects)


@pytest.mark.parametrize("seed", [11, 1084])  # the second: two places unknown in the same year, once one key
def test_a_random_board_to_the_cell(tmp_path: Path, seed: int) -> None:
    assert held_against_its_key(tmp_path, seed) > 5


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(1000, 1500))
def test_five_hundred_random_boards_to_the_cell(tmp_path: Path, seed: int) -> None:
    assert held_against_its_key(tmp_path, seed) > 5


def test_a_board_without_mistakes_has_no_findings_but_the_forbidden_columns(tmp_path: Path) -> None:
    board = generate(tmp_path, pupils=400, defects=0, seed=5)
    found = {
        f.rule for kind, path in board.files.items() if kind != "sleutel" for f in check(open_package(path)).findings
    }
    assert found == {"bsn-name", "bsn-values"}


def test_the_folder_of_files_is_not_one_package(board: Generated) -> None:
    from schakel.lib.errors import Unreadable

    with pytest.raises(Unreadable):
        open_package(Path(board.folder))
