"""A file that is not what it should be: unreadable, too large, hostile, or saved in another way that people save it."""

import io
import zipfile

import pytest
import xlsxwriter

from schakel.kits.sheets import grids as grids_room
from schakel.kits.sheets.writing import workbook
from schakel.lib.errors import Unreadable
from tests.kits.registers import looked
from tests.kits.sheet_files import as_csv, book
from tests.kits.test_sheet_faults import GOALS, manager

__all__ = ["manager"]
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "leeg"),
        (b"\xef\xbb\xbf \r\n", "leeg"),
        (b"\xd0\xcf\x11\xe0rest", "oud of versleuteld"),
        (b"PK\x03\x04 geen zip", "beschadigd"),
        (b"a;b\n1;\x00\x81", "geen leesbare tekst"),
        (b'Sleutel;Doel\nG1;"nooit gesloten\n', "niet te lezen"),
        (b"voornaam;achternaam\nJan;Jansen\n", "geen enkel blad"),
        (b"\xff\xfe\x00", "leesbare tekst"),
    ],
)
def test_a_file_that_cannot_be_read_says_so_in_one_sentence(manager, content, reason):
    with pytest.raises(Unreadable, match=reason):
        looked(manager, content, "bestand.csv")


def test_the_wrong_sheet_names_those_that_there_are(manager):
    with pytest.raises(Unreadable, match="Behoeften, Gegevens per behoefte") as error:
        looked(manager, book(Verjaardagen=[["Naam"], ["Jan"]]), only="needs")
    assert error.value.where == "bestand.xlsx"


def test_a_sheet_with_another_name_is_known_by_its_headers(manager):
    assert [change.key for change in looked(manager, book(Blad1=[GOALS, ["G1", "Op tijd"]])).changes] == ["G1"]


@pytest.mark.parametrize(
    ("encoding", "delimiter"), [("utf-8", ";"), ("utf-8-sig", ","), ("cp1252", ";"), ("utf-16", "\t")]
)
def test_csv_in_the_ways_that_people_save_it(manager, encoding, delimiter):
    content = as_csv([["Sleutel", "Doel"], ["G1", "Één rij; met, alles"]], delimiter, encoding)
    [change] = looked(manager, content, "doelen.csv").changes
    assert change.fields[0].becomes == "Één rij; met, alles"
    assert change.offered.places["nl"].where == "Doelen!B2"


def test_a_file_with_too_many_rows_is_refused(manager, monkeypatch):
    monkeypatch.setattr(grids_room, "MAX_ROWS", 3)
    with pytest.raises(Unreadable, match="te groot"):
        looked(manager, as_csv([["Sleutel", "Doel"], *([f"G{n}", "x"] for n in range(9))]), "doelen.csv")


def test_a_file_that_is_too_large_is_refused(manager, monkeypatch):
    monkeypatch.setattr(grids_room, "MAX_BYTES", 100)
    with pytest.raises(Unreadable, match="te groot"):
        looked(manager, b"Sleutel;Doel\n" + b"x" * 200, "doelen.csv")


def test_a_small_file_with_a_cell_in_the_last_corner_is_refused_before_it_is_opened(manager):
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as made:
        page = made.add_worksheet("Doelen")
        page.write(0, 0, "Sleutel")
        page.write(1_048_575, 16_383, "x")
    assert len(stream.getvalue()) < 10_000
    with pytest.raises(Unreadable, match="te groot"):
        looked(manager, stream.getvalue())


def test_a_zip_that_swells_is_refused(manager, monkeypatch):
    monkeypatch.setattr(grids_room, "_LIMITS", grids_room.Limits(2**20, 2**20, 1000, 50))
    stream = io.BytesIO(workbook(manager, "goals"))
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/media/groot.bin", b"\0" * 2**22)
    with pytest.raises(Unreadable, match="zwelt"):
        looked(manager, stream.getvalue())


def test_a_zip_that_lies_about_its_size_is_refused(manager):
    content = bytearray(workbook(manager, "goals"))
    at = content.rfind(b"PK\x01\x02")
    content[at + 24 : at + 28] = (5).to_bytes(4, "little")
    with pytest.raises(Unreadable):
        looked(manager, bytes(content))


def test_entities_in_a_workbook_are_refused(manager):
    source = zipfile.ZipFile(io.BytesIO(workbook(manager, "goals")))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as parts:
        for name in source.namelist():
            text = source.read(name)
            if name.endswith("sheet1.xml"):
                text = text.replace(b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet', 1)
            parts.writestr(name, text)
    with pytest.raises(Unreadable, match="beschadigd"):
        looked(manager, stream.getvalue())
