"""Files in which dates are written in more ways than one, and next files that write them a little otherwise."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from schakel.collect.checks import check
from schakel.connectors import own_mappings, proposals
from schakel.connectors.column_kinds import columns
from schakel.connectors.dropped_files import look
from schakel.connectors.targets import target
from schakel.lib.errors import Unreadable
from tests.connectors.test_own_mappings import ABSENCE, file, landed, made, rows
from tests.kits.sheet_files import book

HEAD = "Lln nr;School;Datum;Soort;Uren\n"
FORM = (
    "Datum;Lln nr;School;Geboortedatum kind;Soort\n11/4/2026 8:51:12;0012;11AA00;25-06-2019;Geoorloofd\n"
    "11/3/2026 9:16:12;0013;11AA00;01-01-2022;Geoorloofd\n"
)


def absences(*days: str) -> str:
    """A file with an absence on each of these days."""
    return HEAD + "".join(f"00{12 + at};11AA00;{day};Geoorloofd;1,5\n" for at, day in enumerate(days))


def said(path: Path, date: str) -> dict[str, Any]:
    """The mapping of a file of which somebody said how its dates are written."""
    found = look(path, path.name)
    form, seen, known = replace(found.form, date=date), columns(found), target("verzuim-absence")
    assert known is not None
    choices = proposals.propose(known, seen)
    assert list(own_mappings.mistakes(known, found.form, seen, choices)) == ["dates"], "it is asked"
    return own_mappings.declaration(known, form, seen, choices, "Proef", "*.csv", 1)


def test_the_birth_dates_do_not_decide_how_a_form_on_the_web_writes_its_moments(tmp_path: Path) -> None:
    path = file(tmp_path, FORM)
    found = look(path, path.name)
    assert (found.form.date, found.undecided) == ("", ("date",))
    assert found.other_dates == ("%-m/%-d/%Y|%-m/%-d/%Y %H:%M:%S|%d-%m-%Y",)
    told = said(path, *found.other_dates)
    read = landed(tmp_path, path, told, "absence", ABSENCE)
    assert [f"{day:%d-%m}" for (day,) in rows(read, "absence", "date")] == ["03-11", "04-11"]


def test_a_way_that_changes_its_order_is_drift_whatever_the_other_ways_are(tmp_path: Path) -> None:
    path = file(tmp_path, FORM)
    told = said(path, "%-m/%-d/%Y|%-m/%-d/%Y %H:%M:%S|%d-%m-%Y")
    with pytest.raises(Unreadable, match=r"De datums staan er nu als DD/MM/JJJJ, met een tijd erachter, en eerst"):
        own_mappings.package(file(tmp_path, FORM.replace("11/3/2026", "13/4/2026")), told)


def test_first_zeros_are_demanded_only_where_one_was_seen(tmp_path: Path) -> None:
    told = made(file(tmp_path, absences("12-11-2026", "20-11-2026")))
    strict = made(file(tmp_path, absences("09-11-2026", "20-11-2026")))
    later = file(tmp_path, absences("30-11-2026", "1-12-2026", "02-12-2026"))
    found = landed(tmp_path, later, told, "absence", ABSENCE)
    assert [f"{day:%d-%m}" for (day,) in rows(found, "absence", "date")] == ["30-11", "01-12", "02-12"]
    assert strict["format"]["date"] == "%d-%m-%Y"
    refused = check(own_mappings.package(later, strict))
    assert [(f.row, f.rule) for f in refused.findings if f.severity == "error"] == [(3, "date")]


@pytest.mark.parametrize(
    "days",
    [
        ("ma 9-11-26", "di 17-11-26"),
        ("maandag 09-11-2026", "17-11-2026"),
        ("20261109", "20261117"),
        ("2026-11-09T07:30:00Z", "2026-11-17T22:30:00Z"),
    ],
)
def test_dates_of_packages_and_programs_are_read(tmp_path: Path, days: tuple[str, ...]) -> None:
    path = file(tmp_path, absences(*days))
    told = made(path)
    found = landed(tmp_path, path, told, "absence", ABSENCE)
    assert [f"{day:%d-%m-%Y}" for (day,) in rows(found, "absence", "date")] == ["09-11-2026", "17-11-2026"]
    assert found.report.conformant


def test_midnight_that_a_program_wrote_as_the_evening_before_is_refused_with_its_cell(tmp_path: Path) -> None:
    told = made(file(tmp_path, absences("2026-11-09T07:30:00Z")))
    later = file(tmp_path, absences("2026-11-09T07:30:00Z", "2026-11-16T23:00:00Z"))
    found = landed(tmp_path, later, told, "absence", ABSENCE)
    assert [(f.row, f.column, f.rule) for f in found.report.findings if f.severity == "error"] == [
        (3, "Datum", "date")
    ]  # fmt: skip


def test_eight_figures_after_dates_with_signs_are_drift(tmp_path: Path) -> None:
    told = made(file(tmp_path, absences("09-11-2026", "17-11-2026")))
    with pytest.raises(Unreadable, match="De datums staan er nu als JJJJMMDD, en eerst als DD-MM-JJJJ"):
        own_mappings.package(file(tmp_path, absences("20261109", "20261117")), told)


def test_a_cell_that_is_a_moment_is_read_beside_dates_that_somebody_typed(tmp_path: Path) -> None:
    head = ["Lln nr", "School", "Datum", "Soort", "Geboren"]
    moments = [datetime(2026, 11, 4, 8, 51), datetime(2026, 11, 13, 9, 0)]
    cells = [[f"001{at}", "11AA00", each, "Geoorloofd", "25-6-2019"] for at, each in enumerate(moments)]
    path = file(tmp_path, book(Blad=[head, *cells]), "lijst.xlsx")
    found = landed(tmp_path, path, made(path), "absence", ABSENCE)
    assert [f"{day:%d-%m}" for (day,) in rows(found, "absence", "date")] == ["04-11", "13-11"]
