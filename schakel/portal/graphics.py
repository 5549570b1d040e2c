"""Charts of a page: a line, bars and small multiples, each from its Vega-Lite specification (`engine.charts`).

Words and numbers are put in here, in the language of the page; what a drawing looks like is decided in the engine.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Literal

from django.utils.safestring import SafeString, mark_safe

from schakel.engine.charts import axes, bars, lines, panels, rendering
from schakel.engine.charts.bars import Bar, Limit
from schakel.engine.charts.inks import Look
from schakel.engine.charts.lines import Line, Norm
from schakel.engine.charts.marks import Size, Spec
from schakel.engine.charts.panels import Panel, Panels
from schakel.engine.charts.series import Better, Values, bounds
from schakel.engine.charts.sieve import Undrawable
from schakel.portal import figures
from schakel.portal.parts import Part

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Graphic(Part):
    """One drawing of a chart: its specification, its size, and the finding for who cannot see it."""

    template: ClassVar[str] = "graphic"
    spec: Spec
    size: Size
    label: str

    def drawn(self, look: Look = "page") -> list[SafeString]:
        """The drawing as SVG; nothing when it could not be made, for then the table still has the figures."""
        return _safe(lambda: [rendering.svg(self.spec, self.label, f"draw {self.size}", look)])


@dataclass(frozen=True)
class Trend:
    """What a line needs: values in the unit that is drawn (1.9 for 1,9%), places named under the axis, the norm.

    `last` are the words of the last known value, `label` says the finding; without `zero` the axis begins at the
    lowest value.
    """

    values: Values
    places: Sequence[tuple[int, str]]
    label: str
    last: str
    norm: Norm | None = None
    unit: str = ""
    zero: bool = True


Pair = tuple[Graphic, Graphic]
SIZES: tuple[Size, Size] = ("wide", "narrow")


def line(trend: Trend) -> Pair:
    """A trend in two drawings, about 640 and 358 wide."""
    drawn = Line(trend.values, _marks(trend), trend.places, trend.last, trend.norm)
    wide, narrow = (Graphic(lines.spec(drawn, size), size, trend.label) for size in SIZES)
    return wide, narrow


def _marks(trend: Trend) -> list[tuple[float, str]]:
    """Round values up the side, in words; the top one carries the unit."""
    low, high = bounds(trend.values, [trend.norm.value if trend.norm else None])
    marks = axes.ticks(high, min(low, 0.0) if trend.zero else low)
    decimals = axes.decimals(marks)
    words = [figures.number(mark, decimals=decimals if mark else 0) for mark in marks]
    return [*zip(marks[:-1], words[:-1], strict=True), (marks[-1], words[-1] + trend.unit)]


def bar_chart(rows: Sequence[Bar], label: str, limits: Sequence[Limit] = ()) -> Pair:
    """Bars in two drawings, about 640 and 358 wide, as high as there are rows."""
    wide, narrow = (Graphic(bars.spec(rows, limits, size), size, label) for size in SIZES)
    return wide, narrow


@dataclass(frozen=True)
class Multiple:
    """One school among many: name, figure, its line and what that says (none when hidden), a word about it."""

    name: str
    figure: str
    values: Values | None
    label: str = ""
    line: str = ""
    kind: Literal["", "bad", "hid"] = ""


@dataclass(frozen=True)
class Multiples(Part):
    """Schools beside each other on one scale; `rest` is everybody together, in grey."""

    template: ClassVar[str] = "multiples"
    items: Sequence[Multiple]
    bounds: tuple[float, float]
    rest: Values = ()
    norm: float | None = None
    better: Better | None = None

    @cached_property
    def spec(self) -> Spec:
        """The specification of all panels together, so that they share one scale."""
        shown = [Panel(item.values, item.kind == "bad") for item in self.items if item.values is not None]
        return panels.spec(Panels(shown, self.bounds, self.rest, self.norm, self.better))

    def drawn(self, look: Look = "page") -> list[tuple[Multiple, SafeString | None]]:
        """Each item with its drawing, if it has one."""
        labels = [item.label for item in self.items if item.values is not None]
        made = iter(_safe(lambda: rendering.panels(self.spec, labels, "multi-line", look)) if labels else ())
        return [(item, next(made, None) if item.values is not None else None) for item in self.items]


def _safe(draw: Callable[[], list[str]]) -> list[SafeString]:
    """What the engine drew. It passed the sieve there: four shapes, our colours, escaped words, and nothing else."""
    try:
        return [mark_safe(svg) for svg in draw()]  # noqa: S308
    except Undrawable as error:
        log.warning("%s", error)
        return []
