"""Totals and notes below the rows of a list that somebody made: no data, told as such, never in the way of a row."""

from pathlib import Path

import pytest

from schakel.collect.checks import check
from schakel.connectors import own_mappings
from tests.connectors.test_own_mappings import ABSENCE, file, landed, made, rows
from tests.kits.sheet_files import book

HEAD = "Leerling;Lln nr;School;Datum;Soort;Uren\n"
ROWS = "Jansen, Piet;0012;11AA00;13-01-2026;Ziek;2,5\nBos, Noor;0013;11AA00;14-01-2026;Ziek;1\n"


@pytest.mark.parametrize(
    "below",
    [
        "Totaal;;;;;3,5",
        "TOTAAL 2 leerlingen;;;;;3,5",
        "Totaal aantal meldingen;2;;;;",
        ";;;Eindtotaal:;;3,5",
        "Gemiddeld;;11AA00;;Ziek;1,75",
        "Subtotaal;;;;;3,5\nTotaal;;;;;3,5",
        "Gemaakt door de administratie op 3 november;;;;;",
        ";;;;* ziek gemeld door ouder;",
        "Totaal;;;;;3,5\nLet op: zonder de leerlingen van groep 8;;;;;\nOpmerking: zie blad 2;;;;;",
        "Geoorloofd: 2;;;;;\nTotaal;;;;;3,5",
    ],
)
def test_a_total_or_a_note_is_passed_over_and_told_once(tmp_path: Path, below: str) -> None:
    told = made(file(tmp_path, HEAD + ROWS))
    found = landed(tmp_path, file(tmp_path, f"{HEAD}{ROWS}{below}\n"), told, "absence", ABSENCE)
    assert found.rows["absence"] == 2 and found.quarantined["absence"] == 0
    assert [(f.row, f.column, f.rule, f.action) for f in found.report.findings] == [(0, "", "total-row", "accept")]
    (one,) = found.report.findings
    assert one.message.endswith(f"overgeslagen: {below.count(chr(10)) + 1}.")


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
    assert whole["total-row"].endswith(": 2.") and whole["left-out"].endswith(": 1.")
    assert not {f.row for f in report.findings if f.action == "drop row"}


@pytest.mark.parametrize(
    "text",
    [
        "Jansen, Piet;;;;;\nBos, Noor;0013;11AA00;15-01-2026;Ziek;1",  # a row of the list follows
        ";0014;;;;",  # a number is no note
        "Ziek;;;;;",  # nor is one word
        "Jansen, Piet;0014;;;;",  # nor are two cells
    ],
)
def test_half_a_row_is_no_note(tmp_path: Path, text: str) -> None:
    told = made(file(tmp_path, HEAD + ROWS))
    report = check(own_mappings.package(file(tmp_path, f"{HEAD}{ROWS}{text}\n"), told))
    assert ("required", "drop row", 4) in {(f.rule, f.action, f.row) for f in report.findings}
    assert "total-row" not in {f.rule for f in report.findings}


PUPILS = "Stamnr;Roepnaam;Achternaam;Groep\n0012;Piet;Jansen;3\n0013;Noor;Bos;4\n"


@pytest.mark.parametrize("last", ["Totaal;2;;", "Totaal: 2 leerlingen;;;", "Gemaakt door de administratie;;;"])
def test_what_stands_below_a_list_of_pupils_becomes_no_pupil(tmp_path: Path, last: str) -> None:
    """A pupil need only have a key: without more, a total would be somebody called Totaal."""
    told = made(file(tmp_path, PUPILS), "pupils", columns={"sourcedId": 0, "preferredGivenName": 1, "familyName": 2})
    needed = frozenset({"sourcedId", "familyName"})
    found = landed(tmp_path, file(tmp_path, f"{PUPILS}{last}\n"), told, "users", needed)
    assert rows(found, "users", "sourcedId") == [("0012",), ("0013",)]
    assert [f.rule for f in found.report.findings] == ["total-row"]


@pytest.mark.parametrize(
    "between",
    [
        "Groep 4;;;",
        ";;Groep 4;",
        "Stamnr;Roepnaam;Achternaam;Groep",
        "Pagina 2 van 3;;;",
        "Aantal: 22;;;",
        "De Kiem 1a;;;",
    ],
)
def test_nor_does_a_heading_between_them(tmp_path: Path, between: str) -> None:
    told = made(file(tmp_path, PUPILS), "pupils", columns={"sourcedId": 0, "preferredGivenName": 1, "familyName": 2})
    text = PUPILS.replace("0013", f"{between}\n0013")
    found = landed(tmp_path, file(tmp_path, text), told, "users", frozenset({"sourcedId", "familyName"}))
    assert rows(found, "users", "sourcedId") == [("0012",), ("0013",)] and not found.quarantined["users"]
    assert [f.rule for f in found.report.findings] == ["total-row"]


@pytest.mark.parametrize("between", ["Groep 4;;;;;", ";;;Klas: H3a;;", HEAD.strip(), HEAD.strip().upper()])
def test_a_heading_between_the_rows_is_passed_over_where_more_is_needed_too(tmp_path: Path, between: str) -> None:
    told = made(file(tmp_path, HEAD + ROWS))
    text = ROWS.replace("Bos, Noor", f"{between}\nBos, Noor")
    found = landed(tmp_path, file(tmp_path, HEAD + text), told, "absence", ABSENCE)
    assert found.rows["absence"] == 2 and found.quarantined["absence"] == 0
    assert [f.rule for f in found.report.findings] == ["total-row"]


def test_a_pupil_without_more_than_a_key_is_a_pupil(tmp_path: Path) -> None:
    told = made(file(tmp_path, PUPILS), "pupils", columns={"sourcedId": 0, "preferredGivenName": 1, "familyName": 2})
    found = landed(tmp_path, file(tmp_path, f"{PUPILS}ll-0014;;;\n"), told, "users", frozenset({"sourcedId"}))
    assert rows(found, "users", "sourcedId") == [("0012",), ("0013",), ("ll-0014",)]


def test_a_total_where_a_number_should_be_is_one_whatever_else_is_the_same_in_every_row(tmp_path: Path) -> None:
    text = "Leerlingnummer;Score\n0012;41\n0013;38\nGemiddelde;39,5\n"
    path, fixed = file(tmp_path, text), {"test_kind": "method", "test_name": "M5", "taken_on": "2026-01-13"}
    found = landed(tmp_path, path, made(path, "toetsen-result", fixed=fixed), "result", frozenset({"score"}))
    assert rows(found, "result", "score") == [(38,), (41,)]
    assert [f.rule for f in found.report.findings] == ["total-row"]


def test_a_test_that_is_called_total_is_a_test(tmp_path: Path) -> None:
    text = "Leerlingnummer;Toets;Afgenomen op;Score\n0012;Totaal;13-01-2026;41\n0013;Totaal;13-01-2026;38\n"
    path = file(tmp_path, text)
    found = landed(
        tmp_path,
        path,
        made(path, "toetsen-result", fixed={"test_kind": "method"}),
        "result",
        frozenset({"pupil_number", "test_name"}),
    )
    assert rows(found, "result", "pupil_number", "test_name") == [("0012", "Totaal"), ("0013", "Totaal")]
