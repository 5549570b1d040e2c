"""Who is who over sources: looking, and deciding only by POST. Keys travel in the form, never in an address."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from schakel.collect.match_decisions import DIFFERENT, OPEN, SAME
from schakel.lib.text import gettext as _
from schakel.operations import who_is_who
from schakel.portal.guard import needs
from schakel.portal.pages import who_is_who as pages
from schakel.portal.views import who


@needs("match.read")
def overview(request: HttpRequest) -> HttpResponse:
    """Every source that names people or schools."""
    return render(request, "schakel/who_is_who.html", {"page": pages.overview(who(request), request.GET.dict())})


@needs("match.read")
def pairing(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """One source against the roster."""
    return render(request, "schakel/matches.html", {"page": pages.page(who(request), kind, key)})


@needs("match.decide")
@require_POST
def decide(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """The same, not the same, or open again."""
    pair = (request.POST.get("daar", ""), request.POST.get("hier", ""))
    verdict = request.POST.get("besluit", "")
    who_is_who.decide(who(request), pages.kind_of(kind), key, pair, verdict, request.POST.get("reden", ""))
    done = {
        SAME: _("Zelfde. De volgende momentopname gebruikt het."),
        DIFFERENT: _("Niet dezelfde. Schakel stelt dit paar niet meer voor."),
        OPEN: _("Teruggenomen. De volgende momentopname gebruikt het niet meer."),
    }
    messages.success(request, done[verdict])
    return redirect(f"/wie-is-wie/{kind}/{key}")
