"""What every answer passes: the language, the guard at the door, the headers that close the page to strangers."""

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import translation
from django.utils.http import urlencode

from schakel.access.asked import looking
from schakel.access.changes import allowed
from schakel.lib import text
from schakel.lib.errors import Refused, Unknown
from schakel.portal import guard, proof
from schakel.portal.answers import not_found, refused

Next = Callable[[HttpRequest], HttpResponseBase]
SECOND_STEP = "/mijn-aanmelding/tweede-stap"
LANGUAGE_COOKIE = "taal"
LANGUAGES = ("nl", "en")
LOOKS = ("GET", "HEAD")

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "manifest-src 'self'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
HSTS = "max-age=31536000; includeSubDomains"


class Headers:
    """The security headers on every answer; nothing about a person stays in a shared cache."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if request.is_secure():
            response.headers.setdefault("Strict-Transport-Security", HSTS)
        if not request.path.startswith(f"/{settings.STATIC_URL.strip('/')}/"):
            response.headers.setdefault("Cache-Control", "no-store, private")
        return response


class Language:
    """Dutch, unless the person chose English: by the switch, or in the account."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        chosen = spoken(request)
        request.LANGUAGE_CODE = chosen
        with translation.override(chosen), text.spoken(chosen):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", chosen)
        return response


def spoken(request: HttpRequest) -> str:
    """The language of this request."""
    person = getattr(request, "user", None)
    asked = request.COOKIES.get(LANGUAGE_COOKIE) or getattr(person, "language", "")
    return asked if asked in LANGUAGES else LANGUAGES[0]


class Guard:
    """Deny by default: nothing opens without a declared permission, and every refusal is a page with a reason.

    Who has not proved enough to be let in (no second step yet) is nobody here, and is led to where it is set up.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        proof.set_aside(request)
        with looking() if request.method in LOOKS else nullcontext():
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Before the view runs: what did it declare, and may this person?"""
        permission = guard.permission_of(view)
        if permission is None:
            return refused(request, Refused("", code="undeclared"))
        if permission == guard.PUBLIC:
            return None
        waiting = proof.waiting(request)
        if waiting is not None and guard.opens_half_way(view):
            request.user = waiting
        if not request.user.is_authenticated:
            entrance = settings.LOGIN_URL if waiting is None else SECOND_STEP
            return redirect(f"{entrance}?{urlencode({'next': request.get_full_path()})}")
        return self._decided(request, permission)

    def _decided(self, request: HttpRequest, permission: str) -> HttpResponse | None:
        if permission == guard.SIGNED_IN:
            return None
        try:
            allowed(request.user, permission)  # type: ignore[arg-type]
        except Refused as refusal:
            return refused(request, refusal, permission)
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A refusal or an unknown thing in a room below becomes a page, never a dead end."""
        if isinstance(error, Refused):
            return refused(request, error)
        if isinstance(error, Unknown):
            return not_found(request, error)
        return None
