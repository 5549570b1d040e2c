"""The pages and buttons around a decision: ending a need, reading an earlier version, standing in for someone."""

from datetime import date

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from schakel.access.delegations import Delegation
from schakel.access.people import Person
from schakel.access.register import delegate, end_delegation
from schakel.chain import deciding
from schakel.lib.errors import Refused, Unknown
from schakel.lib.text import gettext as _
from schakel.portal import figures
from schakel.portal.guard import needs, signed_in
from schakel.portal.pages import ending, standing_in, unused, versions
from schakel.portal.steps import done, need_of, written
from schakel.portal.views import who


@needs("need.end")
def ending_page(request: HttpRequest, key: str) -> HttpResponse:
    """What goes when this need ends, before it happens."""
    return render(request, "schakel/ending.html", {"page": ending.page(need_of(key), request.GET.dict())})


@needs("need.end")
def unused_page(request: HttpRequest) -> HttpResponse:
    """The needs that nobody uses, proposed for ending."""
    return render(request, "schakel/unused.html", {"page": unused.page(request.GET.dict())})


@needs("need.end")
@require_POST
def end(request: HttpRequest, key: str) -> HttpResponse:
    """End a need, with the reason that stays in its life."""
    deciding.end(who(request), need_of(key), written(request, "reden"))
    return done(request, key, _("Beëindigd. Er wordt niets meer geleverd; bij de volgende ronde gaan de gegevens weg."))


@needs("chain.read")
def version_page(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """A version of a need as it was."""
    return render(request, "schakel/version.html", {"page": versions.page(need_of(key), number)})


@needs("need.realise")
@require_POST
def realise(request: HttpRequest, key: str) -> HttpResponse:
    """The work for an approved need begins."""
    deciding.realise(who(request), need_of(key))
    return done(request, key, _("In aanleg. De vrager ziet dat eraan gewerkt wordt."))


@needs("need.review")
@require_POST
def confirm(request: HttpRequest, key: str) -> HttpResponse:
    """Still needed as it is: the review closes without a new decision."""
    deciding.confirm(who(request), need_of(key), written(request, "reden"))
    return done(request, key, _("Herzien: de behoefte blijft zoals zij is. De volgende herziening staat gepland."))


@signed_in
def standing_in_page(request: HttpRequest) -> HttpResponse:
    """Who decides in my place, and for whom I do."""
    return render(request, "schakel/standing_in.html", {"page": standing_in.page(who(request))})


@needs("delegation.give")
@require_POST
def hand_over(request: HttpRequest) -> HttpResponse:
    """Let a colleague decide for a while."""
    taker = Person.objects.filter(pk=_number(request, "vervanger"), is_active=True).first()
    if taker is None:
        raise Refused(_("Kies iemand anders, met een open account."), code="taker")
    start, end_day = _day(request, "van"), _day(request, "tot")
    reason = written(request, "reden")
    with transaction.atomic():  # everything that was ticked, or nothing
        for permission in request.POST.getlist("wat") or [""]:
            delegate(who(request), taker, permission, start, end_day, reason)
    words = {"name": taker.name, "day": figures.day(end_day)}
    messages.success(request, _("%(name)s vervangt u tot en met %(day)s.") % words)
    return redirect("/vervanging")


@needs("delegation.give")
@require_POST
def take_back(request: HttpRequest) -> HttpResponse:
    """Stop a delegation now."""
    delegation = Delegation.objects.filter(pk=_number(request, "nummer")).first()
    if delegation is None or who(request).pk not in (delegation.giver_id, delegation.taker_id):
        raise Unknown(_("Deze vervanging bestaat niet."), code="unknown")
    end_delegation(who(request), delegation)
    messages.success(request, _("De vervanging is gestopt."))
    return redirect("/vervanging")


def _number(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0  # noqa: PLR2004 - longer is no number of ours


def _day(request: HttpRequest, name: str) -> date:
    try:
        return date.fromisoformat(request.POST.get(name, ""))
    except ValueError as error:
        raise Refused(_("Kies een dag, zoals 2026-12-31."), code="day") from error
