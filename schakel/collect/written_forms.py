"""The form of a value in words: `[0-9]{4}-[0-9]{4}` is four digits, a hyphen, four digits.

Layouts declare forms as patterns, for machines. People read what a pattern asks for; one that is too clever to say in
a line is not guessed at.
"""

import re

from schakel.lib.text import gettext as _
from schakel.lib.text import ngettext

_PIECE = re.compile(r"(\[[^\]^\\]+\]|\\.|[^\\\[\](){}*+?|^$])(?:\{(\d+)(,(\d*))?\}|([+*?]))?", re.DOTALL)
_PART = re.compile(r"\(([^()]+)\)\?")  # pieces that belong together and may be absent
_RANGE = re.compile(r"[^-]-[^-]")
LONGEST = 8  # signs that are named one by one


def in_words(pattern: str) -> str:
    """What a pattern asks for, in the language of this moment; empty when it cannot be said in a line."""
    said = [_sequence(choice) for choice in re.split(r"(?<!\\)\|", pattern)]
    return _("; of ").join(said) if pattern and all(said) else ""


def _sequence(pattern: str) -> str:
    """Pieces one after the other: digits, letters, or signs that stand there as they are."""
    found, place, literal = list[str](), 0, ""
    while place < len(pattern):
        part = _PART.match(pattern, place)
        if part is not None:
            inside = _sequence(part[1])
            if not inside:
                return ""
            found += [*_quoted(literal), _("eventueel %(sign)s") % {"sign": f"({inside})"}]
            place, literal = part.end(), ""
            continue
        piece = _PIECE.match(pattern, place)
        if piece is None:
            return ""
        place = piece.end()
        sign, plain = piece[1], not (piece[2] or piece[5])
        if plain and not _is_class(sign):
            literal += sign[-1]
            continue
        told = _repeated(piece)
        if not told:
            return ""
        found += [*_quoted(literal), told]
        literal = ""
    return ", ".join([*found, *_quoted(literal)])


def _is_class(sign: str) -> bool:
    return sign in {".", r"\d"} or sign.startswith("[") or (sign.startswith("\\") and sign[1].isalnum())


def _quoted(literal: str) -> list[str]:
    return [_("een spatie") if literal == " " else f"‘{literal}’"] if literal else []


def _repeated(piece: re.Match[str]) -> str:
    """A piece with how often it stands there."""
    sign, least, ranged, most, often = piece.groups()
    if often == "?" and not _is_class(sign):
        return _("eventueel %(sign)s") % {"sign": _quoted(sign[-1])[0]}
    if not _is_class(sign):
        return ""
    if often in ("*", "?") or (ranged and not most):
        return ""
    if often == "+":
        many = _signs(sign, 2)
        return _("een of meer %(signs)s") % {"signs": many} if many else ""
    count = int(most or least or 1)
    signs = _signs(sign, count)
    if not signs:
        return ""
    times = _("%(least)s tot en met %(most)s") % {"least": least, "most": most} if ranged else str(count)
    return f"{times} {signs}"


def _signs(sign: str, count: int) -> str:
    """What kind of signs a class holds; empty when there is no word for it."""
    known = {
        "[0-9]": ngettext("cijfer", "cijfers", count),
        r"\d": ngettext("cijfer", "cijfers", count),
        "[A-Z]": ngettext("hoofdletter", "hoofdletters", count),
        "[a-z]": ngettext("kleine letter", "kleine letters", count),
        "[A-Za-z]": ngettext("letter", "letters", count),
        "[a-zA-Z]": ngettext("letter", "letters", count),
        "[0-9a-f]": ngettext("teken uit 0-9 en a-f", "tekens uit 0-9 en a-f", count),
        "[A-Za-z0-9]": ngettext("letter of cijfer", "letters of cijfers", count),
        ".": ngettext("teken", "tekens", count),
    }
    if sign in known or not sign.startswith("["):
        return known.get(sign, "")
    inside = sign[1:-1]
    if _RANGE.search(inside) or len(inside) > LONGEST:
        return ""
    return ngettext("teken uit %(signs)s", "tekens uit %(signs)s", count) % {
        "signs": " ".join(sign if sign.isalnum() else f"‘{sign}’" for sign in inside)
    }
