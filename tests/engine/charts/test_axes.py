"""Round values on an axis, the bounds of values, what stands alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.engine.charts import axes, series


@pytest.mark.parametrize(
    ("high", "expected"),
    [
        (3, [0, 1, 2, 3]),
        (1.9, [0, 0.5, 1, 1.5, 2]),
        (100, [0, 25, 50, 75, 100]),
        (0, [0, 1]),
        (0.02, [0, 0.005, 0.01, 0.015, 0.02]),
    ],
)
def test_round_values_on_the_axis(high: float, expected: list[float]) -> None:
    assert axes.ticks(high) == expected


@given(st.floats(0.0001, 1e7))
def test_an_axis_reaches_its_highest_value(high: float) -> None:
    marks = axes.ticks(high)
    assert marks[0] == 0
    assert marks[-1] >= high * 0.999
    assert 2 <= len(marks) <= 7


@given(st.floats(-1e6, 1e6), st.floats(0.001, 1e6))
def test_an_axis_reaches_under_its_lowest_value(low: float, span: float) -> None:
    marks = axes.ticks(low + span, low)
    assert marks[0] <= low + span * 0.001
    assert marks[-1] >= (low + span) - span * 0.001
    assert all(one < other for one, other in zip(marks, marks[1:], strict=False))


@pytest.mark.parametrize(
    ("marks", "decimals"), [([0, 25, 50], 0), ([0, 0.5, 1], 1), ([0, 0.25, 0.5], 2), ([0, 0.005], 3), ([-2, 0, 2], 0)]
)
def test_as_many_decimals_as_it_takes_to_tell_marks_apart(marks: list[float], decimals: int) -> None:
    assert axes.decimals(marks) == decimals


@given(st.floats(0.0001, 1e7))
def test_no_two_marks_are_written_alike(high: float) -> None:
    marks = axes.ticks(high)
    decimals = axes.decimals(marks)
    assert len({f"{mark:.{decimals}f}" for mark in marks}) == len(marks)


def test_bounds_last_and_alone() -> None:
    assert series.bounds([1.0, None], [0.5], []) == (0.5, 1.0)
    assert series.bounds([None], []) == (0.0, 1.0)
    assert series.last([1.0, None, 2.0, None]) == 2
    assert series.last([None]) is series.last([]) is None
    assert series.alone([1.0, None, 2.0, 3.0, None, 4.0]) == [0, 5]
    assert series.alone([1.0]) == [0]
    assert series.alone([None, None]) == []
