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

from schakel.access.asked import once
from schakel.access.people import Person
from schakel.access.remembered import Remembered
from schakel.access.roles import Role
from schakel.chain.elements import DataElement
from schakel.chain.goals import Activity, Goal
from schakel.chain.holders import editions
from schakel.chain.needs import InformationNeed, NeedElement
from schakel.chain.systems import Link, System
from schakel.lib import clock
from schakel.lib.text import language

SEVERITIES = ("high", "middle", "low")
OPEN = ("asked", "assessed", "approved", "being_realised", "live", "under_review")


@dataclass(frozen=True)
class Rule:
    """One kind of gap: its id, how bad it is, what it is called, what a person does about it, and why it matters.

    `by` is the permission that the next step asks: whoever has it takes up what nobody answers for. `lasting`: what it
    finds stays true until the register or a roll changes, or a day passes; not so for what looks at deliveries.
    """

    id: str
    severity: str
    title: str | Promise
    action: str | Promise
    why: str | Promise
    find: Callable[[], Iterable["Thing"]]
    by: str = ""
    lasting: bool = True


@dataclass(frozen=True)
class Thing:
    """What the gap is in: the noun, its key, its name, and who answers for it: a named person, a role, or nobody.

    `owner` is for people to read; `person` (a number) and `role` (a key) say whose it is.
    """

    kind: str
    key: str
    name: str
    owner: str = ""
    detail: str = ""
    role: str = ""
    person: int | None = None


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
    id_: str,
    severity: str,
    title: str | Promise,
    action: str | Promise,
    why: str | Promise,
    by: str = "",
    *,
    lasting: bool = True,
) -> Callable[[Callable[[], Iterable[Thing]]], Callable[[], Iterable[Thing]]]:
    """Add a rule: the function under it finds the things that are broken in this way."""

    def add(find: Callable[[], Iterable[Thing]]) -> Callable[[], Iterable[Thing]]:
        RULES[id_] = Rule(id_, severity, title, action, why, find, by, lasting)
        return find

    return add


def find_all() -> list[Gap]:
    """All gaps there are now, the worst first. Each page counts them, so what lasts is found once for a change."""
    return list(once(("gaps", clock.today(), language(), tuple(RULES)), _find_all))


def _find_all() -> list[Gap]:
    gaps = [*_lasting.get(clock.today(), language(), tuple(RULES), *editions()), *_found(lasting=False)]
    return sorted(gaps, key=lambda gap: (SEVERITIES.index(gap.rule.severity), gap.rule.id, gap.thing.name))


def _found(*, lasting: bool = True) -> list[Gap]:
    return [Gap(each, thing) for each in RULES.values() if each.lasting is lasting for thing in each.find()]


_lasting = Remembered(_found)


def _of(things: Iterable[Goal | Activity | InformationNeed | DataElement | System | Link]) -> Iterator[Thing]:
    for thing in things:
        yield Thing(thing.noun(), thing.key, str(thing), **owned(thing))


def owned(thing: Any) -> dict[str, Any]:
    """Who answers for a thing of the register, as a `Thing` says it: a named owner goes before the owner's role."""
    person: Person | None = getattr(thing, "owner", None)
    role: Role | None = getattr(thing, "owner_role", None)
    return {
        "owner": str(person or role or ""), "person": person.pk if person else None, "role": role.key if role else "",
    }  # fmt: skip


def unsourced() -> Any:
    """Elements that come from a source, while nobody said from which; what Schakel writes itself has no source."""
    return DataElement.objects.filter(sources_of_record__isnull=True).exclude(object__origin="register")


def _needs() -> Iterable[InformationNeed]:
    return InformationNeed.objects.filter(state__in=OPEN).select_related("owner", "owner_role")


@rule(
    "goal-without-activity",
    "middle",
    lazy("Doel zonder activiteit"),
    lazy("Voeg een activiteit toe"),
    lazy("Niemand doet iets voor dit doel, of het werk staat nog niet in het register."),
    "activity.write",
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
    "activity.write",
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
    "need.revise",
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
    "need.revise",
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
    "need.revise",
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
    "element.write",
)
def needs_without_source() -> Iterator[Thing]:
    """A required element that no system is the source of."""
    lines = NeedElement.objects.filter(demand="required", need__state__in=OPEN, element__in=unsourced())
    found: dict[int, tuple[InformationNeed, list[str]]] = {}
    rows = lines.order_by("need__priority", "need__key", "element__key")
    for line in rows.select_related("need__owner", "need__owner_role", "element"):
        found.setdefault(line.need_id, (line.need, []))[1].append(line.element.key)
    for need, missing in found.values():
        yield Thing(need.noun(), need.key, str(need), detail=", ".join(missing), **owned(need))


@rule(
    "element-without-source",
    "middle",
    lazy("Gewenst gegeven zonder bron"),
    lazy("Wijs een bron aan"),
    lazy("Iemand wil dit gegeven graag hebben, maar geen applicatie levert het. Wijs een bron aan of laat het weg."),
    "element.write",
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
    "element.write",
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
    "system.write",
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
    "system.write",
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
    "link.write",
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
    "system.write",
)
def systems_that_duplicate() -> Iterator[Thing]:
    """Systems in use with the same reference component."""
    in_use = System.objects.filter(lifecycle="in_use").exclude(component="")
    double = in_use.values("component").annotate(n=Count("pk")).filter(n__gt=1).values("component")
    for system in in_use.filter(component__in=double).select_related("owner_role"):
        yield Thing(system.noun(), system.key, str(system), detail=system.component, **owned(system))


@rule(
    "need-review-overdue",
    "middle",
    lazy("Behoefte die herzien moet worden"),
    lazy("Herzie de behoefte"),
    lazy("De dag van herziening is er. Misschien is de vraag veranderd, of niet meer nodig. Houd, wijzig of beëindig."),
    "need.review",
)
def needs_to_review() -> Iterable[Thing]:
    """In use past its day of review, or taken up because of it and not decided on yet."""
    today = clock.today()
    late = Q(state="live", review_on__lt=today) | Q(state="under_review", review_on__lte=today)
    return _of(InformationNeed.objects.filter(late).select_related("owner", "owner_role"))
