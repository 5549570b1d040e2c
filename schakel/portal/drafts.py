"""What someone has filled in so far, in the sentence and in its elements: read from a form, loses nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from django.http import QueryDict

from schakel.chain.asking import Wanted
from schakel.chain.elements import DataElement
from schakel.chain.needs import InformationNeed
from schakel.lib.text import gettext as _

# How often, in both languages; a rhythm of one's own can be written when the need is assessed.
RHYTHMS = {
    "elke schooldag": "every school day", "elke week": "every week", "elke maand": "every month",
    "elk kwartaal": "every quarter", "elk half jaar": "every half year", "elk schooljaar": "every school year",
    "als het nodig is": "when it is needed",
}  # fmt: skip
DEMANDS = {"nodig": "required", "fijn": "wished"}
LONGEST = {"question": 300, "decision": 300, "today_how": 300, "reason": 250}
MOST_LINES = 60
LONGEST_NUMBER = 10  # signs of a number in a form
LONGEST_NAME = 150  # of a part of a kit
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
    parts: Sequence[str] = ()  # of starter kits: what the register does not have yet
    number: int | None = None  # of the unsent question that it was kept as

    @property
    def element_keys(self) -> frozenset[str]:
        """The elements that were chosen."""
        return frozenset(line.element.key for line in self.lines)


_TEXTS = tuple(each.name for each in fields(Draft) if each.type is str)


def text(data: QueryDict, name: str, longest: int = 300) -> str:
    """One field, in one line, not longer than it can be kept."""
    return " ".join(data.get(name, "").split())[:longest]


def draft(data: QueryDict) -> Draft:
    """The draft in a form."""
    return Draft(
        role=text(data, "rol"), rhythm=text(data, "ritme"), question=text(data, "vraag"),
        decision=text(data, "besluit"), activity=text(data, "kies-werk") or text(data, "werk"),
        scope=text(data, "over"), today_how=text(data, "nu"), minutes=text(data, "minuten"),
        times=text(data, "keer"), people=text(data, "mensen"), lines=lines(data), number=kept_as(data),
        parts=parts(data),
    )  # fmt: skip


def parts(data: QueryDict) -> tuple[str, ...]:
    """The parts of starter kits that go along as wishes, without the one that is being taken out."""
    return tuple(dict.fromkeys(n[:LONGEST_NAME] for n in data.getlist("pakket") if n != data.get("pakket-weg")))[
        :MOST_LINES
    ]


def kept_as(data: QueryDict) -> int | None:
    """The number of the unsent question in a form; whether it is one's own is asked where it is used."""
    said = data.get("bewaard", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < LONGEST_NUMBER else None


def content(draft: Draft) -> dict[str, Any]:
    """A draft in plain values, to keep."""
    texts = {name: getattr(draft, name) for name in _TEXTS}
    return texts | {
        "parts": list(draft.parts),
        "lines": [[line.element.key, line.demand, line.reason] for line in draft.lines],
    }


def kept(content: Mapping[str, Any], number: int) -> Draft:
    """The draft that was kept; an element that is no longer in the register falls out."""
    texts = {name: str(content.get(name, "")) for name in _TEXTS}
    chosen = [tuple(line) for line in content.get("lines", ())]
    known = {element.key: element for element in elements(key for key, _demand, _reason in chosen)}
    found = tuple(Line(known[key], demand, reason) for key, demand, reason in chosen if key in known)
    parts = tuple(str(name) for name in content.get("parts", ()))
    return Draft(**texts, lines=found, parts=parts, number=number)


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
