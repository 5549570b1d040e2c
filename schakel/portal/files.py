"""Tables of the register as spreadsheets. Products have their own way out, through the one function that delivers."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from schakel.chain.gap_history import known
from schakel.chain.needs import InformationNeed
from schakel.distribute.deliveries import deliver
from schakel.distribute.rendering import TYPES, render
from schakel.lib.text import gettext as _
from schakel.portal import spreadsheets
from schakel.portal.guard import needs, signed_in
from schakel.portal.pages import broken_chain, source, sources
from schakel.portal.pages import needs as all_needs
from schakel.portal.views import who


@needs("chain.read")
@require_safe
def needs_file(request: HttpRequest) -> HttpResponse:
    """All needs."""
    found = list(all_needs.changed(InformationNeed.objects.all()))
    return spreadsheets.of_table(all_needs.table(who(request), found), _("behoeften"))


@needs("gap.read")
@require_safe
def gaps_file(request: HttpRequest) -> HttpResponse:
    """All gaps."""
    return spreadsheets.of_table(broken_chain.table(known()), _("hiaten"))


@needs("source.read")
@require_safe
def sources_file(request: HttpRequest) -> HttpResponse:
    """All sources."""
    return spreadsheets.of_table(sources.table(sources.read()), _("bronnen"))


@needs("source.read")
@require_safe
def findings_file(request: HttpRequest, key: str) -> HttpResponse:
    """Every finding of the last reading, for who repairs it at the source. Values stay masked."""
    found = source.findings(key)
    if found is None:
        raise Http404
    columns = [
        _("Bestand"),
        _("Regel in het bestand"),
        _("Kolom"),
        _("Wat is er mis"),
        _("Wat deed Schakel"),
        _("Waarde"),
    ]
    rows = [
        [f.file, f.row or None, f.column, f.message, source.answer(f.action, f.severity).word, f.value] for f in found
    ]
    return spreadsheets.of_rows(columns, rows, _("bevindingen"))


@signed_in
@require_safe
def product_file(request: HttpRequest, key: str, kind: str) -> HttpResponse:
    """A product as a file: delivered like the page, logged like the page."""
    delivered = deliver(who(request), key, rendering=kind)
    return spreadsheets.download(render(delivered, kind), f"{key}.{kind}", TYPES[kind])
