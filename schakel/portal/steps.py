"""What buttons do: each one asks its own permission and calls the room's own function."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from schakel.chain import deciding
from schakel.chain.needs import InformationNeed
from schakel.collect.sources import Source
from schakel.lib.errors import Refused, SchakelError, Unknown
from schakel.lib.text import gettext as _
from schakel.operations import bringing, flow
from schakel.portal.guard import needs
from schakel.portal.pages import reading
from schakel.portal.pages import source as one_source
from schakel.portal.views import who


def need_of(key: str) -> InformationNeed:
    """The need at this address; Unknown when there is none."""
    need: InformationNeed | None = InformationNeed.objects.whole().filter(key=key).first()
    if need is None:
        raise Unknown(_("Deze behoefte bestaat niet, of heet anders."), code="unknown")
    return need


def done(request: HttpRequest, key: str, text: str) -> HttpResponse:
    """Back to the need, with a sentence about what was done."""
    messages.success(request, text)
    return redirect(f"/behoeften/{key}")


def written(request: HttpRequest, name: str) -> str:
    """What the person wrote; a step that needs a reason does not happen without one."""
    text = request.POST.get(name, "").strip()
    if not text:
        raise Refused(_("Schrijf er een reden bij: wie het leest moet ermee verder kunnen."), code="reason")
    return text[:2000]


@needs("need.assess")
@require_POST
def assess(request: HttpRequest, key: str) -> HttpResponse:
    """Looked at, ready for a decision."""
    deciding.assess(who(request), need_of(key))
    return done(request, key, _("Beoordeeld. De behoefte wacht nu op een besluit van iemand anders."))


@needs("need.approve")
@require_POST
def approve(request: HttpRequest, key: str) -> HttpResponse:
    """Approve exactly the version that was on the screen."""
    deciding.approve(who(request), need_of(key), request.POST.get("vingerafdruk", ""))
    return done(request, key, _("Goedgekeurd. Na de volgende keer lezen stromen de gegevens."))


@needs("need.refuse")
@require_POST
def refuse(request: HttpRequest, key: str) -> HttpResponse:
    """Decide against it, with the reason that the asker reads."""
    deciding.refuse(who(request), need_of(key), written(request, "reden"))
    return done(request, key, _("Afgewezen. De vrager leest uw reden."))


@needs("need.advise")
@require_POST
def advise(request: HttpRequest, key: str) -> HttpResponse:
    """The privacy officer's advice on the version as it stands."""
    positive = request.POST.get("oordeel") == "positief"
    deciding.advise(who(request), need_of(key), positive=positive, text=written(request, "tekst"))
    return done(request, key, _("Uw advies staat bij deze versie."))


@needs("need.go_live")
@require_POST
def go_live(request: HttpRequest, key: str) -> HttpResponse:
    """In use from now on."""
    deciding.go_live(who(request), need_of(key))
    return done(request, key, _("In gebruik. Wie het mag zien, ziet het vanaf de volgende momentopname."))


@needs("need.review")
@require_POST
def review(request: HttpRequest, key: str) -> HttpResponse:
    """Take it up again."""
    deciding.review(who(request), need_of(key))
    return done(request, key, _("In herziening. Wat was goedgekeurd loopt door tot de inhoud verandert."))


@needs("source.collect")
@require_POST
def read_source(request: HttpRequest, key: str) -> HttpResponse:
    """Ask for one source to be read; the worker does it, and the page shows how far it is."""
    source = one_source.find(key)
    asked = flow.request(who(request), [source])
    if not asked:
        text = _("Er ligt geen bestand in de inbox dat heet als %(pattern)s.") % {"pattern": source.pattern}
        messages.warning(request, text)
        return redirect(f"/bronnen/{key}")
    return redirect(f"/bronnen/{key}?{reading.ASKED}={asked[0].pk}")


@needs("source.collect")
@require_POST
def bring_file(request: HttpRequest, key: str) -> HttpResponse:
    """A file that somebody has at hand: put it down for its source, and ask for it to be read."""
    source, file = one_source.find(key), request.FILES.get("bestand")
    if file is None:
        messages.error(request, _("Kies eerst een bestand."))
        return redirect(f"/bronnen/{key}")
    try:
        bringing.bring(who(request), source, file.name or "", file.chunks())
    except SchakelError as error:
        messages.error(request, str(error))
        return redirect(f"/bronnen/{key}")
    return read_source(request, key)


@needs("source.collect")
@require_POST
def throw_file_away(request: HttpRequest, key: str) -> HttpResponse:
    """A file that was brought and could not come in: let go of it."""
    try:
        bringing.throw_away(who(request), one_source.find(key), request.POST.get("naam", ""))
    except Unknown as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Het bestand is weggegooid. Wat er van de bron stond blijft."))
    return redirect(f"/bronnen/{key}")


@needs("source.collect")
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Ask for every source with a file to be read."""
    asked = flow.request(who(request), Source.objects.filter(active=True))
    if not asked:
        messages.warning(request, _("Er ligt voor geen enkele bron een bestand in de inbox."))
        return redirect("/ict")
    newest = max(asked, key=lambda run: (run.asked_at is not None, run.asked_at or run.started_at))
    return redirect(f"/ict?{reading.ASKED}={newest.pk}")
