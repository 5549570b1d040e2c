"""Small drawings: a missing value is a gap, a norm has its good side, nothing falls outside the frame."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.engine.charts.series import Values
from schakel.portal import charts
from schakel.portal.charts import RunBar, Scale, Segment

VALUES = st.lists(st.one_of(st.none(), st.floats(0, 100)), min_size=1, max_size=40)


def points(path: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", path)]


def test_a_missing_value_breaks_the_line() -> None:
    across, up = Scale(0, 4, 0, 40), Scale(0, 10, 10, 0)
    assert charts.path([1, 2, None, 4, 5], across, up) == "M0.0 9.0 L10.0 8.0 M30.0 6.0 L40.0 5.0"
    assert charts.path([None, None], across, up) == ""


def test_a_lone_value_between_gaps_is_a_dot() -> None:
    drawn = charts.spark([None, 2.0, None, 3.0, 4.0], "verloop")
    assert [dot.radius for dot in drawn.dots] == ["2", "3.5"]


def test_the_good_side_is_filled() -> None:
    low = charts.spark([1, 2, 3], "x", 2, "lower").bands[0]
    high = charts.spark([1, 2, 3], "x", 2, "higher").bands[0]
    assert (low.y, low.height) == ("15.0", "15.0")
    assert (high.y, high.height) == ("0.0", "15.0")
    assert not charts.spark([1, 2, 3], "x", 2).bands


def test_schools_are_filled_open_or_red() -> None:
    schools = [(1, True), (2, True), (3, False)]
    calm = charts.strip(schools, "x", 2, "lower")
    act = charts.strip(schools, "x", 2, "lower", act=True)
    assert [d.kind for d in calm.dots] == ["dot", "dot", "dot open"]
    assert [d.kind for d in act.dots] == ["dot", "dot", "dot bad"]


@given(VALUES, st.one_of(st.none(), st.floats(0, 100)))
def test_every_drawing_stays_inside_its_frame(values: Values, norm: float | None) -> None:
    known = [(v, True) for v in values if v is not None]
    drawings = [charts.spark(values, "x", norm, "lower"), charts.strip(known, "x", norm, "higher")]
    for drawn in drawings:
        for _kind, path in drawn.lines:
            assert all(-0.05 <= x <= drawn.width and -0.05 <= y <= drawn.height for x, y in points(path))
        for dot in drawn.dots:
            assert 0 <= float(dot.x) <= drawn.width
            assert 0 <= float(dot.y) <= drawn.height
        for band in drawn.bands:
            assert float(band.height) >= 0
            assert float(band.width) >= 0


@given(st.lists(st.integers(0, 10**7), min_size=1, max_size=5))
def test_the_pieces_of_a_run_fill_the_bar_and_can_all_be_seen(counts: list[int]) -> None:
    bar = RunBar("r", "x", [Segment("a", n, "x", str(n)) for n in counts])
    widths = [float(width[:-1]) for _kind, _start, width in bar.pieces]
    if any(counts):
        assert sum(widths) == pytest.approx(100, abs=0.1)
        assert min(widths) >= 1.1
    assert len(widths) == sum(1 for n in counts if n)
