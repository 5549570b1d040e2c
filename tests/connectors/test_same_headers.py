"""Columns of one name: the one that was chosen is read, by its place among them, and never another."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.collect.headers import numbered
from schakel.connectors import own_mappings
from schakel.connectors.column_kinds import columns
from schakel.connectors.dropped_files import look
from schakel.connectors.made_rows import ALL
from schakel.connectors.proposals import Choices
from schakel.connectors.targets import target
from schakel.lib.errors import Unreadable
from tests.connectors.test_own_mappings import file, landed, made, rows
from tests.connectors.test_stacked import book, whole

HEAD = ["Leerlingnummer", "Toets", "Afgenomen op", "Score", "Niveau", "Score", "Niveau", "score"]
BODY = [
    ["0012", "IEP", "16-11-2026", "60", "I", "21", "II", "64"],
    ["0013", "IEP", "17-11-2026", "35", "III", "40", "IV", "33"],
]
TEXT = "\n".join(";".join(row) for row in [HEAD, *BODY]) + "\n"
RESULT = frozenset({"pupil_number", "test_name", "score", "level"})
LEVELS = {"level": {"II": "II", "IV": "IV"}}
THIRD = {"pupil_number": 0, "test_name": 1, "taken_on": 2, "score": 7, "level": 6}


def chosen(path: Path) -> dict[str, object]:
    return made(path, "toetsen-result", columns=THIRD, fixed={"test_kind": "method"}, values=LEVELS)


def test_each_has_a_name_of_its_own(tmp_path: Path) -> None:
    dropped = look(file(tmp_path, TEXT), "lijst.csv")
    assert dropped.headers[3:] == ("Score", "Niveau", "Score (2)", "Niveau (2)", "score (3)")


def test_the_one_that_was_chosen_is_read(tmp_path: Path) -> None:
    path = file(tmp_path, TEXT)
    found = landed(tmp_path, path, chosen(path), "result", RESULT)
    assert rows(found, "result", "pupil_number", "score", "level") == [("0012", 64, "II"), ("0013", 33, "IV")]
    assert [f.rule for f in found.report.findings] == [], "nobody has to choose again"


def test_so_it_is_in_a_workbook_and_over_its_sheets(tmp_path: Path) -> None:
    path = book(tmp_path, {"Groep 6": [HEAD, BODY[0]], "Groep 7": [HEAD, BODY[1]]}, "toetsen.xlsx")
    assert rows(landed(tmp_path, path, chosen(path), "result", RESULT), "result", "score", "level") == [(64, "II")]
    dropped, known = whole(path), target("toetsen-result")
    assert known is not None
    seen = columns(dropped)
    places = {name: place + 1 for name, place in THIRD.items()}  # the sheet stands in front
    choices = Choices(places, {"test_kind": "method"}, LEVELS)
    told = own_mappings.declaration(known, dropped.form, seen, choices, "Toetsen", "toetsen*.xlsx", 1)
    assert told["relations"]["result"]["sheet"] == ALL
    found = landed(tmp_path / "whole", path, told, "result", RESULT)
    assert rows(found, "result", "pupil_number", "score", "level") == [("0012", 64, "II"), ("0013", 33, "IV")]


@pytest.mark.parametrize("gone", [3, 5, 7])
def test_with_one_less_nobody_knows_which_is_meant(tmp_path: Path, gone: int) -> None:
    told = chosen(file(tmp_path, TEXT))
    less = "\n".join(";".join(cell for at, cell in enumerate(row) if at != gone) for row in [HEAD, *BODY]) + "\n"
    with pytest.raises(Unreadable, match="staat er nu 2 keer in, en eerst 3 keer") as caught:
        own_mappings.package(file(tmp_path, less), told)
    assert caught.value.code == "drift"


def test_headers_that_are_numbered_by_themselves_are_no_such_columns(tmp_path: Path) -> None:
    text = TEXT.replace("Score;Niveau;Score;Niveau;score", "Cijfer (1);N;Cijfer (2);M;Cijfer (3)")
    told = made(file(tmp_path, text), "toetsen-result", columns={**THIRD, "level": 4}, fixed={"test_kind": "method"})
    more = "\n".join(f"{line};{'Cijfer (4)' if not at else '7'}" for at, line in enumerate(text.splitlines()))
    found = landed(tmp_path, file(tmp_path, f"{more}\n"), told, "result", RESULT)
    assert rows(found, "result", "score") == [(33,), (64,)]


def test_a_mapping_from_before_reads_the_first_as_it_did(tmp_path: Path) -> None:
    path = file(tmp_path, TEXT)
    told = made(path, "toetsen-result", columns={**THIRD, "score": 3, "level": 4}, fixed={"test_kind": "method"})
    told["seen"] = {header: kind for header, kind in told["seen"].items() if "(" not in header}
    found = landed(tmp_path, path, told, "result", RESULT)
    assert rows(found, "result", "score") == [(35,), (60,)]
    assert {f.rule for f in found.report.findings} == {"header-duplicate"}


@given(st.lists(st.sampled_from(["", "Score", "score", "Niveau", "x"]), max_size=9))
def test_no_two_names_are_the_same_and_a_first_keeps_its_own(names: list[str]) -> None:
    found = numbered(names)
    filled = [each.casefold() for each in found if each]
    assert len(set(filled)) == len(filled)
    assert [bool(each) for each in found] == [bool(each) for each in names]
    for at, name in enumerate(names):
        if name.casefold() not in [each.casefold() for each in names[:at]]:
            assert found[at] == name
