"""A score and a level of each test beside each other: one row for each test, and findings that point at the cell."""

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
from schakel.connectors import own_mappings, proposals
from schakel.connectors.column_kinds import columns
from schakel.connectors.dropped_files import Dropped, look
from schakel.connectors.headings import Wide
from schakel.connectors.paired_columns import long
from schakel.connectors.targets import target
from schakel.connectors.wide import NAME, PAIRED
from schakel.lib.errors import Unreadable
from tests.connectors.test_named_columns import RESULT, WHEN, file

BLOCKS = (
    "Leerlingvolgsysteem;;;;;\n"
    ";;Rekenen;;Lezen;\n"
    "Leerlingnummer;Naam;Score;Niveau;Score;Niveau\n"
    "0012;Bo;231;II;45;IV\n"
    "0013;Di;;;0;V\n"
    "0014;Jo;-;-;-;-\n"
)
BESIDE = "Leerlingnummer;Rekenen M5 score;Rekenen M5 niveau;Lezen M5 score;Lezen M5 niveau;Totaal\n" + "".join(
    f"{number:04};{number + 200};III;{number};I;9\n" for number in range(12, 24)
)
LEVELS = RESULT | {"level"}


def looked(path: Path, **form: Any) -> Dropped:
    first = look(path, path.name)
    return look(path, path.name, replace(first.form, wide=PAIRED, **form))


def told(path: Path, **form: Any) -> dict[str, Any]:
    """What is saved when everything is left as it is proposed."""
    dropped, known = looked(path, **form), target("toetsen-result")
    assert known is not None
    seen = columns(dropped)
    assert proposals.best_target(seen).key == "toetsen-result"
    proposed = proposals.propose(known, seen)
    choices = replace(proposed, fixed={k: v for k, v in WHEN.items() if k not in proposed.columns})
    form_now = replace(dropped.form, decimal=dropped.form.decimal or ",")
    assert own_mappings.mistakes(known, form_now, seen, choices, dropped.unsaid) == {}
    return own_mappings.declaration(known, form_now, seen, choices, "Toetsen", f"toetsen*{path.suffix}", 1)


def rows(path: Path, content: dict[str, Any]) -> tuple[list[Any], list[Any]]:
    here = land(own_mappings.package(path, content), "proef", {"result": LEVELS}, path.parent / "data")
    sql = f"SELECT pupil_number, test_name, score, level FROM '{here.folder}/result.parquet' ORDER BY ALL"
    return duckdb.sql(sql).fetchall(), [(f.row, f.column, f.rule) for f in here.report.findings]


def test_each_test_is_a_row_with_all_that_is_told_of_it(tmp_path: Path) -> None:
    found = looked(file(tmp_path, BLOCKS), header_row=3, after="Naam")
    assert found.headers == ("Leerlingnummer", "Naam", NAME, "Score", "Niveau") and found.unsaid == ()
    assert found.rows == (
        ("0012", "Bo", "Rekenen", "231", "II"),
        ("0012", "Bo", "Lezen", "45", "IV"),
        ("0013", "Di", "Lezen", "0", "V"),
    ), "an empty cell and a dash say that the test was not made, a zero is a score"
    assert found.lines == (4, 4, 5)


def test_the_names_may_stand_in_the_headers_themselves(tmp_path: Path) -> None:
    found = looked(file(tmp_path, BESIDE), after="Leerlingnummer", before="Totaal")
    assert found.headers == ("Leerlingnummer", "Totaal", NAME, "score", "niveau")
    assert found.rows[:2] == (("0012", "9", "Rekenen M5", "212", "III"), ("0012", "9", "Lezen M5", "12", "I"))


@pytest.mark.parametrize(
    ("text", "form"),
    [(BLOCKS, {"header_row": 3, "after": "Naam"}), (BESIDE, {"after": "Leerlingnummer", "before": "Totaal"})],
)
def test_both_come_in_as_they_are_proposed(tmp_path: Path, text: str, form: dict[str, Any]) -> None:
    path = file(tmp_path, text)
    content = told(path, **form)
    wide = content["relations"]["result"]["wide"]
    assert wide == {"columns": "paired", **{key: value for key, value in form.items() if key != "header_row"}}
    found, wrong = rows(path, content)
    assert wrong == []
    first = ("0012", "Lezen", 45.0, "IV") if text is BLOCKS else ("0012", "Lezen M5", 12.0, "I")
    assert found[0] == first and len(found) == (3 if text is BLOCKS else 24)


def test_a_finding_names_the_test_and_the_row(tmp_path: Path) -> None:
    content = told(file(tmp_path, BLOCKS), header_row=3, after="Naam")
    found, wrong = rows(file(tmp_path, BLOCKS.replace("0;V", "veel;VII")), content)
    assert sorted(wrong) == [(5, "Lezen Niveau", "vocabulary"), (5, "Lezen Score", "number")]
    assert ("0013", "Lezen", None, None) in found


def test_the_next_file_may_have_other_tests(tmp_path: Path) -> None:
    content = told(file(tmp_path, BLOCKS), header_row=3, after="Naam")
    lines = [line.split(";") for line in BLOCKS.replace("Lezen", "Spelling").splitlines()]
    more = ["", "Taal", "Score", "9", "", ""]
    path = file(tmp_path, "\n".join(";".join([*line, cell]) for line, cell in zip(lines, more, strict=True)) + "\n")
    found, wrong = rows(path, content)
    assert ("0012", "Taal", 9.0, None) in found and ("0012", "Spelling", 45.0, "IV") in found and wrong == []


@pytest.mark.parametrize(
    "text", [BLOCKS.replace("Score;Niveau;Score;Niveau", "A;B;C;D"), "Leerlingnummer;Naam;M5;E5\n0012;Bo;1;2\n"]
)
def test_where_no_two_tests_have_the_same_columns_it_is_said(tmp_path: Path, text: str) -> None:
    row = 3 if text.startswith("Leerlingvolg") else 1
    with pytest.raises(Unreadable, match="staan geen toetsen met elk dezelfde kolommen"):
        looked(file(tmp_path, text), header_row=row, after="Naam")


def test_what_is_told_of_one_test_alone_stays_a_column(tmp_path: Path) -> None:
    """Between the tests or behind them: no column disappears."""
    lines = [line.split(";") for line in BLOCKS.splitlines()]
    more = [[""], [""], ["Opmerking"], ["ziek geweest"], [""], [""]]
    text = "\n".join(";".join([*line[:4], *cell, *line[4:]]) for line, cell in zip(lines, more, strict=True))
    found = looked(file(tmp_path, f"{text}\n"), header_row=3, after="Naam")
    assert found.headers == ("Leerlingnummer", "Naam", "Opmerking", NAME, "Score", "Niveau")
    assert found.rows[0] == ("0012", "Bo", "ziek geweest", "Rekenen", "231", "II")


def test_it_is_asked_after_which_column_they_begin(tmp_path: Path) -> None:
    found = looked(file(tmp_path, BLOCKS), header_row=3)
    assert found.unsaid == ("after",) and found.beside[2:] == ("Score", "Niveau", "Score", "Niveau")


def test_each_sheet_of_a_workbook_and_a_version_after_it(tmp_path: Path) -> None:
    path = tmp_path / "toetsen_m5.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for title in ("Groep 5", "Groep 6"):
            sheet = book.add_worksheet(title)
            for at, line in enumerate(BLOCKS.splitlines()[1:]):
                sheet.write_row(at, 0, line.replace("001", title[-1:] + "01").split(";"))
    content = told(path, header_row=2, after="Naam", sheet="*")
    assert {row[0] for row in rows(path, content)[0]} == {"5012", "5013", "6012", "6013"}
    before = own_mappings.as_before(look(path, path.name).form, content)
    assert (before.wide, before.after, before.sheet) == (PAIRED, "Naam", "*")
    assert check(own_mappings.package(path, content)).usable


CELLS = st.sampled_from(["", "-", "0", "7", "x"])


@given(st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS), max_size=6))
def test_no_filled_cell_is_lost_and_none_is_made(body: list[tuple[str, ...]]) -> None:
    cells = [["", "A", "", "B", ""], ["Nr", "s", "n", "s", "n"], *(["1", *row] for row in body)]
    made = long(cells, range(1, len(cells) + 1), 1, Wide(PAIRED, after="Nr"))
    kept = sorted(value for row in made.rows for value in row[2:] if value)
    assert kept == sorted(value for row in body for value in row if value not in ("", "-"))
    assert all(len(row) == len(made.headers) for row in made.rows)
    assert {len(heads) for heads in made.heads.values()} == {len(made.rows)}
