"""The agenda of a consultation, drawn from the graph: what needs talking about now, at its level.

Strategic is about direction: decisions, goals in the red, serious gaps, what the law asks. Tactical is about demand and
supply: questions, reviews, contracts, changes. Operational is about this week: sources, findings, work that is late.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import Any

from django.db.models import Q

from schakel.chain import gap_history, realising
from schakel.chain.consultation import Consultation
from schakel.chain.needs import InformationNeed
from schakel.chain.realising import Change
from schakel.chain.systems import Link, System
from schakel.collect.connections import expiring
from schakel.collect.plans import is_late
from schakel.collect.runs import Run
from schakel.collect.sources import Source
from schakel.governance.policies import Policy
from schakel.lib import clock
from schakel.lib.text import gettext as _

AHEAD = timedelta(days=90)
WEEK = timedelta(days=7)
MOST = 8  # lines under one point; more is a page of its own


@dataclass(frozen=True)
class Line:
    """One thing to talk about, and where it stands in the register."""

    text: str
    kind: str = ""
    key: str = ""


@dataclass(frozen=True)
class Point:
    """One point of the agenda. `more` counts the lines that do not fit."""

    key: str
    title: str
    lines: tuple[Line, ...] = field(default_factory=tuple)
    more: int = 0


def draw(consultation: Consultation, red: Iterable[Line] = ()) -> list[Point]:
    """The points that have something to talk about now. `red` are indicators as the reader received them (law 2)."""
    points = [_point(key, title, lines) for key, title, lines in _questions(consultation.level, red)]
    return [point for point in points if point.lines]


def kept(points: Iterable[Point]) -> list[dict[str, Any]]:
    """An agenda as it is kept with the minutes."""
    return [asdict(point) for point in points]


def read(agenda: Iterable[dict[str, Any]]) -> list[Point]:
    """A kept agenda."""
    return [
        Point(p["key"], p["title"], tuple(Line(**line) for line in p["lines"]), int(p.get("more", 0))) for p in agenda
    ]


Asked = tuple[str, str, Iterable[Line]]


def _questions(level: str, red: Iterable[Line]) -> Iterator[Asked]:
    makers: dict[str, Callable[[], Iterator[Asked]]] = {
        "strategic": lambda: _strategic(red), "tactical": _tactical, "operational": _operational,
    }  # fmt: skip
    yield from makers[level]()


def _strategic(red: Iterable[Line]) -> Iterator[Asked]:
    yield "decisions", _("Behoeften die op een besluit wachten"), _needs("assessed")
    yield "red", _("Doelen die hun norm niet halen"), red
    yield "gaps", _("Ernstige hiaten"), _gaps("high")
    yield "contracts", _("Contracten en overeenkomsten die aflopen"), _contracts()
    yield "policies", _("Beleid dat herzien moet worden"), _policies()


def _tactical() -> Iterator[Asked]:
    yield "questions", _("Nieuwe vragen"), _needs("asked")
    yield "decisions", _("Behoeften die op een besluit wachten"), _needs("assessed")
    yield "reviews", _("Behoeften die herzien moeten worden"), _reviews()
    yield "late", _("Wijzigingen die te laat zijn"), (_change(item) for item in realising.late())
    yield "proposed", _("Voorgestelde wijzigingen"), _changes("proposed")
    yield "gaps", _("Hiaten"), _gaps("high", "middle")
    yield "contracts", _("Contracten en overeenkomsten die aflopen"), _contracts()


def _operational() -> Iterator[Asked]:
    yield "sources", _("Bronnen die niet op tijd of niet goed gelezen zijn"), _sources()
    yield "late", _("Wijzigingen die te laat zijn"), (_change(item) for item in realising.late())
    yield "doing", _("Wijzigingen in uitvoering"), _changes("doing")
    yield "soon", _("Deze week klaar"), _soon()
    yield "secrets", _("Sleutels van koppelingen die verlopen"), _contracts(secrets=True)


def _point(key: str, title: str, lines: Iterable[Line]) -> Point:
    every = list(lines)
    return Point(key, title, tuple(every[:MOST]), max(0, len(every) - MOST))


def _needs(*states: str) -> Iterator[Line]:
    for need in InformationNeed.objects.filter(state__in=states).order_by("priority", "asked_at"):
        yield Line(f"{need.number} {need.question}", "informationneed", need.key)


def _gaps(*severities: str) -> Iterator[Line]:
    for gap in gap_history.find_open():
        if gap.rule.severity in severities:
            yield Line(f"{gap.rule.title}: {gap.thing.name}", "gap", gap.id)


def _reviews() -> Iterator[Line]:
    """What is under review, and what will be within a month."""
    soon = Q(state="live", review_on__lte=clock.today() + timedelta(days=30))
    for need in InformationNeed.objects.filter(soon | Q(state="under_review")).order_by("review_on", "key"):
        when = f" ({need.review_on:%d-%m-%Y})" if need.review_on else ""
        yield Line(f"{need.number} {need.question}{when}", "informationneed", need.key)


def _changes(state: str) -> Iterator[Line]:
    found = Change.objects.filter(state=state).select_related("owner", "owner_role")
    return (_change(item) for item in found)


def _change(item: Change) -> Line:
    due = f" ({item.due_on:%d-%m-%Y})" if item.due_on else ""
    return Line(f"{item.number} {item.title}{due}", "change", item.key)


def _soon() -> Iterator[Line]:
    today = clock.today()
    for item in Change.objects.filter(state__in=realising.OPEN, due_on__range=(today, today + WEEK)):
        yield _change(item)


def _contracts(*, secrets: bool = False) -> Iterator[Line]:
    """What ends within three months: contracts and agreements, or the secrets of links."""
    until = clock.today() + AHEAD
    if secrets:
        for link in Link.objects.filter(secret_expires_on__lte=until).order_by("secret_expires_on"):
            yield Line(f"{link.key} ({link.secret_expires_on:%d-%m-%Y})", "link", link.key)
        for known in expiring(until):
            yield Line(f"{known.source.name} ({known.secret_expires_on:%d-%m-%Y})", "source", known.source.key)
        return
    for system in System.objects.filter(contract_until__lte=until).order_by("contract_until"):
        yield Line(
            _("%(name)s: contract tot %(day)s") % _until(system.name, system.contract_until), "system", system.key
        )
    for system in System.objects.filter(agreement_until__lte=until).order_by("agreement_until"):
        words = _until(system.name, system.agreement_until)
        yield Line(_("%(name)s: verwerkersovereenkomst tot %(day)s") % words, "system", system.key)


def _until(name: str, day: Any) -> dict[str, str]:
    return {"name": name, "day": f"{day:%d-%m-%Y}"}


def _policies() -> Iterator[Line]:
    for policy in Policy.objects.filter(review_on__lte=clock.today() + AHEAD).order_by("review_on"):
        yield Line(f"{policy.nl} ({policy.review_on:%d-%m-%Y})", "policy", policy.key)


def _sources() -> Iterator[Line]:
    """Sources whose last reading failed or is older than was agreed."""
    for source in Source.objects.filter(active=True):
        run = Run.objects.filter(source=source).exclude(state="running").order_by("-started_at").first()
        if run is None:
            yield Line(_("%(name)s is nog nooit gelezen") % {"name": source.name}, "source", source.key)
        elif run.state in ("failed", "stopped"):
            words = {"name": source.name, "state": run.get_state_display().lower()}
            yield Line(_("%(name)s: %(state)s") % words, "source", source.key)
        elif is_late(source, run):
            yield Line(_("%(name)s is te laat") % {"name": source.name}, "source", source.key)
