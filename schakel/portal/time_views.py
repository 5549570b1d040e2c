"""The page of time that came back, and the button to correct what it rests on."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from schakel.distribute import time_returned
from schakel.lib.errors import Refused
from schakel.lib.text import gettext as _
from schakel.portal import drafts
from schakel.portal.guard import needs
from schakel.portal.pages import time_page
from schakel.portal.steps import need_of
from schakel.portal.views import who


@needs("chain.read")
def overview(request: HttpRequest) -> HttpResponse:
    """Hours per need, school and role this year."""
    return render(request, "schakel/time.html", {"page": time_page.page(request.GET.dict())})


@needs("time.correct")
def correcting(request: HttpRequest, key: str) -> HttpResponse:
    """What one need costs, and the form."""
    return render(request, "schakel/correcting.html", {"page": time_page.correcting(who(request), need_of(key))})


@needs("time.correct")
@require_POST
def correct(request: HttpRequest, key: str) -> HttpResponse:
    """Keep what someone who does the work says."""
    mistakes: dict[str, str] = {}
    before = drafts.number(drafts.text(request.POST, "eerst"), "before", mistakes)
    now = drafts.number(drafts.text(request.POST, "nu"), "now", mistakes)
    if mistakes or before is None or now is None:
        raise Refused(_("Kies een aantal minuten van 0 tot en met 1.440."), code="minutes")
    time_returned.correct(who(request), need_of(key), before, now, drafts.text(request.POST, "toelichting", 250))
    messages.success(request, _("Dank u. De uren zijn opnieuw geteld."))
    return redirect("/tijd")
