"""What every specification shares: its frame, its axes with our own words, its lines, dots and texts."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

Spec = dict[str, Any]
Size = Literal["wide", "narrow"]

WIDTHS: Mapping[Size, int] = {"wide": 640, "narrow": 358}
SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
DASHES = [5, 4]
STRONG = 640  # the weight of words that must stand out
CONFIG: Spec = {
    "font": "sans-serif",  # as wide as the font of the page; the page, the mail and the PDF say which font it is
    "view": {"stroke": None},
    "text": {"fontSize": 13},
    "axis": {
        "title": None,
        "grid": False,
        "domain": False,
        "labelFontSize": 13,
        "labelColor": "$ink-2",
        "labelLimit": 0,  # what does not fit is shortened by us: cutting a text in half can fail
        "tickColor": "$edge",
    },
}
ACROSS: Spec = {"x": {"value": 0}, "x2": {"value": "width"}}


def framed(layers: Sequence[Spec], size: Size, height: Any, words: Mapping[str, Sequence[Any]]) -> Spec:
    """A specification as wide as the page asks: the room for the words beside the plot is measured, not guessed.

    `words` are lists of plain values that an axis looks its labels up in.
    """
    return {
        "$schema": SCHEMA,
        "width": WIDTHS[size],
        "height": height,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "padding": {"left": 6, "right": 8, "top": 2, "bottom": 2},
        "background": None,
        "config": CONFIG,
        "params": [{"name": name, "value": list(values)} for name, values in words.items()],
        "layer": list(layers),
    }


def layer(name: str, rows: Sequence[Spec], mark: Spec, encoding: Spec) -> list[Spec]:
    """One layer with its own rows; no layer at all without rows."""
    return [{"name": name, "data": {"values": list(rows)}, "mark": mark, "encoding": encoding}] if rows else []


def scale(field: str, low: float, high: float, **axis: Any) -> Spec:
    """A place along a measure from `low` to `high`; without axis when nothing is asked of it."""
    return {
        "field": field,
        "type": "quantitative",
        "scale": {"domain": [low, high], "nice": False, "zero": False, "clamp": True},
        "axis": axis or None,
    }


def looked_up(values: str, words: str) -> str:
    """The expression of an axis that finds its label in two lists of the specification. No text becomes code."""
    return f"{words}[indexof({values}, datum.value)]"


def rule(ink: str, width: float = 1, dashed: bool = False) -> Spec:
    """A straight line."""
    return {"type": "rule", "stroke": ink, "strokeWidth": width, **({"strokeDash": DASHES} if dashed else {})}


def norm_rule() -> Spec:
    """The line of a norm: dashed, wherever it stands."""
    return rule("$norm", 1.5, dashed=True)


def line(width: float = 2.25, **ink: Any) -> Spec:
    """A line through values that breaks where one is missing."""
    shape = {"invalid": "break-paths-show-path-domains", "strokeJoin": "round", "strokeCap": "round"}
    return {"type": "line", "strokeWidth": width, **shape, **ink}


def dot(radius: float, **ink: Any) -> Spec:
    """A filled dot with an edge of paper."""
    size = (2 * radius) ** 2
    return {"type": "point", "filled": True, "size": size, "opacity": 1, "stroke": "$paper", "strokeWidth": 1.5, **ink}


def text(ink: str, **more: Any) -> Spec:
    """Words that begin where they stand."""
    return {"type": "text", "align": "left", "fill": ink, **more}


def strong(ink: str, **more: Any) -> Spec:
    """Words that must stand out."""
    return text(ink, fontWeight=STRONG, **more)


def shown(x: Spec, y: Spec) -> Spec:
    """Where the words of a row stand."""
    return {"x": x, "y": y, "text": {"field": "text"}}
