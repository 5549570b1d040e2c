"""A workbook with a wide overview on each sheet: a month, a school or a group each, read as one table."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schakel.collect.landing import Landed, land
from schakel.connectors import own_mappings, proposals, wide
from schakel.connectors.column_kinds import columns
from schakel.connectors.dropped_files import Dropped, look
from schakel.connectors.made_rows import ALL, SHEET
from schakel.connectors.targets import target
from schakel.connectors.wide import ABOVE, DAY, NAME, NAMED, VALUE
from schakel.lib.errors import Unreadable
from tests.connectors.test_stacked import Sheet, book

MONTHS: dict[str, Sheet] = {
    "september": [["Stamnr", "7-9", "8-9", "9-9"], ["0012", "O", "", "Z"], ["0013", "", "Z", ""]],
    "oktober": [["Stamnr", "Naam", "12-10", "13-10", "14-10"], ["0012", "Bo", "Z", "", "x"], ["", "", "", "", ""]],
    "Uitleg": [["O is ongeoorloofd, Z is ziek"]],
}
GROUPS: dict[str, Sheet] = {
    "6a": [
        ["", "", "Rekenen", "", "Lezen"],
        ["Leerlingnummer", "Naam", "M5", "E5", "M5"],
        ["0012", "Bo", 231, 240, 45],
    ],
    "7a": [
        ["", "", "Rekenen"],
        ["Leerlingnummer", "Naam", "M6"],
        ["0020", "Di", 251],
        ["0021", "El", "abs"],
        *[[f"00{n}", "F", 200] for n in range(30, 40)],
    ],
}
LEFT = {"site_identifier": "98AB00"}


def whole(path: Path, **form: Any) -> Dropped:
    return look(path, path.name, replace(look(path, path.name).form, sheet=ALL, **form))


def told(path: Path, key: str, fixed: dict[str, str], **form: Any) -> dict[str, Any]:
    """What is saved when all sheets are read and everything else is left as it is proposed."""
    dropped, known = whole(path, **form), target(key)
    assert known is not None
    seen = columns(dropped)
    proposed = proposals.propose(known, seen)
    columns_now = {name: place for name, place in proposed.columns.items() if name not in fixed}
    values = {"kind": {"O": "unauthorised", "Z": "authorised"}} if key == "verzuim-absence" else proposed.values
    choices = proposals.Choices(columns_now, fixed, values)
    now = replace(dropped.form, decimal=dropped.form.decimal or ",")
    assert own_mappings.mistakes(known, now, seen, choices, dropped.unsaid) == {}
    return own_mappings.declaration(known, now, seen, choices, "Alles", f"{path.stem}*.xlsx", 1, dropped.other_sheets)


def landed(path: Path, content: Mapping[str, Any], file: str, kept: set[str]) -> Landed:
    return land(own_mappings.package(path, content), "proef", {file: frozenset(kept)}, path.parent / "data")


def found(here: Landed) -> list[tuple[str, int, str, str]]:
    """What is wrong in the rows: the sheet, its row, the header and the rule."""
    told = [f for f in here.report.findings if f.row and f.rule != "column-unknown"]
    return [(f.file.partition("#")[2], f.row, f.column, f.rule) for f in told]


def test_a_sheet_for_each_month_with_a_column_for_each_day(tmp_path: Path) -> None:
    path = book(tmp_path, MONTHS, "verzuim per maand.xlsx")
    dropped = whole(path, school_year="2026-2027")
    assert dropped.form.wide == "date" and dropped.unsaid == ()
    assert (dropped.together, dropped.other_sheets) == (("september", "oktober"), ("Uitleg",))
    assert dropped.headers == (SHEET, "Stamnr", DAY, VALUE, "Naam")
    assert dropped.rows[0] == ("september", "0012", "2026-09-07", "O", "") and len(dropped.rows) == 5
    content = told(path, "verzuim-absence", LEFT, school_year="2026-2027")
    here = landed(path, content, "absence", {"pupil_number", "date", "kind"})
    sql = f"SELECT pupil_number, date, kind FROM '{here.folder}/absence.parquet' ORDER BY ALL"
    assert duckdb.sql(sql).fetchall() == [
        ("0012", date(2026, 9, 7), "unauthorised"),
        ("0012", date(2026, 9, 9), "authorised"),
        ("0012", date(2026, 10, 12), "authorised"),
        ("0013", date(2026, 9, 8), "authorised"),
    ]
    assert ("oktober", 2, "14-10", "vocabulary") in found(here), "the cell as it stands in the workbook"


def test_what_the_headers_leave_out_is_asked_once_for_all_sheets(tmp_path: Path) -> None:
    path = book(tmp_path, MONTHS, "verzuim per maand.xlsx")
    assert whole(path).unsaid == ("school_year",)
    two_ways: dict[str, Sheet] = {
        "a": [["Stamnr", "1-9-2026", "2-9-2026", "3-9-2026"], ["0012", "O", "O", "O"]],
        "b": [["Stamnr", "13-10-2026", "14-10-2026", "15-10-2026"], ["0012", "O", "O", "O"]],
    }
    assert whole(book(tmp_path, two_ways, "dagen.xlsx"), order="").unsaid == ("order",)


def test_a_sheet_for_each_group_with_other_tests(tmp_path: Path) -> None:
    path = book(tmp_path, GROUPS, "toetsen per groep.xlsx")
    dropped = whole(path, wide=NAMED, header_row=2)
    assert dropped.unsaid == ("after",)
    dropped = whole(path, wide=NAMED, header_row=2, after="Naam")
    assert dropped.headers == (SHEET, "Leerlingnummer", "Naam", NAME, ABOVE, VALUE)
    fixed = {**LEFT, "taken_on": "31-01-2027", "test_kind": "volgtoets"}
    content = told(path, "toetsen-result", fixed, wide=NAMED, header_row=2, after="Naam")
    assert content["relations"]["result"]["sheet"] == ALL
    here = landed(path, content, "result", {"pupil_number", "test_name", "subject", "score"})
    sql = f"SELECT pupil_number, subject, test_name, score FROM '{here.folder}/result.parquet' ORDER BY ALL LIMIT 5"
    assert duckdb.sql(sql).fetchall() == [
        ("0012", "Lezen", "M5", 45.0),
        ("0012", "Rekenen", "E5", 240.0),
        ("0012", "Rekenen", "M5", 231.0),
        ("0020", "Rekenen", "M6", 251.0),
        ("0021", "Rekenen", "M6", None),
    ]
    assert found(here) == [("7a", 4, "M6", "number")]


def test_the_bounds_of_a_wide_overview_are_of_all_its_sheets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = book(tmp_path, MONTHS, "verzuim per maand.xlsx")
    content = told(path, "verzuim-absence", LEFT, school_year="2026-2027")
    for name, bound in (("MAX_ROWS", 4), ("MAX_SIGNS", 60)):
        with monkeypatch.context() as patch, pytest.raises(Unreadable, match="te groot") as refused:
            patch.setattr(wide, name, bound)
            own_mappings.package(path, content)
        assert refused.value.code == "size", "three cells in one sheet and two in the other"


def test_a_new_month_comes_in_and_a_broken_one_stops(tmp_path: Path) -> None:
    path = book(tmp_path, MONTHS, "verzuim per maand.xlsx")
    content = told(path, "verzuim-absence", LEFT, school_year="2026-2027")
    november: Sheet = [["Stamnr", "2-11", "3-11", "4-11"], ["0014", "O", "", ""]]
    more = book(tmp_path, {**MONTHS, "november": november}, "verzuim per maand 2.xlsx")
    here = landed(more, content, "absence", {"pupil_number", "date", "kind"})
    assert here.rows["absence"] == 5
    wrong: Sheet = [["Stamnr", "26-2", "28-2", "29-2"], ["0014", "O", "", ""]]
    with pytest.raises(Unreadable, match="29-2") as caught:
        own_mappings.package(book(tmp_path, {**MONTHS, "november": wrong}, "verzuim per maand 3.xlsx"), content)
    assert caught.value.where.endswith("#november")


def test_a_month_whose_pupils_are_called_otherwise_stops_the_file(tmp_path: Path) -> None:
    path = book(tmp_path, MONTHS, "verzuim per maand.xlsx")
    content = told(path, "verzuim-absence", LEFT, school_year="2026-2027")
    other: Sheet = [["Nummer", "2-11", "3-11", "4-11"], ["0014", "O", "", ""]]
    with pytest.raises(Unreadable, match="Op het werkblad november ontbreekt stamnr"):
        own_mappings.package(book(tmp_path, {**MONTHS, "november": other}, "verzuim per maand 2.xlsx"), content)


def test_the_next_version_reads_all_sheets_again(tmp_path: Path) -> None:
    path = book(tmp_path, GROUPS, "toetsen per groep.xlsx")
    fixed = {**LEFT, "taken_on": "31-01-2027", "test_kind": "volgtoets"}
    content = told(path, "toetsen-result", fixed, wide=NAMED, header_row=2, after="Naam")
    form = own_mappings.as_before(look(path, path.name).form, content)
    assert (form.sheet, form.wide, form.after) == (ALL, NAMED, "Naam")


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_no_filled_cell_of_any_sheet_is_lost(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Each sheet has tests of its own; every filled cell comes once, under its sheet, its row and its header."""
    sheets: dict[str, Sheet] = {}
    wanted = []
    for name in data.draw(st.lists(st.sampled_from(["6a", "7a", "8a", "8b"]), min_size=2, max_size=4, unique=True)):
        tests = data.draw(st.lists(st.sampled_from(["M5", "E5", "M6", "E6"]), min_size=1, max_size=4, unique=True))
        cell = st.sampled_from(["", "-", 0, 231, "IV"])
        rows = data.draw(st.lists(st.lists(cell, min_size=len(tests), max_size=len(tests)), min_size=1, max_size=4))
        numbers = [f"00{n}" for n in range(len(rows))]
        sheets[name] = [["Nummer", *tests], *([number, *row] for number, row in zip(numbers, rows, strict=True))]
        wanted += [
            (name, number, test, str(value))
            for number, row in zip(numbers, rows, strict=True)
            for test, value in zip(tests, row, strict=True)
            if value not in {"", "-"}
        ]
    path = book(tmp_path_factory.mktemp("book"), sheets, "toetsen.xlsx")
    dropped = whole(path, wide=NAMED, header_row=1, after="Nummer")
    places = [dropped.headers.index(head) for head in (SHEET, "Nummer", NAME, VALUE)]
    assert [tuple(row[place] for place in places) for row in dropped.rows] == wanted
