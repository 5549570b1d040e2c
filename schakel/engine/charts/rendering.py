"""From specification to SVG, by vl-convert. The library comes in with the first drawing, never with the process.

A drawing is kept by what it shows: the same figures give the same drawing, and a new snapshot has other figures. It is
kept in memory, bounded, per process: names of pupils stand in some drawings, and those do not belong in a file.
"""

import json
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from html import escape
from typing import Any

from schakel.engine.charts import bars, sieve
from schakel.engine.charts.inks import Look
from schakel.engine.charts.sieve import Piece

VERSION = "6.4"  # of Vega-Lite
KEPT = 256  # drawings
FONT = "Public Sans, sans-serif"
# What XML cannot hold. The library ends the whole process on it, so it never gets there.
_UNWRITABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010ffff]")
_FORBIDDEN = ('"url":', '"href":')


def svg(spec: Mapping[str, Any], label: str, kind: str = "", look: Look = "page") -> str:
    """One drawing as SVG that may stand in a page; `label` says its finding, `kind` is its class.

    In the look `plain` the colours of the light theme and the font are written out, for a mail or a PDF. Raises
    `Undrawable`.
    """
    (piece,) = _drawn(_told(spec), look)
    return _framed(piece, label, kind, look)


def panels(spec: Mapping[str, Any], labels: Sequence[str], kind: str = "", look: Look = "page") -> list[str]:
    """The panels of small multiples, in their order, each as an SVG of its own. Raises `Undrawable`."""
    drawn = _drawn(_told(spec), look)
    return [_framed(piece, label, kind, look) for piece, label in zip(drawn, labels, strict=True)]


def warm() -> None:
    """Load the library and draw something small, so that the first reader does not wait for that."""
    svg(bars.spec([bars.Bar("0", 1, "1")], [], "wide"), "")


def _told(spec: Mapping[str, Any]) -> str:
    """The specification as JSON; what cannot be written in an SVG is left out of its texts."""
    try:
        text = json.dumps(_writable(spec), allow_nan=False, separators=(",", ":"))
    except ValueError as error:  # not a number, or without end: neither can be drawn
        raise sieve.undrawable(str(error)) from error
    if any(name in text for name in _FORBIDDEN):
        raise sieve.undrawable("a specification holds an address")
    return text


def _writable(value: Any) -> Any:
    if isinstance(value, str):
        return _UNWRITABLE.sub("", value)
    if isinstance(value, Mapping):
        return {key: _writable(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_writable(inner) for inner in value]
    return value


@lru_cache(maxsize=KEPT)
def _drawn(spec: str, look: Look) -> tuple[Piece, ...]:
    import vl_convert

    try:
        raw = vl_convert.vegalite_to_svg(spec, VERSION, allowed_base_urls=[])
    except ValueError as error:
        raise sieve.undrawable(" ".join(str(error).splitlines()[:2])) from error
    return sieve.pieces(raw, look)


def _framed(piece: Piece, label: str, kind: str, look: Look) -> str:
    """The drawing with what it says to who cannot see it."""
    said = escape(_writable(label))
    told = f'class="{escape(kind)}" viewBox="0 0 {piece.width} {piece.height}" role="img" aria-label="{said}"'
    if look == "plain":
        size = f'width="{piece.width}" height="{piece.height}" font-family="{FONT}"'
        told = f'xmlns="http://www.w3.org/2000/svg" {size} {told}'
    return f'<svg {told} fill="none">{piece.body}</svg>'
