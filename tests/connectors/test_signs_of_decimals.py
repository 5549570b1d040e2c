"""The sign of decimals of the next file: when it is another, or can be two, the file stops before a number is kept."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from schakel.connectors import own_mappings, proposals
from schakel.connectors.column_kinds import columns
from schakel.connectors.dropped_files import look
from schakel.connectors.targets import target
from schakel.lib.errors import Unreadable
from tests.connectors.test_own_mappings import ABSENCE, file, landed, made, rows
from tests.kits.sheet_files import book

HEAD = "Lln nr;School;Datum;Soort;Uren\n"


def absences(*hours: str) -> str:
    """A file with an absence of each of these numbers of hours."""
    return HEAD + "".join(f"00{12 + at};11AA00;{13 + at}-11-2026;Geoorloofd;{each}\n" for at, each in enumerate(hours))


def told(folder: Path, *hours: str, sign: str = ",") -> dict[str, Any]:
    found = made(file(folder, absences(*hours)))
    assert found["format"]["decimal"] == sign
    return found


@pytest.mark.parametrize(
    ("before", "now", "words"),
    [
        (("1", "2"), ("1.5", "2.5"), r"heeft een punt voor de decimalen \(regel 2: 1.5\), en deze vertaling leest"),
        (("1,5", "2"), ("1.5", "2"), "heeft een punt"),
        (("1.5", "2"), ("1,5", "2"), "heeft een komma"),
        (("1,5", "2"), ("0.500", "1.000"), r"heeft een punt voor de decimalen \(regel 2: 0.500\)"),
        (("1,5", "2"), ("1,5", "2,5", "3.5", "1.250"), r"heeft een punt voor de decimalen \(regel 4: 3.5\)"),
        (("1", "2"), ("1", "3.871"), r"De kolom Uren had hele getallen, en nu 3.871 \(regel 3\): dat kan een duiz"),
        (("1", "2"), ("3,871", "2"), "had hele getallen, en nu 3,871"),
    ],
)  # fmt: skip
def test_another_sign_is_drift_and_so_is_what_can_be_two_numbers(
    tmp_path: Path, before: tuple[str, ...], now: tuple[str, ...], words: str
) -> None:
    mapping = told(tmp_path, *before, sign="." if "1.5" in before else ",")
    with pytest.raises(Unreadable, match=words) as refused:
        own_mappings.package(file(tmp_path, absences(*now)), mapping)
    assert refused.value.code == "drift"


@pytest.mark.parametrize(
    ("before", "now", "kept"),
    [
        (("1", "2"), ("1,5", "2"), [1.5, 2]),
        (("1,5", "2"), ("3,875", "2"), [3.875, 2]),
        (("1", "2"), ("3,875", "2,5"), [3.875, 2.5]),
        (("1", "2"), ("3", "4"), [3, 4]),
    ],
)
def test_what_can_be_one_number_is_read(
    tmp_path: Path, before: tuple[str, ...], now: tuple[str, ...], kept: list[float]
) -> None:
    found = landed(tmp_path, file(tmp_path, absences(*now), "later.csv"), told(tmp_path, *before), "absence", ABSENCE)
    assert [hours for _day, hours in rows(found, "absence", "date", "clock_hours")] == kept


def test_one_number_with_another_sign_is_a_finding_at_its_cell(tmp_path: Path) -> None:
    mapping = told(tmp_path, "1,5", "2")
    found = landed(tmp_path, file(tmp_path, absences("1,5", "2.5", "3,5")), mapping, "absence", ABSENCE)
    assert [(f.row, f.column, f.rule) for f in found.report.findings if f.column == "Uren"] == [(3, "Uren", "number")]


def test_a_thousand_among_whole_numbers_is_asked_once_and_is_no_drift(tmp_path: Path) -> None:
    path = file(tmp_path, absences(*["2"] * 15, "1.250"))
    found, known = look(path, path.name), target("verzuim-absence")
    assert known is not None
    assert found.undecided == ("decimal",)
    seen = columns(found)
    form = replace(found.form, decimal=".")
    mapping = own_mappings.declaration(known, form, seen, proposals.propose(known, seen), "Proef", "*.csv", 1)
    kept = landed(tmp_path, path, mapping, "absence", ABSENCE)
    assert (1.25,) in rows(kept, "absence", "clock_hours")


def test_a_number_in_a_cell_of_a_sheet_can_be_one_only(tmp_path: Path) -> None:
    head = ["Lln nr", "School", "Datum", "Soort", "Uren"]
    first = book(
        Blad=[
            head,
            ["0012", "11AA00", "13-11-2026", "Geoorloofd", 2],
            ["0013", "11AA00", "14-11-2026", "Geoorloofd", 3],
        ]
    )
    mapping = made(file(tmp_path, first, "lijst.xlsx"))
    later = book(Blad=[head, ["0012", "11AA00", "13-11-2026", "Geoorloofd", 3.871]])
    found = landed(tmp_path, file(tmp_path, later, "lijst.xlsx"), mapping, "absence", ABSENCE)
    assert rows(found, "absence", "clock_hours") == [(3.871,)]


CONTRACTS = (
    "Medewerker;Dienstverband;School;Functie;Type contract;FTE;Begin dienstverband;Uurloon\n"
    "20000;20000-1;11AA00;OP;Vast;1.000;01-08-2014;31,20\n20003;20003-1;11AA00;OP;Vast;0.875;13-08-2007;25,50\n"
)


def test_columns_that_differ_are_asked_and_a_wrong_answer_reads_nothing(tmp_path: Path) -> None:
    path, known = file(tmp_path, CONTRACTS), target("personeel-staff_contract")
    assert known is not None
    found = look(path, path.name)
    assert (found.form.decimal, found.undecided) == ("", ("decimal",))
    assert "kolom Uurloon (31,20) heeft een komma" in found.decimals_differ
    assert "regel 3, kolom FTE (0.875) een punt" in found.decimals_differ
    for sign, wrong in ((",", True), (".", False)):
        form = look(path, path.name, replace(found.form, decimal=sign)).form
        seen = columns(found)
        choices = proposals.propose(known, seen)
        mapping = own_mappings.declaration(known, form, seen, choices, "Proef", "*.csv", 1)
        if wrong:
            with pytest.raises(Unreadable, match=r"De kolom FTE heeft een punt voor de decimalen \(regel 3: 0.875\)"):
                own_mappings.package(path, mapping)
        else:
            own_mappings.package(path, mapping)


def test_times_with_a_point_are_read_and_ask_nothing_about_decimals(tmp_path: Path) -> None:
    text = (
        "Lln nr;School;Datum;Begintijd;Eindtijd;Soort;Klokuren\n0012;11AA00;13-11-2026;8.30 uur;10.15;Geoorloofd;1,75\n"
        "0013;11AA00;13-11-2026;10:15 uur;14.15;Geoorloofd;4\n"
    )
    path = file(tmp_path, text)
    found = landed(tmp_path, path, made(path), "absence", ABSENCE | {"from_time", "until_time"})
    times = [[f"{each:%H:%M}" for each in row] for row in rows(found, "absence", "from_time", "until_time")]
    assert times == [["08:30", "10:15"], ["10:15", "14:15"]]
    assert found.report.conformant
