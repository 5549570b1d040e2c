"""A column per test or subject: what becomes a row, which columns are no test, and findings that point at the cell."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from schakel.collect.checks import check
from schakel.collect.landing import land
from schakel.connectors import mapped, own_mappings, proposals, wide
from schakel.connectors.column_kinds import columns
from schakel.connectors.dropped_files import Dropped, look
from schakel.connectors.headings import Wide
from schakel.connectors.mapped_layout import declared
from schakel.connectors.targets import target
from schakel.connectors.wide import ABOVE, NAME, NAMED, VALUE
from schakel.lib.errors import Unreadable

TESTS = (
    "Overzicht van groep 6;;;;;;\n"
    ";;;Rekenen;;Lezen;\n"
    "Leerlingnummer;Naam;Groep;M5;E5;M5;E5\n"
    "0012;Bo;6a;231;240;45;0\n"
    "0013;Di;6a;;-;52;\n"
)  # fmt: skip
MARKS = "Leerlingnummer;Klas;NE;EN;WI;Gemiddelde\n0012;H3a;7,5;6,0;8,1;7,2\n0013;H3a;5,5;;vr;5,5\n" + "".join(
    f"{number:04};H3a;6,5;7,0;4,9;6,1\n" for number in range(14, 24)
)
WHEN = {"taken_on": "31-01-2027", "test_kind": "volgtoets", "site_identifier": "98AB00"}
RESULT = frozenset(
    {"pupil_number", "site_identifier", "test_name", "subject", "test_kind", "taken_on", "score", "mark"}
)


def file(folder: Path, text: str, name: str = "toetsen_m5.csv") -> Path:
    (folder / name).write_bytes(text.encode("cp1252"))
    return folder / name


def looked(path: Path, **form: Any) -> Dropped:
    first = look(path, path.name)
    return look(path, path.name, replace(first.form, wide=NAMED, **form))


def told(path: Path, fixed: dict[str, str], **form: Any) -> dict[str, Any]:
    """What is saved when everything is left as it is proposed."""
    dropped, known = looked(path, **form), target("toetsen-result")
    assert known is not None
    seen = columns(dropped)
    proposed = proposals.propose(known, seen)
    choices = replace(proposed, fixed={k: v for k, v in fixed.items() if k not in proposed.columns})
    form_now = replace(dropped.form, decimal=dropped.form.decimal or ",")
    assert own_mappings.mistakes(known, form_now, seen, choices, dropped.unsaid) == {}
    return own_mappings.declaration(known, form_now, seen, choices, "Toetsen", f"toetsen*{path.suffix}", 1)


def landed(path: Path, content: dict[str, Any], shown: str) -> tuple[list[Any], list[Any]]:
    here = land(own_mappings.package(path, content), "proef", {"result": RESULT}, path.parent / "data")
    rows = duckdb.sql(f"SELECT {shown} FROM '{here.folder}/result.parquet' ORDER BY ALL").fetchall()
    return rows, [(f.row, f.column, f.rule) for f in here.report.findings if f.rule != "column-unknown"]


def test_each_filled_cell_is_a_row_and_a_zero_is_a_score(tmp_path: Path) -> None:
    found = looked(file(tmp_path, TESTS), header_row=3, after="Groep")
    assert found.headers == ("Leerlingnummer", "Naam", "Groep", NAME, ABOVE, VALUE) and found.unsaid == ()
    assert found.rows == (
        ("0012", "Bo", "6a", "M5", "Rekenen", "231"),
        ("0012", "Bo", "6a", "E5", "Rekenen", "240"),
        ("0012", "Bo", "6a", "M5", "Lezen", "45"),
        ("0012", "Bo", "6a", "E5", "Lezen", "0"),
        ("0013", "Di", "6a", "M5", "Lezen", "52"),
    )
    assert found.lines == (4, 4, 4, 4, 5)


def test_nobody_guesses_where_the_tests_begin(tmp_path: Path) -> None:
    found = looked(file(tmp_path, MARKS))
    assert found.unsaid == ("after",) and found.beside == found.headers
    assert looked(file(tmp_path, MARKS.replace("Klas;NE", ";NE"))).unsaid == ("after",)
    assert looked(file(tmp_path, MARKS), after="Kl").unsaid == ("after",)
    assert looked(file(tmp_path, MARKS), after="Gemiddelde").unsaid == ("after",)
    assert looked(file(tmp_path, MARKS), after="Klas", before="Klas").unsaid == ("after",)
    assert looked(file(tmp_path, MARKS), after="Klas", before="NE").unsaid == ("after",)


def test_a_mapping_that_does_not_say_it_cannot_be_saved(tmp_path: Path) -> None:
    dropped, known = looked(file(tmp_path, MARKS)), target("toetsen-result")
    assert known is not None
    seen = columns(dropped)
    wrong = own_mappings.mistakes(known, dropped.form, seen, proposals.propose(known, seen), dropped.unsaid)
    assert wrong["after"] == "Kies na welke kolom de toetsen of vakken beginnen."


def test_tests_come_in_with_the_subject_above_them(tmp_path: Path) -> None:
    path = file(tmp_path, TESTS)
    content = told(path, WHEN, header_row=3, after="Groep")
    assert content["relations"]["result"]["wide"] == {"columns": "named", "after": "Groep"}
    assert landed(path, content, "pupil_number, subject, test_name, score, CAST(taken_on AS VARCHAR)") == (
        [
            ("0012", "Lezen", "E5", 0.0, "2027-01-31"),
            ("0012", "Lezen", "M5", 45.0, "2027-01-31"),
            ("0012", "Rekenen", "E5", 240.0, "2027-01-31"),
            ("0012", "Rekenen", "M5", 231.0, "2027-01-31"),
            ("0013", "Lezen", "M5", 52.0, "2027-01-31"),
        ],
        [],
    )


def test_an_average_is_no_subject_and_what_is_no_mark_is_told_at_its_cell(tmp_path: Path) -> None:
    path = file(tmp_path, MARKS)
    content = told(path, WHEN | {"test_kind": "schoolexamen"}, after="Klas", before="Gemiddelde")
    assert content["relations"]["result"]["wide"] == {"columns": "named", "after": "Klas", "before": "Gemiddelde"}
    rows, found = landed(path, content, "pupil_number, test_name, mark, score")
    assert rows[:4] == [
        ("0012", "EN", 6.0, None),
        ("0012", "NE", 7.5, None),
        ("0012", "WI", 8.1, None),
        ("0013", "NE", 5.5, None),
    ]
    assert rows[4] == ("0013", "WI", None, None) and len(rows) == 3 * 12 - 1
    assert found == [(3, "WI", "number")]


def test_a_score_is_no_mark_and_letters_are_a_level(tmp_path: Path) -> None:
    known = target("toetsen-result")
    assert known is not None
    for cells, field in (("231;240", "score"), ("7,5;6,1", "mark"), ("IV;II", "level")):
        path = file(tmp_path, f"Leerlingnummer;M5;E5\n0012;{cells}\n")
        dropped = looked(path, after="Leerlingnummer")
        seen = columns(dropped)
        assert proposals.best_target(seen).key == "toetsen-result"
        place = dropped.headers.index(VALUE)
        named = {n for n, p in proposals.propose(known, seen).columns.items() if p == place}
        assert named == {field}, cells


def test_the_next_file_has_other_tests_and_needs_no_new_version(tmp_path: Path) -> None:
    content = told(file(tmp_path, MARKS), WHEN, after="Klas", before="Gemiddelde")
    later = "Leerlingnummer;Klas;NE;FA;Gemiddelde\n0012;H3a;6,5;7,0;6,8\n"
    rows, found = landed(file(tmp_path, later, "toetsen_e5.csv"), content, "pupil_number, test_name, mark")
    assert rows == [("0012", "FA", 7.0), ("0012", "NE", 6.5)] and found == []


@pytest.mark.parametrize(
    ("later", "why"),
    [
        ("Leerlingnummer;Groep;NE;Gemiddelde\n0012;H3a;6,5;6,5\n", "«Klas» en «Gemiddelde»"),
        ("Leerlingnummer;Klas;NE;Totaal\n0012;H3a;6,5;6,5\n", "«Klas» en «Gemiddelde»"),
        ("Leerlingnummer;Klas;Gemiddelde\n0012;H3a;6,5\n", "«Klas» en «Gemiddelde»"),
        ("Stamnummer;Klas;NE;Gemiddelde\n0012;H3a;6,5;6,5\n", "Leerlingnummer"),
    ],
)
def test_a_file_in_which_those_columns_are_not_stops(tmp_path: Path, later: str, why: str) -> None:
    content = told(file(tmp_path, MARKS), WHEN, after="Klas", before="Gemiddelde")
    with pytest.raises(Unreadable, match=why):
        own_mappings.package(file(tmp_path, later, "toetsen_e5.csv"), content)


def test_without_an_end_only_the_first_column_is_named(tmp_path: Path) -> None:
    content = told(file(tmp_path, MARKS.replace(";Gemiddelde", ";DU")), WHEN, after="Klas")
    with pytest.raises(Unreadable, match="«Klas», waarna de toetsen beginnen"):
        own_mappings.package(file(tmp_path, "Leerlingnummer;NE\n0012;6,5\n", "toetsen_e5.csv"), content)


def test_the_next_version_begins_between_the_same_columns(tmp_path: Path) -> None:
    path = file(tmp_path, MARKS)
    content = told(path, WHEN, after="Klas", before="Gemiddelde")
    form = own_mappings.as_before(look(path, path.name).form, content)
    assert (form.wide, form.after, form.before) == (NAMED, "Klas", "Gemiddelde")
    assert own_mappings.as_before(look(path, path.name).form, {"relations": {"result": {}}}).wide == ""


def test_cells_beside_the_headers_and_below_an_empty_one_are_told(tmp_path: Path) -> None:
    text = "Leerlingnummer;Klas;NE;;WI\n0012;H3a;7,5;6,0;8,1\n0013;H3a;7,5;;8,1;9,9\n"
    content = told(file(tmp_path, text), WHEN, after="Klas")
    rows, found = landed(tmp_path / "toetsen_m5.csv", content, "pupil_number, test_name")
    assert rows == [("0012", "NE"), ("0012", "WI")]
    assert found == [(2, "kolom 4", "required"), (3, "", "ragged-row")]


def test_a_workbook_with_merged_subjects(tmp_path: Path) -> None:
    path = tmp_path / "toetsen_1.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Groep 6")
        sheet.merge_range(0, 2, 0, 3, "Rekenen")
        sheet.write(0, 4, "Spelling")
        sheet.write_row(1, 0, ["Leerlingnummer", "Naam", "M5", "E5", "M5"])
        sheet.write_row(2, 0, ["0012", "Bo", 231, 240.5, 61])
    content = told(path, WHEN, header_row=2, after="Naam")
    rows, found = landed(path, content, "pupil_number, subject, test_name, score")
    assert rows == [
        ("0012", "Rekenen", "E5", 240.5), ("0012", "Rekenen", "M5", 231.0), ("0012", "Spelling", "M5", 61.0),
    ]  # fmt: skip
    assert found == []


def test_what_cannot_be_held_as_a_whole_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of these would take more than a gigabyte to turn: many cells, much text beside few, a large file."""
    path = file(tmp_path, MARKS)
    content = told(path, WHEN, after="Klas", before="Gemiddelde")
    for room, name, bound in ((wide, "MAX_ROWS", 34), (wide, "MAX_SIGNS", 200), (mapped, "MAX_WIDE", 100)):
        with monkeypatch.context() as patch, pytest.raises(Unreadable) as refused:
            patch.setattr(room, name, bound)
            own_mappings.package(path, content)
        assert refused.value.code == "size", name
    assert check(own_mappings.package(path, content)).usable


def test_a_wide_workbook_with_cells_far_away_is_refused(tmp_path: Path) -> None:
    """A few kilobytes, of which a table of millions of empty cells would be made; on the screen too."""
    path = tmp_path / "toetsen_1.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("A")
        sheet.write_row(0, 0, ["Leerlingnummer", "M5"])
        sheet.write_row(1, 0, ["0012", 231])
    content = told(path, WHEN, after="Leerlingnummer")
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("A")
        sheet.write_row(0, 0, ["Leerlingnummer", "M5"])
        sheet.write(600_000, 9, "x")
    assert path.stat().st_size < 20_000
    for read in (lambda: own_mappings.package(path, content), lambda: look(path, path.name)):
        with pytest.raises(Unreadable, match="te groot om als geheel te lezen") as refused:
            read()
        assert (refused.value.code, bool(refused.value.hint)) == ("size", True)


def test_the_same_test_twice_is_told(tmp_path: Path) -> None:
    """Two columns of one name, and nothing above that tells them apart."""
    text = "Leerlingnummer;M5;M5\n0012;231;240\n"
    content = told(file(tmp_path, text), WHEN, after="Leerlingnummer")
    rows, found = landed(tmp_path / "toetsen_m5.csv", content, "pupil_number, test_name, score")
    assert rows == [("0012", "M5", 231.0)] and [rule for _row, _column, rule in found] == ["duplicate-key"]


def test_the_declaration_is_read_back_as_it_was_saved(tmp_path: Path) -> None:
    content = told(file(tmp_path, MARKS), WHEN, after="Klas", before="Gemiddelde")
    assert declared(content).wide == Wide(NAMED, after="Klas", before="Gemiddelde")
    assert check(own_mappings.package(tmp_path / "toetsen_m5.csv", content)).usable


NAMES = st.lists(st.sampled_from(["NE", "EN", "WI", "DU", "FA", "BI", "GS"]), min_size=1, max_size=7, unique=True)


@given(names=NAMES, kept=st.integers(1, 4), beyond=st.integers(0, 3), data=st.data())
def test_no_filled_cell_is_lost_and_none_comes_of_another_column(
    names: list[str], kept: int, beyond: int, data: st.DataObject
) -> None:
    """Whatever stands before and behind: each filled cell between is one row, under its own name and line."""
    header = [*(f"k{n}" for n in range(kept)), *names, *(f"b{n}" for n in range(beyond))]
    cell = st.sampled_from(["", "-", "0", "7,5", "IV"])
    rows = data.draw(st.lists(st.lists(cell, min_size=len(header), max_size=len(header)), min_size=1, max_size=6))
    said = Wide(NAMED, after=f"k{kept - 1}", before="b0" if beyond else "")
    made = wide.named([header, *rows], list(range(1, len(rows) + 2)), 0, said)
    wanted = [
        (line, name, row[kept + at])
        for line, row in enumerate(rows, 2)
        for at, name in enumerate(names)
        if row[kept + at] not in {"", "-"}
    ]
    place, value = made.headers.index(NAME), made.headers.index(VALUE)
    assert [(line, row[place], row[value]) for line, row in zip(made.lines, made.rows, strict=True)] == wanted
    assert [h for h in made.headers if h not in {NAME, VALUE}] == [*header[:kept], *header[kept + len(names) :]]
