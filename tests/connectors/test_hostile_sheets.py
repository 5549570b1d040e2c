"""The workbook of staff as it may come: numbers as texts, dates as texts, formulas, and what swells."""

import io
import os
import re
import tempfile
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from schakel.collect.checks import check
from schakel.collect.connectors import open_package
from schakel.collect.landing import land
from schakel.connectors import spreadsheets
from schakel.lib.errors import SchakelError, Unreadable
from tests.amounts import inputs
from tests.connectors.test_mapped import good_sheets, workbook

NAME = "personeel_2026.xlsx"
VERSION_NEEDED = 6  # where a line of the directory says which zip can unpack it
SOME = settings(max_examples=inputs(40, 15))


def staff(path: Path) -> list[tuple[Any, ...]]:
    """What lands of the contracts in a workbook."""
    needed = {"staff_contract": frozenset({"staff_number", "fte", "start_date", "birth_date"})}
    landed = land(open_package(path), "personeel", needed, path.parent / "data")
    sql = f"SELECT staff_number, fte, start_date, birth_date FROM '{landed.folder}/staff_contract.parquet' ORDER BY 1"
    return duckdb.sql(sql).fetchall()


def with_cell(tmp_path: Path, column: int, cell: object) -> Path:
    sheets = good_sheets()
    sheets["Aanstellingen"][1][column] = cell
    return workbook(tmp_path / NAME, sheets)


@pytest.mark.parametrize("cell", [20001, 20001.0, "20001", " 20001 "])
def test_a_number_and_a_text_of_it_are_the_same_staff_number(tmp_path, cell):
    assert staff(with_cell(tmp_path, 0, cell))[0][0] == "20001"


@pytest.mark.parametrize(("cell", "fte"), [(0.8, 0.8), (1, 1.0), ("0,8", 0.8), ("0.8", None), ("heel", None)])
def test_a_fraction_as_a_number_or_written_the_dutch_way(tmp_path, cell, fte):
    found = {number: part for number, part, *_days in staff(with_cell(tmp_path, 6, cell))}
    assert found.get("20001") == fte


@pytest.mark.parametrize("cell", [date(2020, 8, 1), "01-08-2020"])
def test_a_day_as_a_date_or_as_a_text(tmp_path, cell):
    assert staff(with_cell(tmp_path, 7, cell))[0][2] == date(2020, 8, 1)


@pytest.mark.parametrize("cell", [True, "31-02-2020", "2020/08/01", "1 augustus 2020"])
def test_what_is_no_day_is_told(tmp_path, cell):
    found = check(open_package(with_cell(tmp_path, 9, cell))).findings
    assert (f"{NAME}#Aanstellingen", 2, "Geboortedatum", "date") in {(f.file, f.row, f.column, f.rule) for f in found}


def packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def unpacked(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_formula_gives_the_value_that_the_program_left_and_nothing_is_computed(tmp_path):
    path = workbook(tmp_path / NAME, good_sheets())
    parts, name = unpacked(path), "xl/worksheets/sheet1.xml"
    assert parts[name].count(b"<v>0.8</v>") == 1
    parts[name] = parts[name].replace(b"<v>0.8</v>", b'<f>WEBSERVICE("http://127.0.0.1/")</f><v>0.5</v>')
    path.write_bytes(packed(parts))
    assert staff(path)[0][1] == 0.5


def test_sheets_are_found_by_name_in_any_letter_case_and_order(tmp_path):
    sheets = {name.upper(): rows for name, rows in reversed(good_sheets().items())}
    assert check(open_package(workbook(tmp_path / NAME, sheets))).findings == []


def test_blank_rows_and_formatting_beyond_the_table_are_no_content(tmp_path):
    sheets = good_sheets()
    sheets["Aanstellingen"][1:1] = [[], [""] * (len(sheets["Aanstellingen"][0]) + 5)]
    report = check(open_package(workbook(tmp_path / NAME, sheets)))
    assert report.findings == []
    assert report.rows[f"{NAME}#Aanstellingen"] == 2


def test_a_value_beyond_the_header_is_told_and_shifts_nothing(tmp_path):
    sheets = good_sheets()
    sheets["Aanstellingen"][1] = [*sheets["Aanstellingen"][1], "te veel"]
    path = workbook(tmp_path / NAME, sheets)
    assert [(f.row, f.rule) for f in check(open_package(path)).findings] == [(0, "cell-beside")]
    assert [row[0] for row in staff(path)] == ["20001", "20002"]


@SOME
@example(b"\x00" * 6, 26, 1)  # three places at which unpacking fails in three ways
@example(b"\x01" * 6, 28, 1)
@example(b"\x1b" * 6, 29, 1)
@given(st.binary(min_size=6, max_size=6), st.integers(0, 9000), st.integers(1, 6))
def test_a_workbook_with_bytes_changed_is_a_report_or_a_sentence(content, at, size):
    with tempfile.TemporaryDirectory() as folder:
        path = workbook(Path(folder) / NAME, good_sheets())
        spoiled = bytearray(path.read_bytes())
        at %= len(spoiled) - size
        spoiled[at : at + size] = content[:size]
        path.write_bytes(bytes(spoiled))
        try:
            report = check(open_package(path))
        except SchakelError as error:
            assert str(error)
        else:
            assert set(report.rows) <= {f"{NAME}#{sheet}" for sheet in good_sheets()}


def test_a_list_of_parts_that_asks_for_a_later_zip_is_a_sentence(tmp_path):
    """Bytes of the directory at the end, made an @: a version 6.4 is not one that we can unpack. All in a soak."""
    path = workbook(tmp_path / NAME, good_sheets())
    whole = path.read_bytes()
    versions = [found.start() + VERSION_NEEDED for found in re.finditer(rb"PK\x01\x02", whole)]
    start = whole.index(b"PK\x01\x02")
    others = range(start, len(whole), 1 if os.environ.get("SCHAKEL_SOAK") else 23)
    refused = set()
    for at in sorted({*versions, *others}):
        path.write_bytes(whole[:at] + b"@" + whole[at + 1 :])
        try:
            check(open_package(path))
        except SchakelError:
            refused.add(at)
    assert len(versions) > 5
    assert set(versions) <= refused


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "geen werkboek"),
        (b"PK", "geen werkboek"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "oud of versleuteld"),
        (packed({"[Content_Types].xml": b"<x/>"}), "werkboek|werkblad"),
        (packed({"xl/worksheets/sheet1.xml": b"0" * 60_000_000}), "zwelt"),
    ],
    ids=["empty", "two signs", "old Excel", "without sheets", "a bomb"],
)
def test_what_is_no_workbook_or_swells_is_told_so(tmp_path, content, said):
    (tmp_path / NAME).write_bytes(content)
    with pytest.raises(Unreadable, match=said):
        check(open_package(tmp_path / NAME))


def test_the_bounds_of_a_workbook_hold(tmp_path, monkeypatch):
    path = workbook(tmp_path / NAME, good_sheets())
    with monkeypatch.context() as patch, pytest.raises(Unreadable):
        patch.setattr(spreadsheets, "MAX_PACKED", 100)
        check(open_package(path))
    with monkeypatch.context() as patch, pytest.raises(Unreadable, match="te groot"):
        patch.setattr(spreadsheets, "MAX_CELLS", 10)
        check(open_package(path))
    assert check(open_package(path)).findings == []


def test_a_workbook_in_a_zip_is_not_opened(tmp_path):
    inner = workbook(tmp_path / NAME, good_sheets()).read_bytes()
    (tmp_path / "personeel.zip").write_bytes(packed({NAME: inner}))
    with pytest.raises(Unreadable, match="uit"):
        open_package(tmp_path / "personeel.zip")


def test_cells_decide_and_not_how_the_program_packed_them(tmp_path):
    one = workbook(tmp_path / NAME, good_sheets())
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / NAME).write_bytes(packed(unpacked(one)))
    assert staff(one) == staff(tmp_path / "b" / NAME)
