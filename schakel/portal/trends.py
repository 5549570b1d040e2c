"""A trend over periods: one subject in accent, the norm dashed, the last point named, missing months left open."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from schakel.portal.charts import (
    Better,
    Dot,
    Drawing,
    Label,
    Rules,
    Scale,
    Values,
    alone,
    band,
    bounds,
    last,
    path,
    point,
)
from schakel.portal.figures import plain

SMALLEST = 1e-9  # a difference below this is no difference on any axis


def ticks(high: float, low: float = 0.0, about: int = 4) -> list[float]:
    """Round values on an axis that begins at `low` and reaches `high`: 0, 1, 2, 3."""
    span = high - low
    if span < SMALLEST:
        return [low, low + 1]
    rough = span / about
    unit = 10.0 ** floor(log10(rough))
    step = next(m * unit for m in (1, 2, 2.5, 5, 10) if m * unit >= rough * 0.999)
    first = floor(low / step)
    return [round((first + i) * step, 10) for i in range(ceil(high / step - 1e-9) - first + 1)]


@dataclass(frozen=True)
class Trend:
    """What a line needs: values in the unit that is drawn (1.9 for 1,9%), places named under the axis, the norm."""

    values: Values
    places: Sequence[tuple[int, str]]
    label: str
    last: str
    norm: float | None = None
    norm_text: str = ""
    better: Better | None = None
    unit: str = ""
    zero: bool = True


def line(trend: Trend) -> tuple[Drawing, Drawing]:
    """The trend in two drawings: 640 by 250 and 358 by 240."""
    return (
        _line(trend, "wide", (34, 12, 548, 220), (640, 250)),
        _line(trend, "narrow", (34, 12, 292, 210), (358, 240)),
    )


def _line(trend: Trend, kind: str, frame: tuple[float, float, float, float], size: tuple[int, int]) -> Drawing:
    left, top, right, bottom = frame
    low, high = bounds(trend.values, [trend.norm])
    marks = ticks(high, 0.0 if trend.zero and low >= 0 else low)
    across, up = Scale(0, max(len(trend.values) - 1, 1), left, right), Scale(marks[0], marks[-1], bottom, top)
    rules = [("grid", point(left), point(up.at(m)), point(right), point(up.at(m))) for m in marks]
    labels = [Label(point(left - 7), point(up.at(m) + 4.5), _mark(m, marks, trend.unit), "e") for m in marks]
    _name_norm(trend, kind, (left, right), up, rules, labels)
    _name_places(trend, kind, bottom, across, rules, labels)
    dots = _end(trend, kind, across, up, right, labels)
    bands = band(trend.norm, trend.better, up, frame)
    return Drawing(
        *size, trend.label, f"draw {kind}", bands, rules, [("ln", path(trend.values, across, up))], (), dots, labels
    )


def _mark(mark: float, marks: Sequence[float], unit: str) -> str:
    return plain(mark) + (unit if mark == marks[-1] else "")


def _name_norm(
    trend: Trend, kind: str, edge: tuple[float, float], up: Scale, rules: Rules, labels: list[Label]
) -> None:
    if trend.norm is None:
        return
    y = up.at(trend.norm)
    rules.append(("norm", point(edge[0]), point(y), point(edge[1]), point(y)))
    text = trend.norm_text if kind == "wide" else trend.norm_text.split(",")[0]
    labels.append(Label(point(edge[1] + 8), point(y + 4.5), text))


def _name_places(trend: Trend, kind: str, bottom: float, across: Scale, rules: Rules, labels: list[Label]) -> None:
    for order, (place, text) in enumerate(trend.places):
        x = across.at(place)
        rules.append(("axis", point(x), point(bottom), point(x), point(bottom + 5)))
        if kind == "wide" or order % 2 == 0:
            labels.append(Label(point(x), point(bottom + 22), text, "" if place == 0 else "m"))


def _end(trend: Trend, kind: str, across: Scale, up: Scale, right: float, labels: list[Label]) -> list[Dot]:
    """The last known point with its value beside it, out of the way of the norm's words."""
    end = last(trend.values)
    if end is None:
        return []
    y = up.at(trend.values[end] or 0)
    shown = y
    if trend.norm is not None and abs(up.at(trend.norm) - y) < 15:  # noqa: PLR2004
        shown = up.at(trend.norm) + (-15 if y <= up.at(trend.norm) else 15)
    labels.append(Label(point(right + 8), point(shown + 4.5), trend.last, "a"))
    lone = [Dot(point(across.at(i)), point(up.at(trend.values[i] or 0)), "dot", "2.5") for i in alone(trend.values)]
    return [*(d for d in lone if end), Dot(point(across.at(end)), point(y), "dot")]
