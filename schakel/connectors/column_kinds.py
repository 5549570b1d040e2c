"""What is in a column: its kind by its values, how many are empty, and its shape with each sign masked."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from schakel.collect.door import LEAST_NUMBERS, LEAST_SHARE
from schakel.collect.number_forms import MONEY, PERCENTAGE, is_in_unit
from schakel.connectors.dropped_files import Dropped
from schakel.connectors.written_values import all_compact, is_date, is_number, mostly, thousand_or_part, time_column
from schakel.lib.identifiers import forbidden_name, is_bsn
from schakel.lib.text import gettext as _

EXAMPLES = 3
FEW = 100  # different values, for each to be asked about: a large board has so many schools
_LONGEST = 40
_BARE = re.compile(r"[\s.,'\"=_/()-]")
_TESTS: tuple[tuple[str, Callable[[str], object]], ...] = (
    ("email", re.compile(r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}").fullmatch),
    ("eck", re.compile(r"https://ketenid\.nl/\S+").fullmatch),
    ("site", re.compile(r"[0-9]{2}[A-Z]{2}[0-9]{2}").fullmatch),
    ("brin", re.compile(r"[0-9]{2}[A-Z]{2}").fullmatch),
    ("postcode", re.compile(r"[1-9][0-9]{3} ?[A-Z]{2}").fullmatch),
    ("date", is_date),
    ("yesno", re.compile(r"true|false|ja|nee|yes|no|j|n|y", re.I).fullmatch),
    ("zeros", re.compile(r"0[0-9]+").fullmatch),
    ("integer", re.compile(r"[+-]?[0-9]{1,18}").fullmatch),
    ("number", is_number),
    (PERCENTAGE, lambda text: is_in_unit(text, PERCENTAGE)),
    (MONEY, lambda text: is_in_unit(text, MONEY)),
)


@dataclass(frozen=True)
class SeenColumn:
    """One column of a dropped file. `examples` and `values` are for the screen of who dropped it, and never logged."""

    place: int
    header: str
    kind: str
    filled: int
    blanks: int
    shape: str
    examples: tuple[str, ...] = ()
    values: tuple[str, ...] = ()  # all different ones, when these are few
    different: int = 0  # how many of those there are
    numbers: int = 0  # how many cells are one

    @property
    def forbidden(self) -> bool:
        """Whether it is a citizen service or education number, by name or by value, or a password."""
        return self.kind in {"bsn", "password"}

    @property
    def repeats(self) -> bool:
        """Whether its values are mostly there more than once: a number that each employee has of his own."""
        return 0 < 2 * self.different <= self.filled


def columns(dropped: Dropped) -> tuple[SeenColumn, ...]:
    """Every column of a file."""
    return tuple(_seen(place, header, dropped.column(place)) for place, header in enumerate(dropped.headers))


def _seen(place: int, header: str, values: Sequence[str]) -> SeenColumn:
    counts = Counter(filter(None, values))
    kind, filled, different = _kind(header, counts), counts.total(), list(counts)
    hidden = kind in {"bsn", "password"}
    return SeenColumn(
        place,
        header,
        kind,
        filled,
        len(values) - filled,
        shape(different[0]) if different else "",
        () if hidden else tuple(value[:_LONGEST] for value in different[:EXAMPLES]),
        tuple(different) if len(different) <= FEW and not hidden else (),
        len(different),
        sum(times for value, times in counts.items() if is_number(value)),
    )


def _kind(header: str, counts: Counter[str]) -> str:
    if forbidden_name(header) or _numbers(counts):
        return "bsn"
    if re.search(r"password|wachtwoord", header, re.I):
        return "password"
    if not counts:
        return "empty"
    if all_compact(counts):
        return "date"
    if time_column(header, counts):
        return "time"
    if all(map(str.isdecimal, counts)) and any(re.fullmatch(r"0[0-9]+", value) for value in counts):
        return "zeros"
    kind = next((kind for kind, test in _TESTS if mostly(counts, test)), "text")
    return "number" if kind == "integer" and any(map(thousand_or_part, counts)) else kind


def _numbers(counts: Counter[str]) -> bool:
    """Whether the values pass the eleven-test, as the door demands it."""
    bare = Counter[str]()
    for value, times in counts.items():
        figures = _BARE.sub("", value)
        if len(figures) in (8, 9) and figures.isdecimal():
            bare[figures] += times
    passing = [figures for figures in bare if is_bsn(figures)]
    return len(passing) >= LEAST_NUMBERS and sum(bare[figures] for figures in passing) >= LEAST_SHARE * bare.total()


def shape(value: str) -> str:
    """A value with its letters and figures masked: 9999 AA."""
    masked = ("9" if c.isdigit() else "A" if c.isupper() else "a" if c.isalpha() else c for c in value[:_LONGEST])
    return "".join(masked)


def kind_words(kind: str) -> str:
    """A kind of column in words."""
    return {
        "text": _("tekst"),
        "email": _("e-mailadressen"),
        "eck": _("ECK iD's"),
        "site": _("BRIN met vestiging"),
        "brin": _("BRIN-nummers"),
        "postcode": _("postcodes"),
        "date": _("datums"),
        "time": _("tijden"),
        "yesno": _("ja of nee"),
        "zeros": _("nummers met voorloopnullen"),
        "integer": _("hele getallen"),
        "number": _("getallen"),
        "percentage": _("percentages"),
        "money": _("bedragen"),
        "empty": _("niets"),
        "bsn": _("BSN of onderwijsnummer"),
        "password": _("wachtwoorden"),
    }[kind]
