"""A new register is made in one step a room; one that was made earlier ends the same by the steps of then."""

import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Where a register may stand: hardly begun, halfway, or at the end of the steps of then.
HALFWAY = {
    "chain": [("chain", "0001_initial")],
    "collect": [("collect", "0004_source_mapping"), ("steer", "0001_initial")],
    "all": [
        ("access", "0003_demand_side"), ("chain", "0005_unsent_questions"), ("collect", "0009_match_decision"),
        ("distribute", "0003_wrong_data"), ("governance", "0002_demand_side"), ("steer", "0001_initial"),
    ],
}  # fmt: skip
BY_STEPS = f"""
import shutil
import django
django.setup()
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
for where, targets in {HALFWAY}.items():
    executor = MigrationExecutor(connection)
    executor.loader = MigrationLoader(connection, replace_migrations=False)
    executor.migrate(targets)
    connection.close()
    (settings.DATA / where).mkdir()
    shutil.copyfile(settings.DATA / "schakel.db", settings.DATA / where / "schakel.db")
"""
OPEN = "from schakel.cli.start import open_register; open_register()"


def run(folder: Path, code: str) -> None:
    """Python on a data folder of its own."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("SCHAKEL_")}
    environment |= {"SCHAKEL_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "schakel.config.settings"}
    done = subprocess.run(
        [sys.executable, "-c", code], check=False, cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def parts(text: str) -> list[str]:
    """What stands between the brackets of a table, in any order."""
    found, deep = [""], 0
    for sign in text[text.index("(") + 1 : text.rindex(")")]:
        deep += {"(": 1, ")": -1}.get(sign, 0)
        found = [*found, ""] if sign == "," and not deep else [*found[:-1], found[-1] + sign]
    return sorted(part.strip() for part in found)


def made(folder: Path) -> dict[tuple[str, str], list[str]]:
    """Every table, index and trigger of a register."""
    with sqlite3.connect(folder / "schakel.db") as register:
        rows = register.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    return {
        (kind, name): parts(sql) if re.match(r"CREATE TABLE", sql, re.IGNORECASE) else [sql] for kind, name, sql in rows
    }


def applied(folder: Path) -> set[tuple[str, str]]:
    """The steps that the register says were taken."""
    with sqlite3.connect(folder / "schakel.db") as register:
        return set(register.execute("SELECT app, name FROM django_migrations").fetchall())


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fresh")
    run(folder, OPEN)
    return folder


def test_a_new_register_takes_one_step_a_room(fresh: Path) -> None:
    for app in ("access", "chain", "collect", "distribute", "governance"):
        assert (app, "0001_squashed") in applied(fresh)
    triggers = {name for kind, name in made(fresh) if kind == "trigger"}
    for table in ("access_auditline", "distribute_delivery", "collect_matchdecision"):
        assert {name for name in triggers if name.startswith(table)}, table
    assert ("table", "chain_searchentry_fts") in made(fresh)


@pytest.fixture(scope="module")
def of_then(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a register of then for each place where it may stand."""
    folder = tmp_path_factory.mktemp("then")
    run(folder, BY_STEPS)
    return folder


@pytest.mark.parametrize("where", HALFWAY)
def test_a_register_of_then_ends_as_a_new_one(fresh: Path, of_then: Path, where: str) -> None:
    folder = of_then / where
    before = applied(folder)
    assert set(HALFWAY[where]) <= before
    run(folder, OPEN)
    assert made(folder) == made(fresh)
    assert len(applied(folder)) > len(before) or where == "all"
    whole = applied(folder)
    run(folder, OPEN)  # and again there is nothing to do
    assert applied(folder) == whole
