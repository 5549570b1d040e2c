"""Where the chain is broken: each rule is one question to the graph, with a stable id, a severity and what to do next.

Incomplete things are shown, never hidden. Rooms above add their own rules with `@rule`; nobody presses a button to
compute them.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as lazy

from schakel.chain.elements import DataElement
from schakel.chain.goals import Activity, Goal
from schakel.chain.needs import InformationNeed, NeedElement
from schakel.chain.systems import Link, System
from schakel.lib import clock

SEVERITIES = ("high", "middle", "low")
OPEN = ("asked", "assessed", "approved", "being_realised", "live", "under_review")


@dataclass(frozen=True)
class Rule:
    """One kind of gap: its id, how bad it is, what it is called, what a person does about it, and why it matters."""

    id: str
    severity: str
    title: str | Promise
    action: str | Promise
    why: str | Promise
    find: Callable[[], Iterable["Thing"]]


@dataclass(frozen=True)
class Thing:
    """What the gap is in: the noun, its key, its name, and who answers for it (a role or person, may be empty)."""

    kind: str
    key: str
    name: str
    owner: str = ""
    detail: str = ""


@dataclass(frozen=True)
class Gap:
    """One broken place. `id` is the same every day as long as the gap is there."""

    rule: Rule
    thing: Thing

    @property
    def id(self) -> str:
        """Rule and thing together."""
        return f"{self.rule.id}:{self.thing.key}"


RULES: dict[str, Rule] = {}


def rule(
    id_: str, severity: str, title: str | Promise, action: str | Promise, why: str | Promise
) -> Callable[[Callable[[], Iterable[Thing]]], Callable[[], Iterable[Thing]]]:
    """Add a rule: the function under it finds the things that are broken in this way."""

    def add(find: Callable[[], Iterable[Thing]]) -> Callable[[], Iterable[Thing]]:
        RULES[id_] = Rule(id_, severity, title, action, why, find)
        return find

    return add


def find_all() -> list[Gap]:
    """All gaps there are now, the worst first."""
    gaps = [Gap(rule_, thing) for rule_ in RULES.values() for thing in rule_.find()]
    return sorted(gaps, key=lambda gap: (SEVERITIES.index(gap.rule.severity), gap.rule.id, gap.thing.name))


def _of(things: Iterable[Goal | Activity | InformationNeed | DataElement | System | Link]) -> Iterator[Thing]:
    for thing in things:
        owner = getattr(thing, "owner_role", None)
        yield Thing(thing.noun(), thing.key, str(thing), owner=str(owner) if owner else "")


def unsourced() -> Any:
    """Elements that come from a source, while nobody said from which; what Schakel writes itself has no source."""
    return DataElement.objects.filter(sources_of_record__isnull=True).exclude(object__origin="register")


def _needs() -> Iterable[InformationNeed]:
    return InformationNeed.objects.filter(state__in=OPEN).select_related("owner_role")


@rule(
    "goal-without-activity",
    "middle",
    lazy("Doel zonder activiteit"),
    lazy("Voeg een activiteit toe"),
    lazy("Niemand doet iets voor dit doel, of het werk staat nog niet in het register."),
)
def goals_without_activity() -> Iterable[Thing]:
    """A goal that no work serves."""
    return _of(Goal.objects.filter(activities__isnull=True).select_related("owner_role"))


@rule(
    "activity-without-goal",
    "middle",
    lazy("Activiteit zonder doel"),
    lazy("Kies een doel"),
    lazy("Van dit werk weet niemand welk doel het dient. Dan is ook niet te zeggen welke informatie nodig is."),
)
def activities_without_goal() -> Iterable[Thing]:
    """Work of which nobody can say which goal it serves."""
    return _of(Activity.objects.filter(goal__isnull=True).select_related("owner_role"))


@rule(
    "need-without-goal",
    "middle",
    lazy("Behoefte zonder activiteit of doel"),
    lazy("Kies een activiteit"),
    lazy("Zonder activiteit en doel kan niemand beoordelen of deze vraag nodig is."),
)
def needs_without_goal() -> Iterable[Thing]:
    """A question that serves no goal."""
    return _of(_needs().filter(Q(activity__isnull=True) | Q(activity__goal__isnull=True)))  # type: ignore[attr-defined]


@rule(
    "need-without-owner",
    "middle",
    lazy("Behoefte zonder eigenaar"),
    lazy("Wijs een eigenaar aan"),
    lazy("Zonder eigenaar beoordeelt en herziet niemand deze behoefte."),
)
def needs_without_owner() -> Iterable[Thing]:
    """Without an owner nobody assesses it."""
    return _of(_needs().filter(owner__isnull=True, owner_role__isnull=True))  # type: ignore[attr-defined]


@rule(
    "need-without-audience",
    "high",
    lazy("Behoefte zonder doelgroep"),
    lazy("Kies wie het ontvangt"),
    lazy("Er is een vraag, maar niemand om het antwoord aan te geven."),
)
def needs_without_audience() -> Iterable[Thing]:
    """A need that reaches nobody."""
    return _of(_needs().filter(audiences__isnull=True))  # type: ignore[attr-defined]


@rule(
    "need-without-source",
    "high",
    lazy("Behoefte zonder bron"),
    lazy("Wijs een bron aan"),
    lazy("Een gegeven dat nodig is komt uit geen enkele applicatie. Het antwoord kan dus niet komen."),
)
def needs_without_source() -> Iterator[Thing]:
    """A required element that no system is the source of."""
    lines = NeedElement.objects.filter(demand="required", need__state__in=OPEN, element__in=unsourced())
    found: dict[str, tuple[str, str, list[str]]] = {}
    rows = lines.order_by("need__priority", "need__key", "element__key")
    for key, name, owner, element in rows.values_list(
        "need__key", "need__question", "need__owner_role__nl", "element__key"
    ):
        found.setdefault(key, (name, owner or "", []))[2].append(element)
    for key, (name, owner, missing) in found.items():
        yield Thing("informationneed", key, name, owner=owner, detail=", ".join(missing))


@rule(
    "element-without-source",
    "middle",
    lazy("Gewenst gegeven zonder bron"),
    lazy("Wijs een bron aan"),
    lazy("Iemand wil dit gegeven graag hebben, maar geen applicatie levert het. Wijs een bron aan of laat het weg."),
)
def elements_without_source() -> Iterable[Thing]:
    """A wish that no system is the source of; what a need cannot do without is `need-without-source`."""
    wished = NeedElement.objects.filter(demand="wished", declined=False, need__state__in=OPEN)
    return _of(unsourced().filter(pk__in=wished.values("element")))


@rule(
    "element-two-sources",
    "middle",
    lazy("Gegeven met twee leidende bronnen"),
    lazy("Kies de leidende bron"),
    lazy("Twee applicaties zeggen allebei dat zij gelijk hebben. Bij een verschil weet niemand wie wint."),
)
def elements_with_two_sources() -> Iterable[Thing]:
    """Two systems that both claim to be right."""
    return _of(DataElement.objects.annotate(n=Count("sources_of_record")).filter(n__gt=1))


@rule(
    "system-without-agreement",
    "high",
    lazy("Applicatie met persoonsgegevens zonder overeenkomst"),
    lazy("Vraag een verwerkersovereenkomst"),
    lazy("Een leverancier verwerkt persoonsgegevens zonder verwerkersovereenkomst. Dat mag niet (AVG art. 28 lid 3)."),
)
def systems_without_agreement() -> Iterable[Thing]:
    """Personal data at a supplier without a processing agreement (AVG art. 28 lid 3)."""
    return _of(System.objects.filter(personal_data=True, agreement_until__isnull=True).select_related("owner_role"))


@rule(
    "system-without-activity",
    "low",
    lazy("Applicatie die geen activiteit steunt"),
    lazy("Verbind of beëindig"),
    lazy("Niemand vraagt iets dat uit deze applicatie komt. Zij kost geld en aandacht."),
)
def systems_without_activity() -> Iterable[Thing]:
    """A system whose elements no open need asks for."""
    supporting = System.objects.filter(elements_of_record__element__needs__need__state__in=OPEN)
    return _of(System.objects.exclude(pk__in=supporting).select_related("owner_role"))


@rule(
    "link-carries-nothing",
    "low",
    lazy("Koppeling waar niets over gaat"),
    lazy("Verbind of zet uit"),
    lazy("Deze koppeling loopt, maar er gaat niets over waar iemand om vraagt."),
)
def links_that_carry_nothing() -> Iterable[Thing]:
    """A link out of a system that is the source of no element that an open need asks for."""
    carrying = System.objects.filter(elements_of_record__element__needs__need__state__in=OPEN)
    return _of(Link.objects.exclude(state="off").exclude(from_system__in=carrying).select_related("owner_role"))


@rule(
    "system-duplicates",
    "low",
    lazy("Applicaties die hetzelfde doen"),
    lazy("Kies er één"),
    lazy("Twee applicaties in gebruik hebben dezelfde functie. Dat kost dubbel, en gegevens lopen uiteen."),
)
def systems_that_duplicate() -> Iterator[Thing]:
    """Systems in use with the same reference component."""
    in_use = System.objects.filter(lifecycle="in_use").exclude(component="")
    double = in_use.values("component").annotate(n=Count("pk")).filter(n__gt=1).values("component")
    for system in in_use.filter(component__in=double).select_related("owner_role"):
        owner = str(system.owner_role or "")
        yield Thing("system", system.key, str(system), owner=owner, detail=system.component)


@rule(
    "need-review-overdue",
    "middle",
    lazy("Behoefte die herzien moet worden"),
    lazy("Herzie de behoefte"),
    lazy("De dag van herziening is er. Misschien is de vraag veranderd, of niet meer nodig. Houd, wijzig of beëindig."),
)
def needs_to_review() -> Iterable[Thing]:
    """In use past its day of review, or taken up because of it and not decided on yet."""
    today = clock.today()
    late = Q(state="live", review_on__lt=today) | Q(state="under_review", review_on__lte=today)
    return _of(InformationNeed.objects.filter(late).select_related("owner_role"))
