"""The exchange at the pages: taking out, bringing in, looking first, confirming what was seen."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from schakel.kits import waiting as waiting_room
from schakel.kits.archimate.writing import model
from schakel.kits.exchange.taking import NotTaken, Outdated, rehearse, take_in
from schakel.kits.sheets.writing import csv_text, workbook
from schakel.kits.waiting import Waiting
from schakel.lib.errors import Unreadable
from schakel.lib.text import gettext as _
from schakel.portal import figures, spreadsheets
from schakel.portal.guard import needs
from schakel.portal.pages import exchange
from schakel.portal.shell import shell
from schakel.portal.views import who

_HELD = "exchange"
_XML = "application/xml"


@needs("chain.read")
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """What can be taken out, and two ways in."""
    return render(request, "schakel/exchange.html", {"page": exchange.page(who(request), _held(request))})


@needs("chain.read")
@require_safe
def sheet_file(request: HttpRequest, key: str, kind: str) -> HttpResponse:
    """A noun (or all of them) as a workbook, or one sheet as CSV."""
    content = csv_text(who(request), key) if kind == "csv" else workbook(who(request), key)
    return spreadsheets.download(content, f"schakel-{key}.{kind}", spreadsheets.KINDS[kind])


@needs("chain.read")
@require_safe
def model_file(request: HttpRequest) -> HttpResponse:
    """The landscape as an ArchiMate model."""
    return spreadsheets.download(model(who(request), shell(request).foundation), "schakel-archimate.xml", _XML)


@needs("exchange.import")
@require_POST
def look_at_sheet(request: HttpRequest) -> HttpResponse:
    """A spreadsheet comes in, to be looked at."""
    return _look_at(request, "sheet")


@needs("exchange.import")
@require_POST
def look_at_model(request: HttpRequest) -> HttpResponse:
    """A model comes in, to be looked at."""
    kind = "components" if request.POST.get("componenten") == "components" else "systems"
    return _look_at(request, kind)


def _look_at(request: HttpRequest, kind: str) -> HttpResponse:
    person, file = who(request), request.FILES.get("bestand")
    if file is None:
        return _problem(request, _("Kies eerst een bestand."))
    _forget(request)
    try:
        kept = waiting_room.keep(person, file.read(), file.name or "", kind)
    except Unreadable as error:
        return _problem(request, str(error))
    request.session[_HELD] = kept.words()
    return redirect(f"{exchange.HERE}/voorstel")


@needs("exchange.import")
@require_safe
def proposal(request: HttpRequest) -> HttpResponse:
    """What the file that waits would do, held against the register as it is now."""
    held = _held(request)
    if held is None:
        return render(request, "schakel/exchange_none.html", {"page": exchange.nothing()})
    try:
        found = rehearse(who(request), waiting_room.opened(who(request), held))
    except Unreadable as error:
        _forget(request)
        return _problem(request, str(error))
    shown = exchange.proposal(held, found, request.GET.dict())
    return render(request, "schakel/exchange_proposal.html", {"page": shown})


@needs("exchange.import")
@require_POST
def take_over(request: HttpRequest) -> HttpResponse:
    """Yes to exactly what was on the screen."""
    held = _held(request)
    if held is None:
        return redirect(f"{exchange.HERE}/voorstel")
    try:
        read = waiting_room.opened(who(request), held)
        found = take_in(who(request), read, request.POST.get("vingerafdruk", ""))
    except Outdated:
        return redirect(f"{exchange.HERE}/voorstel?{exchange.AGAIN}=1")
    except (NotTaken, Unreadable) as error:
        return _problem(request, str(error))
    _forget(request)
    words = {"added": figures.number(len(found.of("added"))), "changed": figures.number(len(found.of("changed")))}
    messages.success(request, _("Overgenomen: %(added)s erbij, %(changed)s gewijzigd.") % words)
    return redirect(exchange.HERE)


@needs("exchange.import")
@require_POST
def throw_away(request: HttpRequest) -> HttpResponse:
    """No: the file goes."""
    _forget(request)
    messages.success(request, _("Het bestand is weggegooid. Er is niets overgenomen."))
    return redirect(exchange.HERE)


def _problem(request: HttpRequest, text: str) -> HttpResponse:
    shown = exchange.page(who(request), _held(request), text)
    return render(request, "schakel/exchange.html", {"page": shown}, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _held(request: HttpRequest) -> Waiting | None:
    words = request.session.get(_HELD)
    return Waiting(**words) if words else None


def _forget(request: HttpRequest) -> None:
    held = _held(request)
    if held is not None:
        waiting_room.discard(who(request), held)
        del request.session[_HELD]
