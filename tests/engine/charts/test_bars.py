"""Bars: as long as their value, unknown dashed, hidden closed, the norm with its good side, names that fit."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schakel.engine.charts import bars, rendering
from schakel.engine.charts.bars import Bar, Limit
from schakel.engine.charts.marks import Size
from tests.engine.charts.reading import Shape, Sheet, read

ROWS = [
    Bar("Bakker, Noor", 17, "17", "bad"),
    Bar("El Idrissi, Sami", 14, "14", "close"),
    Bar("Jansen, Lotte", 9, "9"),
    Bar("Smit, Daan", None, "nog onbekend", known="unknown"),
    Bar("De rest van H3a", None, "verborgen, < 5", known="hidden"),
]
NORM = Limit(16, "16 uur: melden", "16 uur")
ALERT = Limit(12, "12 uur: let op", "12 uur", norm=False)


def drawn(rows: Sequence[Bar] = ROWS, limits: Sequence[Limit] = (), size: Size = "wide") -> Sheet:
    return read(rendering.svg(bars.spec(rows, limits, size), "balken"))


def length(bar: Shape) -> float:
    left, _top, right, _bottom = bar.box
    return right - left


@pytest.mark.parametrize("size", ["wide", "narrow"])
def test_a_bar_is_as_long_as_its_value_and_starts_at_zero(size: Size) -> None:
    sheet = drawn(size=size)
    zero = sheet.one("zero").at[0]
    found = sheet.of("bar")
    assert [length(bar) / length(found[0]) for bar in found] == pytest.approx([1, 14 / 17, 9 / 17], abs=0.002)
    assert [bar.box[0] for bar in found] == pytest.approx([zero] * 3, abs=0.02)


def test_bars_stand_in_the_order_given_each_beside_its_name() -> None:
    sheet = drawn()
    names = [sheet.words()[row.name].at[1] for row in ROWS]
    assert names == sorted(names)
    every = sorted([*sheet.of("bar"), *sheet.of("hole")], key=lambda bar: bar.box[1])
    for name, bar in zip(names, every, strict=True):
        _left, top, _right, bottom = bar.box
        assert top < name < bottom
    assert [bar.attributes["fill"] for bar in every] == [
        "var(--bad)",
        "var(--c-close)",
        "var(--c-rest)",
        "var(--paper)",
        "var(--c-band)",
    ]


def test_unknown_is_an_empty_dashed_bar_hidden_a_closed_one_and_both_say_so() -> None:
    sheet = drawn()
    unknown, hidden = sheet.of("hole")
    assert unknown.attributes["stroke-dasharray"] == hidden.attributes["stroke-dasharray"] == "3,3"
    assert unknown.attributes["fill"] != hidden.attributes["fill"]
    said = {shape.text: shape for shape in sheet.of("open")}
    assert said.keys() == {"nog onbekend", "verborgen, < 5"}
    assert said["nog onbekend"].at[0] == pytest.approx(unknown.box[2] + 7, abs=0.1)


def test_zero_is_not_unknown() -> None:
    sheet = drawn([Bar("a", 0, "0"), Bar("b", 4, "4"), Bar("c", None, "onbekend", known="unknown")])
    assert len(sheet.of("bar")) == 2
    assert len(sheet.of("hole")) == 1
    assert {shape.text for shape in sheet.of("beside")} == {"0", "4"}


def test_a_value_stands_inside_what_asks_for_someone_and_beside_the_rest() -> None:
    sheet = drawn()
    inside = {shape.text: shape for shape in sheet.of("inside")}
    assert inside.keys() == {"17", "14"}
    assert inside["17"].at[0] < sheet.of("bar")[0].box[2]
    (beside,) = sheet.of("beside")
    assert beside.at[0] > sheet.of("bar")[2].box[2]
    short = drawn([Bar("a", 100, "100"), Bar("b", 2, "2", "bad")])
    assert {shape.text for shape in short.of("beside")} == {"100", "2"}


def test_what_lies_under_zero_goes_the_other_way() -> None:
    sheet = drawn([Bar("erboven", 4, "4"), Bar("eronder", -2, "-2")])
    zero = sheet.one("zero").at[0]
    over, under = sheet.of("bar")
    assert over.box[0] == pytest.approx(zero, abs=0.02)
    assert under.box[2] == pytest.approx(zero, abs=0.02)
    assert length(under) == pytest.approx(length(over) / 2, abs=0.05)
    assert {shape.text: shape.at[0] for shape in sheet.of("beside")}["-2"] > zero


@pytest.mark.parametrize(("size", "words"), [("wide", "16 uur: melden"), ("narrow", "16 uur")])
def test_a_norm_is_dashed_and_named_another_limit_is_a_thin_line(size: Size, words: str) -> None:
    sheet = drawn(limits=[ALERT, NORM], size=size)
    zero, end = sheet.one("zero").at[0], sheet.of("bar")[0].box[2]
    assert sheet.one("norm").at[0] == pytest.approx(zero + (end - zero) * 16 / 17, abs=0.05)
    assert sheet.one("limit").at[0] == pytest.approx(zero + (end - zero) * 12 / 17, abs=0.05)
    assert sheet.one("norm").attributes["stroke-dasharray"] == "5,4"
    assert "stroke-dasharray" not in sheet.one("limit").attributes
    assert sheet.one("norm_words").text == words
    assert sheet.one("norm_words").at[1] < min(bar.box[1] for bar in sheet.of("bar"))
    assert sheet.of("band") == []


def test_the_good_side_of_a_norm_is_filled_from_top_to_bottom() -> None:
    low = drawn(limits=[Limit(10, "hoogstens 10", "10", better="lower")])
    high = drawn(limits=[Limit(10, "ten minste 10", "10", better="higher")])
    norm = low.one("norm").at[0]
    assert low.one("band").box[0::2] == pytest.approx((low.one("zero").at[0], norm), abs=0.05)
    assert high.one("band").box[0::2] == pytest.approx((norm, high.of("bar")[0].box[2]), abs=0.05)
    assert low.one("band").box[1] <= low.of("bar")[0].box[1]
    assert low.one("band").box[3] >= low.of("hole")[-1].box[3]
    grounds = {shape.text: shape.attributes["fill"] for shape in low.of("halo")}
    assert grounds == {"9": "var(--c-band)"}


@pytest.mark.parametrize(
    ("name", "size", "short"),
    [
        ("Kort", 20, "Kort"),
        ("Van der Heijden-Wolkenstein, Alexandra", 20, "Van der Heijden-Wol…"),
        ("Veldlyceum · B1a", 15, "Veldlyce… · B1a"),
        ("Ab · een heel lange naam", 15, "Ab · een heel…"),
    ],
)
def test_a_long_name_is_shortened_but_a_class_keeps_its_name(name: str, size: int, short: str) -> None:
    assert bars.shortened(name, size) == short
    assert len(short) <= size


def test_names_get_the_room_they_need() -> None:
    sheet = drawn([Bar("W" * 40, 3, "3")])
    (name,) = [shape for text, shape in sheet.words().items() if text.startswith("W")]
    assert name.text == "W" * 19 + "…"
    assert name.attributes["text-anchor"] == "end"
    assert name.at[0] > 19 * 11  # a strong W is over 11 wide


@pytest.mark.parametrize("value", [-8, -0.01, 0.01, 8])
def test_an_unknown_bar_can_be_seen_beside_any_other(value: float) -> None:
    sheet = drawn([Bar("a", value, "a"), Bar("b", -8, "-8"), Bar("c", None, "onbekend", known="unknown")])
    assert length(sheet.one("hole")) > 40
    assert sheet.one("hole").box[0] == pytest.approx(sheet.one("zero").at[0], abs=0.02)
    assert sheet.one("open").at[0] == pytest.approx(sheet.one("hole").box[2] + 7, abs=0.1)


def test_nothing_but_unknown_still_draws() -> None:
    sheet = drawn([Bar("a", None, "onbekend", known="unknown")], [NORM], "narrow")
    assert sheet.of("bar") == []
    assert length(sheet.one("hole")) > 10


VALUES = st.one_of(st.none(), st.floats(-1000, 1000))


@given(st.lists(VALUES, min_size=1, max_size=12), st.floats(-1000, 1000))
@settings(max_examples=25, deadline=None)
def test_bars_fit(values: list[float | None], norm: float) -> None:
    rows = [Bar("x", v, "onbekend" if v is None else f"{v:.1f}", "bad") for v in values]
    sheet = drawn(rows, [Limit(norm, "hoogstens", "norm", better="lower")], "narrow")
    assert sheet.width == 358
    assert len(sheet.of("bar")) + len(sheet.of("hole")) == len(values)
    for shape in sheet.shapes:
        left, top, right, bottom = shape.box
        assert -0.05 <= left <= right <= sheet.width + 0.05
        assert -0.05 <= top <= bottom <= sheet.height + 0.05
