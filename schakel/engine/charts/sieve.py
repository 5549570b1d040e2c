"""What comes out of the renderer passes here: shapes, places and inks stay, everything else is left behind.

What is left is safe to put in a page: four shapes and groups, no identifiers, no addresses, no scripts, no styles; a
colour is one of our inks; text is text. What has no place in a chart stops the drawing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

from schakel.engine.charts import inks
from schakel.engine.charts.inks import Look
from schakel.lib.errors import SchakelError
from schakel.lib.text import gettext as _

SHAPES = ("path", "line", "rect", "text")
PLACES = ("d", "transform", "x", "y", "x1", "y1", "x2", "y2", "width", "height")
STROKES = ("stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-linejoin")
WORDS = ("text-anchor", "font-size", "font-weight")
KEPT = frozenset((*PLACES, *STROKES, *WORDS))
_PLAIN = re.compile(r"[\w\s.,()+-]*")
_LONG = re.compile(r"-?\d+\.\d{3,}(?:e-?\d+)?")
_NAMED = re.compile(r"role-mark (\w+?)_marks$")
CELL = "mark-group role-scope cell"  # the group that holds the panels of small multiples
_NOWHERE = ("translate(0,0)", "")


class Undrawable(SchakelError):
    """A drawing that could not be made; the figures themselves are all right."""


@dataclass(frozen=True)
class Piece:
    """One drawing: its size and what stands in it, as markup."""

    width: str
    height: str
    body: str


def pieces(svg: str, look: Look) -> tuple[Piece, ...]:
    """The drawings in an SVG: the panels of small multiples one by one, and else the whole. Raises `Undrawable`."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(svg.encode(), parser)
        panels = [panel for cell in root.iter("{*}g") if cell.get("class") == CELL for panel in cell]
        return tuple(_panel(panel, look) for panel in panels) if panels else (_whole(root, look),)
    except (etree.XMLSyntaxError, KeyError, ValueError) as error:
        raise undrawable(str(error)) from error


def undrawable(why: str) -> Undrawable:
    """What is said when a drawing fails; `why` is for who repairs it."""
    return Undrawable(_("De tekening lukte niet."), code="undrawable", where=why)


def _whole(root: Any, look: Look) -> Piece:
    _x, _y, width, height = root.get("viewBox", "").split()
    return Piece(_short(width), _short(height), _written(root, look))


def _panel(panel: Any, look: Look) -> Piece:
    """One panel by itself: its ground says how large it is, and where it stood among the others is forgotten."""
    ground = panel[0].get("d")  # M0,0h150v62h-150Z
    _start, width, height, _back = re.split("[hv]", ground)
    return Piece(_short(width), _short(height), _written(panel, look))


def _written(element: Any, look: Look) -> str:
    return "".join(etree.tostring(kept, encoding="unicode") for child in element for kept in _kept(child, look))


def _kept(element: Any, look: Look) -> Iterator[Any]:
    """What stays of an element: a shape with its allowed attributes, or a group that moves or names its shapes."""
    tag = etree.QName(element).localname
    if tag == "g":
        yield from _group(element, look)
    elif tag not in SHAPES:
        raise undrawable(f"<{tag}>")
    elif _visible(element, tag):
        shape = etree.Element(tag, _attributes(element, look))
        shape.text = element.text if tag == "text" else None
        if len(element):
            raise undrawable(f"<{tag}><{etree.QName(element[0]).localname}>")
        yield shape


def _visible(element: Any, tag: str) -> bool:
    """Whether there is anything to see: a line has points, a name under an axis did not make way for another."""
    if element.get("opacity", "1") == "0" or (tag == "path" and not element.get("d")):
        return False
    return bool(element.get("fill") or element.get("stroke"))


def _group(element: Any, look: Look) -> Iterator[Any]:
    inner = [kept for child in element for kept in _kept(child, look)]
    name = _NAMED.search(element.get("class", ""))
    move = element.get("transform", "")
    if not inner or (name is None and move in _NOWHERE):
        yield from inner
        return
    told = {"class": name[1]} if name else {}
    group = etree.Element("g", told if move in _NOWHERE else {**told, "transform": _plain(move)})
    group.extend(inner)
    yield group


def _attributes(element: Any, look: Look) -> dict[str, str]:
    found = {name: _plain(value) for name, value in element.attrib.items() if name in KEPT}
    for name in ("fill", "stroke"):
        value = element.get(name)
        if value is not None:
            found[name] = value if value == "none" else inks.filled(value, look)
    return found


def _plain(value: str) -> str:
    """A value with only what a place or a measure can hold, without needless decimals."""
    if not _PLAIN.fullmatch(value):
        raise undrawable(value)
    return _LONG.sub(lambda found: _short(found[0]), value)


def _short(number: str) -> str:
    return f"{float(number):.2f}".rstrip("0").rstrip(".")
