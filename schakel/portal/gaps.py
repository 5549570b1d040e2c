"""The page of one gap, and its two buttons: live with it for a while, or no longer."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from schakel.chain import gap_history
from schakel.lib.errors import Refused
from schakel.lib.text import gettext as _
from schakel.portal import figures
from schakel.portal.guard import needs
from schakel.portal.pages import broken_chain
from schakel.portal.steps import written
from schakel.portal.views import who


@needs("gap.read")
def gap_page(request: HttpRequest, id_: str) -> HttpResponse:
    """One gap."""
    return render(request, "schakel/gap.html", {"page": broken_chain.gap_page(who(request), id_)})


@needs("gap.accept")
@require_POST
def accept(request: HttpRequest, id_: str) -> HttpResponse:
    """Live with it until a day, with the reason."""
    item = gap_history.by_id(id_)
    try:
        until = date.fromisoformat(request.POST.get("tot", ""))
    except ValueError as error:
        raise Refused(_("Kies een dag, zoals 2026-12-31."), code="day") from error
    gap_history.accept(who(request), item.gap, written(request, "reden")[:250], until)
    text = _("Aanvaard tot en met %(day)s. Daarna komt het vanzelf terug.")
    messages.success(request, text % {"day": figures.day(until)})
    return redirect(broken_chain.own_page(item.gap))


@needs("gap.accept")
@require_POST
def withdraw(request: HttpRequest, id_: str) -> HttpResponse:
    """It asks for someone again."""
    item = gap_history.by_id(id_)
    if item.acceptance is None:
        raise Refused(_("Dit hiaat was niet aanvaard."), code="state")
    gap_history.withdraw(who(request), item.acceptance)
    messages.success(request, _("Het hiaat staat weer open."))
    return redirect(broken_chain.own_page(item.gap))
