"""Who answers for what: the matrix, the page of one thing, the form of one cell, and their buttons."""

from urllib.parse import parse_qsl, urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST, require_safe

from schakel.access.register import by_key
from schakel.access.roles import Role
from schakel.chain import dividing
from schakel.chain.answerable import thing_at
from schakel.lib.errors import Refused
from schakel.lib.text import gettext as _
from schakel.portal import spreadsheets
from schakel.portal.guard import needs
from schakel.portal.pages import answerable, answering, responsibilities
from schakel.portal.pages.words import said
from schakel.portal.views import who

MATRIX = "/verantwoordelijkheden"


@needs("chain.read")
@require_safe
def matrix(request: HttpRequest) -> HttpResponse:
    """The whole division."""
    page = responsibilities.page(who(request), request.GET.dict())
    return render(request, "schakel/responsibilities.html", {"page": page})


@needs("chain.read")
@require_safe
def matrix_file(request: HttpRequest) -> HttpResponse:
    """The whole division as a spreadsheet."""
    header, rows = responsibilities.sheet()
    return spreadsheets.of_rows(header, rows, _("verantwoordelijkheden"))


@needs("chain.read")
@require_safe
def thing_page(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """Who answers for one thing."""
    return render(request, "schakel/answerable.html", {"page": answerable.page(who(request), kind, key)})


@needs("responsibility.write")
@require_GET
def cell(request: HttpRequest, kind: str, key: str, aspect: str, role: str) -> HttpResponse:
    """The form of one cell of the matrix."""
    page = answerable.cell(kind, key, aspect, role, _filters(request.GET.urlencode()))
    return render(request, "schakel/cell.html", {"page": page})


@needs("responsibility.write")
@require_POST
def save(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """Let a role hold exactly these letters."""
    thing = thing_at(kind, key)
    if not request.POST.get("rol"):
        raise Refused(_("Kies een rol. Er is niets gewijzigd."), code="role")
    role = by_key(Role, request.POST["rol"])
    aspect = request.POST.get("kant", "")
    if dividing.give(who(request), role, thing, aspect, request.POST.get("letters", "")):
        words = {"role": said(role), "thing": answering.name_of(thing), "aspect": answering.aspect_word(aspect)}
        messages.success(request, _("Opgeslagen: %(role)s bij %(thing)s, %(aspect)s.") % words)
    if request.POST.get("naar") == "matrix":
        filters = _filters(request.POST.get("terug", ""))
        return redirect(f"{MATRIX}?{filters}" if filters else MATRIX)
    return redirect(answering.page_of(kind, key))


@needs("responsibility.write")
@require_POST
def follow(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """Let a thing follow its area again."""
    thing = thing_at(kind, key)
    if dividing.follow_area(who(request), thing):
        messages.success(request, _("Dit onderdeel volgt weer zijn gebied."))
    return redirect(answering.page_of(kind, key))


def _filters(text: str) -> str:
    """What was chosen above the matrix, and nothing else."""
    known = ("soort", "rol", "kant", "alleen")
    return urlencode([(name, value) for name, value in parse_qsl(text) if name in known])
