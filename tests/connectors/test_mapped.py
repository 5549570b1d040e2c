"""Files read through a mapping: by pairs in `tests/cases/checks/mapped.yaml`, and the workbook of staff."""

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
import xlsxwriter

from schakel.collect.checks import check
from schakel.collect.connectors import open_package
from schakel.collect.findings import CheckReport
from schakel.collect.landing import land
from schakel.connectors.mapped_layout import FOLDER, mappings
from schakel.lib.errors import Unreadable
from schakel.lib.plain_yaml import from_yaml

CASES = from_yaml((Path(__file__).parents[1] / "cases" / "checks" / "mapped.yaml").read_text(encoding="utf-8"))
Sheets = dict[str, list[list[object]]]


def found(report: CheckReport) -> list[tuple[int, str, str]]:
    return [(f.row, f.column, f.rule) for f in report.findings]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_finds_this_and_nothing_else(case: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / case["file"]
    path.write_bytes(case["text"].encode())
    report = check(open_package(path))
    assert sorted(found(report)) == sorted(tuple(each) for each in case["finds"])
    assert report.usable == case.get("usable", True)


def test_every_mapping_reads_as_a_layout_and_names_each_column_once() -> None:
    assert len(mappings()) == len(list(FOLDER.glob("*.yaml")))
    for mapping in mappings():
        for file in mapping.layout.files.values():
            assert len({f.source for f in file.fields}) == len(file.fields)
            assert set(file.key) <= set(file.names)


def test_values_land_translated_and_typed(tmp_path: Path) -> None:
    path = tmp_path / "verzuim_20261123.csv"
    path.write_bytes(CASES[0]["text"].encode())
    needed = {
        "absence": frozenset(
            {"pupil_number", "date", "kind", "reason_group", "clock_hours", "hour", "minutes_late", "contact_on"}
        )
    }
    landed = land(open_package(path), "verzuim", needed, tmp_path / "data")
    rows = duckdb.sql(f"SELECT * FROM '{landed.folder}/absence.parquet' ORDER BY pupil_number").fetchall()
    columns = duckdb.sql(f"SELECT * FROM '{landed.folder}/absence.parquet'").columns
    assert dict(zip(columns, rows[0], strict=True)) == {
        "clock_hours": 5.5,
        "contact_on": date(2026, 11, 24),
        "date": date(2026, 11, 23),
        "hour": None,
        "kind": "authorised",
        "minutes_late": None,
        "pupil_number": "001234",
        "reason_group": "health",
    }
    assert [row[columns.index("kind")] for row in rows] == ["authorised", "late", "unknown"]
    assert rows[1][columns.index("minutes_late")] == 12


def test_a_kind_of_absence_that_is_unknown_stays_unknown(tmp_path: Path) -> None:
    path = tmp_path / "verzuim_20261123.csv"
    path.write_bytes(CASES[0]["text"].replace(";L;", ";X;").encode())
    landed = land(open_package(path), "verzuim", {"absence": frozenset({"pupil_number", "kind"})}, tmp_path / "data")
    rows = duckdb.sql(f"SELECT kind FROM '{landed.folder}/absence.parquet' ORDER BY pupil_number").fetchall()
    assert rows == [("authorised",), ("unknown",), ("unknown",)]


def test_windows_letters_are_expected_and_utf_8_is_told(tmp_path: Path) -> None:
    text = CASES[0]["text"].replace("24-11-2026;", "24-11-2026;hoge koorts, ça va")
    path = tmp_path / "verzuim_20261123.csv"
    path.write_bytes(text.encode("cp1252"))
    assert check(open_package(path)).findings == []
    path.write_bytes(text.encode("utf-8"))
    assert found(check(open_package(path))) == [(2, "", "encoding")]


@pytest.mark.parametrize("name", ["VERZUIM_20261123.CSV", "verzuim_1.csv"])
def test_the_name_of_the_file_recognises_it(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(CASES[0]["text"].encode())
    assert open_package(tmp_path / name).layout.name == "verzuim"


@pytest.mark.parametrize("name", ["absentie.csv", "leerlingen.csv"])
def test_another_name_is_unknown(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(CASES[0]["text"].encode())
    with pytest.raises(Unreadable, match=name):
        open_package(tmp_path / name)


def test_a_known_name_with_other_content_is_refused_clearly(tmp_path: Path) -> None:
    path = tmp_path / "verzuim_20261123.csv"
    path.write_text("a,b,c\n1,2,3\n")
    with pytest.raises(Unreadable, match="kolomkop"):
        open_package(path)


CONTRACTS = ["Personeelsnummer", "Dienstverbandnummer", "Achternaam", "Kostenplaats", "Functiecategorie",
             "Soort dienstverband", "Wtf", "Datum in dienst", "Datum uit dienst", "Geboortedatum",
             "Relatienummer"]  # fmt: skip
SICK = ["Verzuimgeval", "Personeelsnummer", "Verzuimsoort", "Verzuimpercentage", "Eerste verzuimdag", "Hersteldatum"]
BUDGET = ["Kostenplaats", "Jaar", "Functiecategorie", "Begroot fte", "Vacature fte"]


def good_sheets() -> Sheets:
    return {
        "Aanstellingen": [
            CONTRACTS,
            ["20001", "D1", "Bos", "98AB00", "OP", "vast", 0.8, date(2020, 8, 1), None, date(1980, 5, 5), 7],
            [
                20002,
                "D2",
                "Vos",
                "98AB00",
                "OOP",
                "tijdelijk",
                1,
                date(2024, 8, 1),
                date(2025, 7, 31),
                "01-02-1990",
                "",
            ],
        ],
        "Verzuim": [SICK, ["V1", 20001, "ziek", 50, date(2026, 1, 5), date(2026, 1, 9)]],
        "Formatie": [BUDGET, ["98AB00", 2026, "OP", 12.5, 0.5]],
    }


def workbook(path: Path, sheets: Sheets) -> Path:
    with xlsxwriter.Workbook(path) as book:
        day = book.add_format({"num_format": "dd-mm-yyyy"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                for place, cell in enumerate(row):
                    if isinstance(cell, date):
                        sheet.write_datetime(at, place, cell, day)  # type: ignore[arg-type]
                    else:
                        sheet.write(at, place, cell)
    return path


def test_the_workbook_of_staff(tmp_path: Path) -> None:
    report = check(open_package(workbook(tmp_path / "personeel_2026.xlsx", good_sheets())))
    assert report.findings == []
    assert report.rows == {f"personeel_2026.xlsx#{sheet}": count for sheet, count in
                           {"Aanstellingen": 2, "Verzuim": 1, "Formatie": 1}.items()}  # fmt: skip


def test_cells_of_every_type_land_as_meant(tmp_path: Path) -> None:
    path = workbook(tmp_path / "personeel_2026.xlsx", good_sheets())
    needed = {
        "staff_contract": frozenset({"staff_number", "fte", "start_date", "end_date", "birth_date", "function_group"})
    }
    landed = land(open_package(path), "personeel", needed, tmp_path / "data")
    rows = duckdb.sql(f"SELECT staff_number, fte, start_date, end_date, birth_date, function_group "
                      f"FROM '{landed.folder}/staff_contract.parquet' ORDER BY 1").fetchall()  # fmt: skip
    assert rows == [
        ("20001", 0.8, date(2020, 8, 1), None, date(1980, 5, 5), "teaching"),
        ("20002", 1.0, date(2024, 8, 1), date(2025, 7, 31), date(1990, 2, 1), "support"),
    ]


def test_findings_in_a_sheet_have_its_name_and_row(tmp_path: Path) -> None:
    sheets = good_sheets()
    sheets["Verzuim"] += [[], ["V2", 20001, "griep", 150, "morgen", ""]]
    report = check(open_package(workbook(tmp_path / "personeel_2026.xlsx", sheets)))
    assert [(f.file, f.row, f.column, f.rule) for f in report.findings] == [
        ("personeel_2026.xlsx#Verzuim", 4, "Eerste verzuimdag", "date"),
        ("personeel_2026.xlsx#Verzuim", 4, "Verzuimpercentage", "bounds"),
        ("personeel_2026.xlsx#Verzuim", 4, "Verzuimsoort", "vocabulary"),
    ]


def test_a_missing_sheet_stops_and_an_unknown_one_is_told(tmp_path: Path) -> None:
    sheets = good_sheets()
    sheets["Kladblok"] = [["a"]]
    del sheets["Formatie"]
    report = check(open_package(workbook(tmp_path / "personeel_2026.xlsx", sheets)))
    assert sorted(f.rule for f in report.findings) == ["sheet-missing", "sheet-unknown"]
    assert not report.usable


@pytest.mark.parametrize(
    "content", [b"", b"geen werkboek", b"PK\x03\x04xx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600]
)
def test_what_is_no_workbook(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "personeel_2026.xlsx"
    path.write_bytes(content)
    with pytest.raises(Unreadable, match="personeel"):
        open_package(path)


def test_a_small_workbook_with_a_cell_in_the_last_corner_does_not_take_all_memory(tmp_path: Path) -> None:
    path = tmp_path / "personeel_2026.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("Formatie")
        page.write(0, 0, "x")
        page.write(1_048_575, 16_383, "y")
    assert path.stat().st_size < 10_000
    with pytest.raises(Unreadable, match="te groot"):
        open_package(path)


def test_every_key_of_a_mapping_file_is_in_the_manual() -> None:
    page = (Path(__file__).parents[2] / "docs" / "reference" / "mapping-file.md").read_text(encoding="utf-8")
    for path in FOLDER.glob("*.yaml"):
        told = from_yaml(path.read_text(encoding="utf-8"))
        keys = {*told, *(f"format.{key}" for key in told["format"])} - {"format", "relations"}
        for relation in told["relations"].values():
            parted = ("covers", "wide")
            keys |= {f"relations.<name>.{key}" for key in relation if key not in ("columns", *parted)}
            keys |= {f"relations.<name>.{part}.{key}" for part in parted for key in relation.get(part, ())}
            keys |= {key for column in relation["columns"].values() for key in column}
        assert [key for key in sorted(keys) if f"`{key}`" not in page] == [], path.name
