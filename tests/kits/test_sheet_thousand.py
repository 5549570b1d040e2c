"""A thousand needs in one file, thirty mistakes of thirty kinds: all named, by their cell, and nothing else."""

# ruff: noqa: E501 -- a row of a sheet stays one row
import os
import random
import resource
import sqlite3
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from schakel.access.audit import AuditLine
from schakel.chain.needs import InformationNeed
from schakel.kits.exchange.taking import NotTaken, rehearse, take_in
from schakel.kits.sheets.reading import reader
from schakel.kits.stock import bring_in
from tests.kits.registers import filled, looked, taken
from tests.kits.sheet_files import as_csv, book

NEEDS = [
    "Sleutel", "Als (rol)", "Wil ik weten", "Om te besluiten", "Hoe vaak", "Voor activiteit", "Niveau", "Hoe vers",
    "Doel van het gebruik", "Grondslag", "Wet nagekeken", "Vervalt op", "Voorrang", "Minuten per keer, nu zonder Schakel",
    "Keren per jaar", "Eigenaar (rol)", "Eigenaar (e-mail)", "Herzien op", "In plaats daarvan", "Stand (alleen lezen)",
]  # fmt: skip
ELEMENTS = ["Behoefte", "Gegeven", "Nodig of gewenst", "Waarom", "Weggelaten, omdat", "Vervalt"]
AUDIENCE = ["Behoefte", "Wie het ziet (rol)", "Hoe ver", "Vervalt"]
COUNT = 1000


def need(number):
    """One row that is right."""
    return [
        f"n{number:04}", "teacher", f"Vraag {number}?", "Kiezen.", "elke dag", "A1", "persoon", "elke dag", "Lesgeven.",
        "AVG art. 6 lid 1e", "ja", date(2030, 12, 31), 2, 10, 190, "timetabler", "tom.bakker@oeverscholen.example",
        date(2027, 11, 1), "my_rooms", "gevraagd",
    ]  # fmt: skip


def sheets(count=COUNT):
    """A file that is right: its three sheets."""
    keys = [need(number)[0] for number in range(count)]
    return {
        "Behoeften": [NEEDS, *map(need, range(count))],
        "Gegevens per behoefte": [ELEMENTS, *([key, "slot.start_time", "nodig", "omdat het moet", "", "nee"] for key in keys)],
        "Doelgroep per behoefte": [AUDIENCE, *([key, "teacher", "zichzelf", ""] for key in keys)],
    }  # fmt: skip


def written(rows_of):
    return book(**{title.replace(" ", "_"): rows for title, rows in rows_of.items()})


# What is planted: sheet, column, value, a word of the reason. Each of another kind.
PLANTED = [
    ("Behoeften", "Sleutel", "", "ingevuld"),
    ("Behoeften", "Sleutel", "twee woorden", "letters, cijfers"),
    ("Behoeften", "Sleutel", "n0000", "al in rij 2"),
    ("Behoeften", "Sleutel", "k" * 65, "te lang"),
    ("Behoeften", "Als (rol)", "astronaut", "bestaat niet"),
    ("Behoeften", "Wil ik weten", "", "ingevuld"),
    ("Behoeften", "Wil ik weten", "v" * 301, "te lang"),
    ("Behoeften", "Wil ik weten", "111222333", "burgerservicenummer"),
    ("Behoeften", "Om te besluiten", True, "waar of onwaar"),
    ("Behoeften", "Hoe vaak", date(2027, 1, 2), "datum of tijd"),
    ("Behoeften", "Hoe vaak", ("=1/0", "#DIV/0!"), "geen uitkomst"),
    ("Behoeften", "Voor activiteit", "A99", "bestaat niet"),
    ("Behoeften", "Niveau", "heelal", "keuzelijst"),
    ("Behoeften", "Wet nagekeken", "misschien", "ja of nee"),
    ("Behoeften", "Vervalt op", "31-06-2030", "geen datum"),
    ("Behoeften", "Vervalt op", 47000, "geen datum"),
    ("Behoeften", "Voorrang", "hoog", "geen getal"),
    ("Behoeften", "Voorrang", 40000, "tussen 0"),
    ("Behoeften", "Minuten per keer, nu zonder Schakel", 2.5, "geen heel getal"),
    ("Behoeften", "Keren per jaar", -1, "tussen 0"),
    ("Behoeften", "Eigenaar (rol)", "burgemeester", "bestaat niet"),
    ("Behoeften", "Eigenaar (e-mail)", "weg@oeverscholen.example", "bestaat niet"),
    ("Behoeften", "In plaats daarvan", "nergens", "bestaat niet"),
    ("Gegevens per behoefte", "Behoefte", "n9999", "bestaat niet"),
    ("Gegevens per behoefte", "Gegeven", "slot.colour", "bestaat niet"),
    ("Gegevens per behoefte", "Nodig of gewenst", "fijn", "keuzelijst"),
    ("Gegevens per behoefte", "Waarom", "", "ingevuld"),
    ("Gegevens per behoefte", "Weggelaten, omdat", "liever niet", "niet worden weggelaten"),
    ("Doelgroep per behoefte", "Wie het ziet (rol)", "iedereen", "bestaat niet"),
    ("Doelgroep per behoefte", "Hoe ver", "overal", "keuzelijst"),
]  # fmt: skip


def planted(seed):
    """The file with its thirty mistakes, and where they are: cell address -> a word of the reason."""
    chance, rows_of = random.Random(seed), sheets()
    spots = chance.sample(range(2, COUNT), len(PLANTED))
    where = {}
    for spot, (sheet, header, value, reason) in zip(spots, PLANTED, strict=True):
        rows = rows_of[sheet]
        place = rows[0].index(header)
        rows[spot] = [*rows[spot][:place], value, *rows[spot][place + 1 :]]
        told = rows[0].index("Gegeven") if header == "Weggelaten, omdat" else place
        where[f"{sheet}!{chr(65 + told)}{spot + 1}"] = reason
    # A need whose key was spoilt has lines that point at it; they are taken out, for a fault of their own is not meant.
    lost = {f"n{spots[at] - 1:04}" for at in range(4)}
    for sheet in ("Gegevens per behoefte", "Doelgroep per behoefte"):
        for number, row in enumerate(rows_of[sheet]):
            if row[0] in lost and f"{sheet}!A{number + 1}" not in where:
                rows_of[sheet][number] = [""] * len(row)
    return rows_of, where


@pytest.fixture
def manager(people, tmp_path):
    return filled(people, tmp_path)["information_manager"]


def test_there_are_thirty_kinds():
    assert len(PLANTED) == 30
    assert len({(sheet, header, str(value)) for sheet, header, value, _reason in PLANTED}) == 30


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.soak) for seed in (2, 3))])
def test_all_thirty_are_named_with_their_cell_and_nothing_else_and_nothing_is_written(manager, seed):
    rows_of, where = planted(seed)
    read, lines = reader(manager, written(rows_of), "bestand.xlsx", "all"), AuditLine.objects.count()
    found = rehearse(manager, read)
    assert {fault.place.where for fault in found.faults} == set(where)
    assert len(found.faults) == 30
    for fault in found.faults:
        assert where[fault.place.where] in fault.reason
        assert fault.hint
    assert not any("weg@" in fault.place.value or "111222333" in fault.place.value for fault in found.faults)
    order = [(fault.place.sheet, fault.place.row) for fault in found.faults if fault.place.sheet == "Behoeften"]
    assert order == sorted(order)
    with pytest.raises(NotTaken):
        take_in(manager, read, found.fingerprint)
    assert InformationNeed.objects.count() == 2
    assert AuditLine.objects.count() == lines


@pytest.mark.django_db
def test_the_same_file_as_csv_names_the_same_cells(manager):
    rows_of, where = planted(4)
    needs = [[f"{cell:%d-%m-%Y}" if isinstance(cell, date) else cell for cell in row] for row in rows_of["Behoeften"]]
    typed = [[cell[1] if isinstance(cell, tuple) else cell for cell in row] for row in needs]
    found = looked(manager, as_csv(typed), "behoeften.csv")
    expected = {cell for cell in where if cell.startswith("Behoeften!")}
    # In a CSV a day in a text, a truth in a text and an error of a formula are only text.
    loose = {cell for cell, reason in where.items() if reason in ("datum of tijd", "waar of onwaar", "geen uitkomst")}
    assert {fault.place.where for fault in found.faults} == expected - loose


@pytest.mark.soak
@pytest.mark.django_db
def test_a_thousand_needs_come_in_within_a_minute_of_computing(manager):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    found = taken(manager, written(sheets()))
    spent = resource.getrusage(resource.RUSAGE_SELF).ru_utime - before
    assert len(found.of("added")) == COUNT
    assert InformationNeed.objects.count() == COUNT + 2
    assert spent < 60
    again = looked(manager, written(sheets()))
    assert (again.changes, again.unchanged) == ((), COUNT)


def command(data, *words):
    """`schakel` in a process of its own."""
    environment = {**os.environ, "SCHAKEL_DATA": str(data), "SCHAKEL_LANGUAGE": "nl"}
    return [sys.executable, "-m", "schakel.cli.main", *words], environment


@pytest.fixture(scope="module")
def on_disk(django_db_setup, django_db_blocker, tmp_path_factory):
    """A register of its own in a folder, as a board has it."""
    from django.db import connection

    data, before = tmp_path_factory.mktemp("board"), sqlite3.connect(":memory:")
    with django_db_blocker.unblock():
        connection.ensure_connection()
        connection.connection.backup(before)
        filled(bring_in(), tmp_path_factory.mktemp("kit"))
        copy = sqlite3.connect(data / "schakel.db")
        connection.connection.backup(copy)
        copy.close()
        before.backup(connection.connection)
    return data


def needs_in(data):
    with sqlite3.connect(data / "schakel.db") as register:
        found = register.execute("SELECT count(*) FROM chain_informationneed").fetchone()[0]
        lines = register.execute("SELECT count(*) FROM chain_needelement").fetchone()[0]
        versions = register.execute("SELECT count(*) FROM chain_needversion").fetchone()[0]
    register.close()
    return found, lines, versions


@pytest.mark.django_db
@pytest.mark.skipif(bool(os.environ.get("SCHAKEL_DATABASE_URL")), reason="looks into the file of SQLite")
def test_killed_at_any_moment_it_is_there_whole_or_not_at_all(on_disk, tmp_path):
    count = 400
    file = tmp_path / "behoeften.xlsx"
    file.write_bytes(written(sheets(count)))
    words, environment = command(on_disk, "sheet", "import", "needs", str(file), "--as", "youssef.haddou")
    before = needs_in(on_disk)
    killed, wanted = 0, 25 if os.environ.get("SCHAKEL_SOAK") else 2
    chance = random.Random(7)
    for _each in range(4 * wanted):
        process = subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        killed += _kill_while_writing(process, on_disk, chance.random())
        assert needs_in(on_disk) in (before, (before[0] + count, before[1] + count, before[2] + count))
        assert _verdict(on_disk) == "ok"
        if killed == wanted or needs_in(on_disk) != before:
            break
    assert killed, "no process was killed at work"
    subprocess.run(words, env=environment, check=True, stdout=subprocess.DEVNULL)
    assert needs_in(on_disk) == (before[0] + count, before[1] + count, before[2] + count)
    words, environment = command(on_disk, "audit", "verify")
    assert subprocess.run(words, env=environment, check=False, capture_output=True).returncode == 0


def _kill_while_writing(process, data, part):
    """Wait until the write-ahead log grows or the lock is held, then a part of the writing longer; and kill -9."""
    while process.poll() is None and not _locked(data / "schakel.db"):
        time.sleep(0.005)
    time.sleep(part * 0.3)
    at_work = process.poll() is None
    process.kill()
    process.wait()
    return at_work


def _locked(path: Path) -> bool:
    register = sqlite3.connect(path, timeout=0, isolation_level=None)
    try:
        register.execute("BEGIN IMMEDIATE")
        register.execute("ROLLBACK")
        return False
    except sqlite3.OperationalError:
        return True
    finally:
        register.close()


def _verdict(data):
    """What the database itself says of its file, and whether the trail ends where its head says."""
    with sqlite3.connect(data / "schakel.db") as register:
        whole = register.execute("PRAGMA integrity_check").fetchone()[0]
        last = register.execute("SELECT max(number) FROM access_auditline").fetchone()
        head = register.execute("SELECT number FROM access_audithead").fetchone()
    register.close()
    return whole if last == head else f"{last} is not {head}"
