"""Names of people: invented combinations of names that occur in the Netherlands (`names.yaml`), frequent ones first."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from schakel.lib.plain_yaml import from_yaml

from .chance import Chance

_WOMEN = 0.72  # of the staff


@dataclass(frozen=True)
class Background:
    """Names that go together. `share` is the part of the people that draws from this list."""

    share: float
    girls: tuple[str, ...]
    boys: tuple[str, ...]
    families: tuple[tuple[str, str], ...]


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(","))


def _family(written: str) -> tuple[str, str]:
    """Prefix and family name of a name written as `van den|Berg`; the prefix may be empty."""
    prefix, _, family = written.rpartition("|")
    return prefix, family


def _background(names: dict[str, str], people: str, girls: str, boys: str) -> Background:
    first = (_listed(names.get(girls, names["girls"])), _listed(names.get(boys, names["boys"])))
    return Background(float(names[people]), *first, tuple(map(_family, _listed(names["families"]))))


@cache
def backgrounds(people: str) -> tuple[Background, ...]:
    """The lists for `pupils` or `staff`; their shares add up to one."""
    lists = from_yaml((Path(__file__).parent / "names.yaml").read_text(encoding="utf-8"))
    kinds = ("girls", "boys") if people == "pupils" else ("women", "men")
    return tuple(_background(names, people, *kinds) for names in lists.values())


def _drawn(draw: float) -> Background:
    for group in backgrounds("staff"):
        draw -= group.share
        if draw < 0:
            return group
    return backgrounds("staff")[0]


def staff_name(chance: Chance, number: int) -> tuple[str, str, str, str]:
    """First name, prefix, family name and sex (`female`, `male`) of a member of staff."""
    group = _drawn(chance.u("staff background", number))
    female = chance.u("staff sex", number) < _WOMEN
    first = chance.pick(group.girls if female else group.boys, "staff first name", number)
    prefix, family = chance.often_first(group.families, "staff family name", number)
    return first, prefix, family, "female" if female else "male"
