"""Wide overviews: which headers are days, weeks or lessons, and findings that point at the real cell."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
import xlsxwriter

from schakel.collect.checks import check
from schakel.collect.landing import land
from schakel.connectors import own_mappings, proposals, wide
from schakel.connectors.column_kinds import columns
from schakel.connectors.dropped_files import Dropped, Form, look
from schakel.connectors.headings import Wide, heading, in_order, moment, order_of, recognised
from schakel.connectors.targets import target
from schakel.lib.errors import Unreadable

WEEKS = (
    "Verzuim per week\n"
    "Stamnr;Naam;wk 36;wk 37;wk 2;Totaal\n"
    "0012;Bo;O;;G;2\n"
    "0013;Di;-;X;;1\n"
    ";Totaal;1;1;1;3\n"
)  # fmt: skip
YEAR = {"school_year": "2026-2027"}
ABSENCE = frozenset({"pupil_number", "site_identifier", "date", "hour", "kind"})


def file(folder: Path, text: str, name: str = "week_1.csv") -> Path:
    (folder / name).write_bytes(text.encode("cp1252"))
    return folder / name


def looked(path: Path, **form: str) -> Dropped:
    """The file as it is recognised, and with what a person says about it."""
    first = look(path, path.name)
    return look(path, path.name, replace(first.form, **form)) if form else first


def made(path: Path, fixed: dict[str, str], **form: str) -> dict[str, Any]:
    dropped, known = looked(path, **form), target("verzuim-absence")
    assert known is not None
    seen = columns(dropped)
    proposed = proposals.propose(known, seen)
    choices = replace(proposed, fixed=fixed)
    assert own_mappings.mistakes(known, dropped.form, seen, choices, dropped.unsaid) == {}
    return own_mappings.declaration(known, dropped.form, seen, choices, "Weken", f"week*{path.suffix}", 1)


def landed(path: Path, told: dict[str, Any]) -> tuple[list[Any], list[Any], dict[str, int]]:
    """The rows that land, what is found beside unread columns, and how many rows are refused."""
    here = land(own_mappings.package(path, told), "proef", {"absence": ABSENCE}, path.parent / "data")
    sql = (
        f"SELECT pupil_number, CAST(date AS VARCHAR), hour, kind FROM '{here.folder}/absence.parquet' ORDER BY 1, 2, 3"
    )
    found = [(f.row, f.column, f.rule) for f in here.report.findings if f.rule not in {"column-unknown"}]
    return duckdb.sql(sql).fetchall(), found, here.quarantined


@pytest.mark.parametrize(
    ("text", "per", "day"),
    [
        ("7-9-2026", "date", date(2026, 9, 7)),
        ("2026-09-07", "date", date(2026, 9, 7)),
        ("ma 7-9", "date", date(2026, 9, 7)),
        ("ma 7-9-26", "date", date(2026, 9, 7)),
        ("07/09/26", "date", date(2026, 9, 7)),
        ("7 sept 26", "date", date(2026, 9, 7)),
        ("7-sep-26", "date", date(2026, 9, 7)),
        ("Maandag 7 september", "date", date(2026, 9, 7)),
        ("12 jan", "date", date(2027, 1, 12)),
        ("29-2-2028", "date", date(2028, 2, 29)),
        ("wk 36", "week", date(2026, 8, 31)),
        ("Week 2", "week", date(2027, 1, 11)),
        ("2026-36", "week", date(2026, 8, 31)),
        ("2027W02", "week", date(2027, 1, 11)),
        ("36 2026", "week", None),
        ("7-9 u3", "lesson", date(2026, 9, 7)),
        ("di 08-09-2026 2e uur", "lesson", date(2026, 9, 8)),
        ("8-9-26 u2", "lesson", date(2026, 9, 8)),
        ("2026-09-07 (4)", "lesson", date(2026, 9, 7)),
    ],
)
def test_a_header_is_a_moment(text: str, per: str, day: date | None) -> None:
    found = heading(text, per)
    where = Wide(per, "Ymd" if found and found.orders == ("Ymd",) else "dmY", "2026-2027")
    assert (moment(found, where) if found else None) == day


@pytest.mark.parametrize(
    "text", ["Totaal", "Naam", "31-2-2026", "31-2-26", "26-9-07", "7-9-126", "wk 54", "", "7 foo", "1-1-1-1"]
)
def test_other_headers_are_none(text: str) -> None:
    assert [heading(text, per) for per in ("date", "week")] == [None, None]


@pytest.mark.parametrize(
    ("headers", "order"),
    [
        (["13-9-2026", "14-9-2026", "15-9-2026"], "dmY"),
        (["9/13/2026", "9/14/2026", "9/15/2026"], "mdY"),
        (["7-9-2026", "8-9-2026", "9-9-2026", "10-9-2026"], "dmY"),
        (["9/7/2026", "9/8/2026", "9/9/2026", "9/10/2026"], "mdY"),
        (["2026-09-07", "2026-09-08", "2026-09-09"], "Ymd"),
        (["30-12-26", "31-12-26", "1-1-27"], "dmY"),
        (["9/7/26", "9/8/26", "9/9/26", "9/10/26"], "mdY"),
        (["1-1-2026", "2-2-2026", "3-3-2026"], ""),
    ],
)
def test_the_order_follows_from_all_headers_together_or_is_asked(headers: list[str], order: str) -> None:
    found = [h for each in headers if (h := heading(each, "date"))]
    assert (len(found), order_of(found)) == (len(headers), order)
    assert all(in_order(each, "mdY")[1:] == (each.day, each.month) for each in found)


@pytest.mark.parametrize(
    ("headers", "per"),
    [
        (["Nr", "wk 36", "wk 37", "wk 38"], "week"),
        (["Nr", "36", "37", "38"], "week"),
        (["Nr", "1", "2", "3"], None),
        (["Nr", "wk 36", "wk 37"], None),
        (["Nr", "wk 36", "wk 36", "wk 37", "wk 38"], None),
        (["Nr", "7-9", "8-9", "9-9"], "date"),
        (["a", "b", "c", "d", "e", "7-9", "8-9", "9-9"], None),
        (["Nr", "7-9 u1", "7-9 u2", "8-9 u1"], "lesson"),
        (["Nr", "7-9-26", "8-9-26", "9-9-26"], "date"),
        (["Nr", "26-11-24", "26-11-25", "26-11-26"], None),  # the year stands in front
        (["Nr", "51", "52", "1", "2"], "week"),
        (["Nr", "202636", "202637", "202638"], "week"),
        (["Nr", "36", "38", "37"], None),  # not in the order of a school year
        (["113986", "19", "30", "35"], None),  # a value beside them
        (["20957", "20958", "20959"], None),  # numbers of staff
        (["Nr", "209536", "209537", "209538"], None),
        (["Nr", *map(str, range(1, 31))], None),  # the days of a month
        (["Nr", "7.9", "8.9", "9.9"], "date"),
        (["Nr", "28.9", "5.10", "12.10", "2.11"], "date"),
        (["Nr", "1.1", "1.2", "2.1", "2.2"], None),  # the chapters of a method
        (["Nr", "1.1", "1.2", "1.3"], None),
        (["Nr", "ma 1.2", "di 2.2", "wo 3.2"], "date"),
    ],
)
def test_an_overview_is_wide_when_most_headers_are_moments(headers: list[str], per: str | None) -> None:
    found = recognised(headers)
    assert (found.per if found else None) == per


@pytest.mark.parametrize(
    "text",
    [
        "Leerlingnummer;Naam;Taal;Lezen;Rekenen\nx1;Bo;13;19;35\nx2;Di;22;41;50\n",
        "Toetsen\n\nNaam;Taal;Lezen;Rekenen\nBo;13;19;35\nDi;22;41;50\n",
        "School;2024;2025;2026\nDe Kiem;22;33;44\nDe Brug;31;35;39\n",
        "Naam;Taal;Lezen;Rekenen\nBo;5.9;7.9;8.9\nDi;6.1;7.1;8.1\n",
        "Groep;ma;di;wo;ma;di;wo\n6a;21;22;23;31;32;33\n7a;1;2;3;4;5;6\n",
    ],
)
def test_bare_figures_below_the_names_of_their_columns_are_values(tmp_path: Path, text: str) -> None:
    assert looked(file(tmp_path, text)).form.wide == ""


def test_bare_weeks_are_headers_below_a_title_or_the_months(tmp_path: Path) -> None:
    text = "Verzuim per week;;;\n;;september;;\nNr;Naam;36;37;38\n0012;Bo;5;;3\n"
    found = looked(file(tmp_path, text))
    assert (found.form.wide, found.form.header_row) == ("week", 3)


def test_the_overview_is_seen_as_rows_with_what_must_still_be_said(tmp_path: Path) -> None:
    path = file(tmp_path, WEEKS)
    first = looked(path)
    assert (first.form.wide, first.form.header_row, first.unsaid) == ("week", 2, ("school_year",))
    assert first.headers == ("Stamnr", "Naam", "Totaal", wide.DAY, wide.VALUE)
    said = looked(path, **YEAR)
    assert said.unsaid == () and said.form.date == "%Y-%m-%d"
    assert said.rows[0] == ("0012", "Bo", "2", "2026-08-31", "O") and said.lines == (3, 3, 4, 5, 5, 5)
    as_it_is = looked(path, wide="")
    assert as_it_is.headers[2] == "wk 36" and len(as_it_is.rows) == 3


def test_hours_and_minutes_below_a_week_are_hours_and_none_of_them_is_no_row(tmp_path: Path) -> None:
    text = "Stamnr;wk 36;wk 37;wk 38\n0012;5:30;0:00;11:15\n0013;00:00;2:45;0:00\n"
    told = made(file(tmp_path, text), {"site_identifier": "98AB00", "kind": "Geoorloofd"}, **YEAR)
    package = own_mappings.package(tmp_path / "week_1.csv", told)
    here = land(package, "proef", {"absence": ABSENCE | {"clock_hours"}}, tmp_path / "data")
    found = f"SELECT pupil_number, CAST(date AS VARCHAR), clock_hours FROM '{here.folder}/absence.parquet' ORDER BY ALL"
    assert duckdb.sql(found).fetchall() == [
        ("0012", "2026-08-31", 5.5), ("0012", "2026-09-14", 11.25), ("0013", "2026-09-07", 2.75),
    ]  # fmt: skip


def test_the_total_below_an_overview_is_one_line_and_no_finding_of_each_week(tmp_path: Path) -> None:
    path = file(tmp_path, WEEKS)
    _rows, found, refused = landed(path, made(path, {"site_identifier": "11AA00"}, **YEAR))
    assert sorted(found) == [(0, "", "total-row"), (4, "wk 37", "vocabulary")]
    assert refused == {"absence": 1}


def test_every_finding_points_at_the_cell_of_the_file(tmp_path: Path) -> None:
    path = file(tmp_path, WEEKS.replace(";Totaal;1", ";Nog iemand;1"))
    told = made(path, {"site_identifier": "11AA00"}, **YEAR)
    assert told["relations"]["absence"]["wide"] == {"columns": "week", **YEAR}
    rows, found, refused = landed(path, told)
    assert rows == [("0012", "2026-08-31", None, "unauthorised"), ("0012", "2027-01-11", None, "authorised")]
    assert sorted(found) == [
        (4, "wk 37", "vocabulary"),
        (5, "Stamnr", "required"),
        (5, "wk 2", "vocabulary"), (5, "wk 36", "vocabulary"), (5, "wk 37", "vocabulary"),
    ]  # fmt: skip
    assert refused == {"absence": 4}


def test_the_file_of_next_month_has_other_weeks_and_is_no_drift(tmp_path: Path) -> None:
    told = made(file(tmp_path, WEEKS), {"site_identifier": "11AA00"}, **YEAR)
    later = file(tmp_path, WEEKS.replace("wk 36", "wk 40").replace("wk 37", "wk 41"), "week_2.csv")
    rows, found, _refused = landed(later, told)
    assert rows[0][1] == "2026-09-28" and (4, "wk 41", "vocabulary") in found
    lost = file(tmp_path, WEEKS.replace("wk ", "blok "), "week_3.csv")
    with pytest.raises(Unreadable, match="Geen enkele kolomkop is een week"):
        own_mappings.package(lost, told)


LESSONS = ";;7-9-2026;;8-9-2026\nStamnr;Klas;1;2;u1\n0012;1A;O;;L\n0013;1A;;G;\n"


def test_years_in_two_figures_are_those_of_one_school_year(tmp_path: Path) -> None:
    """A later file with the year in front is refused, and not read as days of other years."""
    text = "Stamnr;09-11-26;10-11-26;11-11-26\n0012;ziek;;\n0013;;ziek;ziek\n"
    told = made(file(tmp_path, text), {"site_identifier": "98AB00"})
    found, wrong, _refused = landed(tmp_path / "week_1.csv", told)
    assert [each[:2] for each in found] == [
        ("0012", "2026-11-09"), ("0013", "2026-11-10"), ("0013", "2026-11-11"),
    ]  # fmt: skip
    assert wrong == []
    for days in ("26-11-16;26-11-17;26-11-18", "26-11-02;26-11-03;26-11-04"):
        other = file(tmp_path, text.replace("09-11-26;10-11-26;11-11-26", days), "week_2.csv")
        with pytest.raises(Unreadable):
            own_mappings.package(other, told)


def test_a_lesson_below_the_day_of_the_row_above(tmp_path: Path) -> None:
    path = file(tmp_path, LESSONS)
    assert (looked(path).form.wide, looked(path).form.header_row) == ("lesson", 2)
    rows, found, refused = landed(path, made(path, {"site_identifier": "11AA00"}))
    assert rows == [
        ("0012", "2026-09-07", 1, "unauthorised"), ("0012", "2026-09-08", 1, "late"),
        ("0013", "2026-09-07", 2, "authorised"),
    ]  # fmt: skip
    assert (found, refused) == ([(2, "Reden", "header-missing-optional")], {"absence": 0}) or refused == {"absence": 0}


def test_a_workbook_with_days_as_dates_names_its_cell(tmp_path: Path) -> None:
    path = tmp_path / "week_1.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        day, page = book.add_format({"num_format": "d-m"}), book.add_worksheet("Klas 1A")
        page.write_row(0, 0, ["Stamnr", "Vestiging"])
        for place in range(3):
            page.write_datetime(0, 2 + place, date(2026, 9, 7 + place), day)
        page.write_row(1, 0, ["0012", "11AA00", "O", "", "FOUT"])
        page.write_formula(1, 3, "=1/0", None, "#DIV/0!")
    told = made(path, {})
    rows, found, _refused = landed(path, told)
    assert rows == [("0012", "2026-09-07", None, "unauthorised")]
    assert (2, "2026-09-08", "cell-no-value") in found and (2, "2026-09-09", "vocabulary") in found


def test_a_row_that_is_longer_than_its_header_is_left_and_told(tmp_path: Path) -> None:
    path = file(tmp_path, WEEKS + "0014;Bo;O;;;1;teveel\n")
    told = made(path, {"site_identifier": "11AA00"}, **YEAR)
    rows, found, _refused = landed(path, told)
    assert "0014" not in {row[0] for row in rows} and (6, "", "ragged-row") in found


@pytest.mark.parametrize(
    ("form", "wrong"),
    [
        ({}, {"school_year"}),
        ({"school_year": "2026"}, {"school_year"}),
        ({"school_year": "2026-2028"}, {"school_year"}),
        (YEAR, set()),
    ],
)
def test_what_is_said_about_the_year_must_be_a_school_year(
    tmp_path: Path, form: dict[str, str], wrong: set[str]
) -> None:
    dropped, known = looked(file(tmp_path, WEEKS), **form), target("verzuim-absence")
    assert known is not None
    seen = columns(dropped)
    choices = replace(proposals.propose(known, seen), fixed={"site_identifier": "11AA00"})
    found = own_mappings.mistakes(known, dropped.form, seen, choices, dropped.unsaid)
    assert wrong == {name for name in found if name in {"school_year", "order"}}


def test_a_week_that_the_year_does_not_have_is_refused_with_its_header() -> None:
    cells = [["Nr", "wk 52", "wk 53", "wk 1"], ["1", "O", "O", "O"]]
    with pytest.raises(Unreadable, match="«wk 53» is geen bestaande dag of week in schooljaar 2027-2028"):
        wide.long(cells, [1, 2], 0, Wide("week", "", "2027-2028"))
    assert wide.long(cells, [1, 2], 0, Wide("week", "", "2026-2027")).rows[1][1] == "2026-12-28"


def test_too_many_cells_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wide, "MAX_ROWS", 5)
    cells = [["Nr", "wk 36", "wk 37", "wk 38"], *([["1", "O", "O", "O"]] * 3)]
    with pytest.raises(Unreadable, match="te groot"):
        wide.long(cells, [1, 2, 3, 4], 0, Wide("week", "", "2026-2027"))


def test_a_shipped_wide_mapping_is_checked_like_any_other(tmp_path: Path) -> None:
    told = made(file(tmp_path, WEEKS), {"site_identifier": "11AA00"}, **YEAR)
    report = check(own_mappings.package(file(tmp_path, WEEKS, "week_9.csv"), told))
    assert report.rows == {"week_9.csv": 6} and not report.conformant and report.usable
    assert Form(**{**Form().words(), "header_row": 1}) == Form()


def test_a_mapping_of_last_year_asks_for_its_next_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = file(tmp_path, WEEKS)
    told = made(path, {"site_identifier": "11AA00"}, **YEAR)
    for day, refused in ((date(2027, 9, 30), False), (date(2027, 10, 1), True)):
        monkeypatch.setattr(own_mappings.clock, "today", lambda day=day: day)
        if refused:
            with pytest.raises(Unreadable, match="schooljaar 2026-2027 .* is voorbij"):
                own_mappings.package(path, told)
        else:
            assert own_mappings.package(path, told).files
