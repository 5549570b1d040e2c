"""Where the blocks of the chain picture stand: rows in layers, in an order with few crossings, lines between them.

Coordinates are text with a point, as in charts.py. The order follows Sugiyama: each layer is put in the order of the
average place of its neighbours (the barycentre), down and up again, and the order with the fewest crossings is kept.
"""

from bisect import bisect_right, insort
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from schakel.portal.blocks import Block, Blocks, Bond
from schakel.portal.charts import point
from schakel.portal.threads import LAYERS

WIDTH = 976
LABELS = 104  # the column with the names of the layers
MARGIN = 10
GAP = 12
BRICK = 18  # between bricks: a line of the other row passes there
ROW = 6  # blocks beside each other; more go in two rows, laid like bricks
WIDEST = 196
HEIGHT = 58
AIR = 17  # above and below the blocks of a layer, where lines bend
BETWEEN = 10  # between two rows of one layer
LINE = 15
LETTER = 6.7  # average width of a letter of 13 px
SWEEPS = 8
CROWDED = 50  # more lines than this between two layers are drawn faintly, twice as many fainter still
BRIGHT = 24  # more lines than this on the path of the chosen thing are drawn finely, so that they can be told apart


@dataclass(frozen=True)
class Band:
    """The ground of a layer."""

    layer: str
    y: str
    height: str
    middle: str
    alt: bool


@dataclass(frozen=True)
class Box:
    """A block in its place."""

    block: Block
    x: float
    y: float
    width: float

    @property
    def middle(self) -> float:
        """The middle, from left to right."""
        return self.x + self.width / 2

    @property
    def left(self) -> str:
        """The left side, as text."""
        return point(self.x)

    @property
    def top(self) -> str:
        """The upper side, as text."""
        return point(self.y)

    @property
    def wide(self) -> str:
        """The width, as text."""
        return point(self.width)


@dataclass(frozen=True)
class Line:
    """A line between two blocks: its class and its path."""

    state: str
    path: str


@dataclass(frozen=True)
class Layout:
    """The whole picture."""

    height: int
    bands: Sequence[Band]
    boxes: Mapping[str, Sequence[Box]]
    lines: Sequence[Line]


def layout(made: Blocks) -> Layout:
    """Everything in its place. A layer without anything in it is not drawn."""
    shown = [layer for layer in LAYERS if made.layers[layer]]
    orders = ordered({layer: made.layers[layer] for layer in shown}, made.lines)
    bands: list[Band] = []
    boxes: dict[str, list[Box]] = {}
    top = 0.0
    for place, layer in enumerate(shown):
        rows = 1 if len(orders[layer]) <= ROW else 2
        height = 2 * AIR + rows * HEIGHT + (rows - 1) * BETWEEN
        bands.append(Band(layer, point(top), point(height), point(top + height / 2 + 5), place % 2 == 1))
        boxes[layer] = _boxes(orders[layer], top + AIR, rows)
        top += height
    return Layout(round(top), bands, boxes, _paths(made.lines, boxes, bands))


def ordered(layers: Mapping[str, Sequence[Block]], lines: Sequence[Sequence[Bond]]) -> dict[str, list[Block]]:
    """Each layer in an order in which few lines cross."""
    best = now = {layer: list(found) for layer, found in layers.items()}
    fewest = crossings(now, lines)
    for sweep in range(SWEEPS):
        now = _swept(now, lines, down=sweep % 2 == 0)
        count = crossings(now, lines)
        if count < fewest:
            best, fewest = now, count
    return best


def _swept(layers: Mapping[str, list[Block]], lines: Sequence[Sequence[Bond]], *, down: bool) -> dict[str, list[Block]]:
    now = dict(layers)
    names = list(now) if down else list(reversed(now))
    for fixed, moving in zip(names, names[1:], strict=False):
        place = {block: (n + 0.5) / len(now[fixed]) for n, block in enumerate(now[fixed])}
        near: dict[Block, list[float]] = {}
        for bond in lines[LAYERS.index(fixed if down else moving)] if _beside(fixed, moving) else ():
            here, there = (bond.upper, bond.lower) if down else (bond.lower, bond.upper)
            near.setdefault(there, []).append(place[here])
        own = {block: (n + 0.5) / len(now[moving]) for n, block in enumerate(now[moving])}
        mean = {block: sum(near[block]) / len(near[block]) if block in near else own[block] for block in now[moving]}
        now[moving] = sorted(now[moving], key=lambda block, mean=mean, own=own: (mean[block], own[block]))  # type: ignore[misc]
    return now


def _beside(one: str, other: str) -> bool:
    return abs(LAYERS.index(one) - LAYERS.index(other)) == 1


def crossings(layers: Mapping[str, Sequence[Block]], lines: Sequence[Sequence[Bond]]) -> int:
    """How many pairs of lines cross between neighbouring layers."""
    place = {block: n for found in layers.values() for n, block in enumerate(found)}
    total = 0
    for bonds in lines:
        before: list[int] = []  # the lower ends of the lines that begin more to the left, in order
        for _upper, lower in sorted((place[bond.upper], place[bond.lower]) for bond in bonds):
            total += len(before) - bisect_right(before, lower)
            insort(before, lower)
    return total


def _boxes(order: Sequence[Block], top: float, rows: int) -> list[Box]:
    """One row in the middle, or two rows of which the lower stands half a block to the right."""
    room = WIDTH - LABELS - MARGIN
    if rows == 1:
        width = min(WIDEST, (room - GAP * (len(order) - 1)) / max(len(order), 1))
        start = LABELS + (room - len(order) * width - (len(order) - 1) * GAP) / 2
        return [Box(block, start + n * (width + GAP), top, width) for n, block in enumerate(order)]
    step = room / (len(order) / 2 + 0.5)
    return [
        Box(block, LABELS + n * step / 2, top + (n % 2) * (HEIGHT + BETWEEN), step - BRICK)
        for n, block in enumerate(order)
    ]


def _paths(lines: Sequence[Sequence[Bond]], boxes: Mapping[str, Sequence[Box]], bands: Sequence[Band]) -> list[Line]:
    """The lines, those on the path last so that they lie on top."""
    place = {box.block: box for found in boxes.values() for box in found}
    floor = {band.layer: float(band.y) + float(band.height) for band in bands}
    found = []
    for gutter, bonds in enumerate(lines):
        edge = floor.get(LAYERS[gutter], 0.0)
        drawn = _states(bonds)
        found += [Line(drawn[bond.state], _path(place[bond.upper], place[bond.lower], edge)) for bond in bonds]
    return sorted(found, key=lambda line: ("faint", "", "gap", "on").index(line.state.partition(" ")[0]))


def _states(bonds: Sequence[Bond]) -> dict[str, str]:
    """How lines of each state are drawn between two layers: the more there are, the finer."""
    lit = sum(1 for bond in bonds if bond.state == "on")
    quiet = "faint dense" if len(bonds) > 2 * CROWDED else "faint" if len(bonds) > CROWDED else ""
    return {"": quiet, "on": "on fine" if lit > BRIGHT else "on", "gap": "gap"}


def _path(upper: Box, lower: Box, edge: float) -> str:
    """Straight down to where the layer ends, a bend to the other side, straight down to the block."""
    start, end = upper.y + HEIGHT, lower.y
    a, b = point(upper.middle), point(lower.middle)
    out, into = point(edge - AIR), point(edge + AIR)
    return f"M{a} {point(start)} V{out} C{a} {point(edge)} {b} {point(edge)} {b} {into} V{point(end)}"


def wrapped(text: str, width: float, lines: int) -> list[str]:
    """A text in so many lines of a width; what does not fit ends in three dots."""
    room = max(int((width - 2 * 5) / LETTER), 4)
    found, words = [""], text.split()
    while words:
        word = words.pop(0)
        if len(word) > room:
            cut = min(room - 2, len(word) - 3)  # never one letter alone on the next line, nor a hyphen on the edge
            words.insert(0, word[cut:])
            word = word[:cut] + "-"
        if not found[-1]:
            found[-1] = word
        elif len(found[-1]) + 1 + len(word) <= room:
            found[-1] += f" {word}"
        else:
            found.append(word)
    if len(found) > lines:
        found = [*found[: lines - 1], found[lines - 1][: room - 1].rstrip(" ,-") + "…"]
    return found
