"""Connecting a source to where its data are, trying it, knowing its server, letting go of it: acting only by POST."""

from collections.abc import Mapping
from dataclasses import replace

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from schakel.access.changes import allowed
from schakel.chain.systems import System
from schakel.collect.connections import connection_of, disconnect, trust
from schakel.collect.providers import Wish, provider
from schakel.collect.sources import Source
from schakel.connectors.sftp import Stranger, fingerprint_of
from schakel.lib.errors import SchakelError
from schakel.lib.outgoing import Bounds
from schakel.lib.text import gettext as _
from schakel.operations import ways_in
from schakel.operations.bringing import brought_as
from schakel.operations.fetchings import access, declaration
from schakel.operations.flow import collectable
from schakel.portal import ways_given
from schakel.portal.guard import needs
from schakel.portal.pages import connecting as new
from schakel.portal.pages import server, ways
from schakel.portal.pages import source as one_source
from schakel.portal.pages.sources import source_name
from schakel.portal.views import who
from schakel.portal.ways_given import Mistaken
from schakel.process import mappings

_HURRY = Bounds(size=8 * 2**20, seconds=10.0, silence=10.0)  # somebody waits for it
_MISTAKEN = 422


@needs("source.write")
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """A new source: which kind, what is in it, and the form."""
    kind = request.GET.get("soort", "")
    held = "oneroster" if kind == "oneroster-rest" else request.GET.get("gegevens", "")
    return render(request, "schakel/connecting.html", {"page": new.page(kind, held, _needed())})


@needs("source.write")
@require_POST
@sensitive_post_parameters("secret", "key")
def begin(request: HttpRequest) -> HttpResponse:
    """Keep a new source, whole; or say what is wrong with it."""
    given = ways_given.words(request.POST)
    kind, held = given.get("soort", ""), given.get("gegevens", "")
    try:
        source = _begun(request, kind, held, given)
    except (ValidationError, SchakelError) as error:
        text, fields = _wrong(error)
        shown = new.page(kind, held, _needed(), given=given, wrong=text, fields=fields)
        return render(request, "schakel/connecting.html", {"page": shown}, status=_MISTAKEN)
    if kind == ways.INBOX:
        messages.success(request, _("Bewaard. Zet hier het eerste bestand neer."))
        return redirect(f"/bronnen/{source.key}")
    messages.success(request, _("Bewaard. Probeer de verbinding voordat u erop rekent."))
    return redirect(f"/bronnen/{source.key}/server")


def _begun(request: HttpRequest, kind: str, held: str, given: Mapping[str, str]) -> Source:
    if held not in dict(new.holdings(kind)):
        raise SchakelError(_("Kies eerst wat er in de bron staat."), code="kind")
    title, system = given.get("name", ""), System.objects.filter(key=given.get("system", "")).first()
    key = slugify(title)[:64]
    if not key or key == "aansluiten":
        raise Mistaken(
            _("Geef de bron een naam met letters."), fields={"name": _("Geef de bron een naam met letters.")}
        )
    if system is None:
        text = _("Kies uit welke applicatie de gegevens komen.")
        raise Mistaken(text, fields={"system": text})
    target, pattern = new.target_of(kind, held), ways_given.pattern(kind, given)
    if pattern and not new.fits(held, pattern):
        text = _(
            "Bestanden van deze vorm heten als %(pattern)s. Begin ook zo, of vertaal een bestand met een andere naam."
        )
        said = text % {"pattern": new.pattern_of(held)}
        raise Mistaken(said, fields={"pattern": said})
    if pattern and kind == ways.INBOX and (other := brought_as(pattern)) is not None:
        text = _("Bron ‘%(name)s’ leest al bestanden die zo heten. Noem ze anders, bijvoorbeeld met de school erin.")
        said = text % {"name": source_name(other)}
        raise Mistaken(said, fields={"pattern": said})
    return ways_in.begin(
        who(request),
        key,
        title,
        system,
        layout=target.layout if target else held,
        pattern=pattern or f"{key}_*.zip",
        declared=ways_given.declared(kind, target, given, title, key),
        reached=None if kind == ways.INBOX else ways_given.reached(kind, given, request.POST),
    )


@needs("source.write")
@require_safe
def page(request: HttpRequest, key: str) -> HttpResponse:
    """Where this source is fetched."""
    source = one_source.find(key)
    shown = server.page(source, _needed_of(source), kind=request.GET.get("soort", ""))
    return render(request, "schakel/server.html", {"page": shown})


@needs("source.write")
@require_POST
@sensitive_post_parameters("secret", "key")
def save(request: HttpRequest, key: str) -> HttpResponse:
    """Keep what was filled in; the secret is never sent back."""
    source = one_source.find(key)
    given = ways_given.words(request.POST)
    kind = server.kind_of(source, given.get("soort", ""))
    try:
        told = declaration(source)
        title = str(told.get("title", {}).get("nl", source.name))
        ways_in.adjust(
            who(request),
            source,
            ways_given.reached(kind, given, request.POST),
            declared=ways_given.declared(kind, server.target_of(source), given, title, source.key),
            pattern=ways_given.pattern(kind, given),
        )
    except (ValidationError, SchakelError) as error:
        text, fields = _wrong(error)
        shown = server.page(source, _needed_of(source), kind=kind, given=given, wrong=text, fields=fields)
        return render(request, "schakel/server.html", {"page": shown}, status=_MISTAKEN)
    messages.success(request, _("Bewaard. Probeer de verbinding voordat u erop rekent."))
    return redirect(f"/bronnen/{key}/server")


@needs("source.write")
@require_POST
def probe(request: HttpRequest, key: str) -> HttpResponse:
    """Look at what is there and keep nothing."""
    allowed(who(request), "source.write")
    source = one_source.find(key)
    known = connection_of(source)
    if known is None:
        return redirect(f"/bronnen/{key}/server")
    needed = _needed_of(source)
    try:
        wish = Wish(needed, declared=declaration(source), pattern=source.pattern)
        way = replace(settings.OUTGOING, bounds=_HURRY)
        shown = server.page(source, needed, offers=provider(known.provider).probe(access(known), way, wish))
    except SchakelError as error:
        stranger = error.fingerprint if isinstance(error, Stranger) else ""
        shown = server.page(source, needed, wrong=str(error), stranger=stranger)
    return render(request, "schakel/server.html", {"page": shown})


@needs("source.write")
@require_POST
def approve_key(request: HttpRequest, key: str) -> HttpResponse:
    """From now on the server is known by its key, when it still has the one that the person looked at."""
    source, shown = one_source.find(key), request.POST.get("sleutel", "")
    allowed(who(request), "source.write")
    known = connection_of(source)
    try:
        if known is None or known.provider != "sftp":
            raise SchakelError(_("Deze bron heeft geen server met een sleutel."), code="no-server")
        if fingerprint_of(known.address, settings.OUTGOING) != shown:
            raise SchakelError(
                _("De server toont nu een andere sleutel dan die u zag. Probeer opnieuw."), code="host-key"
            )
        trust(who(request), source, shown)
    except SchakelError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("De sleutel is goedgekeurd. Probeer de verbinding nu."))
    return redirect(f"/bronnen/{key}/server")


@needs("source.write")
@require_POST
def let_go(request: HttpRequest, key: str) -> HttpResponse:
    """Fetch this source no more; the secret goes."""
    source = one_source.find(key)
    disconnect(who(request), source)
    messages.success(request, _("Verbroken. Het geheim is weg en Schakel haalt niets meer op; wat er stond blijft."))
    return redirect(f"/bronnen/{key}/server")


def _wrong(error: ValidationError | SchakelError) -> tuple[str, Mapping[str, str]]:
    if isinstance(error, ValidationError):
        return _("Vul elk veld in, niet te lang."), {}
    return str(error), error.fields if isinstance(error, Mistaken) else {}


def _needed() -> Mapping[str, Mapping[str, frozenset[str]]]:
    return mappings.columns_for(collectable())


def _needed_of(source: Source) -> Mapping[str, frozenset[str]]:
    return _needed().get(source.layout, {})
