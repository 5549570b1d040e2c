"""What holds a chart, and the small drawings that no chart library draws well: spark line, strip, the bar of a run.

Of the small ones the geometry is here, the shapes are in a template, the colours in the style sheet. Every number that
goes into one is text already, with a point: a page in Dutch would write 1,5 and break the path. The chart rules hold
for them too: the area where the norm is met is lightly filled, the norm is dashed, one subject in accent, a missing
value is a gap in the line, and the text alternative says the finding.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from schakel.engine.charts.series import Better, Values, alone, bounds, last
from schakel.portal.graphics import Graphic
from schakel.portal.parts import Part


@dataclass(frozen=True)
class Rect:
    """A rectangle."""

    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True)
class Dot:
    """A point, with the class that gives it its meaning."""

    x: str
    y: str
    kind: str = ""
    radius: str = "4.5"


@dataclass(frozen=True)
class Drawing(Part):
    """One small drawing: what lies under, the lines, the dots on top. `kind` is its class."""

    template: ClassVar[str] = "drawing"
    width: int
    height: int
    label: str
    kind: str = ""
    bands: Sequence[Rect] = ()
    rules: Sequence[tuple[str, str, str, str, str]] = ()  # class, x1, y1, x2, y2
    lines: Sequence[tuple[str, str]] = ()  # class, path
    dots: Sequence[Dot] = ()


@dataclass(frozen=True)
class Key(Part):
    """What the shapes mean: (class, words). `full` and `open` are dots, the others lines and areas."""

    template: ClassVar[str] = "key"
    items: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Chart(Part):
    """A finding as title, what is measured under it, and two drawings: wide and narrow."""

    template: ClassVar[str] = "chart"
    title: str
    measured: str
    wide: Graphic
    narrow: Graphic
    key: Key | None = None
    source: str = ""


@dataclass(frozen=True)
class Scale:
    """From a value to a place."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """The place of a value; a scale without length puts everything in the middle."""
        if self.high == self.low:
            return (self.start + self.end) / 2
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


def point(value: float) -> str:
    """A coordinate, always with a point and one decimal."""
    return f"{value:.1f}"


def path(values: Values, across: Scale, up: Scale) -> str:
    """The line through the values; a missing one breaks it."""
    parts: list[str] = []
    pen = "M"
    for place, value in enumerate(values):
        if value is None:
            pen = "M"
            continue
        parts.append(f"{pen}{point(across.at(place))} {point(up.at(value))}")
        pen = "L"
    return " ".join(parts)


def band(norm: float | None, better: Better | None, up: Scale, frame: tuple[float, float, float, float]) -> list[Rect]:
    """Where the norm is met: under it when lower is better, above it when higher is."""
    if norm is None or better is None:
        return []
    left, top, right, bottom = frame
    edge = min(max(up.at(norm), top), bottom)
    y, height = (edge, bottom - edge) if better == "lower" else (top, edge - top)
    return [Rect(point(left), point(y), point(right - left), point(height))]


def spark(
    values: Values, label: str, norm: float | None = None, better: Better | None = None, bad: bool = False
) -> Drawing:
    """A line of 104 by 30 for in a table."""
    low, high = bounds(values, [norm])
    across, up = Scale(0, max(len(values) - 1, 1), 2, 96), Scale(low, high, 25, 5)
    tone = " bad" if bad else ""
    end = last(values)
    dots = [
        Dot(point(across.at(i)), point(up.at(values[i] or 0)), f"dot{tone}", "2") for i in alone(values) if i != end
    ]
    if end is not None:
        dots.append(Dot(point(across.at(end)), point(up.at(values[end] or 0)), f"dot{tone}", "3.5"))
    rules = [] if norm is None else [("norm", "0", point(up.at(norm)), "98", point(up.at(norm)))]
    return Drawing(
        104,
        30,
        label,
        "spark",
        band(norm, better, up, (0, 0, 98, 30)),
        rules,
        [(f"ln{tone}", path(values, across, up))],
        dots,
    )


def strip(
    values: Sequence[tuple[float, bool]],
    label: str,
    norm: float | None = None,
    better: Better | None = None,
    act: bool = False,
) -> Drawing:
    """Schools on one line of 150 by 30, each with whether it meets the norm: filled does, open not, red must act."""
    low, high = bounds([v for v, _met in values], [norm])
    along = Scale(low, high, 12, 138)
    dots = [Dot(point(along.at(v)), "15", *_dot(met, act)) for v, met in sorted(values)]
    rules = [("axis", "0", "15", "150", "15")]
    bands: list[Rect] = []
    if norm is not None:
        x = along.at(norm)
        rules.append(("norm", point(x), "1", point(x), "29"))
        if better:
            left, width = (0.0, x) if better == "lower" else (x, 150 - x)
            bands.append(Rect(point(left), "3", point(width), "24"))
    return Drawing(150, 30, label, "strip", bands, rules, (), dots)


def _dot(met: bool, act: bool) -> tuple[str, str]:
    if met:
        return "dot", "4.5"
    return ("dot bad", "4.5") if act else ("dot open", "4")


@dataclass(frozen=True)
class Segment:
    """A piece of a run's bar: a accepted, b repaired, c quarantine, d outside, e refused; count and words."""

    kind: Literal["a", "b", "c", "d", "e"]
    count: int
    text: str
    shown: str


@dataclass(frozen=True)
class RunBar(Part):
    """What came in and what stayed outside, as one bar with its legend."""

    template: ClassVar[str] = "runbar"
    name: str
    label: str
    segments: Sequence[Segment]

    @property
    def pieces(self) -> list[tuple[str, str, str]]:
        """Class, start and width in percent; whatever is there is at least 1.2% wide so that it can be seen."""
        total = sum(s.count for s in self.segments)
        if not total:
            return []
        least = 1.2
        shares = [(s.kind, max(s.count / total * 100, least)) for s in self.segments if s.count]
        stretch = 100 / sum(share for _kind, share in shares)
        pieces: list[tuple[str, str, str]] = []
        start = 0.0
        for kind, share in shares:
            pieces.append((kind, f"{start:.2f}%", f"{share * stretch:.2f}%"))
            start += share * stretch
        return pieces
