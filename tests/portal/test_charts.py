"""Drawings: a missing value is a gap, a norm has its good side, nothing falls outside the frame."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.portal import bars, charts, trends
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


@pytest.mark.parametrize(
    ("value", "norm", "better", "good"),
    [
        (1.4, 1.5, "lower", True),
        (1.5, 1.5, "lower", True),
        (1.6, 1.5, "lower", False),
        (0.84, 0.85, "higher", False),
        (0.85, 0.85, "higher", True),
        (None, 1.5, "lower", True),
        (9, None, "lower", True),
        (9, 1, None, True),
    ],
)
def test_meeting_a_norm(value: float | None, norm: float | None, better: charts.Better | None, good: bool) -> None:
    assert charts.meets(value, norm, better) is good


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
    assert trends.ticks(high) == expected


@given(st.floats(0.0001, 1e7))
def test_an_axis_reaches_its_highest_value(high: float) -> None:
    marks = trends.ticks(high)
    assert marks[0] == 0
    assert marks[-1] >= high * 0.999
    assert 2 <= len(marks) <= 7


def trend(values: charts.Values, norm: float | None = None) -> trends.Trend:
    return trends.Trend(values, [(0, "2024–25"), (1, "2025–26")], "verloop", "1,9%", norm, "norm, 1,5%", "lower", "%")


@given(VALUES, st.one_of(st.none(), st.floats(0, 100)))
def test_every_drawing_stays_inside_its_frame(values: charts.Values, norm: float | None) -> None:
    drawings = [charts.spark(values, "x", norm, "lower"), *trends.line(trend(values, norm))]
    drawings.append(charts.multiple(values, [1.0], "x", (0, 100), norm, "higher"))
    for drawn in drawings:
        for _kind, path in drawn.lines:
            assert all(-0.05 <= x <= drawn.width and -0.05 <= y <= drawn.height for x, y in points(path))
        for band in drawn.bands:
            assert float(band.height) >= 0
            assert float(band.width) >= 0


def test_the_words_of_the_norm_and_the_last_point_do_not_touch() -> None:
    wide, narrow = trends.line(trend([1.0, 1.52], 1.5))
    places = {label.text: float(label.y) for label in wide.labels}
    assert abs(places["norm, 1,5%"] - places["1,9%"]) >= 14
    assert "norm" in {label.text for label in narrow.labels}


def test_no_values_at_all_is_an_empty_drawing() -> None:
    wide, _narrow = trends.line(trend([None, None]))
    assert wide.dots == []
    assert wide.lines == [("ln", "")]


def test_an_unknown_bar_is_dashed_and_says_so() -> None:
    rows = [bars.Bar("Bakker", 17, "17", "b"), bars.Bar("Smit", None, "onbekend")]
    wide, narrow = bars.bars(rows, "uren", [bars.Limit(16, "16 uur: melden", "16 uur")])
    assert [kind for kind, _rect in wide.bars] == ["barb", "hole"]
    assert "onbekend" in {label.text for label in narrow.labels}
    assert wide.width == 640
    assert narrow.width == 358


def test_long_names_are_shortened_in_the_drawing() -> None:
    wide, narrow = bars.bars([bars.Bar("Van der Heijden-Wolkenstein, Alexandra", 3, "3")], "x")
    assert max(len(label.text) for label in wide.labels) <= 20
    assert max(len(label.text) for label in narrow.labels) <= 15


@given(st.lists(st.floats(0, 1000), max_size=30))
def test_bars_fit(values: list[float]) -> None:
    for drawn in bars.bars([bars.Bar("x", v, "x") for v in values], "x"):
        assert all(float(r.x) + float(r.width) <= drawn.width for _kind, r in drawn.bars)


@given(st.lists(st.integers(0, 10**7), min_size=1, max_size=5))
def test_the_pieces_of_a_run_fill_the_bar_and_can_all_be_seen(counts: list[int]) -> None:
    bar = RunBar("r", "x", [Segment("a", n, "x", str(n)) for n in counts])
    widths = [float(width[:-1]) for _kind, _start, width in bar.pieces]
    if any(counts):
        assert sum(widths) == pytest.approx(100, abs=0.1)
        assert min(widths) >= 1.1
    assert len(widths) == sum(1 for n in counts if n)
