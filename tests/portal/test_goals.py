"""The verdict on a goal, as pairs: red only where a binding norm is broken and it does not get better."""

import csv
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.chain.goals import Goal
from schakel.lib import clock
from schakel.portal import figures
from schakel.portal.pages import board as board_page
from schakel.portal.pages.goals import GoalState, Point, Series, _series, _total_point
from schakel.steer.norms import Indicator, Norm

CASES = Path(__file__).parents[1] / "cases" / "goal_verdicts.csv"


def cases() -> list[dict[str, str]]:
    with CASES.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def state(case: dict[str, str]) -> GoalState:
    indicator = Indicator(key="x", nl="Verzuim", en="Absence", unit="%", direction=case["direction"])
    norm = None
    if case["norm"]:
        upper = Decimal(case["upper"]) if case["upper"] else None
        norm = Norm(
            indicator=indicator,
            value=Decimal(case["norm"]),
            upper=upper,
            kind=case["kind"],
            nl="norm",
            valid_from="2020-08-01",
        )
    values = [float(case["before"]), float(case["now"]) if case["now"] else None]
    return GoalState(Goal(key="g", nl="Doel"), indicator, norm, ["2025", "2026"], Series("", values))


@pytest.mark.parametrize("case", cases(), ids=lambda c: f"{c['direction']}-{c['norm']}-{c['before']}-{c['now']}")
def test_each_verdict(case: dict[str, str]) -> None:
    found = state(case)
    verdict = found.verdict()
    assert (verdict.word, verdict.tone) == (case["word"], case["tone"])
    assert found.act is (case["act"] == "yes")


def test_red_is_only_for_who_must_act() -> None:
    for case in cases():
        found = state(case)
        assert (found.verdict().tone == "bad") == found.act


@pytest.mark.parametrize(
    ("unit", "value", "text"),
    [
        ("%", 0.019, "1,9%"),
        ("ratio", 0.52, "0,52"),
        ("leerlingen", 23.06, "23,1"),
        ("leerlingen", 1204.0, "1.204"),
        ("EUR", 1167172.4, "€ 1.167.172"),
        ("%", None, "onbekend"),
    ],
)
def test_figures_carry_their_unit(unit: str, value: float | None, text: str) -> None:
    indicator = Indicator(key="x", unit=unit, direction="lower")
    assert GoalState(Goal(), indicator, None).written(value).text == text


def test_a_hole_in_a_line_is_counted_only_after_the_first_figure() -> None:
    assert Series("x", [None, None, 1.0, None, 2.0]).holes == 1
    assert Series("x", [None, None]).holes == 0
    assert Series("x", []).last is None


@given(st.decimals(0, 1000, places=2), st.decimals(1, 1000, places=2))
def test_a_total_is_the_sum_divided_by_the_sum(numerator: Decimal, denominator: Decimal) -> None:
    cells = {"indicator": "i", "period": "2026", "numerator": numerator, "denominator": denominator}
    found = _total_point(cells)
    assert found.value == pytest.approx(float(numerator / denominator), abs=1e-4)


def test_zero_of_zero_is_not_zero() -> None:
    assert (
        _total_point({"indicator": "i", "period": "2026", "numerator": Decimal(0), "denominator": Decimal(0)}).value
        is None
    )


def test_a_school_without_a_figure_in_a_period_leaves_it_open() -> None:
    points = [Point("i", "De Kiem", "2024", 1.0, False), Point("i", "De Kiem", "2026", None, True)]
    line = _series("De Kiem", points, ["2024", "2025", "2026"])
    assert line.values == [1.0, None, None]
    assert line.hidden


@pytest.mark.parametrize(("period", "text"), [("2025-2026", "2025–26"), ("2026-11", "nov 2026"), ("2026", "2026"),
                                             ("2026-13", "2026-13"), ("2026-W48", "2026-W48")])  # fmt: skip
def test_periods_in_words(period: str, text: str) -> None:
    assert figures.period(period) == text


@pytest.mark.parametrize(
    ("period", "until", "text"),
    [
        ("2026-11", date(2026, 11, 28), "nov 2026, t/m 28 nov"),
        ("2026-11", date(2026, 11, 30), "nov 2026"),
        ("2026", date(2026, 11, 28), "2026, t/m 28 nov"),
        ("2025-2026", date(2026, 11, 28), "2025–26"),
        ("2025", date(2024, 12, 31), "2025, t/m 31 dec 2024"),
        ("2026", None, "2026"),
        (None, date(2026, 11, 28), ""),
    ],
)
def test_a_figure_says_of_when_it_is(period: str | None, until: date | None, text: str) -> None:
    periods = [period] if period else []
    with clock.held_at(datetime(2026, 11, 28, tzinfo=UTC)):
        assert GoalState(Goal(), Indicator(), None, periods, until=until).when() == text


@pytest.mark.parametrize(
    ("short", "text"),
    [
        ([], "2026, t/m 28 nov"),
        ([date(2026, 11, 7)], "2026, t/m 28 nov; 1 school t/m 7 nov"),
        ([date(2026, 11, 7)] * 3, "2026, t/m 28 nov; 3 scholen t/m 7 nov"),
        ([date(2026, 11, 7), date(2026, 11, 1)], "2026, t/m 28 nov; 2 scholen t/m 1 nov of later"),
    ],
)
def test_it_says_which_schools_are_known_less_far(short: list[date], text: str) -> None:
    with clock.held_at(datetime(2026, 11, 28, tzinfo=UTC)):
        state = GoalState(Goal(), Indicator(), None, ["2026"], until=date(2026, 11, 28), short=short)
        assert state.when() == text
        over = replace(state, periods=["2026-10"])
        assert over.when() == "okt 2026", "it was over before that"
        half = replace(state, periods=["2026-11"], until=date(2026, 11, 30))
        assert half.when() == text.replace("2026, t/m 28 nov", "nov 2026")


def test_hidden_and_unknown_schools_say_which_they_are() -> None:
    found = state(cases()[0])
    hidden = board_page._multiple(found, Series("De Sprong", [None], True))
    unknown = board_page._multiple(found, Series("De Kiem", [None]))
    shown = board_page._multiple(found, Series("Noorderhaven", [0.036]))
    assert (hidden.figure, hidden.values, hidden.kind) == ("< 5", None, "hid")
    assert "Verborgen" in hidden.line
    assert (unknown.figure, unknown.values) == ("onbekend", None)
    assert (shown.figure, shown.values, shown.kind) == ("3,6%", [0.036], "bad")
