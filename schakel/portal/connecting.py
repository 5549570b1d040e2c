"""Connecting a source to a server, trying it, and keeping how: acting only by POST."""

from dataclasses import replace
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from schakel.access.changes import allowed
from schakel.collect.connections import connect, connection_of
from schakel.collect.providers import Wish, provider
from schakel.collect.sources import Source
from schakel.lib.errors import SchakelError, Unknown
from schakel.lib.outgoing import Bounds
from schakel.lib.text import gettext as _
from schakel.operations.fetchings import access
from schakel.operations.flow import collectable
from schakel.portal.guard import needs
from schakel.portal.pages import server
from schakel.portal.pages import source as one_source
from schakel.portal.views import who
from schakel.process import mappings

_HURRY = Bounds(size=8 * 2**20, seconds=10.0, silence=10.0)  # somebody waits for it
_MOST_HOURS = 24 * 31


@needs("source.write")
def page(request: HttpRequest, key: str) -> HttpResponse:
    """Where this source is read from."""
    return render(request, "schakel/server.html", {"page": server.page(_served(key))})


@needs("source.write")
@require_POST
def save(request: HttpRequest, key: str) -> HttpResponse:
    """Keep what was filled in; the secret is never sent back."""
    source = _served(key)
    given = {name: request.POST.get(name, "").strip() for name in server.FIELDS}
    try:
        connect(
            who(request),
            source,
            provider=server.SERVED[source.layout],
            secret=request.POST.get("secret", ""),
            **_fields(source, given),
        )
    except ValidationError:
        wrong = _("Vul elk veld in, niet te lang.")
    except SchakelError as error:
        wrong = str(error)
    else:
        messages.success(request, _("Bewaard. Probeer de verbinding voordat u erop rekent."))
        return redirect(f"/bronnen/{key}/server")
    return render(request, "schakel/server.html", {"page": server.page(source, given=given, wrong=wrong)}, status=422)


@needs("source.write")
@require_POST
def probe(request: HttpRequest, key: str) -> HttpResponse:
    """Look at one page of each part and keep nothing."""
    allowed(who(request), "source.write")
    source = _served(key)
    known = connection_of(source)
    if known is None:
        return redirect(f"/bronnen/{key}/server")
    try:
        wish = Wish(mappings.columns_for(collectable()).get(source.layout, {}))
        way = replace(settings.OUTGOING, bounds=_HURRY)
        shown = server.page(source, offers=provider(known.provider).probe(access(known), way, wish))
    except SchakelError as error:
        shown = server.page(source, wrong=str(error))
    return render(request, "schakel/server.html", {"page": shown})


def _served(key: str) -> Source:
    """The source with this key, when there is a kind of server that gives what it holds."""
    source = one_source.find(key)
    if source.layout not in server.SERVED:
        raise Unknown(_("Deze bron kan Schakel niet van een server lezen; leg het bestand in de inbox."))
    return source


def _fields(source: Source, given: dict[str, str]) -> dict[str, Any]:
    """What was filled in, as it is kept. Raises SchakelError with what is wrong."""
    methods = provider(server.SERVED[source.layout]).VERSIONS.get(given["version"], ())
    if given["method"] not in methods:
        raise SchakelError(_("Deze manier van aanmelden hoort niet bij deze versie van OneRoster."), code="method")
    hours = given["every_hours"]
    if not (hours.isascii() and hours.isdecimal() and len(hours) < 4 and 0 < int(hours) <= _MOST_HOURS):  # noqa: PLR2004
        raise SchakelError(_("Vul een aantal uren in van 1 tot en met 744."), code="hours")
    try:
        ends = date.fromisoformat(given["secret_expires_on"]) if given["secret_expires_on"] else None
    except ValueError:
        raise SchakelError(_("Dit is geen dag."), code="day") from None
    if not given["client"] or not given["client"].isprintable():
        raise SchakelError(_("Vul de naam (client id) in die de leverancier gaf."), code="client")
    token = given["token_address"] if given["method"] == "oauth2" else ""
    return given | {"every_hours": int(hours), "secret_expires_on": ends, "token_address": token}
