"""Coming in and going out: sign-in (allauth underneath), stepping in at the demo, theme and language."""

from typing import Any

from allauth.account.views import LoginView, LogoutView
from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from schakel.access.people import Person
from schakel.kits import stock
from schakel.portal.guard import public, signed_in
from schakel.portal.middleware import LANGUAGE_COOKIE, LANGUAGES
from schakel.portal.pages import entrance
from schakel.portal.shell import THEME_COOKIE, THEMES

YEAR = 365 * 24 * 3600
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class SignIn(LoginView):  # type: ignore[misc]
    """The page to sign in on: work address and password; attempts are counted and slowed down by allauth."""

    template_name = "schakel/sign_in.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form, with the chain beside it."""
        return {**super().get_context_data(**kwargs), "page": entrance.page()}


sign_in = public(SignIn.as_view())


@signed_in
@require_POST
def sign_out(request: HttpRequest) -> HttpResponseBase:
    """Leave. Only by POST: a picture on another page cannot sign anyone out."""
    answer: HttpResponseBase = LogoutView.as_view()(request)
    return answer


@public
@require_POST
def step_in(request: HttpRequest) -> HttpResponse:
    """In the demonstration: look as one of the stock people. Does not exist outside it."""
    if not settings.SCHAKEL_DEMO:
        raise Http404
    known = {person.key: person for person in stock.STOCK}
    chosen = known.get(request.POST.get("wie", ""))
    person = Person.objects.filter(email=chosen.email, is_active=True).first() if chosen else None
    if person is None:
        raise Http404
    login(request, person, backend=BACKEND)
    return redirect("/")


@public
@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Light, dark, or as the device has it; kept in a cookie of this browser."""
    return _kept(request, THEME_COOKIE, request.POST.get("thema", ""), THEMES)


@public
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Dutch or English; kept in a cookie of this browser."""
    return _kept(request, LANGUAGE_COOKIE, request.POST.get("taal", ""), LANGUAGES)


def _kept(request: HttpRequest, cookie: str, value: str, allowed: tuple[str, ...]) -> HttpResponse:
    answer = redirect(_back(request))
    if value in allowed:
        answer.set_cookie(cookie, value, max_age=YEAR, samesite="Lax", httponly=True, secure=request.is_secure())
    return answer


def _back(request: HttpRequest) -> str:
    """Where the person was; only an address of our own."""
    asked = request.POST.get("terug", "/")
    local = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return asked if local else "/"
