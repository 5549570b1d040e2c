"""A register that was opened in LibreOffice and saved there, unchanged, says exactly what the register says."""

import shutil
import subprocess
from datetime import date

import pytest

from schakel.access.register import by_key, put
from schakel.access.roles import Role
from schakel.chain import deciding
from schakel.chain.goals import Goal
from schakel.chain.needs import InformationNeed
from schakel.chain.systems import System
from schakel.kits.sheets.writing import workbook
from tests.kits.registers import filled, looked

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not on this machine; install libreoffice-calc to run it"),
]
# What a spreadsheet program likes to read as something else.
TEXTS = [
    "007", "0012", "5%", "50 %", "12,50", "1.250", "1e5", "3-4", "1/2", "31-12-2027", "2027-12-31", "06:30", "WAAR",
    "TRUE", "ja", "=1+1", "+31 6 12345678", "-5", "- eerst dit", "@allen", "'s ochtends", "'=1", "''", '"aan"',
    "_x0041_", "a\nb\n\nc", "tab\there", "  twee  blanks  ", "harde\u00a0spatie", "€ 640", "½ uur", "naïef – «goed»",
    "👩‍🏫", "http://voorbeeld.example", "leraar@oever.example", "#N/A", "#DIV/0!", "Err:502", "<b>&amp;</b>",
    "123456789012345678",
]  # fmt: skip


@pytest.fixture
def manager(people, tmp_path):
    """A register with everything in it that a spreadsheet program may get hold of."""
    manager = filled(people, tmp_path)["information_manager"]
    for number, text in enumerate(TEXTS):
        put(manager, "goal.write", Goal, f"00{number}", nl=text, law=text, period_start=date(2026, 2, 28))
    days = {"agreement_until": date(2027, 12, 31), "contract_until": date(2028, 2, 29)}
    put(manager, "system.write", System, "las", supplier="0031", cost_per_year="1250.50", **days)
    put(manager, "system.write", System, "rond", name="1.10", cost_per_year="1000000.00", owner_role=None)
    put(manager, "role.write", Role, "timetabler", nl="3/4")
    need = by_key(InformationNeed, "my_day")
    long = "Lange uitleg met ‘tekens’ & regels.\n" * 600
    deciding.revise(manager, need, note=long, minutes_before=0, times_per_year=190, expires_on=date(2030, 1, 1))
    deciding.decline_element(manager, need, "slot.room", "=staat op de deur")
    return manager


def saved(content, before, after, folder):
    """The file as LibreOffice saves it after opening it, with a profile of its own."""
    source = folder / f"schakel.{before}"
    source.write_bytes(content)
    out = folder / "opgeslagen"
    words = [OFFICE, "--headless", f"-env:UserInstallation=file://{folder}/profiel", "--convert-to", after]
    subprocess.run([*words, "--outdir", str(out), str(source)], check=True, capture_output=True, timeout=120)
    return next(out.iterdir()).read_bytes()


def differences(found):
    """What a dry run would change or refuses, to read in a failing test."""
    changed = [(each.offered.at(f.field).where, f.was, f.becomes) for each in found.changes for f in each.fields]
    return changed + [(fault.place.where, fault.place.value, fault.reason) for fault in found.faults]


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_saved_again_there_is_no_difference_at_all(manager, tmp_path, kind):
    content = saved(workbook(manager), "xlsx", kind, tmp_path)
    found = looked(manager, content, f"schakel.{kind}")
    assert not differences(found)
    assert not found.notes
    assert found.unchanged > len(TEXTS)
