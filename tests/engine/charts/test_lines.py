"""A line: values where they belong, gaps, the norm and its good side, the last point named."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schakel.engine.charts import lines, rendering
from schakel.engine.charts.lines import Line, Norm
from schakel.engine.charts.marks import Size
from schakel.engine.charts.series import Better, Values
from tests.engine.charts.reading import Sheet, read

MARKS = [(0.0, "0"), (0.5, "0,5"), (1.0, "1,0"), (1.5, "1,5"), (2.0, "2,0%")]
PLACES = [(0, "2024–25"), (4, "2025–26"), (8, "2026–27"), (11, "nu")]
VALUES = (1.3, 1.5, 1.45, 1.5, None, 1.6, None, 1.7, 1.8, 1.75, 1.85, 1.9)


def drawn(
    values: Values = VALUES,
    norm: Norm | None = None,
    size: Size = "wide",
    marks: Sequence[tuple[float, str]] = MARKS,
    places: Sequence[tuple[int, str]] = PLACES,
) -> Sheet:
    return read(rendering.svg(lines.spec(Line(values, marks, places, "1,9%", norm), size), "verloop"))


def heights(sheet: Sheet) -> dict[float, float]:
    """The height of each round value: its grid line."""
    return {value: line.at[1] for (value, _words), line in zip(MARKS, sheet.of("grid"), strict=True)}


@pytest.mark.parametrize("size", ["wide", "narrow"])
def test_each_value_stands_at_its_height_and_its_period(size: Size) -> None:
    sheet = drawn(size=size)
    bottom, top = heights(sheet)[0.0], heights(sheet)[2.0]
    left, right = sheet.of("grid")[0].box[0], sheet.of("grid")[0].box[2]
    found = [point for piece in sheet.one("line").pieces for point in piece]
    expected = [
        (left + (right - left) * place / 11, bottom + (top - bottom) * value / 2)
        for place, value in enumerate(VALUES)
        if value is not None
    ]
    assert found == [pytest.approx(point, abs=0.02) for point in expected]


def test_a_missing_period_is_a_gap_and_a_lone_one_a_dot() -> None:
    sheet = drawn()
    assert [len(piece) for piece in sheet.one("line").pieces] == [4, 1, 5]
    lone = sheet.one("lone")
    assert lone.at == pytest.approx(sheet.one("line").pieces[1][0], abs=0.02)


def test_a_whole_line_has_one_dot_at_its_end() -> None:
    sheet = drawn([1.0, 1.2, 1.4])
    assert len(sheet.one("line").pieces) == 1
    assert sheet.of("lone") == []
    assert sheet.one("last").at == pytest.approx(sheet.one("line").pieces[0][-1], abs=0.02)


def test_the_last_known_point_is_named_beside_it_also_when_the_newest_are_missing() -> None:
    sheet = drawn([1.0, 1.2, 1.4, None, None])
    dot, words = sheet.one("last"), sheet.one("last_words")
    assert dot.at == pytest.approx(sheet.one("line").pieces[0][-1], abs=0.02)
    assert words.text == "1,9%"
    assert words.at[0] == pytest.approx(dot.at[0] + 9, abs=0.1)
    assert abs(words.at[1] - dot.at[1]) < 6


@pytest.mark.parametrize(("better", "value"), [("lower", 0.0), ("higher", 2.0)])
def test_the_good_side_of_the_norm_is_filled(better: Better, value: float) -> None:
    sheet = drawn(norm=Norm(1.5, "norm, 1,5%", "norm", better))
    edge, norm = heights(sheet)[value], heights(sheet)[1.5]
    _left, top, _right, bottom = sheet.one("band").box
    assert (top, bottom) == pytest.approx((min(edge, norm), max(edge, norm)), abs=0.02)
    assert sheet.one("norm").at[1] == pytest.approx(norm, abs=0.02)
    assert sheet.one("norm").attributes["stroke-dasharray"] == "5,4"
    order = [shape.group for shape in sheet.shapes]
    assert order.index("band") < order.index("grid") < order.index("norm") < order.index("line")


def test_without_norm_or_without_a_good_side_nothing_is_filled() -> None:
    assert drawn().of("band") == drawn().of("norm") == []
    sheet = drawn(norm=Norm(1.5, "begroot", "begroot"))
    assert sheet.of("band") == []
    assert sheet.one("norm_words").text == "begroot"


@pytest.mark.parametrize(("size", "width", "words"), [("wide", 640, "norm, 1,5%"), ("narrow", 358, "norm")])
def test_two_drawings_each_with_the_words_that_fit(size: Size, width: int, words: str) -> None:
    sheet = drawn(norm=Norm(1.5, "norm, 1,5%", "norm", "lower"), size=size)
    assert sheet.width == width
    assert sheet.one("norm_words").text == words
    assert {"0", "0,5", "1,0", "1,5", "2,0%", "2024–25", "nu"} <= sheet.words().keys()


@given(st.floats(0, 2), st.floats(0, 2))
@settings(max_examples=25, deadline=None)
def test_the_words_of_the_norm_and_of_the_last_point_do_not_touch(value: float, norm: float) -> None:
    sheet = drawn([1.0, value], Norm(norm, "norm", "norm", "lower"))
    assert abs(sheet.one("last_words").at[1] - sheet.one("norm_words").at[1]) >= 14


def test_names_under_the_axis_make_way_for_each_other() -> None:
    places = [(i, f"september {2010 + i}") for i in range(12)]
    sheet = drawn(places=places, size="narrow")
    under = [shape for shape in sheet.words().values() if shape.text.startswith("september")]
    assert 2 <= len(under) < 12
    assert under[0].text == "september 2010"


def test_long_words_beside_the_plot_get_their_room() -> None:
    wide = [(0.0, "€ 0"), (2.0, "€ 12.000.000")]
    sheet = drawn(marks=wide, norm=Norm(1.5, "begroot: ten minste € 9.000.000", "n"))
    assert sheet.words()["€ 12.000.000"].at[0] > 80  # the words end here, and they are about 85 wide
    assert sheet.one("norm_words").at[0] < 640 - 190
    assert sheet.of("grid")[0].box[2] < sheet.one("norm_words").at[0]


def test_nothing_known_is_an_empty_drawing_that_still_stands() -> None:
    sheet = drawn([None, None])
    assert sheet.of("line") == sheet.of("last") == sheet.of("last_words") == []
    assert len(sheet.of("grid")) == len(MARKS)


def test_one_value_is_a_dot() -> None:
    sheet = drawn([1.0])
    assert sheet.one("last").at[1] == pytest.approx(heights(sheet)[1.0], abs=0.02)


@given(st.lists(st.one_of(st.none(), st.floats(0, 2)), min_size=1, max_size=40), st.one_of(st.none(), st.floats(0, 2)))
@settings(max_examples=25, deadline=None)
def test_every_point_stays_on_the_sheet(values: list[float | None], norm: float | None) -> None:
    sheet = drawn(values, None if norm is None else Norm(norm, "norm", "norm", "higher"), "narrow")
    for shape in sheet.shapes:
        left, top, right, bottom = shape.box
        assert -0.05 <= left <= right <= sheet.width + 0.05
        assert -0.05 <= top <= bottom <= sheet.height + 0.05
    known = sum(value is not None for value in values)
    assert sum(len(piece) for line in sheet.of("line") for piece in line.pieces) == known
