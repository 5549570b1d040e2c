"""The pages. Each view reads one page and draws it; what it asks of a person stands above it."""

from http import HTTPStatus

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string

from schakel.access.people import Person
from schakel.distribute.deliveries import deliver
from schakel.portal import tables
from schakel.portal.guard import needs, public, signed_in
from schakel.portal.pages import (
    about,
    board,
    broken_chain,
    log,
    manager,
    mine,
    need,
    product,
    quarantine,
    reading,
    search,
    sheet,
    source,
    sources,
    supply,
)
from schakel.portal.pages import needs as all_needs
from schakel.portal.parts import Reading
from schakel.portal.shell import own_door


def who(request: HttpRequest) -> Person:
    """The person who asks; the guard made sure that there is one."""
    person = request.user
    if not isinstance(person, Person):
        raise Http404
    return person


def _follows(request: HttpRequest) -> bool:
    return request.headers.get("HX-Target") == Reading.PLACE


def _reading(request: HttpRequest, now: Reading | None) -> HttpResponse:
    """How far the reading is: no content while that is what was shown already, so that nothing moves for nothing."""
    if now is None:
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    seen, _dot, heard = request.GET.get(reading.SEEN, "").partition(".")
    shown, said = reading.print_of(now)
    if seen == shown:
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    words = {"it": now, "alone": True, "heard": heard != said}
    return HttpResponse(render_to_string("schakel/reading.html", words))


@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """To the person's own front door."""
    return redirect(own_door(who(request)).href)


@public
def parts(request: HttpRequest) -> HttpResponse:
    """The sheet of parts: every part in every state. Only in the demonstration."""
    if not settings.SCHAKEL_DEMO:
        raise Http404
    return render(request, "schakel/sheet.html", {"page": sheet.page(request.GET.dict())})


@public
def about_page(request: HttpRequest, topic: str) -> HttpResponse:
    """How Schakel treats data, how it can be read by everyone, whom to ask."""
    page = about.page(topic)
    if page is None:
        raise Http404
    return render(request, "schakel/about.html", {"page": page})


@needs("chain.read")
def manager_door(request: HttpRequest) -> HttpResponse:
    """The information manager's front door."""
    return render(request, "schakel/manager.html", {"page": manager.page(who(request), request.GET.dict())})


@needs("chain.read")
def needs_page(request: HttpRequest) -> HttpResponse:
    """All needs."""
    return render(request, "schakel/needs.html", {"page": all_needs.page(who(request), request.GET.dict())})


@needs("chain.read")
def need_page(request: HttpRequest, key: str) -> HttpResponse:
    """One need."""
    return render(request, "schakel/need.html", {"page": need.page(who(request), key, request.GET.dict())})


@needs("gap.read")
def gaps_page(request: HttpRequest) -> HttpResponse:
    """All gaps."""
    return render(request, "schakel/gaps.html", {"page": broken_chain.page(who(request), request.GET.dict())})


@needs("audit.read")
def log_page(request: HttpRequest) -> HttpResponse:
    """The log."""
    return render(request, "schakel/log.html", {"page": log.page(request.GET.dict())})


@needs("source.read")
def supply_door(request: HttpRequest) -> HttpResponse:
    """ICT's front door; asked for by its own progress, only how far the reading is."""
    if _follows(request):
        return _reading(request, reading.of_all(request.GET.get(reading.ASKED, "")))
    return render(request, "schakel/supply.html", {"page": supply.page(who(request), request.GET.dict())})


@needs("source.read")
def sources_page(request: HttpRequest) -> HttpResponse:
    """All sources."""
    return render(request, "schakel/sources.html", {"page": sources.page(request.GET.dict(), who(request))})


@needs("source.read")
def source_page(request: HttpRequest, key: str) -> HttpResponse:
    """One source; asked for by its own progress, only how far the reading is."""
    if _follows(request):
        return _reading(request, reading.of_source(source.find(key), request.GET.get(reading.ASKED, "")))
    return render(request, "schakel/source.html", {"page": source.page(who(request), key, request.GET.dict())})


@needs("source.read")
def quarantine_page(request: HttpRequest) -> HttpResponse:
    """How many rows wait, per source."""
    return render(request, "schakel/quarantine.html", {"page": quarantine.page(request.GET.dict())})


@needs("quarantine.read")
def quarantine_rows(request: HttpRequest, key: str) -> HttpResponse:
    """The refused rows of one source, for who repairs them."""
    page = quarantine.rows_page(who(request), key, tables.asked(request.GET.dict(), request.POST.dict()))
    return render(request, "schakel/quarantine.html", {"page": page})


@needs("chain.read")
def search_page(request: HttpRequest) -> HttpResponse:
    """Looking for a word in the register."""
    return render(request, "schakel/search.html", {"page": search.page(who(request), request.GET.get("q", ""))})


@needs("goal.write")
def board_door(request: HttpRequest) -> HttpResponse:
    """The board's front door."""
    return render(request, "schakel/board.html", {"page": board.page(who(request))})


@signed_in
def my_door(request: HttpRequest) -> HttpResponse:
    """Everyone's own information."""
    return render(request, "schakel/mine.html", {"page": mine.page(who(request))})


@signed_in
def overviews_page(request: HttpRequest) -> HttpResponse:
    """Every overview: what opens for this person, and why the rest does not."""
    return render(request, "schakel/overviews.html", {"page": mine.overviews(who(request))})


@signed_in
def product_page(request: HttpRequest, key: str) -> HttpResponse:
    """One product, delivered to this person; whether that may is decided where everything is delivered."""
    asked = tables.asked(request.GET.dict(), request.POST.dict())
    page = product.page(deliver(who(request), key), asked)
    return render(request, "schakel/product.html", {"page": page})
