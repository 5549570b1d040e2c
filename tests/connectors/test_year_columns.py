"""Several school years side by side in the columns of a file: what becomes a row of a year, and what is told of it."""

from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from schakel.collect.checks import check
from schakel.collect.landing import Landed, land
from schakel.connectors import year_columns
from schakel.connectors.year_columns import YEAR
from schakel.lib import clock
from schakel.lib.errors import Unreadable
from tests.connectors.exam_files import HEAD, NAME, headers, line, nationwide, opened

EXAM = frozenset({"site_code", "education", "programme", "year_begins", "candidates", "passed"})


def landed(path: Path, data: Path) -> Landed:
    return land(opened(path), "duo", {"exam": EXAM}, data)


def stored(here: Landed) -> list[tuple[object, ...]]:
    columns = "site_code, programme, year(year_begins), candidates, passed"
    return duckdb.sql(f"SELECT {columns} FROM '{here.folder}/exam.parquet' ORDER BY ALL").fetchall()


def test_each_school_year_becomes_a_row(tmp_path: Path) -> None:
    path = nationwide(tmp_path, [line("16SW03", "HAVO - N&T", {2023: ("31", "29"), 2024: ("28", "<5")})])
    assert check(opened(path)).findings == []
    assert stored(landed(path, tmp_path)) == [
        ("16SW03", "HAVO - N&T", 2023, "31", "29"),
        ("16SW03", "HAVO - N&T", 2024, "28", "<5"),
    ]


def test_a_year_of_which_nothing_is_said_is_no_row_and_a_zero_is_one(tmp_path: Path) -> None:
    path = nationwide(tmp_path, [line("16SW03", "VWO - C&M", {2022: ("", ""), 2023: ("0", "0"), 2024: ("12", "")})])
    assert stored(landed(path, tmp_path)) == [
        ("16SW03", "VWO - C&M", 2023, "0", "0"),
        ("16SW03", "VWO - C&M", 2024, "12", None),
    ]


def test_the_file_of_a_later_year_is_read_by_the_same_names(tmp_path: Path) -> None:
    """Each year has moved up; what an earlier file told of a year that fell off stays for six school years."""
    rows = [line("16SW03", "HAVO - N&T", {2020: ("30", "27"), 2023: ("31", "29")}, first=2019)]
    old = nationwide(tmp_path, rows, first=2019, name="examenkandidaten-en-geslaagden-2019-2024.csv")
    rows = [line("16SW03", "HAVO - N&T", {2023: ("31", "30"), 2024: ("33", "33")}, first=2021)]
    newer = nationwide(tmp_path, rows, first=2021, name="examenkandidaten-en-geslaagden-2021-2026.csv")
    assert check(opened(newer)).findings == []
    with clock.held_at(datetime(2025, 12, 22, 9, 0, tzinfo=clock.AMSTERDAM)):
        landed(old, tmp_path)
        here = landed(newer, tmp_path)
    assert stored(here) == [
        ("16SW03", "HAVO - N&T", 2020, "30", "27"),
        ("16SW03", "HAVO - N&T", 2023, "31", "30"),
        ("16SW03", "HAVO - N&T", 2024, "33", "33"),
    ]


@pytest.mark.parametrize("quoted", [True, False])
def test_names_of_columns_may_have_quotation_marks_in_them(tmp_path: Path, quoted: bool) -> None:
    rows = [line("16SW03", "HAVO - N&T", {2024: ("31", "29")})]
    path = nationwide(tmp_path, rows, quoted=quoted)
    assert [f.rule for f in check(opened(path)).findings] == []
    assert stored(landed(path, tmp_path)) == [("16SW03", "HAVO - N&T", 2024, "31", "29")]


def test_the_older_names_of_school_and_site_are_read_too(tmp_path: Path) -> None:
    older = [{"INSTELLINGSCODE": "BRIN NUMMER", "VESTIGINGSCODE": "VESTIGINGSNUMMER"}.get(h, h) for h in headers(2013)]
    path = tmp_path / "06-examenkandidaten-en-geslaagden-2013-2018.csv"
    rows = [line("16SW03", "HAVO - N&T", {2013: ("31", "29")}, first=2013)]
    path.write_bytes("\r\n".join([";".join(older), *rows, ""]).encode("cp1252"))
    assert [f.rule for f in check(opened(path)).findings] == []


def test_what_is_wrong_is_told_at_its_own_column(tmp_path: Path) -> None:
    """Not at a column that the file does not have."""
    path = nationwide(tmp_path, [line("16SW03", "HAVO - N&T", {2023: ("31", "29"), 2024: ("veel", "29")})])
    found = [(f.row, f.column, f.rule) for f in check(opened(path)).findings]
    assert found == [(2, "EXAMENKANDIDATEN SCHOOLJAAR 2024-2025 - TOTAAL", "pattern")]
    assert stored(landed(path, tmp_path)) == [
        ("16SW03", "HAVO - N&T", 2023, "31", "29"),
        ("16SW03", "HAVO - N&T", 2024, None, "29"),
    ]


def test_the_same_programme_twice_is_told_at_the_second_line(tmp_path: Path) -> None:
    row = line("16SW03", "HAVO - N&T", {2024: ("31", "29")})
    found = [(f.row, f.rule) for f in check(opened(nationwide(tmp_path, [row, row]))).findings]
    assert found == [(3, "duplicate-key")]


def test_a_line_with_too_many_cells_is_set_apart_and_told(tmp_path: Path) -> None:
    good = line("16SW03", "HAVO - N&T", {2024: ("31", "29")})
    path = nationwide(tmp_path, [good + ";x", good])
    assert [(f.row, f.rule) for f in check(opened(path)).findings] == [(2, "ragged-row")]
    assert len(stored(landed(path, tmp_path))) == 1


def test_a_workbook_of_the_same_table_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / NAME.replace(".csv", ".xlsx")
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Blad1")
        sheet.write_row(0, 0, headers())
        cells = line("16SW03", "HAVO - N&T", {2024: ("31", "<5")}).split(";")
        sheet.write_row(1, 0, [int(cell) if cell.isdecimal() else cell for cell in cells])
    assert stored(landed(path, tmp_path)) == [("16SW03", "HAVO - N&T", 2024, "31", "<5")]


def test_a_file_without_a_school_year_in_its_headers_is_refused(tmp_path: Path) -> None:
    path = tmp_path / NAME
    path.write_text(";".join([*HEAD, "EXAMENKANDIDATEN", "GESLAAGDEN"]) + "\n", encoding="cp1252")
    with pytest.raises(Unreadable, match="Geen enkele kolomkop noemt een schooljaar") as refused:
        opened(path)
    assert refused.value.where == NAME


def test_two_columns_that_say_the_same_of_the_same_year_are_refused(tmp_path: Path) -> None:
    twice = "EXAMENKANDIDATEN SCHOOLJAAR 2024-2025 - TOTAAL"
    path = tmp_path / NAME
    path.write_text(";".join([*HEAD, twice, twice]) + "\n", encoding="cp1252")
    with pytest.raises(Unreadable, match=f"De kolomkop «{twice}» staat er twee keer"):
        opened(path)


@pytest.mark.parametrize("head", ["AANTAL 2019-2021", "AANTAL 2020-2019", "AANTAL 2024", "AANTAL 1999-2000"])
def test_two_years_that_do_not_follow_each_other_are_no_school_year(head: str) -> None:
    with pytest.raises(Unreadable):
        year_columns.long([["A", head], ["x", "1"]], [1, 2], 0)


def test_a_measure_that_one_year_lacks_is_empty_there() -> None:
    made = year_columns.long([["A", "P 2023-2024", "P 2024-2025", "Q 2024-2025"], ["x", "1", "2", "3"]], [1, 2], 0)
    assert made.headers == ("A", YEAR, "P", "Q")
    assert made.rows == [("x", "2023-08-01", "1", ""), ("x", "2024-08-01", "2", "3")]
    assert made.heads["Q"] == ["Q", "Q 2024-2025"] and made.heads["P"] == ["P 2023-2024", "P 2024-2025"]


_CELL = st.sampled_from(["", "0", "<5", "12", "x"])


@given(st.integers(1, 6), st.lists(st.lists(_CELL, min_size=12, max_size=12), max_size=5))
def test_every_filled_cell_is_in_one_row_under_its_own_header(years: int, body: list[list[str]]) -> None:
    """Nothing is lost, nothing is told twice, and each cell can be found again in the file."""
    head = ["A", *(f"{m} {y}-{y + 1}" for y in range(2019, 2019 + years) for m in ("P", "Q"))]
    rows = [[f"r{n}", *cells[: 2 * years]] for n, cells in enumerate(body)]
    made = year_columns.long([head, *rows], range(1, len(rows) + 2), 0)
    there = {(n + 2, head[at], cell) for n, row in enumerate(rows) for at, cell in enumerate(row) if at and cell}
    back = [
        (made.lines[at], made.heads[column][at], value)
        for at, row in enumerate(made.rows)
        for column, value in zip(made.headers, row, strict=True)
        if column in ("P", "Q") and value
    ]
    assert set(back) == there and len(back) == len(there)
    assert {date.fromisoformat(row[1]).year for row in made.rows} <= set(range(2019, 2019 + years))
