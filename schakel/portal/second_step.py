"""The second step of signing in: setting it up, moving it to another phone, new recovery codes."""

import time
from typing import Any

from allauth.account.adapter import get_adapter as accounts
from allauth.mfa.adapter import get_adapter as secrets
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.conf import settings
from django.contrib.auth import logout
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from schakel.access import second_factor
from schakel.access.people import Person
from schakel.lib.errors import Refused
from schakel.lib.text import gettext as _
from schakel.portal import proof, spreadsheets
from schakel.portal.guard import half_way, signed_in
from schakel.portal.pages import second_step
from schakel.portal.views import who

PENDING = "second_step.secret"  # in the session, encrypted: the secret that the app on the phone may already know
CONFIRMED = "second_step.confirmed"
SHOWN = "second_step.codes_shown"
MINUTES_10 = 600
PERIOD = 30  # seconds that one code is shown


class CodeForm(AuthenticateForm):  # type: ignore[misc]
    """A code of the app or a recovery code. A code that was used counts no more, in the whole time that it is good."""

    def clean_code(self) -> str:
        """The code; invalid when it is wrong, was used, or when there were too many attempts."""
        code: str = super().clean_code()
        if self.authenticator.type != Authenticator.Type.TOTP:
            return code
        if not _spend(self.user, code):
            raise secrets().validation_error("incorrect_code")
        return code


class SetUpForm(ActivateTOTPForm):  # type: ignore[misc]
    """The first code of a new app. The secret is given, so that it need not lie readable in the session."""

    def __init__(self, *args: Any, user: Person, secret: str, **kwargs: Any) -> None:
        self.user, self.secret = user, secret
        forms.Form.__init__(self, *args, **kwargs)


@half_way
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    """Set up an app with codes; who has one already confirms with it first."""
    person = who(request)
    if second_factor.is_set(person):
        if proof.waiting(request) is not None:  # set up elsewhere in the meantime: then sign in with it
            logout(request)
            return redirect(settings.LOGIN_URL)
        if not _recent(request, CONFIRMED):
            return _confirm(request, person)
    return _set_up(request, person)


def _set_up(request: HttpRequest, person: Person) -> HttpResponse:
    secret = _pending(request)
    form = SetUpForm(request.POST or None, user=person, secret=secret)
    then = onward(request)
    if not form.is_valid():
        leave = proof.waiting(request) is not None
        page = second_step.set_up(person, secret, form, onward=then, leave=leave)
        return render(request, "schakel/second_step.html", {"page": page})
    _spend(person, form.cleaned_data["code"])
    app = second_factor.set_up(person, secret, session=request.session.session_key)
    for name in (PENDING, CONFIRMED):
        request.session.pop(name, None)
    proof.complete(request, app)
    return _show_codes(request, then)


@signed_in
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def renew_codes(request: HttpRequest) -> HttpResponse:
    """New recovery codes, after a code."""
    person = who(request)
    if not second_factor.is_set(person):
        raise Refused(_("U hebt nog geen tweede stap. Stel die eerst in, dan krijgt u ook herstelcodes."), code="state")
    form = CodeForm(user=person, data=request.POST or None)
    if not form.is_valid():
        return render(request, "schakel/gate_form.html", {"page": second_step.renew(person, form)})
    second_factor.renew_recovery_codes(person)
    return _show_codes(request, "/mijn-aanmelding")


@signed_in
@require_safe
def codes(request: HttpRequest) -> HttpResponse:
    """The recovery codes, only just after they were made and only in that session."""
    page = second_step.codes(_may_see_codes(request), onward(request) or "/")
    return render(request, "schakel/recovery_codes.html", {"page": page})


@signed_in
@require_safe
def codes_file(request: HttpRequest) -> HttpResponse:
    """The same codes as a file."""
    text = second_step.codes_as_text(_may_see_codes(request))
    return spreadsheets.download(text.encode(), "herstelcodes-schakel.txt", "text/plain; charset=utf-8")


def _may_see_codes(request: HttpRequest) -> Person:
    if not _recent(request, SHOWN):
        text = _("Uw herstelcodes zijn al getoond, en Schakel laat ze maar één keer zien. Maak zo nodig nieuwe.")
        raise Refused(text, code="shown")
    return who(request)


def _show_codes(request: HttpRequest, then: str) -> HttpResponse:
    request.session[SHOWN] = time.time()
    return redirect("/mijn-aanmelding/herstelcodes" + (f"?{urlencode({'next': then})}" if then else ""))


def _confirm(request: HttpRequest, person: Person) -> HttpResponse:
    """Ask a code of the present phone; a right one is remembered for ten minutes."""
    form = CodeForm(user=person, data=request.POST or None)
    if not form.is_valid():
        return render(request, "schakel/gate_form.html", {"page": second_step.confirm(person, form)})
    request.session[CONFIRMED] = time.time()
    return redirect(request.path)


def _spend(person: Person, code: str) -> bool:
    """Use a code of the app; False when it was used before, as long as it would be good."""
    digits = "".join(sign for sign in code if sign.isdigit())
    good_for = PERIOD * (2 * settings.MFA_TOTP_TOLERANCE + 1)
    return bool(cache.add(f"schakel.code:{person.pk}:{digits}", True, timeout=good_for))


def _recent(request: HttpRequest, mark: str) -> bool:
    return time.time() - float(request.session.get(mark, 0)) < MINUTES_10


def _pending(request: HttpRequest) -> str:
    """The secret of the app that is being set up; the same one until it is done, so that a reload harms nothing."""
    if PENDING not in request.session:
        request.session[PENDING] = secrets().encrypt(second_factor.new_secret())
    return str(secrets().decrypt(request.session[PENDING]))


def onward(request: HttpRequest) -> str:
    """Where the person was going; only an address of our own."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    return asked if asked and accounts().is_safe_url(asked) else ""
