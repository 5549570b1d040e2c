"""School years and open ends as people and packages write them, read as the one form that is kept."""

from datetime import date
from pathlib import Path

import pytest

from tests.connectors.test_own_mappings import file, landed, made, rows

ADVICE = "Lln nr;Schooljaar;Voorlopig advies\n"
STAFF = "Personeelsnummer;Contractnummer;Functie;Type contract;Wtf;In dienst;Uit dienst\n"


def test_a_school_year_is_read_however_it_is_written(tmp_path: Path) -> None:
    written = ("2025-2026", "2025/2026", "25/26", "25-26", "2025-26", "2025 / 2026", "19/20")
    text = ADVICE + "".join(f"{n};{year};havo\n" for n, year in enumerate(written, 1))
    path = file(tmp_path, text, "adviezen.csv")
    told = made(path, "adviezen-school_advice")
    found = landed(tmp_path, path, told, "school_advice", frozenset({"pupil_number", "school_year"}))
    assert [f for f in found.report.findings if f.severity == "error"] == []
    years = [year for _number, year in rows(found, "school_advice", "pupil_number", "school_year")]
    assert years == ["2025-2026"] * 6 + ["2019-2020"]


def test_one_school_year_in_two_forms_is_one_key(tmp_path: Path) -> None:
    path = file(tmp_path, ADVICE + "1;2025-2026;havo\n1;25/26;vwo\n", "adviezen.csv")
    told = made(path, "adviezen-school_advice", fixed={"site_identifier": "11AA00"})
    needed = frozenset({"pupil_number", "school_year", "provisional"})
    found = landed(tmp_path, path, told, "school_advice", needed)
    assert [(f.row, f.rule) for f in found.report.findings if f.severity == "error"] == [(3, "duplicate-key")]


@pytest.mark.parametrize("year", ["2025/2027", "26/25", "2025", "25/26/27", "12/11", "vorig jaar"])
def test_what_is_no_school_year_is_refused_at_its_cell(tmp_path: Path, year: str) -> None:
    told = made(file(tmp_path, ADVICE + "1;2025-2026;havo\n", "adviezen.csv"), "adviezen-school_advice")
    path = file(tmp_path, f"{ADVICE}1;2025-2026;havo\n2;{year};havo\n", "adviezen.csv")
    found = landed(tmp_path, path, told, "school_advice", frozenset({"pupil_number", "school_year"}))
    assert [(f.row, f.column, f.rule) for f in found.report.findings if f.severity == "error"] == [
        (3, "Schooljaar", "pattern")
    ]


@pytest.mark.parametrize("end", ["31-12-2999", "31-12-9999"])
def test_an_end_that_never_comes_is_no_end(tmp_path: Path, end: str) -> None:
    text = f"{STAFF}1;C1;OP;Vast;1;31-08-2020;{end}\n2;C2;OP;Vast;1;31-08-2020;31-07-2027\n"
    path = file(tmp_path, text, "dienstverbanden.csv")
    told = made(path, "personeel-staff_contract")
    found = landed(tmp_path, path, told, "staff_contract", frozenset({"contract_number", "start_date", "end_date"}))
    assert {f.rule for f in found.report.findings} <= {"header-unknown", "column-unknown"}
    assert rows(found, "staff_contract", "contract_number", "end_date") == [("C1", None), ("C2", date(2027, 7, 31))]


def test_a_day_that_cannot_be_is_still_refused(tmp_path: Path) -> None:
    told = made(file(tmp_path, f"{STAFF}1;C1;OP;Vast;1;31-08-2020;31-07-2027\n", "d.csv"), "personeel-staff_contract")
    text = f"{STAFF}1;C1;OP;Vast;1;31-08-2020;31-07-2207\n2;C2;OP;Vast;1;31-12-9999;\n"
    found = landed(tmp_path, file(tmp_path, text, "d.csv"), told, "staff_contract",
                   frozenset({"contract_number", "start_date", "end_date"}))  # fmt: skip
    assert [(f.row, f.column, f.rule) for f in found.report.findings if f.severity == "error"] == [
        (2, "Uit dienst", "bounds"), (3, "In dienst", "bounds"),
    ]  # fmt: skip
