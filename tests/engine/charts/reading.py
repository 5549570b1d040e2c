"""Reading a drawing back: every shape with its place on the sheet, whatever groups it stands in."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

Point = tuple[float, float]
_MOVE = re.compile(r"translate\((-?[\d.]+),(-?[\d.]+)\)")
_STEP = re.compile(r"([MLhvAZ])([-\d.,e]*)")


@dataclass(frozen=True)
class Shape:
    """A shape: the name of its group, its points (one list for each piece of a line), its words."""

    group: str
    tag: str
    attributes: dict[str, str]
    pieces: list[list[Point]]
    text: str = ""

    @property
    def at(self) -> Point:
        """Where it begins; the middle of a dot."""
        return self.pieces[0][0]

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom."""
        xs, ys = zip(*(point for piece in self.pieces for point in piece), strict=True)
        return min(xs), min(ys), max(xs), max(ys)


@dataclass(frozen=True)
class Sheet:
    """A drawing: its size, what it says, its shapes in the order in which they are drawn."""

    width: float
    height: float
    label: str
    shapes: list[Shape] = field(default_factory=list)

    def of(self, group: str) -> list[Shape]:
        """The shapes of a group."""
        return [shape for shape in self.shapes if shape.group == group]

    def one(self, group: str) -> Shape:
        """The only shape of a group."""
        (shape,) = self.of(group)
        return shape

    def words(self, *but: str) -> dict[str, Shape]:
        """What is written on it, by its words."""
        return {shape.text: shape for shape in self.shapes if shape.tag == "text" and shape.group not in but}


def read(svg: str) -> Sheet:
    """A drawing as a sheet."""
    root = etree.fromstring(svg)
    _x, _y, width, height = (float(part) for part in root.get("viewBox", "").split())
    return Sheet(width, height, root.get("aria-label", ""), list(_shapes(root, "", (0.0, 0.0))))


def _shapes(element: etree._Element, group: str, moved: Point) -> Iterator[Shape]:
    for child in element:
        found = _MOVE.fullmatch(child.get("transform", ""))
        x, y = (moved[0] + float(found[1]), moved[1] + float(found[2])) if found else moved
        tag = etree.QName(child).localname
        if tag == "g":
            yield from _shapes(child, child.get("class", group), (x, y))
        else:
            yield Shape(group, tag, dict(child.attrib), _points(child, tag, x, y), child.text or "")


def _points(shape: etree._Element, tag: str, x: float, y: float) -> list[list[Point]]:
    if tag == "text":
        return [[(x, y)]]
    if tag == "line":
        return [[(x, y), (x + float(shape.get("x2", 0)), y + float(shape.get("y2", 0)))]]
    path = shape.get("d", "")
    if "A" in path:  # a dot: drawn around where it was moved to
        return [[(x, y)]]
    pieces: list[list[Point]] = []
    for step, numbers in _STEP.findall(path):
        values = [float(n) for n in re.split("[, ]", numbers) if n]
        if step == "M":
            pieces.append([(x + values[0], y + values[1])])
        elif step == "L":
            pieces[-1].append((x + values[0], y + values[1]))
        elif step in "hv":
            left, top = pieces[-1][-1]
            pieces[-1].append((left + values[0], top) if step == "h" else (left, top + values[0]))
    return pieces
