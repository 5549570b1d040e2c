"""A day with a time behind it, as databases and spreadsheets write days: the day is read, however it is put."""

from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.collect.checks import check
from schakel.collect.conditions import kept_value
from schakel.collect.layouts import Field
from schakel.connectors import own_mappings
from schakel.connectors.written_values import date_form, day, is_date, shown_date, swapped
from schakel.engine import duck
from tests.connectors.test_own_mappings import ABSENCE, file, landed, made, rows
from tests.kits.sheet_files import book

NOON = datetime(2026, 11, 23, 12, 5, 9)


@pytest.mark.parametrize(
    ("values", "form", "shown"),
    [
        (["23-11-2026 08:30"], "%-d-%-m-%Y|%-d-%-m-%Y %H:%M", "DD-MM-JJJJ, met een tijd erachter"),
        (["3-11-2026 8:30:00", "23-11-2026 10:00:00"], "%-d-%-m-%Y|%-d-%-m-%Y %H:%M:%S",
         "DD-MM-JJJJ, met een tijd erachter"),
        (["2026-11-23 00:00:00.000"], "%Y-%m-%d|%Y-%m-%d %H:%M:%S.%n", "JJJJ-MM-DD, met een tijd erachter"),
        (["2026-11-23T00:00:00", "2026-11-24"], "%Y-%m-%d|%Y-%m-%dT%H:%M:%S", "JJJJ-MM-DD, met een tijd erachter"),
        (["11/23/2026 0:00"], "%-m/%-d/%Y|%-m/%-d/%Y %H:%M", "MM/DD/JJJJ, met een tijd erachter"),
        (["23-11-2026"], "%-d-%-m-%Y", "DD-MM-JJJJ"),
    ],
)  # fmt: skip
def test_the_form_is_recognised_with_and_without_a_time(values: list[str], form: str, shown: str) -> None:
    found = date_form({"Dag": values}, range(2, 2 + len(values)))
    assert (found.form, found.asked, shown_date(form)) == (form, False, shown)


def test_day_and_month_are_asked_and_change_places_with_a_time_behind_them_too() -> None:
    found = date_form({"Dag": ["03-04-2026 08:00"]}, [2])
    assert found.asked
    assert swapped(found.form) == "%m-%d-%Y|%m-%d-%Y %H:%M"
    assert day("03-04-2026 08:00", swapped(found.form)) == date(2026, 3, 4)


@pytest.mark.parametrize("text", ["23-11-2026 24:00", "23-11-2026 8:60", "23-11-2026 8", "23-11-2026  08:00",
                                  "23-11-2026 08:00Z", "23-11-2026 08:00+01:00", "23-11-202608:00"])  # fmt: skip
def test_what_is_no_time_of_day_here_makes_no_date(text: str) -> None:
    assert not is_date(text), "a moment in another time zone can be another day"
    assert day(text, "%d-%m-%Y|%d-%m-%Y %H:%M") is None
    assert _read(text, "%d-%m-%Y|%d-%m-%Y %H:%M") is None


def _read(text: str, form: str) -> date | None:
    with duck.worker() as con:
        sql = kept_value(Field("day", type="date", date_format=form), "t.c")
        found = con.execute(f"SELECT {sql} FROM (SELECT CAST(? AS VARCHAR) AS c) AS t", [text]).fetchone()
    assert found is not None
    return found[0]  # type: ignore[no-any-return]


MOMENTS = st.datetimes(datetime(1900, 1, 1), datetime(2099, 12, 31))
WRITTEN = st.sampled_from(("%d-%m-%Y", "%Y-%m-%d", "%m/%d/%Y", "%d.%m.%Y"))
CLOCKS = st.sampled_from(("", " %H:%M", "T%H:%M", " %H:%M:%S", "T%H:%M:%S", " %H:%M:%S.%f"))


@given(moment=MOMENTS, form=WRITTEN, clock=CLOCKS, zeros=st.integers(0, 3))
def test_whatever_the_time_the_day_is_the_day(moment: datetime, form: str, clock: str, zeros: int) -> None:
    text = moment.strftime(form + clock) + ("0" * zeros if "%f" in clock else "")
    found = date_form({"Dag": [text]}, [2])
    decided = found.form if form != "%m/%d/%Y" or not found.asked else swapped(found.form)
    assert day(text, decided) == moment.date()
    assert _read(text, decided) == moment.date()
    bare = moment.strftime(form)
    assert _read(bare, decided) == moment.date(), "the same file may have days without a time"


HEAD = "Lln nr;School;Datum;Soort\n"


def test_a_file_with_times_is_read_by_its_days(tmp_path: Path) -> None:
    text = f"{HEAD}0012;11AA00;23-11-2026 08:30;Geoorloofd\n0013;11AA00;24-11-2026 00:00;Geoorloofd\n"
    told = made(file(tmp_path, text))
    assert told["format"]["date"] == "%-d-%-m-%Y|%-d-%-m-%Y %H:%M"
    later = f"{text}0014;11AA00;25-11-2026;Geoorloofd\n0015;11AA00;25-11-2026 25:00;Geoorloofd\n"
    found = landed(tmp_path, file(tmp_path, later), told, "absence", ABSENCE)
    assert [f"{day:%d}" for (day,) in rows(found, "absence", "date")] == ["23", "24", "25"]
    assert [(f.row, f.column, f.rule, f.action) for f in found.report.findings if f.severity == "error"] == [
        (5, "Datum", "date", "drop row")
    ]
    message = next(f.message for f in found.report.findings if f.rule == "date")
    assert "DD-MM-JJJJ" in message and "%" not in message


def test_a_sheet_with_moments_is_read_by_its_days(tmp_path: Path) -> None:
    head = ["Lln nr", "School", "Datum", "Soort"]
    cells = [["0012", "11AA00", NOON, "Geoorloofd"], ["0013", "11AA00", datetime(2026, 11, 24), "Geoorloofd"]]
    told = made(file(tmp_path, book(Blad=[head, *cells]), "lijst.xlsx"))
    later = [*cells, ["0014", "11AA00", datetime(2026, 11, 25, 7, 0), "Geoorloofd"]]
    found = landed(tmp_path, file(tmp_path, book(Blad=[head, *later]), "lijst.xlsx"), told, "absence", ABSENCE)
    assert [f"{day:%d}" for (day,) in rows(found, "absence", "date")] == ["23", "24", "25"]
    assert found.report.conformant


def test_times_that_come_later_are_refused_row_by_row_and_not_read_as_something_else(tmp_path: Path) -> None:
    told = made(file(tmp_path, f"{HEAD}0012;11AA00;23-11-2026;Geoorloofd\n"))
    later = f"{HEAD}0012;11AA00;23-11-2026 08:30;Geoorloofd\n0013;11AA00;24-11-2026;Geoorloofd\n"
    found = landed(tmp_path, file(tmp_path, later), told, "absence", ABSENCE)
    assert [(f.row, f.rule) for f in found.report.findings if f.severity == "error"] == [(2, "date")]


def test_a_cell_that_is_a_date_keeps_its_century_among_short_years(tmp_path: Path) -> None:
    head = ["Lln nr", "School", "Datum", "Soort"]
    first = book(
        Verzuim=[head, ["0012", "11AA00", "23-11-26", "Geoorloofd"], ["0013", "11AA00", "4-11-26", "Geoorloofd"]]
    )
    told = made(file(tmp_path, first, "lijst.xlsx"))
    assert told["format"]["date"] == "%Y-%m-%d|%-d-%-m-%y"
    days = (datetime(2026, 11, 23), datetime(2074, 1, 2), "4-11-26")
    cells = [[f"001{n}", "11AA00", each, "Geoorloofd"] for n, each in enumerate(days)]
    found = landed(tmp_path, file(tmp_path, book(Verzuim=[head, *cells]), "lijst.xlsx"), told, "absence", ABSENCE)
    assert [f"{day}" for (day,) in rows(found, "absence", "date")] == ["2026-11-04", "2026-11-23", "2074-01-02"]


def test_what_is_said_of_a_column_stands_at_the_line_of_its_header(tmp_path: Path) -> None:
    head = ["Lln nr", "School", "Datum", "Soort"]
    row = ["0012", "11AA00", "23-11-2026", "Geoorloofd"]
    told = made(file(tmp_path, book(Verzuim=[["Verzuim van november"], [], head, row]), "lijst.xlsx"))
    later = book(Verzuim=[["Verzuim van december"], [], [*head, "Mentor"], [*row, "x"]])
    report = check(own_mappings.package(file(tmp_path, later, "lijst.xlsx"), told))
    assert [(f.row, f.column) for f in report.findings if f.rule == "column-unknown"] == [(3, "Mentor")]
