"""Sittings of a consultation: planned, held with minutes; what was resolved, and the actions that follow."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from schakel.access.changes import change
from schakel.access.people import Person
from schakel.access.roles import keys_held
from schakel.chain import realising
from schakel.chain.consultation import Consultation, Meeting, Resolution
from schakel.chain.realising import Change
from schakel.lib import clock
from schakel.lib.errors import Refused
from schakel.lib.text import gettext as _

DAYS = {"weekly": 7, "fortnightly": 14}
MONTHS = {"monthly": 1, "quarterly": 3, "yearly": 12}
FRIDAY = 4


def next_day(consultation: Consultation, after: date | None = None) -> date:
    """When it sits again by its rhythm, on a working day; from today when it never sat."""
    last = consultation.meetings.order_by("-day").values_list("day", flat=True).first()
    start = after or last
    if start is None:
        return _working_day(clock.today())
    if consultation.rhythm in DAYS:
        return _working_day(start + timedelta(days=DAYS[consultation.rhythm]))
    count = start.year * 12 + start.month - 1 + MONTHS[consultation.rhythm]
    return _working_day(date(count // 12, count % 12 + 1, min(start.day, 28)))


def _working_day(day: date) -> date:
    return day + timedelta(days=max(0, 7 - day.weekday())) if day.weekday() > FRIDAY else day


def takes_part(person: Person, consultation: Consultation) -> bool:
    """Whether a person takes part by a role in the register, or leads it."""
    seats = set(consultation.roles.values_list("role__key", flat=True))
    if consultation.chair_role:
        seats.add(consultation.chair_role.key)
    return bool(keys_held(person) & seats)


def convene(actor: Person, consultation: Consultation, day: date) -> Meeting:
    """Plan a sitting; the one of that day when it is there already."""
    found = consultation.meetings.filter(day=day).first()
    if found:
        return found
    with change(actor, "consultation.write", consultation, day=day.isoformat()) as log:
        meeting = Meeting(consultation=consultation, day=day)
        meeting.full_clean()
        meeting.save()
        log.about(meeting)
    return meeting


def hold(actor: Person, meeting: Meeting, agenda: Sequence[dict[str, Any]], minutes: str) -> None:
    """Close a sitting: its agenda is kept as it was, with the minutes. Written once; a mistake is for the next one."""
    _open(meeting)
    if not minutes.strip():
        raise Refused(_("Schrijf in het verslag ten minste één zin."), code="minutes-empty")
    with change(actor, "consultation.write", meeting, held=True):
        meeting.agenda, meeting.minutes, meeting.held_at = list(agenda), minutes.strip(), clock.now()
        meeting.full_clean()
        meeting.save()


def resolve(actor: Person, meeting: Meeting, text: str, *, about_kind: str = "", about_key: str = "") -> Resolution:
    """Write down what was resolved, linked to the thing that it decides about."""
    _open(meeting)
    with change(actor, "consultation.write", meeting, resolved=text[:250]) as log:
        resolution = Resolution(
            meeting=meeting, text=text.strip(), about_kind=about_kind, about_key=about_key, written_by=actor
        )
        resolution.full_clean()
        resolution.save()
        log.facts["resolution"] = resolution.pk
    return resolution


def act_on(actor: Person, resolution: Resolution, title: str, **fields: Any) -> Change:
    """Make an action of a resolution: a change, with who and when."""
    return realising.add(actor, title, "other", resolution=resolution, **fields)


def _open(meeting: Meeting) -> None:
    meeting.refresh_from_db()
    if meeting.held_at:
        raise Refused(_("Dit overleg is afgesloten; het verslag wijzigt niet meer."), code="state")
