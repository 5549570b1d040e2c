"""Numbers as a spreadsheet shows them: € 1.234,50, 80% and 5:30 are read where the field is in that unit."""

from datetime import timedelta
from pathlib import Path

import pytest
import xlsxwriter

from schakel.connectors import own_mappings
from schakel.connectors.column_kinds import columns, kind_words
from schakel.connectors.dropped_files import look
from schakel.lib.errors import Unreadable
from tests.connectors.test_own_mappings import ABSENCE, file, landed, made, rows
from tests.kits.sheet_files import book

ABSENT = (
    "Lln nr;School;Datum;Soort;Uren\n0012;11AA00;13-01-2026;Ongeoorloofd;2:45\n0013;11AA00;14-01-2026;Geoorloofd;5:30\n"
)
MONEY = (
    "Kostenplaats;Boekjaar;Soort;Totaal baten;Resultaat\n"
    "11AA00;2024;realisatie;€ 1.234.567,50;€ -12,00\n11AA00;2025;begroting;€ 2.000.000,00;-€ 5,50\n"
)
SICK = (
    "Personeelsnummer;Verzuimgeval;Soort;Verzuimpercentage;Eerste verzuimdag\n"
    "P001;1;ziek;50%;13-09-2025\nP002;2;ziek;100 %;14-09-2025\n"
)


def test_hours_and_minutes_are_hours(tmp_path: Path) -> None:
    told = made(file(tmp_path, ABSENT))
    assert told["seen"]["Uren"] == "time"
    found = landed(tmp_path, file(tmp_path, ABSENT), told, "absence", ABSENCE)
    assert [f for f in found.report.findings if f.severity == "error"] == []
    assert rows(found, "absence", "pupil_number", "clock_hours") == [("0012", 2.75), ("0013", 5.5)]


def test_so_are_those_of_a_spreadsheet(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "lijst.xlsx") as book:
        sheet, clock = book.add_worksheet(), book.add_format({"num_format": "[h]:mm"})
        sheet.write_row(0, 0, ["Lln nr", "School", "Datum", "Soort", "Uren"])
        for at, (number, hours) in enumerate((("0012", 2.75), ("0013", 5.5)), 1):
            sheet.write_row(at, 0, [number, "11AA00", "13-01-2026", "Geoorloofd"])
            sheet.write_number(at, 4, timedelta(hours=hours) / timedelta(days=1), clock)
    told = made(tmp_path / "lijst.xlsx")
    found = landed(tmp_path, tmp_path / "lijst.xlsx", told, "absence", ABSENCE)
    assert rows(found, "absence", "pupil_number", "clock_hours") == [("0012", 2.75), ("0013", 5.5)]


def test_amounts_with_a_euro_sign_are_amounts(tmp_path: Path) -> None:
    path = file(tmp_path, MONEY, "cijfers.csv")
    assert look(path, path.name).form.decimal == ","
    told = made(path, "financien-finance_year")
    assert {told["seen"][name] for name in ("Totaal baten", "Resultaat")} == {"money"}
    found = landed(tmp_path, path, told, "finance_year", frozenset({"year", "total_income", "result"}))
    assert [f for f in found.report.findings if f.severity == "error"] == []
    assert rows(found, "finance_year", "year", "total_income", "result") == [
        (2024, 1234567.5, -12.0),
        (2025, 2e6, -5.5),
    ]


def test_amounts_with_a_point_have_commas_between_their_thousands(tmp_path: Path) -> None:
    """Without cents 1,234 may be one and a bit: that is refused, and not read as a thousand."""
    text = (
        "Kostenplaats;Boekjaar;Soort;Totaal baten;Resultaat\n"
        "11AA00;2023;realisatie;1,234,567.50;-12,000.25\n11AA00;2024;realisatie;€ 2,000,000.00;(5,500.50)\n"
        "11AA00;2025;realisatie;12.50;1,234\n"
    )
    path = file(tmp_path, text, "cijfers.csv")
    assert look(path, path.name).form.decimal == "."
    needed = frozenset({"year", "total_income", "result"})
    found = landed(tmp_path, path, made(path, "financien-finance_year"), "finance_year", needed)
    assert [(f.row, f.column, f.rule) for f in found.report.findings if f.severity == "error"] == [
        (4, "Resultaat", "number")
    ]
    assert rows(found, "finance_year", "year", "total_income", "result") == [
        (2023, 1234567.5, -12000.25),
        (2024, 2e6, -5500.5),
        (2025, 12.5, None),
    ]


@pytest.mark.parametrize("shown", ["(1.234,50)", "( 1.234,50 )", "€ (1.234,50)", "(€ 1.234,50)"])
def test_an_amount_between_brackets_is_below_zero(tmp_path: Path, shown: str) -> None:
    path = file(tmp_path, MONEY.replace("€ -12,00", shown), "cijfers.csv")
    told = made(path, "financien-finance_year")
    assert told["seen"]["Resultaat"] == "money"
    found = landed(tmp_path, path, told, "finance_year", frozenset({"year", "result"}))
    assert rows(found, "finance_year", "year", "result") == [(2024, -1234.5), (2025, -5.5)]


def test_a_percentage_is_one(tmp_path: Path) -> None:
    path = file(tmp_path, SICK, "verzuim.csv")
    told = made(path, "personeel-sick_leave")
    assert told["seen"]["Verzuimpercentage"] == "percentage"
    found = landed(tmp_path, path, told, "sick_leave", frozenset({"spell", "sick_percentage"}))
    assert rows(found, "sick_leave", "spell", "sick_percentage") == [("1", 50.0), ("2", 100.0)]


@pytest.mark.parametrize(
    ("cells", "refused", "kept"),
    [
        ((0.5, 1, 0), [], [0.5, 1.0, 0.0]),
        ((50, 100, 0), [], [50.0, 100.0, 0.0]),
        (("50%", "100%"), [], [50.0, 100.0]),
        ((0.5, 1, "100%"), [2, 3], [100.0]),
        ((50, 100, 1), [4], [50.0, 100.0]),
    ],
)
def test_parts_of_one_among_percentages_are_refused_at_their_cells(
    tmp_path: Path, cells: tuple[float | str, ...], refused: list[int], kept: list[float]
) -> None:
    head = ["Personeelsnummer", "Verzuimgeval", "Soort", "Verzuimpercentage", "Eerste verzuimdag"]
    sheet = book(Verzuim=[head, *([f"P{at}", str(at), "ziek", each, "13-09-2025"] for at, each in enumerate(cells))])
    path = file(tmp_path, sheet, "verzuim.xlsx")
    told = made(path, "personeel-sick_leave")
    found = landed(tmp_path, path, told, "sick_leave", frozenset({"spell", "sick_percentage"}))
    assert [(f.row, f.column) for f in found.report.findings if f.rule == "parts-or-percentages"] == [
        (row, "Verzuimpercentage") for row in refused
    ]
    assert [part for _spell, part in rows(found, "sick_leave", "spell", "sick_percentage")] == kept


STAFF = (
    "Personeelsnummer;Contractnummer;Functie;Type contract;Betrekkingsomvang;In dienst\n"
    "1;C1;OP;Vast;80,00%;31-08-2020\n2;C2;OP;Vast;100 %;31-08-2020\n3;C3;OP;Vast;0,5;31-08-2020\n"
)


def test_a_share_of_a_full_week_may_be_a_percentage(tmp_path: Path) -> None:
    """Without a sign 80 is no share: it is refused, and not taken for 0,8."""
    path = file(tmp_path, STAFF, "dienstverbanden.csv")
    told = made(path, "personeel-staff_contract")
    needed = frozenset({"contract_number", "fte"})
    assert rows(landed(tmp_path, path, told, "staff_contract", needed), "staff_contract", *sorted(needed)) == [
        ("C1", 0.8), ("C2", 1.0), ("C3", 0.5),
    ]  # fmt: skip
    bare = file(tmp_path, STAFF.replace("80,00%", "80"), "dienstverbanden.csv")
    found = landed(tmp_path, bare, told, "staff_contract", needed)
    assert [(f.row, f.column, f.rule, f.action) for f in found.report.findings if f.severity == "error"] == [
        (2, "Betrekkingsomvang", "bounds", "drop row")
    ]


def test_a_number_in_another_unit_is_refused_at_its_cell(tmp_path: Path) -> None:
    told = made(file(tmp_path, ABSENT))
    text = ABSENT.replace("2:45", "80%")
    found = landed(tmp_path, file(tmp_path, text), told, "absence", ABSENCE)
    assert [(f.row, f.column, f.rule) for f in found.report.findings if f.severity == "error"] == [
        (2, "Uren", "number")
    ]
    assert rows(found, "absence", "pupil_number", "clock_hours") == [("0012", None), ("0013", 5.5)]


def test_a_file_may_go_over_to_bare_numbers_and_back(tmp_path: Path) -> None:
    bare = ABSENT.replace("2:45", "2,75").replace("5:30", "5,5")
    for before, after in ((ABSENT, bare), (bare, ABSENT)):
        told = made(file(tmp_path, before))
        found = landed(tmp_path, file(tmp_path, after), told, "absence", ABSENCE)
        assert rows(found, "absence", "pupil_number", "clock_hours") == [("0012", 2.75), ("0013", 5.5)]


def test_what_is_no_number_any_more_is_told_before_it_is_kept(tmp_path: Path) -> None:
    told = made(file(tmp_path, ABSENT))
    text = ABSENT.replace("2:45", "ochtend").replace("5:30", "middag")
    with pytest.raises(Unreadable, match="De kolom Uren had tijden en heeft nu iets anders") as caught:
        own_mappings.package(file(tmp_path, text), told)
    assert caught.value.code == "drift"


@pytest.mark.parametrize(
    ("values", "kind", "words"),
    [
        (["80%", "12,5 %"], "percentage", "percentages"),
        (["80%", "100"], "percentage", "percentages"),
        (["€ 5", "€ 1.000,00"], "money", "bedragen"),
        (["5", "12,5"], "number", "getallen"),
        (["5:30", "12:00"], "time", "tijden"),
        (["80%", "€ 5"], "text", "tekst"),
    ],
)
def test_the_screen_says_what_is_in_a_column(values: list[str], kind: str, words: str, tmp_path: Path) -> None:
    text = "\n".join(["naam;waarde", *(f"rij {n};{value}" for n, value in enumerate(values)), ""])
    path = file(tmp_path, text)
    seen = columns(look(path, path.name))[1]
    assert (seen.kind, kind_words(seen.kind)) == (kind, words)
