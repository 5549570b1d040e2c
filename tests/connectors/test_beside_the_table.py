"""What somebody typed to the right of the table in a workbook: left unread, told once, and it costs no row."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from schakel.collect.findings import Finding
from schakel.collect.landing import land
from schakel.connectors import own_mappings
from schakel.connectors.dropped_files import look
from schakel.connectors.made_rows import ALL
from tests.connectors.test_stacked import ABSENCE, BRUG, HEAD, KIEM, Sheet, book, declared
from tests.connectors.test_wide import WEEKS, YEAR, file, made

NOTED: Sheet = [HEAD, [*KIEM[0], "", "belt terug"], *KIEM[1:]]
WEEKLY: Sheet = [["Stamnr", "wk 36", "wk 37", "wk 38"], ["0012", "O", "", "", "", "belt terug"], ["0013", "", "O", ""]]


def beside(found: Iterable[Finding]) -> list[tuple[str, int, str]]:
    return [(f.file.partition("#")[2], f.row, f.message) for f in found if f.rule == "cell-beside"]


def test_a_note_beside_one_sheet_costs_no_row(tmp_path: Path) -> None:
    rows: Sheet = [["Verzuim"], HEAD, ["0012", "17-09-2026", "O", "", "belt terug"], ["0013", "18-09-2026", "O"]]
    path = book(tmp_path, {"De Kiem": rows}, "week_1.xlsx")
    told = made(path, {"site_identifier": "98AB00"})
    assert told["relations"]["absence"].get("sheet") != ALL
    here = land(own_mappings.package(path, told), "proef", {"absence": ABSENCE}, tmp_path / "data")
    assert here.quarantined == {"absence": 0} and here.rows["absence"] == 2
    ((sheet, row, message),) = beside(here.report.findings)
    assert (sheet, row) == ("De Kiem", 0) and "op rij 3;" in message


def test_many_notes_are_one_finding_with_the_first_rows(tmp_path: Path) -> None:
    path = book(tmp_path, {"De Kiem": [HEAD, *[[*KIEM[0], "x"] for _time in range(7)]]})
    ((_sheet, row, message),) = beside(own_mappings.package(path, declared(path, school=False)).findings)
    assert row == 0 and "op rij 2, 3, 4, 5, 6, …;" in message


def test_each_of_several_sheets_tells_of_its_own(tmp_path: Path) -> None:
    path = book(tmp_path, {"De Kiem": NOTED, "De Brug": [HEAD, *BRUG]})
    told = declared(path)
    assert told["relations"]["absence"]["sheet"] == ALL
    here = land(own_mappings.package(path, told), "proef", {"absence": ABSENCE}, tmp_path / "data")
    assert [each[:2] for each in beside(here.report.findings)] == [("De Kiem", 0)]
    assert here.rows["absence"] == len(KIEM) + len(BRUG)


def test_a_note_beside_a_wide_overview(tmp_path: Path) -> None:
    path = book(tmp_path, {"Weken": WEEKLY}, "week_1.xlsx")
    told = made(path, {"site_identifier": "98AB00"}, **YEAR)
    here = land(own_mappings.package(path, told), "proef", {"absence": ABSENCE}, tmp_path / "data")
    assert here.rows["absence"] == 2 and [each[1] for each in beside(here.report.findings)] == [0]


def test_the_screen_shows_no_note(tmp_path: Path) -> None:
    seen = look(path := book(tmp_path, {"De Kiem": NOTED}), path.name)
    assert seen.headers == tuple(HEAD) and {len(row) for row in seen.rows} == {len(HEAD)}


@pytest.mark.parametrize("note", ["", "   "])
def test_empty_cells_beside_the_table_are_nothing(tmp_path: Path, note: str) -> None:
    path = book(tmp_path, {"De Kiem": [HEAD, [*KIEM[0], note], *KIEM[1:]]})
    assert beside(own_mappings.package(path, declared(path, school=False)).findings) == []


def test_in_a_text_it_is_a_row_that_was_shifted(tmp_path: Path) -> None:
    path = file(tmp_path, WEEKS + "0014;Bo;O;;;1;teveel\n")
    found = own_mappings.package(path, made(path, {"site_identifier": "11AA00"}, **YEAR)).findings
    assert [f.rule for f in found] == ["ragged-row"]
