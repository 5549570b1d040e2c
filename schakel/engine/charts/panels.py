"""Small multiples: many small lines on one scale, each on a panel of its own, with everybody together in grey."""

from collections.abc import Sequence
from dataclasses import dataclass

from schakel.engine.charts import marks
from schakel.engine.charts.marks import ACROSS, Spec
from schakel.engine.charts.series import Better, Values, alone, last

WIDTH, HEIGHT = 150, 62
INK = {"expr": "datum.ink"}  # one for a whole panel: as a channel it would split each line into groups, at a price


@dataclass(frozen=True)
class Panel:
    """The values of one of many; `bad` when it breaks the norm and someone must act."""

    values: Values
    bad: bool = False


@dataclass(frozen=True)
class Panels:
    """Panels on one scale from the lowest to the highest value of them all; `rest` is everybody together."""

    panels: Sequence[Panel]
    bounds: tuple[float, float]
    rest: Values = ()
    norm: float | None = None
    better: Better | None = None


def spec(drawn: Panels) -> Spec:
    """The specification of all panels, each under the one before."""
    size = max(len(drawn.rest), *(len(panel.values) for panel in drawn.panels))
    return {
        "$schema": marks.SCHEMA,
        "background": None,
        "padding": 0,
        "spacing": 0,
        "bounds": "flush",
        "config": marks.CONFIG,
        "data": {"values": [row for place in range(len(drawn.panels)) for row in _rows(drawn, place, size)]},
        "facet": {"row": {"field": "panel", "type": "nominal", "sort": None, "header": None}},
        "spec": {"width": WIDTH, "height": HEIGHT, "layer": _layers(drawn, size)},
    }


def _rows(drawn: Panels, place: int, size: int) -> list[Spec]:
    panel = drawn.panels[place]
    ink = "$bad" if panel.bad else "$main"
    dots = {*alone(panel.values), last(panel.values)}
    rows = []
    for x in range(size):
        value = panel.values[x] if x < len(panel.values) else None
        rest = drawn.rest[x] if x < len(drawn.rest) else None
        rows.append({"panel": place, "x": x, "y": value, "dot": value if x in dots else None, "rest": rest, "ink": ink})
    return rows


def _layers(drawn: Panels, size: int) -> list[Spec]:
    low, high = drawn.bounds
    high = high if high > low else low + 1.0
    x = _within(marks.scale("x", 0, max(size - 1, 1)), 3, WIDTH - 5)
    y = _within(marks.scale("y", low, high), HEIGHT - 3, 5)
    return [
        *_norm(drawn, y),
        {"name": "rest", "mark": marks.line(1.5, stroke="$rest"), "encoding": {"x": x, "y": {**y, "field": "rest"}}},
        {"name": "line", "mark": marks.line(stroke=INK), "encoding": {"x": x, "y": y}},
        {"name": "dot", "mark": marks.dot(3.5, fill=INK), "encoding": {"x": x, "y": {**y, "field": "dot"}}},
    ]


def _within(place: Spec, start: float, end: float) -> Spec:
    return {**place, "scale": {**place["scale"], "range": [start, end]}}


def _norm(drawn: Panels, y: Spec) -> list[Spec]:
    if drawn.norm is None:
        return []
    rows = [{"y": drawn.norm}]
    band = {**ACROSS, "y": y, "y2": {"value": HEIGHT if drawn.better == "lower" else 0}}
    filled = marks.layer("band", rows, {"type": "rect", "fill": "$band"}, band) if drawn.better else []
    return [*filled, *marks.layer("norm", rows, marks.norm_rule(), {**ACROSS, "y": y})]
