"""The buttons of a finding: seen, handed to who repairs it, lived with until a day, or no longer."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from schakel.lib.errors import Refused
from schakel.lib.text import gettext as _
from schakel.operations import case_work
from schakel.portal import figures
from schakel.portal.guard import needs
from schakel.portal.steps import written
from schakel.portal.views import who


@needs("finding.handle")
@require_POST
def see(request: HttpRequest, number: int) -> HttpResponse:
    """Somebody looked at it."""
    case_work.see(who(request), number)
    return _done(request, number, _("Gezien. De anderen zien dat iemand ernaar kijkt."))


@needs("finding.handle")
@require_POST
def hand_over(request: HttpRequest, number: int) -> HttpResponse:
    """Give it to who repairs it."""
    to = request.POST.get("aan", "")
    case = case_work.hand_over(who(request), number, int(to) if to.isascii() and to.isdigit() and len(to) < 12 else 0)  # noqa: PLR2004
    name = case.assignee.name if case.assignee else ""
    return _done(request, number, _("Doorgegeven. Het staat nu op de voordeur van %(name)s.") % {"name": name})


@needs("finding.accept")
@require_POST
def accept(request: HttpRequest, number: int) -> HttpResponse:
    """Live with it until a day, with the reason."""
    try:
        until = date.fromisoformat(request.POST.get("tot", ""))
    except ValueError as error:
        raise Refused(_("Kies een dag, zoals 2026-12-31."), code="day") from error
    case_work.accept(who(request), number, written(request, "reden"), until)
    text = _("Aanvaard tot en met %(day)s. Daarna komt het vanzelf terug.")
    return _done(request, number, text % {"day": figures.day(until)})


@needs("finding.accept")
@require_POST
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """It asks for someone again."""
    case_work.withdraw(who(request), number)
    return _done(request, number, _("De bevinding staat weer open."))


def _done(request: HttpRequest, number: int, text: str) -> HttpResponse:
    messages.success(request, text)
    return redirect(f"/bevindingen/{number}")
