"""What makes a row of a mapped file the same as another: the columns of the key that the file has."""

from pathlib import Path

from tests.connectors.test_own_mappings import file, landed, made, rows

MARKS = """Stamnr;Vak;Omschrijving;Datum;Cijfer
0012;wi;Hoofdstuk 1;21-01-2027;6,4
0012;ne;Hoofdstuk 1;21-01-2027;7
0012;wi;Hoofdstuk 1;28-01-2027;8
0012;wi;Hoofdstuk 1;21-01-2027;5
0013;wi;Hoofdstuk 1;21-01-2027;
0014;wi;Hoofdstuk 1;21-01-2027;11
"""
RESULT = frozenset({"pupil_number", "subject", "test_name", "test_kind", "taken_on", "mark"})


def test_a_key_does_without_a_column_that_files_may_lack(tmp_path: Path) -> None:
    """A list of marks has no school and no codes of tests; the same subject, test and day is still the same result."""
    path = file(tmp_path, MARKS, "cijfers.csv")
    told = made(path, "toetsen-result", fixed={"test_kind": "schoolexamen"})
    assert told["relations"]["result"]["unique"] == ["pupil_number", "subject", "test_name", "taken_on"]
    found = landed(tmp_path, path, told, "result", RESULT)
    assert sorted(rows(found, "result", "pupil_number", "subject", "mark", "test_kind"), key=str) == [
        *(("0012", subject, mark, "school_exam") for subject, mark in (("ne", 7.0), ("wi", 6.4), ("wi", 8.0))),
        *((number, "wi", None, "school_exam") for number in ("0013", "0014")),
    ]
    assert {(f.row, f.column, f.rule) for f in found.report.findings if f.row > 1} == {
        (5, "Stamnr, Vak, Omschrijving, Datum", "duplicate-key"), (7, "Cijfer", "bounds"),
    }  # fmt: skip


def test_a_key_is_none_without_a_column_that_tells_rows_apart(tmp_path: Path) -> None:
    path = file(tmp_path)
    told = made(path)  # absence without the hour of the lesson: two rows of a day may be two lessons
    assert "unique" not in told["relations"]["absence"]
