"""Small multiples: one scale for all, everybody together in grey, a panel for each and in their order."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schakel.engine.charts import panels, rendering
from schakel.engine.charts.panels import Panel, Panels
from schakel.engine.charts.series import Better
from tests.engine.charts.reading import Sheet, read

VALUES = st.lists(st.one_of(st.none(), st.floats(0, 4)), min_size=1, max_size=14)


def drawn(what: Panels) -> list[Sheet]:
    return [
        read(svg) for svg in rendering.panels(panels.spec(what), [f"school {n}" for n in range(len(what.panels))], "m")
    ]


def test_each_panel_has_its_own_line_and_says_whose_it_is() -> None:
    one, other = drawn(Panels([Panel([4, 4]), Panel([0, 2])], (0, 4)))
    assert (one.label, other.label) == ("school 0", "school 1")
    assert (one.width, one.height) == (other.width, other.height) == (150, 62)
    assert [y for _x, y in one.one("line").pieces[0]] == [5, 5]
    assert [y for _x, y in other.one("line").pieces[0]] == [59, 32]
    assert [x for x, _y in other.one("line").pieces[0]] == [3, 145]


def test_many_panels_stay_in_their_order() -> None:
    sheets = drawn(Panels([Panel([n, n]) for n in range(12)], (0, 11)))
    heights = [sheet.one("line").at[1] for sheet in sheets]
    assert heights == sorted(heights, reverse=True)
    assert len(set(heights)) == 12


def test_red_only_for_who_must_act_and_grey_for_everybody() -> None:
    calm, bad = drawn(Panels([Panel([1, 2]), Panel([3, 4], bad=True)], (0, 4), [2, 2]))
    assert calm.one("line").attributes["stroke"] == calm.one("dot").attributes["fill"] == "var(--c-main)"
    assert bad.one("line").attributes["stroke"] == bad.one("dot").attributes["fill"] == "var(--bad)"
    assert calm.one("rest").attributes["stroke"] == bad.one("rest").attributes["stroke"] == "var(--c-rest)"
    assert calm.one("rest").at == bad.one("rest").at


def test_a_missing_period_is_a_gap_a_lone_one_a_dot_and_the_last_one_too() -> None:
    (sheet,) = drawn(Panels([Panel([1, None, 2, None, 3, 4])], (0, 4)))
    assert [len(piece) for piece in sheet.one("line").pieces] == [1, 1, 2]
    assert [dot.at[0] for dot in sheet.of("dot")] == pytest.approx([3, 3 + 142 * 2 / 5, 145], abs=0.02)


@pytest.mark.parametrize(("better", "edges"), [("lower", (32, 62)), ("higher", (0, 32))])
def test_the_good_side_of_the_norm_is_filled(better: Better, edges: tuple[float, float]) -> None:
    sheets = drawn(Panels([Panel([1, 2]), Panel([3, 4])], (0, 4), norm=2, better=better))
    for sheet in sheets:
        assert sheet.one("band").box[1::2] == edges
        assert sheet.one("norm").at[1] == 32
        assert sheet.one("norm").attributes["stroke-dasharray"] == "5,4"


def test_no_norm_no_area_no_dashes() -> None:
    (sheet,) = drawn(Panels([Panel([1, 2])], (0, 4)))
    assert {shape.group for shape in sheet.shapes} == {"line", "dot"}


def test_a_shorter_line_ends_where_its_figures_end() -> None:
    (sheet,) = drawn(Panels([Panel([1, 2])], (0, 4), [1, 1, 1]))
    assert sheet.one("line").pieces[0][-1][0] == pytest.approx(74, abs=0.1)
    assert sheet.one("rest").pieces[0][-1][0] == 145


def test_all_the_same_and_zero_lies_at_the_bottom() -> None:
    (sheet,) = drawn(Panels([Panel([0, 0])], (0, 0)))
    assert {y for _x, y in sheet.one("line").pieces[0]} == {59}


@given(st.lists(VALUES, min_size=1, max_size=5), VALUES)
@settings(max_examples=25, deadline=None)
def test_every_line_stays_in_its_panel(lines: list[list[float | None]], rest: list[float | None]) -> None:
    sheets = drawn(Panels([Panel(values) for values in lines], (0, 4), rest, 2, "lower"))
    assert len(sheets) == len(lines)
    for values, sheet in zip(lines, sheets, strict=True):
        points = [point for shape in sheet.of("line") for piece in shape.pieces for point in piece]
        assert len(points) == sum(value is not None for value in values)
        assert all(3 <= x <= 145 and 5 <= y <= 59 for x, y in points)
