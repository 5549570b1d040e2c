"""Totals below the rows of a list that somebody made: no data, told as such, and never in the way of a row."""

from pathlib import Path

import pytest

from schakel.collect.checks import check
from schakel.connectors import own_mappings
from tests.connectors.test_own_mappings import ABSENCE, file, landed, made, rows
from tests.kits.sheet_files import book

HEAD = "Leerling;Lln nr;School;Datum;Soort;Uren\n"
ROWS = "Jansen, Piet;0012;11AA00;13-01-2026;Ziek;2,5\nBos, Noor;0013;11AA00;14-01-2026;Ziek;1\n"


@pytest.mark.parametrize(
    "total",
    [
        "Totaal;;;;;3,5",
        "TOTAAL 2 leerlingen;;;;;3,5",
        "Totaal aantal meldingen;2;;;;",
        ";;;Eindtotaal:;;3,5",
        "Gemiddeld;;11AA00;;Ziek;1,75",
        "Subtotaal;;;;;3,5\nTotaal;;;;;3,5",
    ],
)
def test_a_total_is_passed_over_and_told_once(tmp_path: Path, total: str) -> None:
    told = made(file(tmp_path, HEAD + ROWS))
    found = landed(tmp_path, file(tmp_path, f"{HEAD}{ROWS}{total}\n"), told, "absence", ABSENCE)
    assert found.rows["absence"] == 2 and found.quarantined["absence"] == 0
    assert [(f.row, f.column, f.rule, f.action) for f in found.report.findings] == [(0, "", "total-row", "accept")]
    (one,) = found.report.findings
    assert one.message.endswith(f"overgeslagen: {total.count(chr(10)) + 1}.")


def test_a_row_that_has_all_it_must_have_is_a_row_whatever_it_says(tmp_path: Path) -> None:
    told = made(file(tmp_path, HEAD + ROWS))
    text = f"{HEAD}{ROWS}Totaal, Piet;0014;11AA00;15-01-2026;Ziek;1\nTotaal;0015;11AA00;16-01-2026;Ziek;1\n"
    found = landed(tmp_path, file(tmp_path, text), told, "absence", ABSENCE)
    assert len(rows(found, "absence", "date")) == 4
    assert "total-row" not in {f.rule for f in found.report.findings}


@pytest.mark.parametrize(
    "row", ["Totaalbeeld;;11AA00;15-01-2026;Ziek;1", "het totaal;;11AA00;15-01-2026;Ziek;1", ";;;;;3,5"]
)
def test_what_does_not_begin_with_the_word_is_refused_as_ever(tmp_path: Path, row: str) -> None:
    told = made(file(tmp_path, HEAD + ROWS))
    report = check(own_mappings.package(file(tmp_path, f"{HEAD}{ROWS}{row}\n"), told))
    assert ("required", "drop row") in {(f.rule, f.action) for f in report.findings if f.row == 4}
    assert "total-row" not in {f.rule for f in report.findings}


def test_of_a_workbook_too_beside_rows_that_are_not_wanted(tmp_path: Path) -> None:
    """A note under the total is no total: it is told with its row."""
    head = ["Leerling", "Lln nr", "School", "Datum", "Soort", "Uren"]
    body = [
        ["Bos, Noor", "0013", "11AA00", "14-01-2026", "Ziek", "1"],
        ["Bos, Noor", "0013", "11AA00", "15-01-2026", "Ziek", "1"],
    ]
    told = made(file(tmp_path, book(Verzuim=[head, *body]), "lijst.xlsx"))
    told["relations"]["absence"]["columns"]["date"]["leave_out"] = ["15-01-2026"]
    more = [["Totaal", "", "", "", "", "2"], ["Gemaakt door de administratie", "", "", "", "", ""]]
    report = check(own_mappings.package(file(tmp_path, book(Verzuim=[head, *body, *more]), "lijst.xlsx"), told))
    whole = {f.rule: f.message for f in report.findings if not f.row}
    assert whole["total-row"].endswith(": 1.") and whole["left-out"].endswith(": 1.")
    assert {f.row for f in report.findings if f.action == "drop row"} == {5}
