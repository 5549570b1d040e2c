"""Bars, one per pupil, group or school: what asks for someone in accent or red, the rest grey, unknown dashed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from schakel.engine.charts import marks
from schakel.engine.charts.marks import Size, Spec
from schakel.engine.charts.series import Better, bounds

Tone = Literal["bad", "close", "rest"]
Known = Literal["known", "unknown", "hidden"]


@dataclass(frozen=True)
class Bar:
    """A bar: its name, its value (None when it is not known or not shown), the words of the value, how it stands."""

    name: str
    value: float | None
    text: str
    tone: Tone = "rest"
    known: Known = "known"


@dataclass(frozen=True)
class Limit:
    """A value to compare with: a norm is dashed, with its good side filled when it has one; else a thin line."""

    value: float
    text: str
    short: str
    norm: bool = True
    better: Better | None = None


@dataclass(frozen=True)
class Shape:
    """The measures of a drawing: from bar to bar, a bar itself, about how wide the plot is, the longest name."""

    step: int
    thick: int
    plot: int
    name: int


SHAPES: dict[Size, Shape] = {"wide": Shape(36, 24, 400, 20), "narrow": Shape(29, 17, 180, 17)}
LEAST = 4  # of a name that is cut, so many characters at least
GLYPH = 8.0  # about as wide as a strong letter or digit
HOLE = 0.15  # of the plot: how wide the bar of an unknown value is drawn


def spec(rows: Sequence[Bar], limits: Sequence[Limit], size: Size) -> Spec:
    """The specification of bars, as high as there are rows, for a wide or a narrow drawing."""
    low, high = _reach(rows, limits)
    shape = SHAPES[size]
    x = marks.scale("value", low, high)
    y = _rows(rows, shape)
    layers = [
        *_bands(limits, low, high, x),
        *_rules(limits, x),
        *_bars(rows, x, y, high - low),
        *_words(rows, limits, (x, y), high - low, shape),
        *_limit_words(limits, x, size),
    ]
    names = [shortened(row.name, shape.name) for row in rows]
    return marks.framed(layers, size, {"step": shape.step}, {"names": names})


def shortened(name: str, size: int) -> str:
    """A name of at most so many characters; the table has it in full. Of `school · class` the class stays whole."""
    if len(name) <= size:
        return name
    head, between, tail = name.rpartition(" · ")
    room = size - len(between) - len(tail)
    if between and room > LEAST:
        return f"{_cut(head, room)}{between}{tail}"
    return _cut(name, size)


def _cut(name: str, size: int) -> str:
    return name if len(name) <= size else f"{name[: size - 1].rstrip()}…"


def _reach(rows: Sequence[Bar], limits: Sequence[Limit]) -> tuple[float, float]:
    """From the lowest (or zero) to the highest (or zero) value that is drawn, with room for an unknown one."""
    low, high = bounds((r.value for r in rows), (limit.value for limit in limits), [0.0])
    if any(row.value is None for row in rows):
        high = max(high, HOLE * (high - low))
    return low, high if high > low else low + 1.0


def _rows(rows: Sequence[Bar], shape: Shape) -> Spec:
    gap = 1 - shape.thick / shape.step
    return {
        "field": "row",
        "type": "ordinal",
        "scale": {"domain": list(range(len(rows))), "paddingInner": gap, "paddingOuter": gap / 2},
        "axis": {
            "labelExpr": "names[datum.value]",
            "ticks": False,
            "labelPadding": 10,
            "labelFontWeight": marks.STRONG,
            "labelColor": "$ink",
        },
    }


def _bands(limits: Sequence[Limit], low: float, high: float, x: Spec) -> list[Spec]:
    """Where a norm with a good side is met."""
    rows = [
        {"value": limit.value, "edge": low if limit.better == "lower" else high} for limit in limits if limit.better
    ]
    return marks.layer("band", rows, {"type": "rect", "fill": "$band"}, {"x": x, "x2": {"field": "edge"}})


def _rules(limits: Sequence[Limit], x: Spec) -> list[Spec]:
    at = {"x": x, "y": {"value": -10}, "y2": {"value": "height"}}
    norms = [{"value": limit.value} for limit in limits if limit.norm]
    others = [{"value": limit.value} for limit in limits if not limit.norm]
    return [
        *marks.layer("limit", others, marks.rule("$edge"), at),
        *marks.layer("norm", norms, marks.norm_rule(), at),
    ]


def _bars(rows: Sequence[Bar], x: Spec, y: Spec, span: float) -> list[Spec]:
    """What is known as a bar from zero; what is not as an empty dashed one, what is hidden as a closed dashed one."""
    known = [{"row": i, "value": r.value, "ink": f"${r.tone}"} for i, r in enumerate(rows) if r.value is not None]
    holes = [
        {"row": i, "value": 0, "end": HOLE * span, "ink": "$band" if r.known == "hidden" else "$paper"}
        for i, r in enumerate(rows)
        if r.value is None
    ]
    ink = {"fill": {"field": "ink", "scale": None}}
    hole = {"type": "bar", "stroke": "$edge", "strokeDash": [3, 3]}
    zero = {"x": x, "y": {"value": -6}, "y2": {"value": "height"}}
    return [
        *marks.layer("bar", known, {"type": "bar"}, {"x": x, "y": y, **ink}),
        *marks.layer("hole", holes, hole, {"x": x, "x2": {"field": "end"}, "y": y, **ink}),
        *marks.layer("zero", [{"value": 0}], marks.rule("$edge"), zero),
    ]


def _words(
    rows: Sequence[Bar], limits: Sequence[Limit], place: tuple[Spec, Spec], span: float, shape: Shape
) -> list[Spec]:
    """The words of each value: inside a bar that asks for someone and has room, else beside it."""
    inside, beside, open_ = [], [], []
    for order, row in enumerate(rows):
        end = HOLE * span if row.value is None else max(row.value, 0.0)
        said = {"row": order, "value": end, "text": row.text, "ground": _ground(end, limits)}
        if row.value is None:
            open_.append(said)
        elif _has_room(row, span, shape):
            inside.append({**said, "ink": "$paper" if row.tone == "bad" else "$on-close"})
        else:
            beside.append(said)
    at = marks.shown(*place)
    ground = {"scale": None, "field": "ground"}
    under = {**at, "fill": ground, "stroke": ground}
    halo = {"type": "text", "align": "left", "strokeWidth": 5, "strokeJoin": "round", "dx": 7}
    within = {"type": "text", "align": "right", "dx": -7, "fontWeight": marks.STRONG}
    return [
        *marks.layer("halo", beside, {**halo, "fontWeight": marks.STRONG}, under),
        *marks.layer("open_halo", open_, halo, under),
        *marks.layer("inside", inside, within, {**at, "fill": {"field": "ink", "scale": None}}),
        *marks.layer("beside", beside, marks.strong("$ink", dx=7), at),
        *marks.layer("open", open_, marks.text("$ink-2", dx=7), at),
    ]


def _ground(end: float, limits: Sequence[Limit]) -> str:
    """The colour under the words at the end of a bar: that of the area where a norm is met, or of the paper."""
    met = any(m.better and (end < m.value if m.better == "lower" else end >= m.value) for m in limits)
    return "$band" if met else "$paper"


def _has_room(row: Bar, span: float, shape: Shape) -> bool:
    share = (row.value or 0.0) / span
    return row.tone != "rest" and share * shape.plot > len(row.text) * GLYPH + 20


def _limit_words(limits: Sequence[Limit], x: Spec, size: Size) -> list[Spec]:
    """The words of each limit above the bars: those of a norm over its line, those of another before its line."""
    said = [(limit, limit.text if size == "wide" else limit.short) for limit in limits]
    norms = [{"value": limit.value, "text": words} for limit, words in said if limit.norm]
    others = [{"value": limit.value, "text": words} for limit, words in said if not limit.norm]
    at = marks.shown(x, {"value": -20})
    return [
        *marks.layer("limit_words", others, marks.text("$ink-2", align="right"), at),
        *marks.layer("norm_words", norms, marks.strong("$ink", align="center"), at),
    ]
