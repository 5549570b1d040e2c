"""What is expected of a person, what a role is, and who its neighbours are."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from schakel.portal.guard import needs, signed_in
from schakel.portal.pages import expected, neighbourhood, role
from schakel.portal.views import who


@signed_in
@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """Wat wordt van mij verwacht."""
    return render(request, "schakel/expected.html", {"page": expected.own(who(request))})


@needs("chain.read")
@require_safe
def person(request: HttpRequest, number: int) -> HttpResponse:
    """What is expected of a colleague, by the register."""
    return render(request, "schakel/expected.html", {"page": expected.of(number)})


@needs("chain.read")
@require_safe
def role_page(request: HttpRequest, key: str) -> HttpResponse:
    """One role."""
    return render(request, "schakel/role.html", {"page": role.page(key)})


@needs("chain.read")
@require_safe
def neighbours(request: HttpRequest, key: str) -> HttpResponse:
    """What the others do, need and worry about."""
    return render(request, "schakel/neighbourhood.html", {"page": neighbourhood.page(key)})
