"""A line over periods: one subject in accent, the norm dashed, the last point named, missing periods left open."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from schakel.engine.charts import marks
from schakel.engine.charts.marks import ACROSS, Size, Spec
from schakel.engine.charts.series import Better, Values, alone, last

HEIGHTS: dict[Size, int] = {"wide": 208, "narrow": 198}  # of the plot, without the names under it
CLEAR = 15  # words this far from another line do not touch it


@dataclass(frozen=True)
class Norm:
    """A value to hold on to, its words (and those for where there is little room), and its good side if it has one."""

    value: float
    text: str
    short: str
    better: Better | None = None


@dataclass(frozen=True)
class Line:
    """What a line needs: its values, (value, words) up the side from bottom to top, (place, words) under it.

    `last` are the words of the last known value. All words are ready to read: nothing is formatted here.
    """

    values: Values
    marks: Sequence[tuple[float, str]]
    places: Sequence[tuple[int, str]]
    last: str
    norm: Norm | None = None


def spec(drawn: Line, size: Size) -> Spec:
    """The specification of a line, for a wide or a narrow drawing."""
    x, y = _across(drawn), _up(drawn)
    layers = [
        *_band(drawn, y),
        *marks.layer("grid", [{"y": value} for value, _words in drawn.marks], marks.rule("$grid"), {**ACROSS, "y": y}),
        *_norm(drawn, y, size),
        *_values(drawn, x, y),
        *_last(drawn, x, y, size),
    ]
    words: dict[str, list[Any]] = {
        "mark_values": [value for value, _words in drawn.marks],
        "mark_words": [words for _value, words in drawn.marks],
        "place_values": [place for place, _words in drawn.places],
        "place_words": [words for _place, words in drawn.places],
    }
    return marks.framed(layers, size, HEIGHTS[size], words)


def _across(drawn: Line) -> Spec:
    return marks.scale(
        "x",
        0,
        max(len(drawn.values) - 1, 1),
        values=[place for place, _words in drawn.places],
        labelExpr=marks.looked_up("place_values", "place_words"),
        labelOverlap="greedy",
        labelSeparation=8,
        labelPadding=6,
    )


def _up(drawn: Line) -> Spec:
    return marks.scale(
        "y",
        drawn.marks[0][0],
        drawn.marks[-1][0],
        values=[value for value, _words in drawn.marks],
        labelExpr=marks.looked_up("mark_values", "mark_words"),
        ticks=False,
        labelPadding=7,
    )


def _band(drawn: Line, y: Spec) -> list[Spec]:
    """Where the norm is met: under it when lower is better, above it when higher is."""
    norm = drawn.norm
    if norm is None or norm.better is None:
        return []
    edge = drawn.marks[0 if norm.better == "lower" else -1][0]
    rows = [{"y": norm.value, "edge": edge}]
    return marks.layer("band", rows, {"type": "rect", "fill": "$band"}, {**ACROSS, "y": y, "y2": {"field": "edge"}})


def _norm(drawn: Line, y: Spec, size: Size) -> list[Spec]:
    norm = drawn.norm
    if norm is None:
        return []
    rows = [{"y": norm.value, "text": norm.text if size == "wide" else norm.short}]
    beside = marks.shown({"value": "width"}, y)
    return [
        *marks.layer("norm", rows, marks.norm_rule(), {**ACROSS, "y": y}),
        *marks.layer("norm_words", rows, marks.text("$ink-2", dx=8), beside),
    ]


def _values(drawn: Line, x: Spec, y: Spec) -> list[Spec]:
    """The line, and a dot for each value that has nothing beside it."""
    rows = [{"x": place, "y": value} for place, value in enumerate(drawn.values)]
    lone = [rows[place] for place in alone(drawn.values) if place != last(drawn.values)]
    at = {"x": x, "y": y}
    return [
        *marks.layer("line", rows, marks.line(stroke="$main"), at),
        *marks.layer("lone", lone, marks.dot(3, fill="$main"), at),
    ]


def _last(drawn: Line, x: Spec, y: Spec, size: Size) -> list[Spec]:
    """The last known point with its words beside it, out of the way of the norm."""
    place = last(drawn.values)
    if place is None:
        return []
    value = drawn.values[place] or 0.0
    rows = [{"x": place, "y": value, "text": drawn.last}]
    words = marks.strong("$main", dx=9, dy=_aside(drawn, value, HEIGHTS[size]))
    return [
        *marks.layer("last", rows, marks.dot(4.5, fill="$main"), {"x": x, "y": y}),
        *marks.layer("last_words", rows, words, marks.shown(x, y)),
    ]


def _aside(drawn: Line, value: float, height: int) -> float:
    """How far the words of the last point move so that they and the norm do not touch."""
    if drawn.norm is None:
        return 0.0
    low, high = drawn.marks[0][0], drawn.marks[-1][0]
    below = (drawn.norm.value - value) / (high - low) * height  # pixels that the point lies under the norm
    if abs(below) >= CLEAR:
        return 0.0
    return round(CLEAR - below if below > 0 else -CLEAR - below, 1)
