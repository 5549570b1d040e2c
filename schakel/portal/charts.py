"""Charts drawn on the server: geometry here, shapes in `templates/schakel/charts`, colours in the style sheet.

Every number that goes into a drawing is text already, with a point: a page in Dutch would write 1,5 and break the path.
The chart rules: the area where the norm is met is lightly filled, the norm is dashed, one subject in accent, a missing
value is a gap in the line, and the text alternative says the finding.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from schakel.portal.parts import Part

Better = Literal["lower", "higher"]
Values = Sequence[float | None]
Rules = list[tuple[str, str, str, str, str]]  # class, x1, y1, x2, y2


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
class Label:
    """Words in a drawing."""

    x: str
    y: str
    text: str
    kind: str = ""


@dataclass(frozen=True)
class Drawing(Part):
    """One drawing: what lies under, the lines, what stands on top. `kind` is its class."""

    template: ClassVar[str] = "drawing"
    width: int
    height: int
    label: str
    kind: str = ""
    bands: Sequence[Rect] = ()
    rules: Sequence[tuple[str, str, str, str, str]] = ()  # class, x1, y1, x2, y2
    lines: Sequence[tuple[str, str]] = ()  # class, path
    bars: Sequence[tuple[str, Rect]] = ()  # class, rectangle
    dots: Sequence[Dot] = ()
    labels: Sequence[Label] = ()


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
    wide: Drawing
    narrow: Drawing
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


def alone(values: Values) -> Iterable[int]:
    """Places of values with nothing beside them: a line cannot show those, a dot can."""
    for place, value in enumerate(values):
        beside = (*values[max(place - 1, 0) : place], *values[place + 1 : place + 2])
        if value is not None and all(v is None for v in beside):
            yield place


def last(values: Values) -> int | None:
    """The place of the last value that is known."""
    return next((i for i in reversed(range(len(values))) if values[i] is not None), None)


def bounds(*groups: Iterable[float | None]) -> tuple[float, float]:
    """The lowest and highest known value; 0 and 1 when nothing is known."""
    known = [v for group in groups for v in group if v is not None]
    return (min(known), max(known)) if known else (0.0, 1.0)


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
        (),
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
    return Drawing(150, 30, label, "strip", bands, rules, (), (), dots)


def _dot(met: bool, act: bool) -> tuple[str, str]:
    if met:
        return "dot", "4.5"
    return ("dot bad", "4.5") if act else ("dot open", "4")


def meets(value: float | None, norm: float | None, better: Better | None) -> bool:
    """Whether a value is on the good side of its norm; without norm, or unknown direction, nothing is broken."""
    if value is None or norm is None or better is None:
        return True
    return value <= norm if better == "lower" else value >= norm


def multiple(
    values: Values,
    rest: Values,
    label: str,
    bounds: tuple[float, float],
    norm: float | None = None,
    better: Better | None = None,
    bad: bool = False,
) -> Drawing:
    """One of many small lines on one shared scale (`bounds`); the grey one is everybody together."""
    size = max(len(values), len(rest))
    across, up = Scale(0, max(size - 1, 1), 3, 145), Scale(bounds[0], bounds[1], 59, 5)
    tone = " bad" if bad else ""
    end = last(values)
    dots = [] if end is None else [Dot(point(across.at(end)), point(up.at(values[end] or 0)), f"dot{tone}", "3.5")]
    rules = [] if norm is None else [("norm", "0", point(up.at(norm)), "150", point(up.at(norm)))]
    lines = [("ln rest", path(rest, across, up)), (f"ln{tone}", path(values, across, up))]
    return Drawing(150, 62, label, "multi-line", band(norm, better, up, (0, 0, 150, 62)), rules, lines, (), dots)


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


@dataclass(frozen=True)
class Multiple:
    """One school among many: name, figure, drawing (none when hidden), a line about it."""

    name: str
    figure: str
    drawing: Drawing | None
    line: str = ""
    kind: Literal["", "bad", "hid"] = ""


@dataclass(frozen=True)
class Multiples(Part):
    """Schools beside each other on one scale, highest first."""

    template: ClassVar[str] = "multiples"
    items: Sequence[Multiple]
