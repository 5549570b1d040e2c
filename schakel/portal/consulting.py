"""Changes and consultations: the pages, their buttons, and the agenda as PDF."""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_GET, require_POST, require_safe

from schakel.access.people import Person
from schakel.chain import meetings, realising
from schakel.chain.consultation import Meeting, Resolution
from schakel.chain.realising import Change
from schakel.lib.errors import Refused, Unknown
from schakel.lib.text import gettext as _
from schakel.operations import agenda
from schakel.portal import drafts, spreadsheets
from schakel.portal.guard import needs
from schakel.portal.pages import changes, consultations
from schakel.portal.printing import pdf
from schakel.portal.steps import written
from schakel.portal.views import who

LONGEST_MINUTES = 20_000


@needs("chain.read")
@require_GET
def changes_page(request: HttpRequest) -> HttpResponse:
    """All changes."""
    return render(request, "schakel/changes.html", {"page": changes.page(who(request), request.GET.dict())})


@needs("chain.read")
@require_safe
def changes_file(request: HttpRequest) -> HttpResponse:
    """All changes as a spreadsheet."""
    found = list(Change.objects.select_related("owner", "owner_role", "need"))
    return spreadsheets.of_table(changes.table(found), _("wijzigingen"))


@needs("chain.read")
@require_GET
def calendar_page(request: HttpRequest) -> HttpResponse:
    """What is due, by day."""
    return render(request, "schakel/calendar.html", {"page": changes.month(request.GET.get("maand", ""))})


@needs("chain.read")
@require_GET
def change_page(request: HttpRequest, number: int) -> HttpResponse:
    """One change."""
    return render(request, "schakel/change.html", {"page": changes.one(who(request), number)})


@needs("change.write")
@require_POST
def add_change(request: HttpRequest) -> HttpResponse:
    """Write down something to do."""
    item = realising.add(who(request), written(request, "wat"), drafts.text(request.POST, "soort"))
    return _told(request, item, _("Toegevoegd. Kies nog wie het doet en wanneer."))


@needs("change.write")
@require_POST
def plan(request: HttpRequest, number: int) -> HttpResponse:
    """Who, when, how much work."""
    item = changes.find(number)
    realising.plan(
        who(request), item, owner=_person(request, "wie"), due_on=_day(request, "uiterlijk"),
        effort_hours=_hours(request, "uren"), note=drafts.text(request.POST, "opmerking", 2000),
    )  # fmt: skip
    return _told(request, item, _("Opgeslagen."))


@needs("change.write")
@require_POST
def begin(request: HttpRequest, number: int) -> HttpResponse:
    """Begin with it."""
    item = changes.find(number)
    realising.start(who(request), item)
    return _told(request, item, _("In uitvoering."))


@needs("change.write")
@require_POST
def finish(request: HttpRequest, number: int) -> HttpResponse:
    """It is done."""
    item = changes.find(number)
    realising.finish(who(request), item)
    return _told(request, item, _("Klaar gemeld."))


@needs("change.write")
@require_POST
def drop(request: HttpRequest, number: int) -> HttpResponse:
    """It is not needed after all."""
    item = changes.find(number)
    realising.drop(who(request), item, written(request, "reden"))
    return _told(request, item, _("Vervallen, met de reden erbij."))


@needs("change.write")
@require_POST
def wait(request: HttpRequest, number: int) -> HttpResponse:
    """It waits for another one."""
    item, chosen = changes.find(number), drafts.text(request.POST, "op")
    if not chosen.isdecimal():
        raise Refused(_("Kies waarop het wacht."), code="waits")
    realising.wait_for(who(request), item, changes.find(int(chosen[:9])))
    return _told(request, item, _("Vastgelegd."))


@needs("chain.read")
@require_GET
def consultations_page(request: HttpRequest) -> HttpResponse:
    """All consultations."""
    return render(request, "schakel/consultations.html", {"page": consultations.page(who(request))})


@needs("chain.read")
@require_GET
def sitting_page(request: HttpRequest, key: str, day: str) -> HttpResponse:
    """One sitting."""
    return render(request, "schakel/sitting.html", {"page": consultations.sitting(who(request), key, day)})


@needs("chain.read")
@require_safe
def sitting_file(request: HttpRequest, key: str, day: str) -> HttpResponse:
    """The agenda or the minutes as PDF, as this reader sees it."""
    page = consultations.sitting(who(request), key, day)
    html = render_to_string("schakel/sitting_print.html", {"page": page}, request)
    return pdf(html, f"{key}-{consultations.day_of(day).isoformat()}")


@needs("consultation.write")
@require_POST
def resolve(request: HttpRequest, key: str, day: str) -> HttpResponse:
    """Write down a resolution, perhaps with an action."""
    meeting = _meeting(request, key, day)
    kind, _colon, thing = drafts.text(request.POST, "over", 400).partition(":")
    resolution = meetings.resolve(who(request), meeting, written(request, "besluit"), about_kind=kind, about_key=thing)
    action = drafts.text(request.POST, "actie", 250)
    if action:
        _act(request, resolution, action)
    messages.success(request, _("Vastgelegd."))
    return redirect(f"/overleg/{key}/{day}#besluiten")


@needs("consultation.write")
@require_POST
def close(request: HttpRequest, key: str, day: str) -> HttpResponse:
    """Close the sitting: the agenda and the minutes stay as they are."""
    meeting = _meeting(request, key, day)
    points = consultations.points_of(who(request), meeting.consultation, meeting)
    minutes = request.POST.get("verslag", "")[:LONGEST_MINUTES]
    meetings.hold(who(request), meeting, agenda.kept(points), minutes)
    messages.success(request, _("Afgesloten. De agenda en het verslag blijven zoals zij zijn."))
    return redirect(f"/overleg/{key}/{day}")


def _act(request: HttpRequest, resolution: Resolution, title: str) -> None:
    fields: dict[str, Any] = {"owner": _person(request, "wie"), "due_on": _day(request, "uiterlijk")}
    meetings.act_on(who(request), resolution, title, **fields)


def _meeting(request: HttpRequest, key: str, day: str) -> Meeting:
    return meetings.convene(who(request), consultations.find(key), consultations.day_of(day))


def _told(request: HttpRequest, item: Change, text: str) -> HttpResponse:
    messages.success(request, text)
    return redirect(f"/wijzigingen/{item.pk}")


def _person(request: HttpRequest, name: str) -> Person | None:
    """The person chosen; None when nobody was."""
    chosen = drafts.text(request.POST, name)
    if not chosen:
        return None
    people: dict[str, Person] = {str(person.pk): person for person in Person.objects.filter(is_active=True)}
    if chosen not in people:
        raise Unknown(_("Deze persoon bestaat niet."), code="unknown")
    return people[chosen]


def _day(request: HttpRequest, name: str) -> date | None:
    chosen = drafts.text(request.POST, name)
    try:
        return date.fromisoformat(chosen) if chosen else None
    except ValueError as error:
        raise Refused(_("Kies een dag, zoals 2026-12-31."), code="day") from error


def _hours(request: HttpRequest, name: str) -> Decimal | None:
    chosen = drafts.text(request.POST, name).replace(",", ".")
    try:
        hours = Decimal(chosen) if chosen else None
    except InvalidOperation as error:
        raise Refused(_("Schrijf het aantal uren als getal, zoals 4 of 1,5."), code="hours") from error
    if hours is not None and not 0 <= hours < 10_000:  # noqa: PLR2004 - five years of one person
        raise Refused(_("Schrijf het aantal uren als getal, zoals 4 of 1,5."), code="hours")
    return hours
