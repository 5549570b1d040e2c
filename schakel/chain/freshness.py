"""What a need says about freshness, as a rule that can be held: by a moment, or no older than.

People write it in words (*elke schooldag voor 07.30 uur*, *elke week*, *binnen een uur*). What is not understood is no
rule: it is said so and not guessed (law 11).
"""

import re
from dataclasses import dataclass
from datetime import time, timedelta

WEEKDAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
_AGES = {
    "uur": timedelta(hours=1), "dag": timedelta(days=1), "nacht": timedelta(days=1), "ochtend": timedelta(days=1),
    "week": timedelta(days=7), "maand": timedelta(days=31), "kwartaal": timedelta(days=92), "jaar": timedelta(days=366),
}  # fmt: skip
_PLURAL = {"uren": "uur", "dagen": "dag", "weken": "week", "maanden": "maand", "kwartalen": "kwartaal", "jaren": "jaar"}
_NUMBERS = {"een": 1, "één": 1, "twee": 2, "drie": 3, "vier": 4}
_DAY = "|".join(("schooldag", "werkdag", "dag", *WEEKDAYS))
_MOMENT = re.compile(
    rf"(?:(?:elke|iedere|op|uiterlijk|voor) )*(?P<day>{_DAY}) (?:(?:voor|vóór|om|uiterlijk) )?"
    r"(?P<hour>[01]?\d|2[0-3])(?:[.:](?P<minute>[0-5]\d))?(?: uur)?"
)
_UNIT = "|".join((*_PLURAL, *_AGES))
_AGE = re.compile(rf"(?:elke?|iedere?|per|binnen) (?:(?P<count>\d{{1,3}}|{'|'.join(_NUMBERS)}) )?(?P<unit>{_UNIT})")
_EACH_DAY = re.compile(r"(?:elke|iedere) (?P<day>schooldag|werkdag)")


@dataclass(frozen=True)
class ByMoment:
    """On these days by this hour. `days` is `school`, `work`, `all` or the number of a weekday (0 is Monday)."""

    days: str
    at: time


@dataclass(frozen=True)
class NoOlder:
    """At any moment no older than this."""

    age: timedelta


Rule = ByMoment | NoOlder


def read(text: str) -> Rule | None:
    """The rule in a text; None when there is none that can be held. What stands behind a comma is left aside."""
    said = " ".join(text.casefold().partition(",")[0].split()).rstrip(".")
    if found := _MOMENT.fullmatch(said):
        return ByMoment(_days(found["day"]), time(int(found["hour"]), int(found["minute"] or 0)))
    if found := _EACH_DAY.fullmatch(said):
        return ByMoment(_days(found["day"]), time(23, 59))
    if found := _AGE.fullmatch(said):
        unit = _PLURAL.get(found["unit"], found["unit"])
        return NoOlder(_count(found["count"]) * _AGES[unit]) if _count(found["count"]) else None
    return None


def _days(word: str) -> str:
    known = {"schooldag": "school", "werkdag": "work", "dag": "all"}
    return known.get(word) or str(WEEKDAYS.index(word))


def _count(word: str | None) -> int:
    if word is None:
        return 1
    return _NUMBERS.get(word) or int(word)
