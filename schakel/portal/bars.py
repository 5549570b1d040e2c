"""Bars, one per pupil, group or school: what asks for someone in accent or red, the rest grey, unknown dashed."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Literal

from schakel.portal.charts import Drawing, Label, Rect, Rules, Scale, bounds, point

Tone = Literal["m", "r", "b", "w"]


@dataclass(frozen=True)
class Bar:
    """A bar: its name, its value (unknown: None, drawn dashed), the words of the value and how it stands."""

    name: str
    value: float | None
    text: str
    tone: Tone = "r"


@dataclass(frozen=True)
class Limit:
    """A value to compare with: a thin line, or the norm itself."""

    value: float
    text: str
    short: str
    norm: bool = True


def bars(rows: Sequence[Bar], label: str, limits: Sequence[Limit] = ()) -> tuple[Drawing, Drawing]:
    """Bars in two drawings, about 640 and 358 wide, as high as there are rows."""
    return _bars(rows, label, limits, "wide"), _bars(rows, label, limits, "narrow")


_WIDE = (150.0, 600.0, 36.0, 24.0, 640)
_NARROW = (118.0, 330.0, 29.0, 17.0, 358)


def _bars(rows: Sequence[Bar], label: str, limits: Sequence[Limit], kind: str) -> Drawing:
    start, end, step, thick, width = _WIDE if kind == "wide" else _NARROW
    _low, high = bounds((r.value for r in rows), (m.value for m in limits), [0.0])
    along = Scale(0, high or 1.0, start, end)
    top = 36.0 if limits else 8.0
    bottom = top + step * len(rows) - (step - thick) + 8
    rules: Rules = []
    labels: list[Label] = []
    for limit in limits:
        x = along.at(limit.value)
        rules.append(("norm" if limit.norm else "axis", point(x), "22", point(x), point(bottom)))
        words = limit.text if kind == "wide" else limit.short
        labels.append(Label(point(x), "16", words, "m b" if limit.norm else "e"))
    drawn: list[tuple[str, Rect]] = []
    for order, row in enumerate(rows):
        _one(row, top + order * step, (start, thick, kind), along, drawn, labels)
    rules.append(("axis", point(start), point(top - 8), point(start), point(bottom)))
    return Drawing(width, ceil(bottom), label, f"draw {kind}", (), rules, (), drawn, (), labels)


def _one(
    row: Bar,
    y: float,
    frame: tuple[float, float, str],
    along: Scale,
    drawn: list[tuple[str, Rect]],
    labels: list[Label],
) -> None:
    start, thick, kind = frame
    base = y + thick / 2 + 4.5
    labels.append(Label(point(start - 10), point(base), _shortened(row.name, 20 if kind == "wide" else 15), "e b"))
    if row.value is None:
        drawn.append(("hole", Rect(point(start), point(y), point((along.end - start) * 0.15), point(thick))))
        labels.append(Label(point(start + (along.end - start) * 0.15 + 8), point(base), row.text, "halo"))
        return
    width = max(along.at(row.value) - start, 0)
    drawn.append((f"bar{row.tone}", Rect(point(start), point(y), point(width), point(thick))))
    inside = row.tone != "r" and width > 60  # noqa: PLR2004
    labels.append(
        Label(point(start + width + (-7 if inside else 7)), point(base), row.text, "inv e" if inside else "b halo")
    )


def _shortened(name: str, size: int) -> str:
    return name if len(name) <= size else f"{name[: size - 1].rstrip()}…"
