"""XLS and ODS beside XLSX: the same cells, the same findings; and an old workbook that lies about itself is refused."""

import io
import os
import random
import struct
from datetime import date, datetime
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from schakel.collect.checks import check
from schakel.collect.connectors import open_package
from schakel.collect.listings import Entry, listing
from schakel.connectors import mapped, old_workbooks, own_mappings
from schakel.connectors.dropped_files import look
from schakel.connectors.mapped_layout import declared
from schakel.connectors.old_workbooks import MARK, chain, opened
from schakel.connectors.spreadsheets import Reading, cell_texts, sheet_findings, workbook
from schakel.connectors.workbooks import Limits
from schakel.lib.errors import SchakelError, Unreadable
from tests.kits.sheet_files import book

FILES = Path(__file__).parents[1] / "cases" / "workbooks"  # made with LibreOffice from one workbook
LIMITS = Limits(2**24, 2**24, 65_536, 256)
OLD = (FILES / "blad.xls").read_bytes()
FIRST = ["0012", date(2026, 9, 3), 2.5, "", "Zoë €"]


def entry(path: Path) -> Entry:
    return listing(path).entries[0]


@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_the_cells_are_those_of_the_file_it_was_made_of(kind: str) -> None:
    here = entry(FILES / f"blad.{kind}")
    found = workbook(here)
    assert (found.sheets, found.visible) == (("Blad een", "Verborgen"), ("Blad een",))
    reading = Reading.of(here, found, "Blad een")
    assert [type(cell) for cell in reading.rows[1][:5]] == [type(cell) for cell in FIRST]
    assert list(reading.rows[1][:5]) == FIRST and reading.rows[2][1] == datetime(2026, 9, 4, 8, 30)
    assert cell_texts(reading)[1] == ["0012", "2026-09-03", "2.5", "", "Zoë €", "26:05:00"]
    assert cell_texts(reading)[2][:3] == ["0013", "2026-09-04 08:30:00", "5"], "the outcome that the program left"


@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_errors_and_cells_made_one_are_told_at_their_cell(kind: str) -> None:
    here = entry(FILES / f"blad.{kind}")
    found = workbook(here)
    told = sheet_findings(Reading.of(here, found, "Blad een"), found)
    assert [(f.row, f.column, f.rule) for f in told] == [(2, "Fout", "cell-no-value"), (3, "Naam", "cell-merged")]
    assert told[0].file == f"blad.{kind}#Blad een" and "tot en met rij 4" in told[1].message
    hidden = sheet_findings(Reading.of(here, found, "Verborgen"), found, {"nummer"})
    assert [(f.row, f.rule) for f in hidden] == [(0, "sheet-hidden")]


@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_a_dropped_workbook_shows_its_visible_sheet_and_which_ones_are_hidden(kind: str) -> None:
    found = look(FILES / f"blad.{kind}", f"blad.{kind}")
    assert (found.form.kind, found.form.sheet, found.hidden) == (kind, "Blad een", ("Verborgen",))
    assert found.headers[:3] == ("Nummer", "Datum", "Aantal")


DECLARED = {
    "layout": "proef", "version": "1", "title": {"nl": "Proef", "en": "Trial"}, "file": "blad*.csv",
    "format": {"kind": "csv", "delimiter": ";", "encoding": "cp1252", "decimal": ",", "date": "%d-%m-%Y"},
    "relations": {"row": {"unique": ["number"], "columns": {
        "number": {"header": "Nummer", "type": "text", "required": True},
        "share": {"header": "Aantal", "type": "decimal", "max": 3},
        "wrong": {"header": "Fout", "type": "text"}}}},
}  # fmt: skip


@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_a_mapping_of_text_files_reads_the_same_table_as_a_workbook(kind: str) -> None:
    known, found = declared(DECLARED), listing(FILES / f"blad.{kind}")
    assert known.fits_as_workbook(f"blad.{kind}") and not known.fits(f"blad.{kind}")
    report = check(mapped.read_as(found, found.entries[0], known))
    told = sorted((f.row, f.column, f.rule) for f in report.findings if f.rule != "column-unknown")
    assert told == [(0, "", "sheet-unknown"), (2, "Fout", "cell-no-value"), (3, "Aantal", "bounds")]
    assert report.rows == {f"blad.{kind}#Blad een": 2}
    own = own_mappings.package(FILES / f"blad.{kind}", {"seen": {}, **DECLARED})
    assert set(own.files) == {"row"}


def test_a_shipped_mapping_is_recognised_in_any_kind_of_workbook(tmp_path: Path) -> None:
    path = tmp_path / "verzuim_1.xlsx"
    heads = ["Leerlingnummer", "Vestiging", "Datum", "Lesuur", "Soort", "Reden"]
    path.write_bytes(book(Lijst=[heads, ["0012", "11AA00", date(2026, 9, 3), 2, "O", "ziek"]]))
    report = check(open_package(path))
    assert {f.rule for f in report.findings} == {"header-missing-optional"} and report.rows == {
        "verzuim_1.xlsx#Lijst": 1
    }


def test_what_is_called_a_workbook_and_is_a_page_is_told_so(tmp_path: Path) -> None:
    path = tmp_path / "personeel_1.xls"
    path.write_bytes(b"\r\n<html><table><tr><td>1</td></tr></table></html>")
    with pytest.raises(Unreadable, match="webpagina"):
        look(path, path.name)


def patched(find: bytes, by: bytes) -> bytes:
    assert len(find) == len(by) and OLD.count(find)
    return OLD.replace(find, by)


def utf16(text: str) -> bytes:
    return text.encode("utf-16-le")


EXTENT = OLD.index(struct.pack("<HH", 0x0200, 14))
TEXTS = OLD.index(struct.pack("<H", 0x00FC), 0x600)


def spoiled(at: int, by: bytes) -> bytes:
    return OLD[:at] + by + OLD[at + len(by) :]


def test_a_sheet_that_calls_itself_endless_is_not_believed() -> None:
    box, sheets = opened(spoiled(EXTENT + 4, struct.pack("<IIHH", 0, 2**32 - 1, 0, 65_535)), "x.xls", LIMITS)
    assert (sheets[0].rows, sheets[0].columns) == (3, 6)
    assert CalamineWorkbook.from_filelike(io.BytesIO(box)).get_sheet_by_name("Blad een").to_python()[1][0] == "0012"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (spoiled(TEXTS + 8, struct.pack("<i", 2**31 - 1)), "niet te openen"),
        (spoiled(TEXTS + 8, struct.pack("<i", -1)), "niet te openen"),
        (patched(utf16("Workbook"), utf16("Nobodies")), "niet te openen"),
        (spoiled(48, struct.pack("<I", 2**31)), "niet te openen"),
        (spoiled(68, struct.pack("<II", 0, 2**32 - 1)), "niet te openen"),
        (spoiled(30, struct.pack("<H", 60)), "niet te openen"),
        (OLD[:700], "niet te openen"),
        (MARK, "niet te openen"),
    ],
    ids=["texts", "fewer than none", "no stream", "directory", "tables", "sectors", "cut", "only a mark"],
)
def test_what_lies_about_itself_is_a_sentence(content: bytes, words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        opened(content, "x.xls", LIMITS)


def test_a_chain_that_bites_its_tail_ends() -> None:
    assert list(chain(0, [2, 0, 0xFFFFFFFE])) == [0, 2]
    for following in ([0], [1, 0], [7]):
        with pytest.raises(old_workbooks.Damaged):
            list(chain(0, following))


def test_what_is_too_large_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Unreadable, match="groter dan"):
        opened(OLD, "x.xls", Limits(1000, 1000, 65_536, 256))
    monkeypatch.setattr(old_workbooks, "MAX_CELLS", 10)
    with pytest.raises(Unreadable, match="samen te groot"):
        opened(OLD, "x.xls", LIMITS)
    monkeypatch.setattr(old_workbooks, "MAX_RECORDS", 10)
    with pytest.raises(Unreadable, match="meer cellen"):
        opened(OLD, "x.xls", LIMITS)


def test_a_locked_workbook_asks_for_one_without_a_password() -> None:
    globals_at = OLD.index(struct.pack("<HH", 0x0809, 16))
    second = globals_at + 20
    kind = OLD[second : second + 2]
    with pytest.raises(Unreadable, match="wachtwoord"):
        opened(spoiled(second, struct.pack("<H", 0x002F)), "x.xls", LIMITS)
    assert kind != struct.pack("<H", 0x002F)


def test_changed_bytes_are_a_report_or_a_sentence(tmp_path: Path) -> None:
    """Four thousand in a soak; a few here. A crash of the reader under us would end the test run itself."""
    chance, path = random.Random(4), tmp_path / "blad_1.xls"
    for _turn in range(4000 if os.environ.get("SCHAKEL_SOAK") else 60):
        content = bytearray(OLD)
        for _each in range(chance.randint(1, 8)):
            at = chance.choice([chance.randrange(len(OLD)), chance.randrange(512), EXTENT + chance.randrange(900)])
            content[at] = chance.choice([0, 1, 0x7F, 0xFF, chance.randrange(256)])
        path.write_bytes(bytes(content))
        try:
            found = look(path, path.name)
        except SchakelError as error:
            assert str(error)
        else:
            assert found.headers
