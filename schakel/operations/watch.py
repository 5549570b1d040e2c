"""Watching the promises of sources: alerts begin and end by themselves, and their owners get one letter about them.

No letter goes out at night: what begins then waits for the morning. Nor in the first quarter of an hour: what a retry
puts right nobody needs to know. Letters name sources and needs, never people.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage

from schakel.access.audit import AuditLine
from schakel.access.changes import change
from schakel.access.people import Person
from schakel.access.permissions import holders
from schakel.access.roles import RoleAssignment
from schakel.collect import alerts
from schakel.collect.alerts import ACTION, Alert
from schakel.collect.sources import Source
from schakel.lib import clock
from schakel.lib.text import gettext as _
from schakel.lib.text import spoken, worded
from schakel.operations.promises import Risk, promises

NIGHT = (20, 7)  # from this hour to that one nothing is sent
QUIET = timedelta(minutes=15)  # before an alert is worth a letter
PAUSE = timedelta(hours=1)  # between two letters to one person


def look() -> list[Alert]:
    """Let alerts begin and end as the promises stand now; those that stand."""
    found = {(key, risk.cause): risk for key, promise in promises().items() for risk in promise.risks}
    standing = {(alert.source_id, alert.cause): alert for alert in Alert.objects.standing().whole()}
    for key, alert in standing.items():
        if key not in found:
            alerts.end(alert)
    fresh = [key for key in found if key not in standing]
    sources = Source.objects.in_bulk([number for number, _cause in fresh])
    for number, cause in fresh:
        risk = found[number, cause]
        alerts.begin(sources[number], cause, risk.need, risk.deadline)
    return list(Alert.objects.standing().whole())


def send() -> int:
    """Send the letters that are due; returns how many. For the schedule."""
    if not settings.SCHAKEL_MAIL_HOST or is_night(clock.now()):
        return 0
    letters = _letters()
    for person, items in letters.items():
        with spoken(person.language), change(None, ACTION, person, alerts=len(items)):
            _letter(person, items).send()
    for alert in {alert.pk: alert for items in letters.values() for alert in items}.values():
        alerts.mark_told(alert)  # after the last letter: of one that could not be sent, all are sent again
    return len(letters)


def is_night(moment: datetime) -> bool:
    """Whether people are left alone."""
    hour = moment.astimezone(clock.AMSTERDAM).hour
    return hour >= NIGHT[0] or hour < NIGHT[1]


def owners(source: Source) -> list[Person]:
    """Who answers for a source: the holders of its role, or who may read sources when nobody holds it."""
    held = RoleAssignment.objects.on(clock.today()).filter(role=source.owner_role)
    found = list(Person.objects.filter(is_active=True, assignments__in=held).distinct()) if source.owner_role else []
    return found or holders("source.collect")


def sentence(alert: Alert) -> str:
    """What is the case, in one sentence; without people, and without what a file said."""
    return told(alert.source, Risk(alert.cause, alert.need, alert.deadline))


def told(source: Source, risk: Risk) -> str:
    """A risk of a source in one sentence."""
    words = {"name": worded(source, "name"), "moment": _moment(risk.deadline), "need": _need(risk)}
    if risk.cause == "failed":
        text = _("%(name)s: de laatste keer lezen mislukte.")
        return _closing(text, risk.deadline and risk.deadline > clock.now(), words)
    if risk.cause == "overdue":
        return _("%(name)s: er zijn geen nieuwe gegevens, en die moesten er %(moment)s zijn%(need)s.") % words
    if risk.deadline is None:
        return _("%(name)s komt minder vaak binnen dan is beloofd%(need)s.") % words
    return _("%(name)s wordt te laat gelezen; de gegevens moeten er %(moment)s zijn%(need)s.") % words


def _closing(text: str, ahead: object, words: dict[str, str]) -> str:
    more = _(" De gegevens moeten er %(moment)s zijn%(need)s.") if ahead else ""
    return (text + more) % words


def _need(risk: Risk) -> str:
    if risk.need is None:
        return ""
    return _(", want: %(number)s %(question)s") % {
        "number": risk.need.number, "question": worded(risk.need, "question").rstrip(".?!")
    }  # fmt: skip


def _moment(moment: datetime | None) -> str:
    return f"{moment.astimezone(clock.AMSTERDAM):%d-%m-%Y %H:%M}" if moment else ""


def _letters() -> dict[Person, list[Alert]]:
    """What each owner does not know yet, together; one alert goes to all who own its source, in the same round."""
    waiting = Alert.objects.standing().whole().filter(told_at__isnull=True, begun_at__lte=clock.now() - QUIET)
    found: dict[Person, list[Alert]] = {}
    for alert in waiting:
        people = owners(alert.source)
        if not any(_told_lately(person) for person in people):
            for person in people:
                found.setdefault(person, []).append(alert)
    return found


def _told_lately(person: Person) -> bool:
    after = clock.now() - PAUSE
    return AuditLine.objects.filter(
        action=ACTION, thing_kind="person", thing_key=str(person.key), at__gt=after
    ).exists()


def _letter(person: Person, items: Iterable[Alert]) -> EmailMessage:
    lines = [f"- {sentence(a)} {settings.SCHAKEL_ADDRESS}/bronnen/{a.source.key}" for a in items]
    head = _("Dag %(name)s, een bron van u vraagt aandacht:") % {"name": person.name}
    foot = _("Is het opgelost, dan verdwijnt de melding vanzelf. Tussen 20.00 en 7.00 uur schrijft Schakel niet.")
    subject = _("Schakel: een bron vraagt aandacht")
    return EmailMessage(subject, "\n".join([head, "", *lines, "", foot]), settings.DEFAULT_FROM_EMAIL, [person.email])
