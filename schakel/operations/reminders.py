"""Reminders by mail: one letter a person a week at most, with what waits for them and for how long. No names of pupils.

Nothing is sent while no mail server is set; what waits stands on the front doors all the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage

from schakel.access import audit
from schakel.access.audit import AuditLine
from schakel.access.changes import change
from schakel.access.delegations import Delegation
from schakel.access.people import Person
from schakel.access.permissions import holders
from schakel.chain import advice, realising, reviewing
from schakel.chain.needs import InformationNeed
from schakel.collect.cases import Case
from schakel.lib import clock
from schakel.lib.text import gettext as _
from schakel.lib.text import spoken

PATIENCE = timedelta(days=5)  # before this nobody is reminded
PAUSE = timedelta(days=7)  # between two letters to one person
SOON = timedelta(days=3)
ACTION = "person.remind"


@dataclass(frozen=True)
class Waiting:
    """One thing that waits for one person, and its address on the pages."""

    person: Person
    text: str
    address: str


def waiting() -> list[Waiting]:
    """Everything that has waited too long, for whom it waits."""
    return [*_needs(), *_reviews(), *_changes(), *_delegations(), *_findings()]


def _needs() -> Iterator[Waiting]:
    open_ = InformationNeed.objects.whole().filter(state__in=("asked", "assessed")).order_by("asked_at")
    for need in open_:
        since = _since(need)
        if clock.now() - since < PATIENCE:
            continue
        words = {"number": need.number, "days": (clock.now() - since).days}
        permission, text = _next(need)
        for person in holders(permission):
            if permission != "need.approve" or person.pk != need.requester_id:
                yield Waiting(person, text % words, f"/behoeften/{need.key}")


def _next(need: InformationNeed) -> tuple[str, str]:
    """Who moves next with a need, and what to tell them."""
    if need.state == "asked":
        return "need.assess", _("Vraag %(number)s wacht %(days)s dagen op beoordeling.")
    if advice.due(need) and not need.advices.filter(content_hash=need.fingerprint()).exists():
        return "need.advise", _("Behoefte %(number)s wacht %(days)s dagen op uw advies.")
    return "need.approve", _("Behoefte %(number)s wacht %(days)s dagen op een besluit.")


def _since(need: InformationNeed) -> datetime:
    last = audit.history(need.noun(), need.key).first()
    return last.at if last else need.asked_at


def _reviews() -> Iterator[Waiting]:
    """Needs that were taken up because their day of review was reached: the owner says what becomes of them."""
    for need in reviewing.due():
        text = _(
            "Behoefte %(number)s is in herziening sinds haar dag, %(day)s: houd haar, wijzig haar of beëindig haar."
        )
        words = {"number": need.number, "day": f"{need.review_on:%d-%m-%Y}"}
        for person in reviewing.owners(need):
            yield Waiting(person, text % words, f"/behoeften/{need.key}")


def _changes() -> Iterator[Waiting]:
    for item in realising.late():
        if item.owner and item.owner.is_active:
            text = _("Wijziging %(number)s had op %(day)s klaar moeten zijn.")
            yield Waiting(
                item.owner, text % {"number": item.number, "day": f"{item.due_on:%d-%m-%Y}"}, f"/wijzigingen/{item.pk}"
            )


def _delegations() -> Iterator[Waiting]:
    ending = Delegation.objects.on().filter(end__lte=clock.today() + SOON).select_related("giver", "taker")
    for delegation in ending:
        text = _("De vervanging door %(name)s eindigt op %(day)s.")
        words = {"name": delegation.taker.name, "day": f"{delegation.end:%d-%m-%Y}"}
        yield Waiting(delegation.giver, text % words, "/vervanging")


def _findings() -> Iterator[Waiting]:
    """Findings that were handed to somebody who did not repair them yet."""
    handed = Case.objects.open().filter(state="reported", reported_at__lt=clock.now() - PATIENCE)
    for case in handed.filter(assignee__is_active=True).select_related("assignee", "source").order_by("reported_at"):
        text = _("Bevinding %(number)s in %(source)s wacht %(days)s dagen op herstel.")
        if case.assignee and case.reported_at:
            days = (clock.now() - case.reported_at).days
            words = {"number": case.number, "source": case.source.name, "days": days}
            yield Waiting(case.assignee, text % words, f"/bevindingen/{case.pk}")


def send() -> int:
    """Send the letters that are due, each with its line in the trail; returns how many. For the schedule."""
    if not settings.SCHAKEL_MAIL_HOST:
        return 0
    sent = 0
    for language in ("nl", "en"):
        with spoken(language):
            for items in _letters(language):
                with change(None, ACTION, items[0].person, things=len(items)):
                    _letter(items).send()
                sent += 1
    return sent


def _letters(language: str) -> list[list[Waiting]]:
    """What waits, together for each person of this language who had no letter lately."""
    found: dict[int, list[Waiting]] = {}
    for item in waiting():
        if item.person.language == language:
            found.setdefault(item.person.pk, []).append(item)
    return [items for pk, items in found.items() if not _reminded_lately(pk)]


def _reminded_lately(pk: int) -> bool:
    return AuditLine.objects.filter(action=ACTION, thing_key=str(pk), at__gt=clock.now() - PAUSE).exists()


def _letter(items: list[Waiting]) -> EmailMessage:
    person = items[0].person
    head = _("Dag %(name)s, in Schakel wacht iets op u:") % {"name": person.name}
    foot = _("U krijgt hoogstens één herinnering per week.")
    lines = [f"- {item.text} {settings.SCHAKEL_ADDRESS}{item.address}" for item in items]
    body = "\n".join([head, "", *lines, "", foot])
    return EmailMessage(_("Schakel: er wacht iets op u"), body, settings.DEFAULT_FROM_EMAIL, [person.email])
