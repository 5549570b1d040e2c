"""Numbers in the cells of a workbook: certain as they are, and the same text on the screen as in what is read."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from schakel.collect.landing import land
from schakel.connectors import own_mappings, proposals
from schakel.connectors.column_kinds import columns
from schakel.connectors.dropped_files import look
from schakel.connectors.made_rows import ALL
from schakel.connectors.targets import target
from tests.connectors.test_stacked import Sheet, book
from tests.connectors.test_stacked import whole as of_all_sheets


def hours(*values: Any) -> Sheet:
    return [["Stamnr", "Datum", "Uren"], *[[f"00{at}", "17-09-2026", value] for at, value in enumerate(values, 12)]]


@pytest.mark.parametrize(
    ("values", "sign", "shown"),
    [
        ((0.125, 0.375, 1), ",", ["0,125", "0,375", "1"]),
        ((5.5, "1,5", 2), ",", ["5,5", "1,5", "2"]),
        ((5.5, "1.5", 2), ".", ["5.5", "1.5", "2"]),
        ((5.5, "1.234", 2), "", ["5,5", "1.234", "2"]),  # a text that is a thousand or one and a bit
        (("1,5", "2.5", 2), "", ["1,5", "2.5", "2"]),
    ],
)
def test_only_the_texts_of_a_sheet_tell_the_sign_of_decimals(
    tmp_path: Path, values: tuple[Any, ...], sign: str, shown: list[str]
) -> None:
    found = look(path := book(tmp_path, {"Uren": hours(*values)}), path.name)
    assert (found.form.decimal, found.undecided) == (sign, () if sign else ("decimal",))
    assert found.column(2) == shown


def test_the_sign_that_a_person_chose_is_shown(tmp_path: Path) -> None:
    path = book(tmp_path, {"Uren": hours(0.125, "1.234")})
    form = look(path, path.name).form
    for sign in (",", "."):
        told = look(path, path.name, replace(form, decimal=sign))
        assert told.column(2) == [f"0{sign}125", "1.234"]


def test_numbers_on_all_sheets_are_written_in_the_same_sign(tmp_path: Path) -> None:
    seen = of_all_sheets(book(tmp_path, {"A": hours(5.5, 2), "B": hours(0.125)}))
    assert seen.form.sheet == ALL and seen.column(3) == ["5,5", "2", "0,125"]


def test_a_number_that_was_translated_is_translated_when_it_is_read(tmp_path: Path) -> None:
    """Where the cells of an overview are words and numbers mixed: each is a value of its own."""
    rows: Sheet = [
        ["Stamnr", "7-9-2026", "8-9-2026", "9-9-2026"],
        ["0012", 5.5, "ziek", 0.5],
        ["0013", "te laat", "", 5.5],
    ]
    path, known = book(tmp_path, {"Dagen": rows}, "dagen.xlsx"), target("verzuim-absence")
    assert known is not None
    dropped = look(path, path.name)
    seen = columns(dropped)
    proposed = proposals.propose(known, seen)
    words = {value: "unauthorised" for value in proposed.values["kind"]}
    choices = proposals.Choices(proposed.columns, {"site_identifier": "98AB00"}, {"kind": words})
    told = own_mappings.declaration(known, dropped.form, seen, choices, "Dagen", "dagen*.xlsx", 1)
    kept = frozenset({"pupil_number", "date", "kind"})
    here = land(own_mappings.package(path, told), "proef", {"absence": kept}, tmp_path / "data")
    assert here.quarantined == {"absence": 0}
    assert duckdb.sql(f"SELECT DISTINCT kind FROM '{here.folder}/absence.parquet'").fetchall() == [("unauthorised",)]
