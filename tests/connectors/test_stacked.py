"""The same table on each sheet of a workbook: read as one, with each finding at its own sheet and row."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from schakel.collect.landing import Landed, land
from schakel.collect.listings import Entry
from schakel.connectors import own_mappings, proposals
from schakel.connectors.column_kinds import columns
from schakel.connectors.dropped_files import Dropped, look
from schakel.connectors.made_rows import ALL, SHEET
from schakel.connectors.spreadsheets import workbook
from schakel.connectors.stacked import Stacked, Written, stacked
from schakel.connectors.targets import target
from schakel.lib.errors import Unreadable

HEAD = ["Stamnr", "Datum", "Soort"]
KIEM = [["0012", "17-09-2026", "ziek"], ["0013", "18-09-2026", "spijbelen"]]
BRUG = [["0012", "19-09-2026", "ziek"]]
ABSENCE = frozenset({"pupil_number", "site_identifier", "date", "kind"})
SCHOOLS = {"De Kiem": "98AB00", "De Brug": "98AC00", "De Sluis": "98AD00"}
Sheet = Sequence[Sequence[Any]]


def book(folder: Path, sheets: Mapping[str, Sheet], name: str = "verzuim per school.xlsx", hidden: str = "") -> Path:
    path = folder / name
    with xlsxwriter.Workbook(path) as made:
        for title, rows in sheets.items():
            page = made.add_worksheet(title)
            for at, row in enumerate(rows):
                page.write_row(at, 0, row)
            if title == hidden:
                page.hide()
    return path


def read(path: Path, **told: Any) -> Stacked:
    entry = Entry(path.name, path.stat().st_size, path)
    return stacked(entry, workbook(entry), **told)


def whole(path: Path) -> Dropped:
    """As the screen reads it once somebody says that all sheets belong together."""
    return look(path, path.name, replace(look(path, path.name).form, sheet=ALL))


def declared(path: Path, *, school: bool = True) -> dict[str, Any]:
    dropped, known = whole(path), target("verzuim-absence")
    assert known is not None
    seen = columns(dropped)
    proposed = proposals.propose(known, seen)
    chosen = {**proposed.columns, **({"site_identifier": dropped.headers.index(SHEET)} if school else {})}
    values = {"kind": {"ziek": "authorised", "spijbelen": "unauthorised"}, "site_identifier": SCHOOLS}
    fixed = {} if school else {"site_identifier": "98AB00"}
    choices = proposals.Choices(chosen, fixed, values)
    assert own_mappings.mistakes(known, dropped.form, seen, choices) == {}
    return own_mappings.declaration(
        known, dropped.form, seen, choices, "Per school", "verzuim per school*.xlsx", 1, dropped.other_sheets
    )


def landed(path: Path, told: Mapping[str, Any]) -> Landed:
    return land(own_mappings.package(path, told), "proef", {"absence": ABSENCE}, path.parent / "data")


def rows(here: Landed) -> list[tuple[Any, ...]]:
    wanted = "site_identifier, pupil_number, CAST(date AS VARCHAR), kind"
    return duckdb.sql(f"SELECT {wanted} FROM '{here.folder}/absence.parquet' ORDER BY ALL").fetchall()


def test_all_sheets_with_the_same_columns_are_one_table(tmp_path: Path) -> None:
    path = book(tmp_path, {"De Kiem": [HEAD, *KIEM], "De Brug": [HEAD, *BRUG]})
    told = declared(path)
    assert told["relations"]["absence"]["sheet"] == ALL
    here = landed(path, told)
    assert [f for f in here.report.findings if f.severity == "error"] == []
    assert rows(here) == [
        ("98AB00", "0012", "2026-09-17", "authorised"),
        ("98AB00", "0013", "2026-09-18", "unauthorised"),
        ("98AC00", "0012", "2026-09-19", "authorised"),
    ]


def test_the_rows_of_each_sheet_have_an_end_of_their_own(tmp_path: Path) -> None:
    note, alone = ["Gemaakt door Jo op 3 mei", "", ""], ["Jansen, Piet", "", ""]
    path = book(tmp_path, {"De Kiem": [HEAD, *KIEM, note], "De Brug": [HEAD, alone, *BRUG, note]})
    here = landed(path, declared(path))
    assert len(rows(here)) == 3
    assert [f.message[-2:] for f in here.report.findings if f.rule == "total-row"] == ["2."]
    assert {(f.file.partition("#")[2], f.row) for f in here.report.findings if f.action == "drop row"} == {
        ("De Brug", 2)
    }


def test_each_column_is_found_by_its_name_on_every_sheet(tmp_path: Path) -> None:
    """Another order, one column more, and other letter case."""
    other = [["SOORT", "Opmerking", "Datum", "Stamnr"], ["ziek", "x", "19-09-2026", "0012"]]
    here = landed(path := book(tmp_path, {"De Kiem": [HEAD, *KIEM], "De Brug": other}), declared(path))
    assert ("98AC00", "0012", "2026-09-19", "authorised") in rows(here) and len(rows(here)) == 3
    lost = [(f.file.partition("#")[2], f.column) for f in here.report.findings if f.rule == "header-missing-optional"]
    assert lost == [("De Kiem", "Opmerking")], "a column that only some have is read where it is, and told where not"


def test_a_finding_names_the_sheet_and_its_row(tmp_path: Path) -> None:
    path = book(tmp_path, {"De Kiem": [HEAD, *KIEM], "De Brug": [HEAD, [], *BRUG, ["0014", "31-02-2026", "ziek"]]})
    here = landed(path, declared(book(tmp_path, {"De Kiem": [HEAD, *KIEM], "De Brug": [HEAD, *BRUG]}, "eerst.xlsx")))
    found = [(f.file, f.row, f.column, f.rule) for f in here.report.findings if f.row]
    assert found == [("verzuim per school.xlsx#De Brug", 4, "Datum", "date")]
    refused = "SELECT _package, _row, _column, pupil_number, site_identifier FROM read_parquet(?)"
    assert here.quarantine is not None
    with duckdb.connect() as con:
        assert con.execute(refused, [str(here.quarantine / "absence.parquet")]).fetchall() == [
            ("verzuim per school.xlsx#De Brug", 4, "date", "0014", "98AC00")
        ], "by its number the school of the row is found, which is to repair it"
        kept = "SELECT _package, _row, _column, _rule FROM read_parquet(?)"
        assert con.execute(kept, [str(here.quarantine / "absence.found")]).fetchall() == [
            ("verzuim per school.xlsx#De Brug", 4, "Datum", "date")
        ]
    assert here.judgement is not None
    assert [(c.file, c.column, c.rule) for c in here.judgement.causes if c.of_rows] == [("absence", "Datum", "date")]


def test_the_same_row_on_two_sheets_is_told_on_the_second(tmp_path: Path) -> None:
    lessons = [[*HEAD, "Lesuur"], *([*row, "3"] for row in KIEM)]
    path = book(tmp_path, {"Sep": lessons, "Okt": lessons})
    here = landed(path, declared(path, school=False))
    found = [(f.file.partition("#")[2], f.row, f.rule) for f in here.report.findings if f.row]
    assert found == [("Okt", 2, "duplicate-key"), ("Okt", 3, "duplicate-key")] and len(rows(here)) == 2


def test_a_sheet_with_other_columns_is_no_part_of_it_and_a_new_one_is_told(tmp_path: Path) -> None:
    path = book(tmp_path, {"Uitleg": [["Zo vult u dit in"]], "De Kiem": [HEAD, *KIEM], "De Brug": [HEAD, *BRUG]})
    dropped = whole(path)
    assert (dropped.together, dropped.other_sheets) == (("De Kiem", "De Brug"), ("Uitleg",))
    told = declared(path)
    assert [f for f in landed(path, told).report.findings if f.rule == "sheet-unknown"] == [], "that was said already"
    more = {"Uitleg": [["x"]], "Nieuws": [["y"]], "De Kiem": [HEAD, *KIEM], "De Brug": [HEAD, *BRUG]}
    here = landed(book(tmp_path, more), told)
    assert [f.file for f in here.report.findings if f.rule == "sheet-unknown"] == ["verzuim per school.xlsx#Nieuws"]
    assert len(rows(here)) == 3


def test_a_hidden_sheet_is_no_part_of_it(tmp_path: Path) -> None:
    path = book(tmp_path, {"De Kiem": [HEAD, *KIEM], "De Brug": [HEAD, *BRUG], "Oud": [HEAD, *BRUG]}, hidden="Oud")
    assert whole(path).other_sheets == ()
    here = landed(path, declared(path))
    assert [f.file for f in here.report.findings if f.rule == "sheet-unknown"] == ["verzuim per school.xlsx#Oud"]
    assert len(rows(here)) == 3


def test_a_sheet_on_which_a_column_was_renamed_stops_the_file(tmp_path: Path) -> None:
    """Left out it would be a school of which nobody was absent."""
    told = declared(book(tmp_path, {"De Kiem": [HEAD, *KIEM], "De Brug": [HEAD, *BRUG]}))
    path = book(tmp_path, {"De Kiem": [HEAD, *KIEM], "De Brug": [["Leerling", "Datum", "Soort"], *BRUG]})
    with pytest.raises(Unreadable, match="Op het werkblad De Brug ontbreekt stamnr") as refused:
        own_mappings.package(path, told)
    assert (refused.value.code, refused.value.where) == ("drift", "verzuim per school.xlsx#De Brug")


def test_a_total_that_was_there_from_the_start_does_not_stop_it(tmp_path: Path) -> None:
    sheets = {"De Kiem": [HEAD, *KIEM], "De Brug": [HEAD, *BRUG], "Totaal": [["Stamnr", "Soort"], ["0012", "ziek"]]}
    path = book(tmp_path, sheets)
    told = declared(path)
    assert told["relations"]["absence"]["other_sheets"] == ["Totaal"]
    assert len(rows(landed(path, told))) == 3
    with pytest.raises(Unreadable, match="Op het werkblad Som ontbreekt datum"):
        own_mappings.package(book(tmp_path, sheets | {"Som": sheets["Totaal"]}), told)


def test_a_sheet_that_was_no_part_of_it_is_none_when_it_gets_the_columns(tmp_path: Path) -> None:
    """A total that is filled in by hand would count everybody twice."""
    sheets = {"De Kiem": [HEAD, *KIEM], "De Brug": [HEAD, *BRUG], "Totaal": [["Som"], ["3"]]}
    told = declared(book(tmp_path, sheets))
    assert len(rows(landed(book(tmp_path, sheets | {"Totaal": [HEAD, *KIEM, *BRUG]}), told))) == 3


def test_more_cells_than_can_be_held_at_once_are_refused(tmp_path: Path) -> None:
    """A few kilobytes, with a cell far away on each of its sheets."""
    path = tmp_path / "groot.xlsx"
    with xlsxwriter.Workbook(path) as made:
        for title in ("A", "B", "C"):
            page = made.add_worksheet(title)
            page.write_row(0, 0, HEAD)
            page.write(200_000, 9, "x")
    assert path.stat().st_size < 20_000
    with pytest.raises(Unreadable, match="te groot om als geheel te lezen") as refused:
        read(path)
    assert (refused.value.code, bool(refused.value.hint)) == ("size", True)


def test_a_column_that_is_gone_from_every_sheet_is_drift(tmp_path: Path) -> None:
    told = declared(book(tmp_path, {"De Kiem": [HEAD, *KIEM], "De Brug": [HEAD, *BRUG]}))
    path = book(tmp_path, {"De Kiem": [["Naam", "Dag"], ["x", "y"]], "De Brug": [["Naam", "Dag"], ["x", "y"]]})
    with pytest.raises(Unreadable, match="geen enkel bekend werkblad"):
        own_mappings.package(path, told)


def test_a_new_school_has_its_sheet_read_without_a_new_mapping(tmp_path: Path) -> None:
    told = declared(book(tmp_path, {"De Kiem": [HEAD, *KIEM], "De Brug": [HEAD, *BRUG]}))
    more = {"De Kiem": [HEAD, *KIEM], "De Brug": [HEAD, *BRUG], "De Sluis": [HEAD, ["0019", "21-09-2026", "ziek"]]}
    here = landed(book(tmp_path, more), told)
    assert ("98AD00", "0019", "2026-09-21", "authorised") in rows(here)


def test_headers_may_stand_lower_on_every_sheet(tmp_path: Path) -> None:
    """Where the first sheet that is looked at explains something, its first row is no header of the others."""
    title = [["Verzuim"], []]
    path = book(tmp_path, {"De Kiem": [*title, HEAD, *KIEM], "De Brug": [*title, HEAD, ["0014", "31-02-2026", "ziek"]]})
    assert whole(path).form.header_row == 3
    here = landed(path, declared(path))
    assert len(rows(here)) == 2
    assert [(f.file.partition("#")[2], f.row) for f in here.report.findings if f.rule == "date"] == [("De Brug", 4)]


def test_a_cell_beside_the_headers_is_told_and_left_unread(tmp_path: Path) -> None:
    path = book(tmp_path, {"De Kiem": [HEAD, *KIEM], "De Brug": [HEAD, [*BRUG[0], "", "x"], *BRUG]})
    found = read(path)
    assert [(f.file, f.row, f.rule) for f in found.told] == [("verzuim per school.xlsx#De Brug", 0, "cell-beside")]
    assert len(found.made.rows) == 4 and {len(row) for row in found.made.rows} == {4}


def test_two_columns_called_alike_stay_two(tmp_path: Path) -> None:
    twice = ["Stamnr", "Uren", "Uren"]
    found = read(book(tmp_path, {"A": [twice, ["1", "2", "3"]], "B": [twice, ["4", "5", "6"]]}))
    assert found.made.headers == (SHEET, "Stamnr", "Uren", "Uren")
    assert found.made.rows == [("A", "1", "2", "3"), ("B", "4", "5", "6")]


def test_a_bsn_on_any_sheet_keeps_its_column_out(tmp_path: Path) -> None:
    numbers = [["123456782", "17-09-2026", "ziek"], *([f"{n}", "17-09-2026", "ziek"] for n in _bsns())]
    path = book(tmp_path, {"De Kiem": [HEAD, *KIEM], "De Brug": [HEAD, *numbers]})
    told = declared(book(tmp_path, {"De Kiem": [HEAD, *KIEM], "De Brug": [HEAD, *BRUG]}, "eerst.xlsx"))
    with pytest.raises(Unreadable, match="In de kolom Stamnr staan nu nummers die Schakel nooit bewaart"):
        own_mappings.package(path, told)


def _bsns() -> list[int]:
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    made = (n for n in range(200_000_000, 200_001_000))
    return [n for n in made if sum(w * int(d) for w, d in zip(weights, str(n), strict=True)) % 11 == 0][:60]


def test_a_workbook_in_which_no_sheet_has_headers_is_refused(tmp_path: Path) -> None:
    path = book(tmp_path, {"A": [["x"]], "B": []})
    with pytest.raises(Unreadable, match="geen enkel bekend werkblad"):
        read(path, form=Written(header_row=5))


_VALUE = st.sampled_from(["", "x", "0", "12,5", "é"])
_SHEET = st.tuples(st.permutations(["A", "B", "C"]), st.lists(st.lists(_VALUE, min_size=3, max_size=3), max_size=4))


@settings(max_examples=25)
@given(st.lists(_SHEET, min_size=1, max_size=4))
def test_every_filled_cell_is_in_one_row_under_its_own_header(sheets: list[tuple[list[str], list[list[str]]]]) -> None:
    """Whatever the order of the columns: nothing is lost, and each row knows its sheet and its line."""
    with TemporaryDirectory() as folder:
        path = book(Path(folder), {f"S{n}": [head, *body] for n, (head, body) in enumerate(sheets)})
        made = read(path, wanted=["A", "B", "C"]).made
    there = {
        (f"{path.name}#S{n}", at, header, value)
        for n, (head, body) in enumerate(sheets)
        for at, row in enumerate(body, 2)
        for header, value in zip(head, row, strict=True)
        if value
    }
    back = [
        (made.labels[at], made.lines[at], header, value)
        for at, row in enumerate(made.rows)
        for header, value in zip(made.headers[1:], row[1:], strict=True)
        if value
    ]
    assert set(back) == there and len(back) == len(there)
    assert [label.rpartition("#")[2] for label in made.labels] == [row[0] for row in made.rows]
