"""What someone has filled in so far, in the sentence and in its elements: read from a form, loses nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.http import QueryDict

from schakel.chain.asking import Wanted
from schakel.chain.elements import DataElement
from schakel.chain.needs import InformationNeed
from schakel.lib.text import gettext as _

DEMANDS = {"nodig": "required", "fijn": "wished"}
LONGEST = {"question": 300, "decision": 300, "today_how": 300, "reason": 250}
MOST_LINES = 60
MOST_NUMBER = 100_000


@dataclass(frozen=True)
class Line:
    """An element with how much it is needed and why."""

    element: DataElement
    demand: str = "required"
    reason: str = ""

    @property
    def name(self) -> str:
        """The value of `demand` in the form."""
        return next(word for word, demand in DEMANDS.items() if demand == self.demand)


@dataclass(frozen=True)
class Draft:
    """A question that is being asked: keys and texts as they stand in the form."""

    role: str = ""
    rhythm: str = ""
    question: str = ""
    decision: str = ""
    activity: str = ""
    scope: str = ""
    today_how: str = ""
    minutes: str = ""
    times: str = ""
    people: str = ""
    lines: Sequence[Line] = field(default_factory=tuple)

    @property
    def element_keys(self) -> frozenset[str]:
        """The elements that were chosen."""
        return frozenset(line.element.key for line in self.lines)


def text(data: QueryDict, name: str, longest: int = 300) -> str:
    """One field, in one line, not longer than it can be kept."""
    return " ".join(data.get(name, "").split())[:longest]


def draft(data: QueryDict) -> Draft:
    """The draft in a form."""
    return Draft(
        role=text(data, "rol"), rhythm=text(data, "ritme"), question=text(data, "vraag"),
        decision=text(data, "besluit"), activity=text(data, "kies-werk") or text(data, "werk"),
        scope=text(data, "over"), today_how=text(data, "nu"), minutes=text(data, "minuten"),
        times=text(data, "keer"), people=text(data, "mensen"), lines=lines(data),
    )  # fmt: skip


def lines(data: QueryDict) -> tuple[Line, ...]:
    """The chosen elements, with the one that is being added and without the one that is being taken out."""
    keys = [*data.getlist("g"), text(data, "erbij")]
    wanted = [key for key in dict.fromkeys(keys) if key and key != data.get("weg")][:MOST_LINES]
    known = {e.key: e for e in elements(wanted)}
    return tuple(
        Line(
            known[key],
            DEMANDS.get(data.get(f"g-{key}", ""), "required"),
            text(data, f"r-{key}", LONGEST["reason"]),
        )
        for key in wanted
        if key in known
    )


def elements(keys: Iterable[str]) -> list[DataElement]:
    """These elements, with their object."""
    return list(DataElement.objects.filter(key__in=list(keys)).select_related("object"))


def of(need: InformationNeed) -> tuple[Line, ...]:
    """The lines of a need that exists; what was declined stays declined and is not in the form."""
    return tuple(Line(line.element, line.demand, line.reason) for line in need.elements.all() if not line.declined)


def wanted(chosen: Iterable[Line], before: InformationNeed | None = None) -> list[Wanted]:
    """The lines as the chain takes them; a reason that did not change keeps its English."""
    known = {x.element.key: (x.reason, x.reason_en) for x in before.elements.all()} if before else {}
    return [Wanted(x.element, x.demand, x.reason, _english(x, known)) for x in chosen]


def _english(line: Line, known: dict[str, tuple[str, str]]) -> str:
    reason, english = known.get(line.element.key, ("", ""))
    return english if reason == line.reason else ""


def number(value: str, name: str, mistakes: dict[str, str]) -> int | None:
    """A whole number, or nothing; a mistake under `name` when it is something else. Missing is not zero."""
    if not value:
        return None
    plain = value.replace(".", "").replace(" ", "")
    if not plain.isdecimal() or int(plain) > MOST_NUMBER:
        mistakes[name] = _("Schrijf een heel getal, of laat het leeg.")
        return None
    return int(plain)


def without_reason(chosen: Iterable[Line]) -> list[str]:
    """The elements for which no reason was given yet."""
    return [line.element.key for line in chosen if not line.reason]
