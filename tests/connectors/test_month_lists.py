"""A list of one month, with only the numbers of its days above the columns: read as days, and never as weeks."""

from pathlib import Path

import pytest

from schakel.connectors import month_lists
from schakel.connectors.dropped_files import Dropped, look
from schakel.connectors.wide import DAY
from tests.connectors.test_stacked import Sheet, book
from tests.connectors.test_wide_sheets import whole

NAMES = ["", "", "wo", "do", "vr", "ma"]
HEAD = ["Nr", "Naam", "2", "3", "4", "7"]


def seen(folder: Path, *rows: list[str]) -> Dropped:
    path = folder / "absentielijst.csv"
    path.write_text("".join(f"{';'.join(row)}\n" for row in rows))
    return look(path, path.name)


def test_the_month_above_makes_a_day_of_each_number(tmp_path: Path) -> None:
    found = seen(tmp_path, ["Absentielijst - September 2026"], NAMES, HEAD, ["0012", "Bo", "z", "", "", "x"])
    assert (found.form.wide, found.form.header_row, found.unsaid) == ("date", 3, ())
    days = found.headers.index(DAY)
    assert [(row[0], row[days], row[-1]) for row in found.rows] == [
        ("0012", "2026-09-02", "z"), ("0012", "2026-09-07", "x"),
    ]  # fmt: skip


def test_a_fixed_list_of_31_days_has_no_day_that_the_month_lacks(tmp_path: Path) -> None:
    row = ["0012", *["z"] * 30, ""]
    found = seen(tmp_path, ["Groep 6, november 2026"], ["Nr", *map(str, range(1, 32))], row)
    assert found.form.wide == "date" and len(found.rows) == 30


@pytest.mark.parametrize(
    "above",
    [
        [["Absentielijst"], NAMES],
        [["Absentielijst - september"], NAMES],  # of which year
        [["September 2026 en oktober 2026"], NAMES],
        [["Afgedrukt op 1 september 2026"], NAMES],
        [["Absentielijst - oktober 2026"], NAMES],  # 2 October 2026 is a Friday
    ],
)
def test_without_one_certain_month_the_list_is_shown_as_it_is(tmp_path: Path, above: list[list[str]]) -> None:
    assert seen(tmp_path, *above, HEAD, ["0012", "Bo", "z", "", "", "x"]).form.wide == ""
    assert seen(tmp_path, *above, [*HEAD, *map(str, range(8, 31))], ["0012", "Bo", "z"]).form.wide == ""


@pytest.mark.parametrize(
    ("header", "above", "places"),
    [
        (HEAD, NAMES, [2, 3, 4, 5]),
        (HEAD, ["", "", "Wo.", "Donderdag", "fri", "Mon"], [2, 3, 4, 5]),
        (HEAD, ["", "", "ma", "di", "wo", "do"], []),  # 4 and 7 are not on days that follow each other
        (HEAD, [], []),
        (["Nr", "1", "2", "3"], ["", "ma", "di"], []),
        (["Nr", *map(str, range(1, 29))], [], [*range(1, 29)]),
        (["Nr", *map(str, range(36, 50))], [], []),
    ],
)
def test_which_numbers_are_the_days_of_a_month(header: list[str], above: list[str], places: list[int]) -> None:
    assert list(month_lists.days(header, above)) == places


def test_each_sheet_of_a_workbook_has_its_own_month(tmp_path: Path) -> None:
    def sheet(month: str, *names: str) -> Sheet:
        return [[f"Groep 6 - {month}"], ["", *names], ["Stamnr", 2, 5, 6], ["0012", "z", "", "x"]]

    months = {"sep": sheet("september 2026", "wo", "za", "zo"), "nov": sheet("november 2026", "ma", "do", "vr")}
    found = whole(book(tmp_path, months, "absentielijst.xlsx"))
    days = found.headers.index(DAY)
    assert [row[days] for row in found.rows] == ["2026-09-02", "2026-09-06", "2026-11-02", "2026-11-06"]
