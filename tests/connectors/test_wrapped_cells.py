"""Cells that a program wrote for a spreadsheet, as ="0012": what is in them is read, on the screen and in each file."""

from pathlib import Path

import pytest

from schakel.lib.identifiers import is_bsn
from tests.collect.small_layout import rows as small_rows
from tests.collect.small_layout import taken
from tests.connectors.test_own_mappings import ABSENCE, file, landed, made, rows

HEAD = "Lln nr;School;Dag;Soort"
ROW = '="{0}";="11AA00";13-11-2026;Geoorloofd'


@pytest.mark.parametrize("head", [HEAD, ";".join(f'="{each}"' for each in HEAD.split(";"))])
@pytest.mark.parametrize("row", [ROW, '"=""{0}""";11AA00;"=""13-11-2026""";Geoorloofd'])
def test_the_value_is_what_stands_within(head: str, row: str, tmp_path: Path) -> None:
    text = "\n".join([head, row.format("0012"), row.format("0013"), ""])
    told = made(file(tmp_path, text))
    assert told["seen"] == {"Lln nr": "zeros", "School": "site", "Dag": "date", "Soort": "text"}
    found = landed(tmp_path, file(tmp_path, text), told, "absence", ABSENCE)
    assert [f for f in found.report.findings if f.severity == "error"] == []
    assert [number for (number,) in rows(found, "absence", "pupil_number")] == ["0012", "0013"]


def test_what_is_wrong_within_is_found_at_its_cell(tmp_path: Path) -> None:
    told = made(file(tmp_path, "\n".join([HEAD, ROW.format("0012"), ""])))
    text = "\n".join([HEAD, ROW.format("0012"), ROW.format("twaalf"), '="0014;11AA00;13-11-2026;Geoorloofd', ""])
    found = landed(tmp_path, file(tmp_path, text), told, "absence", ABSENCE)
    assert [(f.row, f.column, f.rule) for f in found.report.findings if f.severity == "error"] == [
        (3, "Lln nr", "pattern"), (4, "Lln nr", "pattern")]  # fmt: skip


def test_a_citizen_service_number_within_is_refused(tmp_path: Path) -> None:
    numbers = [str(each) for each in range(111222333, 111223000) if is_bsn(str(each))]
    rest = "\n".join(f'="00{n}";11AA00;13-11-2026;Geoorloofd;="{each}"' for n, each in enumerate(numbers))
    text = f"{HEAD};Kenmerk\n{rest}\n"
    told = made(file(tmp_path, text))
    assert told["seen"]["Kenmerk"] == "bsn"
    found = landed(tmp_path, file(tmp_path, text), told, "absence", ABSENCE)
    assert [column for _file, column, _reason in found.columns_refused] == ["Kenmerk"]


def test_a_format_that_is_read_to_the_letter_keeps_them(tmp_path: Path) -> None:
    assert small_rows(taken(tmp_path, b'id,a,b\nk1,="0012",x\n'), "a") == [('="0012"',)]
