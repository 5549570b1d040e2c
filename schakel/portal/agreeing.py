"""What is agreed about a source, at the pages: looking, choosing an answer, confirming what was stopped, a contract
in and out. Acting only by POST."""

import base64
from http import HTTPStatus
from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from schakel.collect import low_counts
from schakel.collect.chosen_answers import LONGEST
from schakel.collect.contracts import Choice
from schakel.collect.odcs.text import MOST_BYTES
from schakel.collect.sources import Source
from schakel.lib.errors import SchakelError, Unreadable
from schakel.lib.text import gettext as _
from schakel.operations import agreements, data_contracts, flow
from schakel.portal import spreadsheets
from schakel.portal.drafts import text
from schakel.portal.guard import needs
from schakel.portal.pages import agreements as one
from schakel.portal.pages import data_contract
from schakel.portal.pages.source import find
from schakel.portal.views import who

_SALT = "data-contract"
_WAITS = 60 * 60  # seconds that a contract waits for a yes
_YAML = "application/yaml"


@needs("source.read")
@require_safe
def page(request: HttpRequest, key: str) -> HttpResponse:
    """All that is agreed about a source."""
    return _page(request, find(key))


def _page(request: HttpRequest, source: Source, wrong: str = "") -> HttpResponse:
    shown = one.page(who(request), source, request.GET.dict(), wrong)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    return render(request, "schakel/agreements.html", {"page": shown}, status=status)


@needs("contract.write")
@require_safe
def answer(request: HttpRequest, key: str) -> HttpResponse:
    """Choosing what is done in one place."""
    source = find(key)
    first, second, third = (request.GET.get(name, "") for name in one.FIELDS)
    shown = one.answer(source, one.term_of(source, (first, second, third)), {})
    return render(request, "schakel/agreement.html", {"page": shown})


@needs("contract.write")
@require_POST
def choose(request: HttpRequest, key: str) -> HttpResponse:
    """Choose it, or give the place back to the layout."""
    source, given = find(key), request.POST.dict()
    first, second, third = (given.get(name, "") for name in one.FIELDS)
    chosen = "" if "terug" in given else given.get("antwoord", "")
    term = one.term_of(source, (first, second, third))
    try:
        if not chosen and "terug" not in given:
            raise SchakelError(_("Kies een van de antwoorden."), code="answer")
        choice = Choice(first, second, third, chosen)
        agreements.choose(who(request), source, [choice], text(request.POST, "reden", LONGEST), _data())
    except SchakelError as error:
        shown = one.answer(source, term, {str(n): str(v) for n, v in given.items()}, str(error))
        return render(request, "schakel/agreement.html", {"page": shown}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    messages.success(request, _("Bewaard. Het geldt vanaf de volgende levering."))
    return redirect(one.here(source))


@needs("contract.write")
@require_POST
def confirm(request: HttpRequest, key: str) -> HttpResponse:
    """Say that a low count, or another school, is right, and have the source read again."""
    source = find(key)
    try:
        low_counts.confirm(who(request), source, text(request.POST, "reden", LONGEST))
    except SchakelError as error:
        return _page(request, source, str(error))
    flow.request(who(request), [source])
    messages.success(request, _("Bevestigd. De levering wordt opnieuw gelezen."))
    return redirect(f"/bronnen/{source.key}")


@needs("source.read")
@require_safe
def contract_file(request: HttpRequest, key: str) -> HttpResponse:
    """The contract as ODCS."""
    source = find(key)
    return spreadsheets.download(data_contracts.exported(source).encode(), f"{source.key}.odcs.yaml", _YAML)


@needs("contract.write")
@require_safe
def bring(request: HttpRequest, key: str) -> HttpResponse:
    """The way in for a contract."""
    return render(request, "schakel/data_contract.html", {"page": data_contract.page(find(key))})


@needs("contract.write")
@require_POST
def look(request: HttpRequest, key: str) -> HttpResponse:
    """Hold a file against our contract; nothing changes."""
    source, file = find(key), request.FILES.get("bestand")
    if file is None:
        return _bringing(request, source, _("Kies eerst een bestand."))
    content = file.read(MOST_BYTES + 1)
    try:
        found = data_contracts.compared(source, content, file.name or "")
    except Unreadable as error:
        return _bringing(request, source, str(error))
    held = signing.dumps([source.key, base64.b64encode(content).decode()], salt=_SALT, compress=True)
    shown = data_contract.page(source, found, held)
    return render(request, "schakel/data_contract.html", {"page": shown})


@needs("contract.write")
@require_POST
def take_over(request: HttpRequest, key: str) -> HttpResponse:
    """Yes to what was looked at: all of it, or nothing."""
    source = find(key)
    try:
        named, content = signing.loads(request.POST.get("contract", ""), salt=_SALT, max_age=_WAITS)
    except signing.BadSignature:
        return _bringing(request, source, _("Dit bestand is er niet meer. Lees het opnieuw in."))
    if named != source.key:
        return _bringing(request, source, _("Dit contract is van een andere bron."))
    reason = text(request.POST, "reden", LONGEST)
    try:
        found = data_contracts.take(who(request), source, base64.b64decode(content), reason, _data())
    except SchakelError as error:
        return _bringing(request, source, str(error))
    words = {"count": len(found.choices)}
    messages.success(request, _("Overgenomen: %(count)s antwoorden. Ze gelden vanaf de volgende levering.") % words)
    return redirect(one.here(source))


def _bringing(request: HttpRequest, source: Source, wrong: str) -> HttpResponse:
    shown = data_contract.page(source, wrong=wrong)
    return render(request, "schakel/data_contract.html", {"page": shown}, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _data() -> Path:
    return Path(settings.DATA)
