"""The rules inside the products, by cases that a domain expert can read and extend (tests/cases/kits)."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pytest

from schakel.distribute.query import answer
from schakel.distribute.standing import Standing
from schakel.lib.plain_yaml import from_yaml
from schakel.process.model import school_model
from tests.kits import kit_files

ROOT = Path(__file__).resolve().parents[2]
CASES = ROOT / "tests" / "cases" / "kits"
TODAY = date(2026, 11, 23)
AUTUMN = ("2026-10-17", "2026-10-25")


def cases(name: str) -> list[Any]:
    found = from_yaml((CASES / f"{name}.yaml").read_text(encoding="utf-8"))
    return [pytest.param(case, id=case["name"]) for case in found]


@cache
def described(key: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """A product and its need, as the kit has them."""
    product = next(each for each in kit_files.section("products") if each["key"] == key)
    return product, next(each for each in kit_files.section("needs") if each["key"] == product["need"])


class Board:
    """An empty school model in memory, with one school, one class and one pupil."""

    def __init__(self, *, sector: str = "po", since: Any = "2026-08-01", born: Any = "2014-03-01") -> None:
        self.con = duckdb.connect()
        for table in school_model().values():
            columns = ", ".join(f'"{c.name}" {c.type}' for c in table.columns.values())
            self.con.execute(f'CREATE TABLE "{table.name}" ({columns})')
        self.add("organisation", organisation_id="s1", kind="school", name="De School", sector=sector)
        self.add("site", site_id="s1", organisation_id="s1", name="De School", holiday_region="noord")
        self.add("school_year", school_year="2026-2027", start_date="2026-08-01", end_date="2027-07-31")
        self.add("group", group_id="g1", site_id="s1", school_year="2026-2027", kind="home", name="6a")
        self.add(
            "pupil",
            pupil_id="p1",
            first_name="Noor",
            family_name="Bakker",
            birth_date=None if born == "unknown" else born,
        )
        self.add("enrolment", enrolment_id="e1", pupil_id="p1", site_id="s1", start_date=since)
        self.add("membership", pupil_id="p1", group_id="g1", start_date=since)
        self.hours = "lesson_hours" if sector == "vo" else "clock_hours"
        self.free(*AUTUMN)

    def add(self, table: str, **values: Any) -> None:
        names = ", ".join(f'"{name}"' for name in values)
        marks = ", ".join("?" for _ in values)
        self.con.execute(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', list(values.values()))

    def free(self, first: str, last: str) -> None:
        self.add(
            "holiday", holiday_id=f"h{first}", site_id="s1", holiday_region="noord", start_date=first, end_date=last
        )

    def absent(self, day: Any, kind: str, hours: Any) -> None:
        values = {"absence_id": f"{day}{kind}", "pupil_id": "p1", "site_id": "s1", "date": day, "kind": kind}
        self.add("absence", **values, **{self.hours: hours})

    def report(self, kind: str, on: str, until: str) -> None:
        self.add("absence_report", report_id=on, pupil_id="p1", kind=kind, reported_on=on, period_end=until)

    def ask(self, key: str, today: date) -> list[dict[str, Any]]:
        """What the product gives on a day, by the same road as every delivery."""
        product, need = described(key)
        elements = frozenset({**need["required"], **need.get("wished", {})})
        everything = [Standing("board_member", "board")]
        given = answer(self.con, product["sql"], elements, everything, day=today, level=need["level"], sees_people=True)
        return [dict(zip(given.names, row, strict=True)) for row in given.rows]


def weekdays(periods: list[str]) -> Iterator[date]:
    for period in periods:
        first, last = (date.fromisoformat(day) for day in period.split())
        days = (first + timedelta(n) for n in range((last - first).days + 1))
        yield from (day for day in days if day.isoweekday() <= 5)


@pytest.mark.parametrize("case", cases("absence_16h"))
def test_sixteen_hours_in_four_school_weeks(case):
    board = Board(**{name: case[name] for name in ("sector", "since", "born") if name in case})
    for row in case["rows"]:
        day, kind, hours = row.split()
        board.absent(day, kind, None if hours == "-" else float(hours))
    for period in case.get("free", []):
        board.free(*period.split())
    for each in case.get("reports", []):
        board.report("first16", *each.split())
    found = board.ask("absence_16h", case.get("today", TODAY))
    if case["hours"] == "absent":
        assert found == []
        return
    (row,) = found
    assert (None if row["hours"] is None else float(row["hours"])) == (
        None if case["hours"] == "unknown" else case["hours"]
    )
    assert row["report_by"] == case.get("report_by")
    assert row["without_hours"] == case.get("without_hours", 0)


@pytest.mark.parametrize("case", cases("absence_long"))
def test_three_weeks_away_in_a_row(case):
    board = Board()
    for period in case.get("free", []):
        board.free(*period.split())
    for day in weekdays(case["away"]):
        board.absent(day, case.get("kind", "unauthorised"), case.get("hours", 5))
    if "reported" in case:
        board.report("lrv", str(case["reported"]), str(case["reported"]))
    found = board.ask("absence_long", TODAY)
    assert [row["days"] for row in found] == ([case["days"]] if case["days"] else [])
    if found:
        assert found[0]["reported_on"] == case.get("reported")


def test_absence_of_several_lessons_on_one_day_is_one_day_away():
    board = Board(sector="vo")
    for day in weekdays(["2026-11-02 2026-11-23"]):
        for _lesson in range(4):
            board.absent(day, "unauthorised", 1)
    (row,) = board.ask("absence_long", TODAY)
    assert row["days"] == 16


@pytest.mark.parametrize(
    ("schools", "numerator", "denominator", "people"),
    [
        ([(1, 10), (None, 20), (3, 30)], 4, 40, 2),
        ([(1, 10), (2, None)], 1, 10, 1),
        ([(5, None), (6, None)], 11, None, 2),
        ([(5, None), (None, None)], 5, None, 1),
        ([(0, 10), (2, 10)], 2, 20, 2),
    ],
)
def test_a_school_of_which_half_a_figure_is_known_is_in_no_total(schools, numerator, denominator, people):
    """A denominator without its numerator made the share of the board smaller than it is, and the other way round."""
    board = Board()
    for number, (top, bottom) in enumerate(schools):
        board.add("indicator_value", indicator_key="I_FTE_BUDGET", site_id=f"s{number}", period="2026", numerator=top,
                  denominator=bottom, people=1, people_hit=1, snapshot_on=TODAY)  # fmt: skip
    board.add("indicator_value", indicator_key="I_FTE_BUDGET", site_id="s1", period="2025", numerator=None,
              denominator=9, people=1, people_hit=1, snapshot_on=TODAY)  # fmt: skip
    (row,) = board.ask("goals_total", TODAY)
    told = (row["period"], row["numerator"], row["denominator"], row["people"])
    assert told == ("2026", numerator, denominator, people)


@pytest.mark.parametrize(("hours", "days"), [([None], 16), ([None, None], 16), ([None, 1], 0), ([None, 4], 16)])
def test_a_day_of_which_nobody_knows_the_hours_is_a_day_away(hours, days):
    """Who has long been away stays in sight; what is told of the day counts where anything is."""
    board = Board()
    for day in weekdays(["2026-11-02 2026-11-23"]):
        for each in hours:
            board.absent(day, "authorised", each)
    assert [row["days"] for row in board.ask("absence_long", TODAY)] == [days] * bool(days)


@pytest.mark.parametrize(
    ("taken", "growth"),
    [
        ([("Rekenen-wiskunde M5", "2026-01-20", 180), ("Rekenen-wiskunde E5", "2026-06-10", 195)], 15),
        ([("Rekenen-wiskunde M5", "2026-01-20", 195), ("Rekenen-wiskunde E5", "2026-06-10", 180)], -15),
        ([("Rekenen-wiskunde E5", "2026-06-10", 180)], None),
        ([("Rekenen-wiskunde M5", "2026-01-20", 180), ("Rekenen-wiskunde E5", "2026-06-10", None)], None),
        ([("Taalverzorging M5", "2026-01-20", 100), ("Rekenen-wiskunde E5", "2026-06-10", 180)], None),
    ],
)
def test_growth_is_against_the_previous_test_of_the_same_area(taken, growth):
    """An area is never compared with another, and what was not made is no score."""
    board = Board()
    for number, (name, day, score) in enumerate(taken):
        board.add("test", test_id=f"t{number}", name=name, kind="monitoring")
        board.add("result", result_id=f"r{number}", pupil_id="p1", test_id=f"t{number}", taken_on=day, score=score)
    row = next(row for row in board.ask("skills_growth", TODAY) if row["area"] == "Rekenen-wiskunde")
    assert (None if row["growth"] is None else int(row["growth"])) == growth


@pytest.mark.parametrize(
    ("provisional", "test", "final", "decided"),
    [
        ("vmbo-gt", "havo", None, "open"),
        ("vmbo-gt", "havo", "havo", "raised"),
        ("vmbo-gt", "havo", "vmbo-gt/havo", "raised"),
        ("vmbo-gt", "havo", "vmbo-gt", "kept"),
        ("havo", "havo/vwo", None, "open"),
        ("havo", "havo", None, ""),
        ("vwo", "havo", None, ""),
        ("havo", None, None, ""),
        ("iets anders", "vwo", None, ""),
    ],
)
def test_an_advice_is_reconsidered_when_the_test_is_higher(provisional, test, final, decided):
    board = Board()
    board.add(
        "school_advice", pupil_id="p1", school_year="2026-2027", provisional=provisional, test_advice=test, final=final
    )
    assert [row["decided"] for row in board.ask("advice_vs_test", date(2027, 3, 18))] == ([decided] if decided else [])


def test_late_counts_this_school_year_and_shows_whether_it_rises():
    board = Board()
    for day in ("2026-09-01", "2026-10-05", "2026-11-02", "2026-11-10", "2026-11-18"):
        board.absent(day, "late", None)
    (row,) = board.ask("late_often", TODAY)
    assert (row["times"], row["last_weeks"], row["weeks_before"], row["change"]) == (5, 3, 1, 2)


def test_twice_late_is_not_yet_often():
    board = Board()
    for day in ("2026-11-10", "2026-11-18"):
        board.absent(day, "late", None)
    assert board.ask("late_often", TODAY) == []


def test_staffing_is_compared_only_where_something_was_budgeted():
    """A missing line in the budget does not make a school look too large."""
    board = Board()
    board.add("staff_budget", site_id="s1", year=2026, function_group="support", budget_fte=2)
    for number, group in enumerate(["support", "support", "teaching"]):
        board.add(
            "staff_contract", contract_id=str(number), staff_id=f"m{number}", site_id="s1", function_group=group, fte=1,
            contract_kind="permanent", start_date="2020-08-01",
        )  # fmt: skip
    (row,) = board.ask("fte_vs_budget", TODAY)
    assert (float(row["used_fte"]), float(row["used_rate"]), row["function_groups"]) == (2.0, 1.0, 1)
