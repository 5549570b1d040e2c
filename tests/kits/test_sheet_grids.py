"""A file as rows of cells, however it was saved; and the header of a sheet, however it was typed."""

import csv
import io

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from xlsxwriter.utility import xl_rowcol_to_cell

from schakel.kits.sheets import grids as room
from schakel.kits.sheets.grids import Grid, grids
from schakel.kits.sheets.headers import fitting, header, place
from schakel.kits.sheets.layouts import ALL, GROUPS, SHEETS, chosen
from schakel.lib.errors import Unknown, Unreadable
from schakel.lib.text import spoken
from tests.kits.sheet_files import book

ROWS = [["Sleutel", "Doel"], ["G1", 'Één; rij, "met" alles\nen een tweede regel'], ["G2", ""]]


def saved(rows, encoding="utf-8", delimiter=";", ending="\r\n"):
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter, lineterminator=ending).writerows(rows)
    return stream.getvalue().encode(encoding)


@pytest.mark.parametrize("ending", ["\r\n", "\n"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_csv_in_every_way_that_a_program_saves_it(encoding, delimiter, ending):
    [grid] = grids(saved(ROWS, encoding, delimiter, ending), "doelen.csv")
    assert [list(row) for row in grid.rows] == ROWS
    assert grid.title == ""


@given(st.lists(st.lists(st.text(st.characters(exclude_categories=("Cs", "Cc"))), min_size=2, max_size=4), min_size=1))
def test_any_text_in_a_csv_is_read_as_it_was_written(rows):
    rows = [["a", "b", "c"], *rows]  # the first row says what stands between the cells
    [grid] = grids(saved(rows), "x.csv")
    assert [list(row) for row in grid.rows] == rows


@pytest.mark.parametrize("nothing", [b"", b" \r\n\t", b"\xef\xbb\xbf", b"\0\0\0"])
def test_nothing_is_said_to_be_nothing(nothing):
    with pytest.raises(Unreadable, match="leeg") as refusal:
        grids(nothing, "leeg.csv")
    assert (refusal.value.code, refusal.value.where) == ("empty", "leeg.csv")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xd0\xcf\x11\xe0 oud", "oud of versleuteld"),
        (b"PK\x03\x04 geen zip", "beschadigd"),
        (b"\xff\xfea", "geen rekenblad"),
        (b"a\0b;c\n1;2", "geen rekenblad"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "geen rekenblad"),
        (b"%PDF-1.7\n\0\x81\x8d", "geen rekenblad"),
    ],
)
def test_what_is_no_sheet_is_refused_with_what_to_do(content, words):
    with pytest.raises(Unreadable, match=words) as refusal:
        grids(content, "bestand.xyz")
    assert refusal.value.where == "bestand.xyz"


def test_a_quote_that_is_never_closed_is_named_with_its_row():
    with pytest.raises(Unreadable, match="niet te lezen") as refusal:
        grids(b'Sleutel;Doel\nG1;goed\nG2;"open\nG3;x\n', "doelen.csv")
    assert refusal.value.where == "doelen.csv, rij 3"
    assert "aanhalingsteken" in refusal.value.hint


def test_a_row_too_many_and_a_column_too_many(monkeypatch):
    monkeypatch.setattr(room, "MAX_ROWS", 3)
    monkeypatch.setattr(room, "MAX_COLUMNS", 2)
    assert len(grids(b"a;b\n1;2\n3;4\n", "x.csv")[0].rows) == 3
    for content in (b"a;b\n1;2\n3;4\n5;6\n", b"a;b\n1;2;3\n"):
        with pytest.raises(Unreadable, match="te groot") as refusal:
            grids(content, "x.csv")
        assert refusal.value.code == "size"


def test_one_byte_too_many(monkeypatch):
    content = saved(ROWS)
    monkeypatch.setattr(room, "MAX_BYTES", len(content))
    grids(content, "x.csv")
    monkeypatch.setattr(room, "MAX_BYTES", len(content) - 1)
    with pytest.raises(Unreadable, match="te groot"):
        grids(content, "x.csv")


def test_a_workbook_gives_its_sheets_in_order_with_their_kinds_of_cells():
    first, second = grids(book(Doelen=[["Sleutel"], ["G1"], [("=1/0", "#DIV/0!")]], Rollen=[["Sleutel"]]), "boek.xlsx")
    assert (first.title, second.title) == ("Doelen", "Rollen")
    assert first.inside.without_value == {(3, 1)}
    assert second.inside.formulas == set()


def test_a_sheet_with_a_drawing_alone_is_no_sheet_with_cells():
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as made:
        made.add_worksheet("Doelen").write(0, 0, "Sleutel")
        chart = made.add_chart({"type": "line"})
        chart.add_series({"values": "=Doelen!$A$1:$A$2"})
        made.add_chartsheet("Grafiek").set_chart(chart)
    assert [grid.title for grid in grids(stream.getvalue(), "boek.xlsx")] == ["Doelen"]


@pytest.mark.parametrize(
    ("rows", "first"), [([], 0), ([["", ""]], 0), ([["", ""], ["", "x"]], 2), ([[0]], 1), ([[None], [False]], 2)]
)
def test_the_first_row_with_anything_in_it(rows, first):
    assert Grid("", rows).first() == first


def test_beyond_the_last_cell_nothing_stands():
    grid = Grid("", [["a"], ["b", "c"]])
    assert [grid.cell(1, 1), grid.cell(1, 2), grid.cell(2, 2), grid.cell(9, 1), grid.cell(1, 9)] == [
        "a",
        "",
        "c",
        "",
        "",
    ]


@given(st.integers(1, 1_000_000), st.integers(1, 16_384))
def test_the_address_of_a_cell_is_the_one_that_a_spreadsheet_shows(row, column):
    assert place("Doelen", row, column, "x").where == f"Doelen!{xl_rowcol_to_cell(row - 1, column - 1)}"


# --- Headers --------------------------------------------------------------------------------------------------------

GOALS = SHEETS["goals"]


def top(*names, sheet=GOALS, above=()):
    return header(Grid("", [*above, list(names), ["G1"]]), sheet)


def named(found):
    return {number: column.name for number, column in found.columns.items()}


@pytest.mark.parametrize(
    "names",
    [("Sleutel", "Doel"), ("Key", "Goal"), ("sleutel", "DOEL"), (" Sleutel *", "Doel:"), ("key", "nl"),
     ("Sleutel", "\ufeffDoel\u00a0"), ("Sleutel\n", "Doel")],
)  # fmt: skip
def test_a_header_is_known_in_both_languages_and_as_it_was_typed(names):
    found = top(*names)
    assert named(found) == {1: "key", 2: "nl"}
    assert not found.faults
    assert found.usable(GOALS)


@pytest.mark.parametrize("sheet", SHEETS.values(), ids=lambda sheet: sheet.key)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_all_headers_of_every_sheet_are_known(sheet, language):
    found = top(*[column.header(language) for column in sheet.columns], sheet=sheet)
    assert list(named(found).values()) == [column.name for column in sheet.columns]
    assert not found.faults
    assert not found.notes


def test_empty_rows_above_the_header_do_not_matter():
    assert top("Sleutel", "Doel", above=[[""], ["", ""]]).row == 3


def test_a_column_that_stands_there_twice_is_named():
    found = top("Sleutel", "Doel", "Goal")
    [fault] = found.faults
    assert fault.place.where == "Doelen!C1"
    assert "twee keer" in fault.reason


@pytest.mark.parametrize(
    ("typed", "meant"), [("Doell", "Doel"), ("Sleuter", "Sleutel"), ("Geldt vanaaf", "Geldt vanaf")]
)
def test_a_header_with_a_typing_error_is_a_fault_and_not_a_column_left_out(typed, meant):
    others = [name for name in ("Sleutel", "Doel") if name != meant]
    [fault] = top(*others, typed).faults
    assert fault.place.value == typed
    assert f"‘{meant}’" in fault.hint


@pytest.mark.parametrize("name", ["BSN", "bsn_leerling", "Burgerservicenummer", "PGN", "Onderwijsnummer"])
def test_a_column_with_a_number_of_a_citizen_is_a_fault(name):
    [fault] = top("Sleutel", "Doel", name).faults
    assert "Haal de kolom" in fault.hint


def test_a_column_of_ones_own_is_left_out_with_a_word():
    found = top("Sleutel", "Doel", "Kleur van de kaft", "Wie belt")
    assert not found.faults
    assert any("Kleur van de kaft, Wie belt" in note for note in found.notes)


def test_without_the_column_that_says_which_thing_it_is_nothing_can_be_read():
    found = top("Doel", "Niveau")
    assert not found.usable(GOALS)
    assert "‘Sleutel’" in found.faults[0].reason


def test_what_is_not_there_stays_as_it_is_and_is_told():
    [note] = top("Sleutel", "Doel").notes
    assert "Niveau" in note and "blijft zo" in note and "Vervalt" not in note


@pytest.mark.parametrize("sheet", SHEETS.values(), ids=lambda sheet: sheet.key)
def test_a_file_without_a_title_is_recognised_by_its_headers(sheet):
    grid = Grid("", [[column.header("nl") for column in sheet.columns]])
    assert fitting(grid, list(SHEETS.values())) is sheet


@pytest.mark.parametrize("names", [[], ["Kleur"], ["Sleutel"], ["Doel"]])
def test_headers_that_say_too_little_fit_nothing(names):
    assert fitting(Grid("", [names]), list(SHEETS.values())) is None


def test_a_group_is_its_sheets_and_a_sheet_is_itself():
    assert [sheet.key for sheet in chosen("needs")] == ["needs", "need_elements", "need_audience"]
    assert [sheet.key for sheet in chosen("need_audience")] == ["need_audience"]
    assert chosen(ALL) == list(SHEETS.values())
    assert {key for group in GROUPS.values() for key in group} == set(SHEETS)


@pytest.mark.parametrize("name", ["", "Needs", "behoeften", "all ", "organisations"])
def test_another_name_is_refused_with_those_there_are(name):
    with pytest.raises(Unknown, match="need_audience"):
        chosen(name)


def test_a_refusal_speaks_the_language_of_the_reader():
    with spoken("en"):
        assert "twice" in top("Sleutel", "Doel", "Goal").faults[0].reason
