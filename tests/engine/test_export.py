"""What leaves as a file: typed, marked where hidden, and harmless in a spreadsheet program."""

import csv
import io
import json
import re
import zipfile
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from schakel.engine.export import to_csv, to_json, to_xlsx
from schakel.engine.hidden import HIDDEN, Hidden

COLUMNS = ("Naam", "Aantal", "Uren", "Dag", "Deel")
ROWS: list[tuple[Any, ...]] = [
    ("Jansen", 3, Decimal("1.5000"), date(2026, 11, 23), 0.25),
    ("=1+1", None, Decimal("-2"), None, HIDDEN),
    ("Ë; \"x\"\n", Hidden(5), Decimal("1000000"), date(2026, 1, 2), float("nan")),
]  # fmt: skip
FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    "  +x",
    '"=1',
    "'=1",
    "＝1",
    "|calc",
    "%0a=1",
]


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_csv_opens_in_dutch_excel() -> None:
    content = to_csv(COLUMNS, ROWS)
    assert content.startswith(b"\xef\xbb\xbf")
    assert read(content) == [
        list(COLUMNS),
        ["Jansen", "3", "1,5", "2026-11-23", "0,25"],
        ["'=1+1", "", "-2", "", "verborgen"],
        ["Ë; \"x\"\n", "< 5", "1000000", "2026-01-02", ""],
    ]  # fmt: skip


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_is_a_formula_in_csv(text: str) -> None:
    (_header, (cell,)) = read(to_csv(["a"], [[text]]))
    assert cell.startswith("'")
    (header, _row) = read(to_csv([text], [["x"]]))
    assert header[0].startswith("'")


@pytest.mark.parametrize("value", [-3, Decimal("-3.5"), -0.25])
def test_a_negative_number_stays_a_number(value: Any) -> None:
    (_header, (cell,)) = read(to_csv(["a"], [[value]]))
    assert float(cell.replace(",", ".")) == float(value)


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=30))
def test_csv_never_begins_like_a_formula(text: str) -> None:
    for row in read(to_csv(["a"], [[text]]))[1:]:
        assert not row or not re.match(r"\s*[=+\-@\t\r]", row[0])


@pytest.mark.parametrize("text", [*FORMULAS, "https://example.org", "mailto:a@b.nl", "internal:x!A1", "{=1}", "00123"])
def test_xlsx_holds_text_as_text(text: str) -> None:
    content = to_xlsx(["a"], [[text]])
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet
        assert "hyperlink" not in sheet
        assert not any("external" in name for name in book.namelist())
    assert CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()[1] == [text]


def test_xlsx_is_typed() -> None:
    rows = [
        ("Jansen", 3, Decimal("1.5"), date(2026, 11, 23), True),
        ("x", None, HIDDEN, datetime(2026, 1, 2, 3), time(8, 30)),
    ]
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(to_xlsx(COLUMNS, rows))).get_sheet_by_index(0).to_python()
    assert sheet[1] == ["Jansen", 3.0, 1.5, date(2026, 11, 23), True]
    assert sheet[2][1:3] == ["", "verborgen"]


@pytest.mark.parametrize("name", ["a/b:c*d?e[f]", "'", "", "x" * 60])
def test_any_title_can_be_a_sheet(name: str) -> None:
    assert to_xlsx(["a"], [[1]], name)


def test_json_tells_unknown_from_hidden() -> None:
    assert json.loads(to_json(COLUMNS, ROWS))[1:] == [
        {"Naam": "=1+1", "Aantal": None, "Uren": -2, "Dag": None, "Deel": {"hidden": "verborgen"}},
        {"Naam": "Ë; \"x\"\n", "Aantal": {"hidden": "< 5"}, "Uren": 1000000, "Dag": "2026-01-02", "Deel": None},
    ]  # fmt: skip


def test_nothing_is_a_file_too() -> None:
    assert read(to_csv(["a"], [])) == [["a"]]
    assert to_json(["a"], []) == b"[]"
    assert to_xlsx(["a"], [])


def test_a_hidden_figure_is_not_a_number() -> None:
    assert (str(HIDDEN), str(Hidden(5)), bool(HIDDEN)) == ("verborgen", "< 5", False)
    with pytest.raises(TypeError):
        HIDDEN + 1  # type: ignore[operator]
